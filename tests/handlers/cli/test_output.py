"""Reports read well on a narrow terminal, and are strict JSON for programs."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from rich.text import Text

from handlers.cli.output import ago, as_text, bytes_text, print_error, print_json, print_line, row, show, table

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)


class Look(NamedTuple):
    """A value as the reports hold them."""

    at: datetime
    age: timedelta


@dataclass(frozen=True)
class Report:
    """A report with values inside."""

    looks: tuple[Look, ...]
    keys: frozenset[str]
    missing: None = None


def test_json_spells_instants_in_utc_and_durations_in_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    print_json(Report((Look(NOON, timedelta(minutes=1.5)),), frozenset({"b", "a"})))
    assert json.loads(capsys.readouterr().out) == {
        "looks": [{"at": "2026-01-10T12:00:00Z", "age": 90.0}],
        "keys": ["a", "b"],
        "missing": None,
    }


def test_json_refuses_what_it_cannot_spell() -> None:
    with pytest.raises(TypeError):
        print_json({"at": object()})


def test_a_long_last_column_wraps_and_no_other(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    made = table("sport", "looks", "why", right=("looks",))
    row(made, "americanfootball_nfl", 1234, "a reason that is longer than the line")
    show(made)
    written = capsys.readouterr().out
    assert "americanfootball_nfl" in written
    assert "1,234" in written
    assert max(map(len, written.splitlines())) <= 40


def test_a_line_wraps_at_words_on_a_terminal_and_nowhere_else(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("NO_COLOR", "1")
    text = "luck alone does as well in [most] of these cases"
    print_line(text)
    assert capsys.readouterr().out == f"{text}\n"
    monkeypatch.setenv("FORCE_COLOR", "1")
    print_line(text)
    print_error(text)
    written = capsys.readouterr()
    assert [line.rstrip() for line in written.out.splitlines()] == [
        "luck alone does as",
        "well in [most] of",
        "these cases",
    ]
    assert written.err.count("\n") == 4


def test_what_came_from_outside_is_never_read_as_markup(capsys: pytest.CaptureFixture[str]) -> None:
    made = table("team")
    row(made, "[red]Lakers[/red]")
    show(made)
    print_error("[bold]no[/bold]")
    written = capsys.readouterr()
    assert "[red]Lakers[/red]" in written.out
    assert written.err == "error: [bold]no[/bold]\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(True, "yes", id="a yes"),
        pytest.param(False, "no", id="a no"),
        pytest.param(0, "0", id="zero is shown"),
        pytest.param(1.5, "1.5", id="another number"),
    ],
)
def test_cells_read_as_words(value: Any, text: str) -> None:
    assert as_text(value) == text


def test_an_instant_is_told_by_its_distance() -> None:
    assert ago(None, NOON) == "never"
    assert ago(NOON, NOON) == "now"
    assert ago(NOON - timedelta(hours=49), NOON) == "2 d 1 h ago"


def test_sizes_have_a_unit() -> None:
    assert bytes_text(0) == "0 bytes"
    assert bytes_text(1024**5) == "1024.0 TB"


def test_a_styled_cell_keeps_its_style() -> None:
    made = table("ended")
    row(made, Text("failed", style="red"))
    (cell,) = made.columns[0].cells
    assert isinstance(cell, Text)
    assert cell.style == "red"
