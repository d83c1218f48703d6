"""When runs start, where the scheduler fires within the minute."""

from storage.database import Database
from tests.world.judges import c3_runs_start_in_time
from tests.world.scenarios import calm


async def test_c3_on_a_calm_day_every_run_starts_within_a_minute_of_its_time(database: Database) -> None:
    async with calm(database) as world:
        found = await c3_runs_start_in_time(world)
        assert found == []
        assert found.judged > 20
