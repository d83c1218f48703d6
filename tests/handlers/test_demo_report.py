"""What a demo tells: every figure from what was stored."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from core.scope import Scope
from core.tiers import Tier
from handlers.demo import DemoRequest, run_demo
from handlers.demo_report import AS_OF, SHARP_BOOKMAKER, DemoReport, read_demo_report
from handlers.scratch import Scratch
from storage.database import Database
from storage.readers import OddsReader


@pytest.fixture
def scratch(database: Database, database_url: str) -> Scratch:
    return Scratch(database, database_url)


@pytest.fixture
async def made(scratch: Scratch) -> DemoReport:
    """Return the report of a day."""
    return await run_demo(DemoRequest("basketball_nba", days=1, seed=7), scratch, lambda _at: None)


async def test_looks_and_snapshots_are_those_of_the_ledger(made: DemoReport, database: Database) -> None:
    assert len(made.looks) == made.totals.looks
    assert [look.at for look in made.looks] == sorted(look.at for look in made.looks)
    assert sum(made.snapshots_by_tier.values()) == made.totals.snapshots
    assert any(look.tier == Tier.CLOSING and "last look" in look.reason for look in made.looks)


async def test_the_followed_game_is_read_as_of_two_instants(made: DemoReport, database: Database) -> None:
    game = made.followed
    assert game is not None
    assert game.close_at - game.earlier_at == AS_OF
    assert max(row.odds_timestamp for row in game.earlier) <= game.earlier_at
    assert max(row.odds_timestamp for row in game.close) < game.close_at
    async with database.transaction() as connection:
        assert list(game.close) == await OddsReader(connection).get_odds_at_time(game.event.id, game.close_at)
    assert [look.before_start for look in game.looks] == sorted(
        (look.before_start for look in game.looks), reverse=True
    )


async def test_the_followed_game_moved_at_the_sharp_bookmaker_no_less_than_any_other(
    made: DemoReport, database: Database
) -> None:
    assert made.followed is not None
    for game in made.last_games:
        async with database.transaction() as connection:
            reader, start = OddsReader(connection), game.event.scheduled_commence_time
            then = await reader.get_odds_at_time(game.event.id, start - AS_OF)
            close = await reader.get_odds_at_time(game.event.id, start)
        before = {row.selection_id: row.point for row in then if row.bookmaker_key == SHARP_BOOKMAKER}
        moved = [abs(row.point - point) for row in close if row.point and (point := before.get(row.selection_id))]
        assert max(moved, default=0) <= made.followed.moved


async def test_received_bytes_are_those_of_the_answers(made: DemoReport, database: Database) -> None:
    async with database.transaction() as connection:
        raw = text("SELECT sum(octet_length(raw_data::text)) FROM raw_data.odds_snapshots")
        of_snapshots = (await connection.execute(raw)).scalar_one()
    assert made.bytes_received == pytest.approx(of_snapshots, rel=0.01)


async def test_days_without_a_game_tell_so_and_cost_nothing(scratch: Scratch) -> None:
    first_at = datetime(2025, 7, 1, tzinfo=UTC)
    made = await read_demo_report(
        scratch,
        sport_key="basketball_nba",
        seed=1,
        first_at=first_at,
        last_at=first_at + timedelta(days=1),
        scope=Scope.of(["h2h"], bookmakers=["pinnacle"]),
    )
    assert (made.followed, made.steam, made.last_games, made.backtests) == (None, None, (), ())
    assert (made.totals.credits_spent, made.fixed_sampling_credits) == (0, 48)
