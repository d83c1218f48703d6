"""A heartbeat that dies at any of its steps is made up for by the next one."""

import pytest

from handlers.simulation.process import Step
from tests.world.beats import broken_by_a_death, steps_of_a_beat
from tests.world.databases import Fresh


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
