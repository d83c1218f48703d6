"""The promises of the data, where answers are odd and runs are redone."""

from datetime import timedelta

import pytest

from core.feed.client import ATTEMPTS
from core.simulation.faults import Fault
from handlers.registry import JOBS
from storage.database import Database
from tests.world import stored
from tests.world.sweeps import BRINGS, ready_world

ODD = {
    "a page": b"<html>maintenance</html>",
    "half an answer": b'[{"id": "abc", "sport_key"',
    "another shape": b'{"events": 17}',
    "no text": b"\xff\xfe\x00\x01",
    "nothing": b"",
}


@pytest.mark.parametrize("body", [pytest.param(body, id=name) for name, body in ODD.items()])
@pytest.mark.parametrize("job", sorted(JOBS))
async def test_d1_an_answer_that_cannot_be_read_is_kept(database: Database, job: str, body: bytes) -> None:
    async with ready_world(job, database) as (world, trigger):
        world.server.inject(*[Fault(BRINGS[job], body=body)] * ATTEMPTS)
        assert (await world.invoke(trigger)).error is not None
        assert await stored.d1_bodies_are_kept(world, [body]) == []


async def test_d1_every_answer_of_a_run_is_logged(database: Database) -> None:
    async with ready_world("fetch-odds", database) as (world, trigger):
        await world.invoke(trigger)
        await world.run_for(timedelta(hours=6))
        logged = "SELECT count(*) FROM raw_data.api_responses"
        assert await stored.query(world, logged) == [(len(world.server.calls),)]


@pytest.mark.parametrize("job", sorted(JOBS))
async def test_d3_firing_every_trigger_of_the_past_once_more_changes_nothing(database: Database, job: str) -> None:
    async with ready_world(job, database) as (world, trigger):
        await world.invoke(trigger)
        before = await stored.rows(world)
        for one in tuple(world.invocations):
            await world.invoke(one.trigger)
        assert await stored.rows(world) == before


async def test_d2_d4_and_d5_hold_over_a_day_of_odd_answers(database: Database) -> None:
    async with ready_world("fetch-odds", database) as (world, trigger):
        for body in ODD.values():
            world.server.inject(Fault("odds", body=body), Fault("odds", reset=True), Fault("events", body=body))
        await world.invoke(trigger)
        await world.run_for(timedelta(hours=14))
        assert len(world.server.calls) > 30
        assert await stored.d2_rows_follow_from_raw(world) == []
        assert await stored.d4_nothing_without_its_origin(world) == []
        assert await stored.d5_every_run_ended(world) == []
