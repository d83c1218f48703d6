"""What planning needs to know: the events that are not over, and what was done last."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.event_rows import EventRow
from storage.statements import fetch, run

_OF_CALLS = 4
"""How many columns of a sport's state tell of calls; those of an event follow."""

_LAST_RUN = (
    "SELECT max(started_at) FROM operational.job_runs"
    " WHERE job = :job AND sport_key = :sport_key AND outcome <> 'failed' AND attempt > 0"
)
_CREDITS = (
    "SELECT remaining, used, recorded_at FROM operational.credit_ledger WHERE remaining IS NOT NULL"
    " ORDER BY recorded_at DESC, id DESC LIMIT 1"
)


class CreditBalance(NamedTuple):
    """The account as the newest answer's headers gave it, at an aware UTC instant."""

    remaining: int
    used: int | None
    recorded_at: datetime


class ScoresRead(NamedTuple):
    """The newest answer about results that could be read: its instant, and how many days it reached back."""

    at: datetime
    days: int

    def would_have(self, commence_time: datetime) -> bool:
        """Tell whether an event of this start, completed by then, would have been in it."""
        return self.at - timedelta(days=self.days) <= commence_time


class SportState(NamedTuple):
    """The events of a sport that are not over, and when it was last looked at; instants are aware UTC.

    `last_scores_call` is when results were last asked for, whatever came of it.
    """

    sport_key: str
    open_events: tuple[EventRow, ...]
    last_look: datetime | None
    last_scores_call: datetime | None
    scores_read: ScoresRead | None


async def read_sport_state(connection: AsyncConnection, sport_key: str) -> SportState:
    """Return what is known of a sport's events, those that start before 2200, and of the last calls about it."""
    parameters = {"sport_key": sport_key, "scores_endpoint": f"/v4/sports/{sport_key}/scores"}
    rows = [tuple(row) for row in await run(connection, "read_sport_state", parameters)]
    last_look, last_scores_call, scores_read_at, days = rows[0][:_OF_CALLS]
    events = tuple(event for event in (EventRow(*row[_OF_CALLS:]) for row in rows) if event.id is not None)
    scores_read = None if scores_read_at is None else ScoresRead(scores_read_at, days)
    return SportState(sport_key, events, last_look, last_scores_call, scores_read)


async def read_balance(connection: AsyncConnection) -> CreditBalance | None:
    """Return the newest reading of the account's credits; None before the first answer."""
    rows = await fetch(connection, _CREDITS, {})
    return CreditBalance(*rows[0]) if rows else None


async def last_run_at(connection: AsyncConnection, job: str, sport_key: str) -> datetime | None:
    """Return when a job last began a run that did not fail, the present one included."""
    ((at,),) = await fetch(connection, _LAST_RUN, {"job": job, "sport_key": sport_key})
    last: datetime | None = at
    return last
