"""A command's own database: made anew each time, beside yours, never in its place."""

import os
import sys

import pytest
from sqlalchemy import text

from core.config import load_settings
from core.database_url import parse_database_url
from handlers.scratch import scratch_database
from storage.database import Database
from storage.embedded import EmbeddedPostgres

NAME = "linekeeper_demo"


async def names(database: Database) -> set[str]:
    async with database.transaction() as connection:
        rows = await connection.execute(text("SELECT datname FROM pg_database"))
        return {row[0] for row in rows}


async def test_a_scratch_database_on_your_server_leaves_your_database_alone(
    database_url: str, database: Database
) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("CREATE TABLE yours (id int)"))
    settings = load_settings(DATABASE_URL=database_url)
    async with scratch_database(settings, NAME) as scratch, scratch.database.transaction() as connection:
        assert (await connection.execute(text("SELECT current_database()"))).scalar_one() == NAME
        assert (await connection.execute(text("SELECT count(*) FROM core_betting.events"))).scalar_one() == 0
    async with database.transaction() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM yours"))).scalar_one() == 0


async def test_it_is_left_to_be_looked_at_and_replaced_by_the_next(database_url: str, database: Database) -> None:
    settings = load_settings(DATABASE_URL=database_url)
    async with scratch_database(settings, NAME) as scratch, scratch.database.transaction() as connection:
        await connection.execute(text("CREATE TABLE left_over (id int)"))
    assert NAME in await names(database)
    async with scratch_database(settings, NAME) as scratch, scratch.database.transaction() as connection:
        found = (await connection.execute(text("SELECT to_regclass('left_over')"))).scalar_one()
    assert found is None


async def test_it_is_replaced_though_somebody_looks_at_it(database_url: str) -> None:
    settings = load_settings(DATABASE_URL=database_url)
    async with scratch_database(settings, NAME) as first:
        async with first.database.transaction() as watching:
            await watching.execute(text("SELECT 1"))
        async with scratch_database(settings, NAME) as second, second.database.transaction() as connection:
            assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1


async def test_the_shown_url_of_your_server_has_no_password(database_url: str) -> None:
    password = parse_database_url(database_url).password
    assert password
    async with scratch_database(load_settings(DATABASE_URL=database_url), NAME) as scratch:
        shown = parse_database_url(scratch.url)
    given = parse_database_url(database_url)
    assert (shown.user, shown.address, shown.database) == (given.user, given.address, NAME)
    assert not shown.password
    assert "***" not in scratch.url


async def test_without_a_server_of_yours_the_embedded_one_is_used(postgres_server: EmbeddedPostgres) -> None:
    settings = load_settings(LINEKEEPER_DATA_DIR=str(postgres_server.home.parent))
    async with scratch_database(settings, NAME) as scratch, scratch.database.transaction() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM core_betting.events"))).scalar_one() == 0
    assert scratch.url == postgres_server.url(NAME)
    assert scratch.database.url == postgres_server.address(NAME)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process choose its CPUs")
async def test_a_server_that_runs_already_keeps_its_cpus_and_so_does_the_command(
    postgres_server: EmbeddedPostgres,
) -> None:
    settings, before = load_settings(LINEKEEPER_DATA_DIR=str(postgres_server.home.parent)), os.sched_getaffinity(0)
    async with scratch_database(settings, NAME):
        assert os.sched_getaffinity(0) == before


async def test_commits_do_not_wait_for_the_disk(database_url: str) -> None:
    settings = load_settings(DATABASE_URL=database_url)
    async with scratch_database(settings, NAME) as scratch, scratch.database.transaction() as connection:
        assert (await connection.execute(text("SHOW synchronous_commit"))).scalar_one() == "off"
