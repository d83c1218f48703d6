"""What planning needs to know: the events that are not over, and what was done last."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.event_rows import EventRow

_OPEN_EVENTS = text(
    f"SELECT {', '.join(EventRow._fields)} FROM core_betting.events"  # noqa: S608
    " WHERE sport_key = :sport_key AND status IN ('scheduled', 'postponed', 'live') ORDER BY commence_time, id"
)
_LAST = text(
    "SELECT"
    " (SELECT fetched_at FROM operational.fetch_logs WHERE sport_key = :sport_key AND source = 'live'"
    "  ORDER BY fetched_at DESC LIMIT 1),"
    " (SELECT received_at FROM raw_data.api_responses WHERE endpoint = :scores_endpoint"
    "  ORDER BY received_at DESC LIMIT 1)"
)
_LAST_RUN = text(
    "SELECT max(started_at) FROM operational.job_runs"
    " WHERE job = :job AND sport_key = :sport_key AND outcome <> 'failed'"
)
_CREDITS = text(
    "SELECT remaining, used, recorded_at FROM operational.credit_ledger WHERE remaining IS NOT NULL"
    " ORDER BY recorded_at DESC, id DESC LIMIT 1"
)


class CreditBalance(NamedTuple):
    """The account as the newest answer's headers gave it, at an aware UTC instant."""

    remaining: int
    used: int | None
    recorded_at: datetime


class SportState(NamedTuple):
    """The events of a sport that are not over, and when it was last looked at; instants are aware UTC."""

    sport_key: str
    open_events: tuple[EventRow, ...]
    last_look: datetime | None
    last_scores_call: datetime | None


async def read_sport_state(connection: AsyncConnection, sport_key: str) -> SportState:
    """Return what is known of a sport's events and of the last calls about it."""
    rows = await connection.execute(_OPEN_EVENTS, {"sport_key": sport_key})
    events = tuple(EventRow(*row) for row in rows)
    last = await connection.execute(
        _LAST, {"sport_key": sport_key, "scores_endpoint": f"/v4/sports/{sport_key}/scores"}
    )
    last_look, last_scores_call = last.one()
    return SportState(sport_key, events, last_look, last_scores_call)


async def read_balance(connection: AsyncConnection) -> CreditBalance | None:
    """Return the newest reading of the account's credits; None before the first answer."""
    row = (await connection.execute(_CREDITS)).one_or_none()
    return None if row is None else CreditBalance(*row)


async def last_run_at(connection: AsyncConnection, job: str, sport_key: str) -> datetime | None:
    """Return when a job last began a run that did not fail, the present one included."""
    result = await connection.execute(_LAST_RUN, {"job": job, "sport_key": sport_key})
    at: datetime | None = result.scalar_one()
    return at
