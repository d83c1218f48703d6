"""Databases for many worlds, and the crashes that many tests judge, made once."""

from collections.abc import Awaitable, Callable

import pytest

from storage.embedded import EmbeddedPostgres
from tests.world.databases import Fresh, copies_of
from tests.world.sweeps import Crash, crash, steps_of


@pytest.fixture
def fresh(postgres_server: EmbeddedPostgres, migrated_template: str) -> Fresh:
    """Return what opens a database with the schema, empty of rows, as often as it is called."""
    return copies_of(migrated_template, postgres_server)


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
