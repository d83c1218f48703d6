"""What stands in place of a rule that is taken away."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import LinekeeperError
from core.feed.values import FeedAnswer, FeedEvent
from core.planning.timetable import Timetable
from core.planning.values import PlannerPolicy
from core.tiers import SAMPLED, Tier, tier_of
from handlers.heartbeat import HeartbeatReport
from storage.calls import store_call
from storage.event_rows import EventRow
from storage.event_updates import listed
from storage.leases import Standing, read_standing
from storage.migrations import SQL_FOLDER
from storage.recent_runs import RecentRuns
from storage.runs import begin_run


async def nothing(*_: Any, **__: Any) -> None:
    """Do nothing in place of what is taken away."""


def without_unique_slot() -> Callable[..., Any]:
    """Return a ledger that takes every delivery of a trigger for a slot of its own."""
    number = count(1)

    async def begin(connection: AsyncConnection, *, scheduled_at: datetime, **values: Any) -> int | None:
        slot = scheduled_at + timedelta(microseconds=next(number))
        return await begin_run(connection, scheduled_at=slot, **values)

    return begin


async def begun_in_time(connection: AsyncConnection, *, started_at: datetime, **values: Any) -> int | None:
    """Record that a run began at its time, whenever it did."""
    del started_at
    return await begin_run(connection, started_at=values["scheduled_at"], **values)


async def never_free(connection: AsyncConnection, *job: str, now: datetime, since: datetime) -> Standing:
    """Give no turn to anybody while a run has one, though its time be up."""
    held = await connection.execute(text("SELECT 1 FROM operational.job_leases WHERE job_run_id > 0"))
    if held.first() is not None:
        return Standing(None, RecentRuns(0, None, 0))
    return await read_standing(connection, *job, now=now, since=since)


async def always_free(connection: AsyncConnection, *job: str, now: datetime, since: datetime) -> Standing:
    """Give the turn to whoever asks."""
    return await read_standing(connection, *job, now=now + timedelta(days=1), since=since)


TAKEN_WITHOUT_A_WORD = (
    "UPDATE operational.job_leases SET generation = generation + 1, job_run_id = NULL"
    " WHERE job = :job AND sport_key = :sport_key AND expires_at <= :now"
)
"""Take the turn of a run that died, and leave the run as it stands."""


async def no_heartbeat(_: object) -> HeartbeatReport:
    """Let every heartbeat die."""
    raise LinekeeperError("no heartbeat")


async def none_of_late(connection: AsyncConnection, *job: str, now: datetime, since: datetime) -> Standing:
    """Count no run."""
    standing = await read_standing(connection, *job, now=now, since=since)
    return standing._replace(of_late=RecentRuns(0, None, 0))


def sleepless(*, longest_sleep: timedelta, **policy: Any) -> PlannerPolicy:
    """Return the policy with a sleep of months."""
    return PlannerPolicy(longest_sleep=99 * longest_sleep, **policy)


def hasty(*, minimum_gap: timedelta, **policy: Any) -> PlannerPolicy:
    """Return the policy of a planner that lets looks follow one another at once."""
    return PlannerPolicy(minimum_gap=minimum_gap / 1000, **policy)


def hesitant(*, closing_lead: timedelta, **policy: Any) -> PlannerPolicy:
    """Return the policy of a planner that lets last looks come four minutes late."""
    return PlannerPolicy(closing_lead=closing_lead - timedelta(minutes=4), **policy)


def no_last_looks(*law: Any) -> Timetable:
    """Return a timetable without the look just before each start."""
    timetable = Timetable(*law)
    timetable._leads = []
    return timetable


NO_BOUNDARIES = dict.fromkeys(SAMPLED, timedelta(days=99))
"""Tiers that begin long before any game is listed."""


def as_first_listed(row: EventRow | None, event: FeedEvent, at: datetime, **where: Any) -> EventRow:
    """Keep the start with which a game was first listed."""
    start = event.commence_time if row is None else row.commence_time
    return listed(row, event._replace(commence_time=start), at, **where)


def never_in_play(commence_time: datetime, at: datetime) -> Tier:
    """Take a game that is in play for one about to start."""
    tier = tier_of(commence_time, at)
    return Tier.CLOSING if tier is Tier.IN_PLAY else tier


async def made_up(connection: AsyncConnection, answer: FeedAnswer, **values: Any) -> None:
    """Store a call with a balance that the feed never told."""
    rich = answer.credits._replace(remaining=99_999)
    await store_call(connection, replace(answer, credits=rich), **values)


def changed(name: str, rule: str, instead: str) -> str:
    """Return the script that makes a function of the database anew, a rule in it changed."""
    script = (SQL_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    assert rule in script
    return script.replace(rule, instead).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
