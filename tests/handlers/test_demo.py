"""Two simulated days through the collector."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest

from core.database_url import parse_database_url
from core.errors import ConfigurationError
from core.simulation.leagues import LEAGUES
from handlers.demo import START, DemoRequest, open_market, run_demo
from handlers.demo_report import DemoReport
from handlers.scratch import Scratch
from storage.database import Database
from storage.embedded import EmbeddedPostgres

REQUEST = DemoRequest("basketball_nba", days=2, seed=7)
ONE_DAY = DemoRequest("basketball_nba", days=1, seed=7)


@pytest.fixture
def scratch(database: Database, database_url: str) -> Scratch:
    return Scratch(database, database_url)


async def test_a_demo_sees_every_game_to_its_close_and_result_at_less_than_half_hourly_looks_cost(
    scratch: Scratch,
) -> None:
    reached: list[datetime] = []
    made = await run_demo(REQUEST, scratch, reached.append)
    assert (made.first_at, made.last_at) == (START, START + timedelta(days=2))
    assert made.closing.events > 5
    assert made.closing.missed == 0
    assert all(game.event.home_score is not None for game in made.last_games)
    assert made.in_play_quotes == 0
    assert made.fixed_sampling_looks == 96
    assert made.totals.credits_spent < made.fixed_sampling_credits == 3 * 96
    assert reached == sorted(reached)
    assert reached[-1] <= REQUEST.end


async def test_the_same_seed_gives_the_same_days(
    scratch: Scratch, postgres_server: EmbeddedPostgres, migrated_template: str
) -> None:
    await postgres_server.create_database("second_demo", template=migrated_template)
    second = Database(parse_database_url(postgres_server.url("second_demo")), pooled=True)
    try:
        one = await run_demo(ONE_DAY, scratch, lambda _at: None)
        other = await run_demo(ONE_DAY, Scratch(second, scratch.url), lambda _at: None)
    finally:
        await second.close()
        await postgres_server.drop_database("second_demo")
    assert _told(one) == _told(other)


@pytest.mark.parametrize("sport_key", sorted(LEAGUES))
def test_every_simulated_league_plays_in_the_first_days(sport_key: str) -> None:
    market = open_market(DemoRequest(sport_key, days=5, seed=7))
    until = START + timedelta(days=5)
    assert any(
        START < datetime.fromtimestamp(event.life.starts[-1][1], UTC) < until for event in market.simulated_events
    )


def test_a_sport_that_is_not_simulated_is_refused_with_those_that_are() -> None:
    with pytest.raises(ConfigurationError, match=r"'golf'; there is one for basketball_nba, "):
        open_market(DemoRequest("golf", days=1, seed=1))


def _told(made: DemoReport) -> dict[str, object]:
    of_disk = {"sizes", "database_url"}
    return {one.name: getattr(made, one.name) for one in fields(made) if one.name not in of_disk}
