"""The figures of a replay: how old the closes were, and what was looked at."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.scope import Scope
from core.simulation.market import SimulatedMarket
from handlers.replay_report import closing_coverage, read_report
from handlers.scratch import Scratch
from handlers.virtual import virtual_collector
from storage.closing import Close
from storage.database import Database

START = datetime(2025, 9, 14, 17, tzinfo=UTC)


def close(minutes: float | None) -> Close:
    seen_at = None if minutes is None else START - timedelta(minutes=minutes)
    return Close("game", "americanfootball_nfl", "Bills", "Jets", START, seen_at)


@pytest.mark.parametrize(
    ("minutes", "missed"),
    [
        pytest.param([5, 6], 0, id="looked at in the last hour"),
        pytest.param([60], 0, id="an hour before is within the hour"),
        pytest.param([60.5, 5], 1, id="looked at earlier is missed"),
        pytest.param([None, 5], 1, id="never looked at is missed"),
    ],
)
def test_a_game_is_missed_unless_looked_at_in_its_last_hour(minutes: list[float | None], missed: int) -> None:
    coverage = closing_coverage([close(one) for one in minutes])
    assert (coverage.events, coverage.missed) == (len(minutes), missed)


def test_without_any_close_there_are_no_ages() -> None:
    coverage = closing_coverage([close(None)])
    assert (coverage.median_minutes, coverage.percentile_95_minutes, coverage.worst_minutes) == (None, None, None)


def test_the_95th_percentile_is_an_age_that_95_percent_do_not_pass() -> None:
    coverage = closing_coverage([close(minute) for minute in range(1, 21)])
    assert (coverage.median_minutes, coverage.percentile_95_minutes, coverage.worst_minutes) == (10.5, 19, 20)


@given(st.lists(st.floats(min_value=0.1, max_value=60), min_size=1))
def test_the_ages_are_in_order_and_among_those_given(minutes: list[float]) -> None:
    coverage = closing_coverage([close(one) for one in minutes])
    assert coverage.median_minutes is not None
    assert coverage.percentile_95_minutes is not None
    assert coverage.worst_minutes is not None
    assert coverage.median_minutes <= coverage.percentile_95_minutes + 1e-9
    assert coverage.percentile_95_minutes <= coverage.worst_minutes == pytest.approx(max(minutes), abs=1e-6)
    within = [one for one in minutes if one <= coverage.percentile_95_minutes + 1e-6]
    assert len(within) >= 0.95 * len(minutes)


async def test_a_report_counts_what_is_stored(database: Database, database_url: str) -> None:
    first_at = datetime(2025, 11, 6, 12, tzinfo=UTC)
    scope = Scope.of(["h2h", "totals"], bookmakers=["pinnacle", "fanduel"])
    market = SimulatedMarket(7, "basketball_nba", first_at, 2)
    async with virtual_collector(
        market, database, sport_key="basketball_nba", scope=scope, start=first_at, plan_credits=500
    ) as collector:
        await collector.arm_all("basketball_nba")
        await collector.triggers.run_until(first_at + timedelta(hours=24), collector.fire)
        made = await read_report(
            collector,
            Scratch(database, database_url),
            sport_key="basketball_nba",
            first_at=first_at,
            every_snapshot=False,
        )
        looks = [call for call in collector.server.calls if call.endpoint == "odds"]
        assert (made.totals.looks, made.totals.credits_spent) == (len(looks), collector.server.credits_used)
    assert (made.look_cost, made.fixed_sampling_looks) == (2, 48)
    assert made.share_of_fixed_sampling == pytest.approx(len(looks) / 48)
    assert made.closing.events > 0
    assert made.closing.missed == 0
    assert made.bytes_per_quote_seen == made.sizes.quotes_bytes / made.totals.quotes_seen
    assert made.database_url == database_url


async def test_games_that_had_started_before_are_no_matter_of_closing(
    database: Database, database_url: str
) -> None:
    evening = datetime(2025, 11, 7, 3, 30, tzinfo=UTC)
    scope = Scope.of(["h2h"], bookmakers=["pinnacle"])
    market = SimulatedMarket(7, "basketball_nba", evening, 1)
    async with virtual_collector(
        market, database, sport_key="basketball_nba", scope=scope, start=evening, plan_credits=500
    ) as collector:
        await collector.arm_all("basketball_nba")
        await collector.triggers.run_until(evening + timedelta(hours=4), collector.fire)
        made = await read_report(
            collector,
            Scratch(database, database_url),
            sport_key="basketball_nba",
            first_at=evening,
            every_snapshot=False,
        )
    assert made.statuses["final"] > 0
    assert made.closing.events == 0
