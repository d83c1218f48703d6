"""A heartbeat that dies at any of its steps is made up for by the next one."""

import pytest

from core.errors import LinekeeperError
from handlers.heartbeat import HeartbeatReport
from handlers.simulation.process import Step
from tests.world.beats import broken_by_a_death, steps_of_a_beat
from tests.world.databases import Fresh
from tests.world.sweeps import START


async def steps(fresh: Fresh) -> tuple[Step, ...]:
    async with fresh() as database:
        return await steps_of_a_beat(database)


@pytest.mark.slow
async def test_c1_and_c4_hold_whatever_step_a_heartbeat_dies_at(fresh: Fresh) -> None:
    reached = await steps(fresh)
    assert len(reached) > 20
    broken: list[str] = []
    for step in reached:
        async with fresh() as database:
            broken += await broken_by_a_death(step, database)
    assert broken == []


async def test_c4_is_seen_to_break_where_a_heartbeat_that_died_is_the_last(
    fresh: Fresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_: object) -> HeartbeatReport:
        raise LinekeeperError("no heartbeat")

    monkeypatch.setattr("handlers.simulation.world.check_chain", never)
    async with fresh() as database:
        step = Step(1, "scheduler: is read", START, frozenset(), "heartbeat")
        assert await broken_by_a_death(step, database) != []
