"""A run that is cut off, wherever it happens to be: the chain goes on, and nothing is half done."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

Collect = Callable[..., Awaitable[Any]]
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
TURN = timedelta(minutes=16)


async def cut_off(world: Any, job: str, milliseconds: float) -> None:
    """Run a job for so long, and no longer."""
    run = asyncio.create_task(world.fire(job))
    await asyncio.sleep(milliseconds / 1000)
    run.cancel()
    await asyncio.wait([run])


@pytest.mark.parametrize("job", ["fetch-odds", "fetch-scores", "update-status"])
async def test_c1_wherever_a_run_is_cut_off_its_job_is_armed_and_recovers(
    collect: Collect, feed: Any, noon: datetime, job: str
) -> None:
    for number in range(40):
        feed.add(noon + number * HOUR)
    world = await collect()
    for milliseconds in range(0, 50, 2):
        await cut_off(world, job, milliseconds)
        assert (await world.armed(job)).at > world.clock.now()
        world.clock.advance(TURN)
        assert (await world.fire(job)).reason != "another run is at work"
        world.clock.advance(HOUR)
    assert await world.query("SELECT DISTINCT outcome FROM operational.job_runs WHERE outcome = 'running'") == []


async def test_d4_wherever_a_look_is_cut_off_it_is_stored_whole_or_not_at_all(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    for number in range(60):
        feed.add(noon + number * HOUR)
    world = await collect()
    for milliseconds in range(5, 100, 5):
        feed.games[-1].prices = (-200 - milliseconds, 150 + milliseconds)
        await cut_off(world, "fetch-odds", milliseconds)
        world.clock.advance(TURN + 15 * MINUTE)
    await world.fire()
    looks = await world.query("SELECT fetched_at, snapshot_count FROM operational.fetch_logs ORDER BY 1")
    stored = await world.query("SELECT snapshot_time, count(*) FROM raw_data.odds_snapshots GROUP BY 1 ORDER BY 1")
    charged = await world.query("SELECT recorded_at FROM operational.credit_ledger WHERE charged > 0 ORDER BY 1")
    assert looks
    assert looks == stored
    assert [at for at, _ in looks] == [at for (at,) in charged]
    assert (
        await world.query(
            "SELECT id FROM raw_data.odds_snapshots AS s WHERE NOT EXISTS"
            " (SELECT FROM operational.job_runs WHERE job_runs.id = s.job_run_id)"
        )
        == []
    )
