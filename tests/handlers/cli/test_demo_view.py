"""The page of a demo, from a report that is made by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.tiers import Tier
from handlers.cli.demo_view import show_demo
from handlers.demo_backtest import DemoBacktest
from handlers.demo_report import DemoReport
from handlers.replay_report import ClosingCoverage
from storage.highlights import Look
from storage.summary import Sizes, Totals

FIRST = datetime(2025, 11, 6, 12, tzinfo=UTC)
MADE = DemoReport(
    sport_key="basketball_nba",
    sport_title="NBA",
    seed=7,
    first_at=FIRST,
    last_at=FIRST + timedelta(days=5),
    looks=(
        Look(None, FIRST, "first look: Celtics at Lakers starts in 12 h"),
        Look(
            Tier.CLOSING, FIRST + timedelta(hours=9), "30 min sampling: Celtics at Lakers starts in 3 h, and more"
        ),
        Look(Tier.CLOSING, FIRST + timedelta(hours=10), "30 min sampling: Celtics at Lakers starts in 2 h"),
        Look(Tier.CLOSING, FIRST + timedelta(hours=12), "last look 5 min before the start of Celtics at Lakers"),
    ),
    snapshots_by_tier={"opening": 2057, "closing": 297, "in_play": 185},
    totals=Totals(4, 79, 4719, 107_578, 14_101, 282, 389, 135, 42, 30),
    sizes=Sizes(2_277_376, 3_751_936, 2_744_320),
    bytes_received=11_000_000,
    in_play_quotes=0,
    statuses={"final": 37},
    look_cost=3,
    fixed_sampling_looks=240,
    fixed_sampling_credits=720,
    closing=ClosingCoverage(34, 1, 5.0, 5.0, 6.0),
    last_games=(),
    followed=None,
    largest_moves=(),
    steam=None,
    changed_starts=(),
    called_off=(),
    backtests=(DemoBacktest("flat", 22, 21, -564.2, -0.269, -0.0115, "-26.9 % on 21 bets is a loss."),),
    database_url="postgresql://linekeeper:secret@127.0.0.1:5432/linekeeper_demo",
)


def page(made: DemoReport, capsys: pytest.CaptureFixture[str]) -> str:
    show_demo(made, ["odds one", "odds [two]"], 8.4)
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    "told",
    [
        "5 days of NBA odds",
        "Thu 6 Nov 12:00 to Tue 11 Nov 12:00 2025 UTC",
        "simulated (seed 7)",
        "first 1 opening over 72 h",
        "closing under 3 h 30 min 3 297",
        "opening over 72 h 48 h 0 2,057",
        "42 credits: 4 looks at 3, and 30 for results. A look every half hour: 240 looks, 720 credits",
        "107,578 quotes seen, 14,101 rows kept (13%)",
        "2.2 MB with their indexes",
        "flat: -26.9 % on 21 bets is a loss.",
        "odds [two]",
        "All of this took 8 seconds.",
    ],
)
def test_the_page_tells_the_figures_of_the_report(told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert told in page(MADE, capsys)


def test_the_ledger_is_quoted_by_its_briefest_looks(capsys: pytest.CaptureFixture[str]) -> None:
    text = page(MADE, capsys)
    assert "Thu 22:00 30 min sampling: Celtics at Lakers starts in 2 h Fri 00:00 last look 5 min before" in text
    assert "and more" not in text


def test_days_without_a_finished_game_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    made = replace(MADE, closing=ClosingCoverage(0, 0, None, None, None))
    assert "No game started and ended in these days." in page(made, capsys)


def test_the_password_of_the_database_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert "secret" not in page(MADE, capsys)
