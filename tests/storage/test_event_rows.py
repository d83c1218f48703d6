from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from core.models.core_betting import Event
from storage.event_rows import EventRow
from storage.ingestion import IngestionReport

Game = Callable[..., dict[str, Any]]
Store = Callable[..., Awaitable[IngestionReport]]
Query = Callable[..., Awaitable[list[tuple[Any, ...]]]]

NOON = datetime(2026, 1, 10, 12, 0, 0, 123456, tzinfo=UTC)


def test_a_row_has_the_columns_of_the_table_in_their_order() -> None:
    assert list(EventRow._fields) == [column.name for column in Event.__table__.columns]  # type: ignore[attr-defined]


async def test_a_row_read_as_json_is_the_row(store: Store, query: Query, game: Game) -> None:
    await store(NOON, game({}, commence_time=NOON + timedelta(hours=1)))
    ((as_json, *row),) = await query("SELECT row_to_json(events), events.* FROM core_betting.events")
    assert EventRow.from_json(as_json) == EventRow(*row)
    assert EventRow.from_json(as_json).first_seen_at == NOON
