"""Take a rule of the collector away: the judge of its promise must then find it broken, and nothing before."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from storage.database import Database, driver_of
from tests.world.databases import Fresh
from tests.world.findings import Findings
from tests.world.judges import Judge
from tests.world.mutations import MUTATIONS, Mutation

JUDGES = tuple(dict.fromkeys(one.judge for one in MUTATIONS))


def changed(fresh: Fresh, script: str) -> Fresh:
    """Return what opens fresh databases in which a script was run."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Database]:
        async with fresh() as database:
            async with database.transaction() as connection:
                await driver_of(connection).execute(script)
            yield database

    return opened


@pytest.mark.parametrize(
    "mutation", [pytest.param(one, id=f"{one.promise} without {one.without}") for one in MUTATIONS]
)
async def test_a_promise_is_seen_to_break_without_its_rule(
    fresh: Fresh, monkeypatch: pytest.MonkeyPatch, mutation: Mutation
) -> None:
    for where, instead in mutation.code.items():
        monkeypatch.setattr(where, instead)
    assert await mutation.judge(changed(fresh, mutation.sql) if mutation.sql else fresh) != []


@pytest.mark.parametrize("judge", [pytest.param(one, id=one.__name__) for one in JUDGES])
async def test_a_judge_finds_nothing_broken_with_every_rule_in_place(fresh: Fresh, judge: Judge) -> None:
    found = await judge(fresh)
    assert found == []
    assert not isinstance(found, Findings) or found.judged > 0
