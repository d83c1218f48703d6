"""What a command prints on a wide terminal it prints on a narrow one, and in a pipe: no figure is lost."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

Odds = Callable[..., Any]
Lost = Callable[..., Counter[str]]
IMPORTED = ("--source", "import", "--set", "max_quote_age_hours=99")
GRID = (
    "--strategy",
    "expected_value",
    "--grid",
    "min_edge=0,0.01,0.02",
    "-p",
    "sharp=pinnacle",
    "--min-bets",
    "1",
)
WIDTHS = (60, 80)


@pytest.fixture
def lost(odds: Odds, monkeypatch: pytest.MonkeyPatch) -> Lost:
    """Return what runs a command on a wide terminal and on narrow ones, and returns the words that are lost."""

    def words(width: int, arguments: tuple[str, ...]) -> Counter[str]:
        monkeypatch.setenv("COLUMNS", str(width))
        ran = odds(*arguments)
        assert ran.exit_code in {0, 3}, ran.err
        return Counter(word for word in ran.out.split() if "─" not in word)

    def compared(*arguments: str) -> Counter[str]:
        wide = words(250, arguments)
        return sum((wide - words(width, arguments) for width in WIDTHS), Counter[str]())

    return compared


@pytest.mark.usefixtures("season")
def test_backtests_keep_every_figure(odds: Odds, lost: Lost) -> None:
    assert odds("backtest", "run", "--strategy", "flat", *IMPORTED).exit_code == 0
    assert odds("backtest", "run", "--strategy", "flat", "-p", "pick=draw", *IMPORTED).exit_code == 0
    for command in (
        ("show",),
        ("show", "1", "--verbose"),
        ("compare", "1", "2"),
        ("list-strategies",),
        ("sweep", *GRID, *IMPORTED, "--processes", "1"),
        ("walk-forward", *GRID, *IMPORTED, "--folds", "2", "--processes", "1"),
    ):
        assert lost("backtest", *command) == Counter(), command


@pytest.mark.usefixtures("games", "server", "own_database")
def test_what_was_collected_keeps_every_figure(odds: Odds, lost: Lost) -> None:
    for command in (("fetch", "events"), ("fetch", "current")):
        assert odds(*command).exit_code == 0
    for command in (("status", "runs"), ("validate", "daily"), ("db", "schema")):
        assert lost(*command) == Counter(), command
