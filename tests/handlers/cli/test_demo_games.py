"""How single games of a demo read."""

from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console
from rich.table import Table

from handlers.cli.demo_games import (
    called_off_lines,
    changed_starts_line,
    game_looks,
    known_odds,
    moves,
    steam_line,
)
from handlers.demo_report import FinishedGame, FollowedGame
from storage.closing import Close
from storage.event_rows import EventRow
from storage.highlights import CalledOff, ChangedStart, EventLook, OpenToClose, Steam
from storage.readers import OddsRow

START = datetime(2025, 11, 8, 0, 30, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
EVENT = EventRow(
    "game", "basketball_nba", "NBA", "Lakers", "Celtics", START, START, START, START, "final", "", START, 110, 104,
    START, START, START, 0, None,
)  # fmt: skip


def text_of(table: Table) -> list[str]:
    console = Console(width=80, record=True, file=None, highlight=False)
    with console.capture() as captured:
        console.print(table)
    return [" ".join(line.split()) for line in captured.get().splitlines()]


def quote(bookmaker: str, market: str, outcome: str, point: float, price: int) -> OddsRow:
    return OddsRow(
        "game", bookmaker, bookmaker.title(), market, outcome, None, price, point, START - HOUR, None, True, None,
        "live", 1, 1, START - HOUR,
    )  # fmt: skip


def test_looks_are_told_by_tier_in_hours_and_minutes_the_nearest_in_full() -> None:
    early = [EventLook(START - n * HOUR, "early", n * HOUR) for n in range(60, 50, -1)]
    closing = [EventLook(START - n * MINUTE, "closing", n * MINUTE) for n in (150, 120, 90, 60, 30, 5)]
    lines = text_of(game_looks([*early, *closing]))
    assert lines[2:] == ["early 10 60:00 59:00 58:00 … 51:00", "closing 6 2:30 2:00 1:30 1:00 0:30 0:05"]


def test_known_odds_stand_side_by_side_the_sharp_bookmaker_first() -> None:
    then = (quote("betmgm", "spreads", "Lakers", -3.5, -110), quote("pinnacle", "spreads", "Lakers", -4, -104))
    close = (*(quote(key, "spreads", "Lakers", -5, -108) for key in ("betmgm", "pinnacle")),)
    total = (quote("pinnacle", "totals", "Over", 220.5, 100),)
    lines = text_of(
        known_odds(FollowedGame(EVENT, (), START - 6 * HOUR, (*then, *total), START, (*close, *total)))
    )
    assert lines[2] == "Pinnacle -4 -104 -5 -108 220.5 +100 220.5 +100"
    assert lines[3] == "Betmgm -3.5 -110 -5 -108 - -"


def test_a_move_is_told_with_the_signs_of_its_market() -> None:
    spread = OpenToClose(
        "game", "Celtics", "Lakers", "spreads", "Lakers", 2.5, -110, 60 * HOUR, -1, -108, 5 * MINUTE
    )
    total = OpenToClose(
        "game", "Celtics", "Lakers", "totals", "Over", 248, -110, 60 * HOUR, 240.5, -108, 5 * MINUTE
    )
    lines = text_of(moves([spread, total]))
    assert lines[2:] == [
        "spread +2.5 -1 -2 d 12 h Celtics at Lakers",
        "total 248 240.5 -2 d 12 h Celtics at Lakers",
    ]


def test_steam_tells_how_many_moved_between_which_looks() -> None:
    steam = Steam(
        "game", "Celtics", "Lakers", "totals", "Over", START - 60 * MINUTE, START - 30 * MINUTE, 30 * MINUTE, 6,
        229.5, 225.5,
    )  # fmt: skip
    line = steam_line(steam)
    assert line is not None
    assert line.plain == (
        "Steam: 6 bookmakers moved the total of Celtics at Lakers from 229.5 to 225.5"
        " between Fri 23:30 and Sat 00:00."
    )
    assert steam_line(None) is None


def test_moved_starts_are_counted_and_the_farthest_is_told() -> None:
    seen_at = START - 10 * HOUR
    changes = [
        ChangedStart("other", "Nets", "Bulls", seen_at, START, START + 20 * MINUTE, "scheduled"),
        ChangedStart("game", "Celtics", "Lakers", seen_at, START, START + 10 * MINUTE, "final"),
    ]
    close = Close("game", "basketball_nba", "Lakers", "Celtics", START + 10 * MINUTE, START + 5 * MINUTE)
    line = changed_starts_line(changes, [FinishedGame(EVENT, close)])
    assert line is not None
    assert line.plain == (
        "Moved starts: 2 starts moved, and the plan with each. Celtics at Lakers went from 00:30 to 00:40,"
        " seen Fri 7 Nov 14:30; the last look came 5 min before."
    )


@pytest.mark.parametrize("changes", [[], [ChangedStart("x", "A", "B", START, START, START + HOUR, "scheduled")]])
def test_without_a_moved_game_that_was_played_none_is_told(changes: list[ChangedStart]) -> None:
    line = changed_starts_line(changes, [])
    assert (line is None) == (not changes)
    assert line is None or "went from" not in line.plain


def test_a_game_called_off_is_told_with_its_reason() -> None:
    off = CalledOff("game", "Celtics", "Lakers", "postponed", START, "its start was moved 6 d later")
    (line,) = called_off_lines([off])
    assert line.plain == "Postponed: Celtics at Lakers, Sat 8 Nov 00:30: its start was moved 6 d later."
