"""A last look that dies at any of its steps is made up for before the start."""

import pytest

from handlers.simulation.process import Step, die_at, leave_alone
from storage.database import Database
from tests.world import checks
from tests.world.databases import Fresh
from tests.world.judges import missed_after
from tests.world.scenarios import at_last_look, not_stored


async def steps_of_last_look(fresh: Fresh) -> tuple[Step, ...]:
    async with fresh() as database, at_last_look(database) as (world, trigger, _):
        return (await world.invoke(trigger, disturb=leave_alone)).steps


@pytest.mark.slow
async def test_c4_a_last_look_that_dies_at_any_step_is_made_up_for_before_the_start(fresh: Fresh) -> None:
    steps = await steps_of_last_look(fresh)
    assert len(steps) > 25
    missed = {step: await missed_after(die_at(step.number), fresh) for step in steps}
    assert {step.name: broken for step, broken in missed.items() if broken} == {}


async def test_c2_an_answer_that_cannot_be_stored_is_not_paid_for_again_within_the_run(database: Database) -> None:
    async with not_stored(database) as world:
        assert checks.c2_a_slot_fetches_once_per_attempt(world) == []
        assert [call.cost for call in world.server.calls if call.cost] == [1]
