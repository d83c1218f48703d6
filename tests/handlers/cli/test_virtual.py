"""What the commands on a virtual clock share."""

import io
import logging

import pytest
from rich.console import Console

from handlers.cli.virtual import progress_bar, read_virtual_settings


def test_nothing_is_logged_unless_a_level_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read_virtual_settings()
    logging.getLogger("handlers.runs").error("lost")
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("LOG_LEVEL", "ERROR")
    read_virtual_settings()
    logging.getLogger("handlers.runs").error("found")
    assert "found" in capsys.readouterr().err


def test_a_bar_tells_what_is_reached_on_a_terminal() -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=80)
    with progress_bar(console, hidden=False) as advance:
        advance("Sun 14 Sep 2025", 0.5)
    assert "Sun 14 Sep 2025" in screen.getvalue()
    assert "50%" in screen.getvalue()


@pytest.mark.parametrize(
    ("terminal", "hidden"),
    [pytest.param(False, False, id="no terminal"), pytest.param(True, True, id="hidden for JSON")],
)
def test_there_is_no_bar_in_a_pipe_or_beside_json(*, terminal: bool, hidden: bool) -> None:
    screen = io.StringIO()
    with progress_bar(Console(file=screen, force_terminal=terminal, width=80), hidden=hidden) as advance:
        advance("Sun 14 Sep 2025", 0.5)
    assert "Sep" not in screen.getvalue()
