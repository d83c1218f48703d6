"""What a stored look brought is read back as it was reported."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from storage.database import Database
from storage.ingestion import IngestionReport
from storage.looks import stored_look
from storage.runs import begin_run

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
Store = Callable[..., Awaitable[IngestionReport]]


async def test_a_look_is_read_back_as_it_was_reported_by_its_run_and_instant_alone(
    database: Database, store_in: Store, game: Callable[..., Any]
) -> None:
    async with database.transaction() as connection:
        number = await begin_run(
            connection,
            job="fetch-odds",
            sport_key="basketball_nba",
            scheduled_at=NOON,
            started_at=NOON,
            reason="as planned",
        )
        assert number is not None
        listed = game({"pinnacle": {"h2h": {"Lakers": -120, "Celtics": 100}}})
        report = await store_in(connection, NOON, listed, job_run_id=number)
        assert report.quotes_stored == 2
        assert await stored_look(connection, number, NOON) == report
        assert await stored_look(connection, number, NOON + timedelta(seconds=1)) is None
        assert await stored_look(connection, number + 1, NOON) is None
