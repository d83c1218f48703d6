"""Databases for many worlds, and the crashes that many tests judge, made once."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from core.database_url import parse_database_url
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from tests.world.sweeps import Crash, crash, steps_of

Fresh = Callable[[], AbstractAsyncContextManager[Database]]


@pytest.fixture
def fresh(postgres_server: EmbeddedPostgres, migrated_template: str) -> Fresh:
    """Return what opens a database with the schema, empty of rows, as often as it is called."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Database]:
        name = f"world_{uuid.uuid4().hex}"
        await postgres_server.create_database(name, template=migrated_template)
        database = Database(parse_database_url(postgres_server.url(name)), pooled=True)
        try:
            yield database
        finally:
            await database.close()
            await postgres_server.drop_database(name)

    return opened


@pytest.fixture(scope="session")
def crashes_made() -> dict[str, list[Crash]]:
    """Return what has been crashed so far, by job."""
    return {}


@pytest.fixture
def crashes(fresh: Fresh, crashes_made: dict[str, list[Crash]]) -> Callable[[str], Awaitable[list[Crash]]]:
    """Return what crashes a job's run at each of its steps, once a session, and tells how it fared."""

    async def of(job: str) -> list[Crash]:
        if job not in crashes_made:
            async with fresh() as database:
                steps = await steps_of(job, database)
            made = []
            for step in steps:
                async with fresh() as database:
                    made.append(await crash(job, step, database))
            crashes_made[job] = made
        return crashes_made[job]

    return of
