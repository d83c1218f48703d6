"""What a command opens: the settings, the database that they name, and what its work needs besides."""

import asyncio
import sys
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from core.config import load_settings
from core.errors import ConfigurationError
from handlers.app import App
from handlers.cli.opening import read_settings, run, with_app, with_database
from storage.database import Database

Odds = Callable[..., Any]


def test_a_database_without_schema_tells_what_to_do(
    odds: Odds, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    ran = odds("status", "show")
    assert ran.exit_code == 1
    assert "is missing: run `odds db migrate`" in ran.err
    assert len(ran.err.splitlines()) == 1
    assert odds("db", "migrate").exit_code == 0
    assert odds("status", "show").exit_code == 0


def test_a_database_that_is_away_is_one_line(odds: Odds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody:sesame@127.0.0.1:1/linekeeper")
    ran = odds("status", "show")
    assert ran.exit_code == 1
    assert ran.err.startswith("error: cannot connect to database linekeeper at 127.0.0.1:1")
    assert "sesame" not in ran.err


@pytest.mark.usefixtures("own_database")
def test_an_app_that_only_plans_needs_no_key() -> None:
    async def sports(app: App) -> tuple[str, ...]:
        return app.settings.collection.sports

    assert with_app(load_settings(SPORTS="icehockey_nhl"), sports, asks_feed=False) == ("icehockey_nhl",)
    with pytest.raises(ConfigurationError, match="ODDS_API_KEY"):
        with_app(load_settings(), sports, asks_feed=True)


@pytest.mark.usefixtures("own_database")
def test_work_on_the_database_returns_what_it_brings() -> None:
    async def count(database: Database) -> int:
        async with database.transaction() as connection:
            return int((await connection.execute(text("SELECT count(*) FROM core_betting.events"))).scalar_one())

    assert with_database(load_settings(), count) == 0


def test_sports_of_the_command_line_win_over_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPORTS", "basketball_nba")
    assert read_settings().collection.sports == ("basketball_nba",)
    assert read_settings(["icehockey_nhl"]).collection.sports == ("icehockey_nhl",)


def test_what_a_command_gets_is_not_spelt_out_on_the_way() -> None:
    class Result:
        def __repr__(self) -> str:
            pytest.fail("thousands of bets were spelt out")

    async def work() -> Result:
        return Result()

    assert isinstance(run(work()), Result)


@pytest.mark.skipif(sys.platform == "win32", reason="the faster event loop is of Unix")
def test_commands_are_run_by_the_faster_event_loop() -> None:
    async def loop() -> str:
        return type(asyncio.get_running_loop()).__module__

    assert run(loop()) == "uvloop"
