"""`odds export recording`: a file that others can replay, and none that is half written."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.simulation.recording import answers

Odds = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("own_database", "games")


def test_what_was_collected_is_written_to_a_file(odds: Odds, server: Any, tmp_path: Path) -> None:
    odds("fetch", "current")
    ran = odds("export", "recording", "nba.jsonl.xz", "--json")
    assert ran.exit_code == 0, ran.err
    assert (ran.json["answers"], ran.json["snapshots"]) == (1, 3)
    assert len(list(answers(tmp_path / "nba.jsonl.xz"))) == 1
    assert "1 answers about basketball_nba with 3 snapshots" in odds("export", "recording", "x.jsonl").out


def test_a_file_that_is_there_is_kept_unless_it_may_be_replaced(odds: Odds, server: Any, tmp_path: Path) -> None:
    odds("fetch", "current")
    path = tmp_path / "mine.jsonl"
    path.write_text("precious")
    ran = odds("export", "recording", "mine.jsonl")
    assert (ran.exit_code, path.read_text()) == (1, "precious")
    assert "--force replaces it" in ran.err
    assert odds("export", "recording", "mine.jsonl", "--force").exit_code == 0
    assert len(list(answers(path))) == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("x.csv",), "a recording ends in .jsonl", id="a file of another kind"),
        pytest.param(("no/such/folder/x.jsonl",), "cannot be written", id="a folder that is not there"),
        pytest.param(("x.jsonl", "--to", "2020-01-01"), "no odds of basketball_nba", id="a time before it all"),
        pytest.param(("x.jsonl", "--sport", "a_b"), "--sport is one of basketball_nba", id="another sport"),
    ],
)
def test_a_mistake_is_one_line(odds: Odds, server: Any, arguments: tuple[str, ...], told: str) -> None:
    odds("fetch", "current")
    ran = odds("export", "recording", *arguments)
    assert ran.exit_code == 1
    assert told in ran.err
    assert "Traceback" not in ran.err


def test_the_days_of_an_export_are_meant_whole(odds: Odds, server: Any) -> None:
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    odds("fetch", "current")
    assert odds("export", "recording", "x.jsonl", "--from", today, "--to", today).exit_code == 0
    ran = odds("export", "recording", "y.jsonl", "--to", "today")
    assert (ran.exit_code, "neither a date" in ran.err) == (2, True)


def test_before_anything_was_collected_the_next_step_is_told(odds: Odds) -> None:
    assert "odds fetch current" in odds("export", "recording", "x.jsonl").err
