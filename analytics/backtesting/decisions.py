"""When an event is decided: so many hours before its start, as the start was known at that very instant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.history import EventHistory, StartKnown
from analytics.backtesting.values import BacktestEvent


class Unmade(StrEnum):
    """Why a decision is not made."""

    LISTED_LATE = "listed_late"
    CANCELLED = "cancelled"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions of a run in order of time, how many were left out for each reason, and what all are about."""

    made: tuple[BacktestEvent, ...]
    unmade: dict[Unmade, int]
    event_ids: frozenset[str]


class _Due(NamedTuple):
    at: datetime
    commence_time: datetime


def decide(histories: Iterable[EventHistory], hours_before: Sequence[float], config: BacktestConfig) -> Decisions:
    """Return the decisions that fall in the run.

    Args:
        histories: The events that may be decided.
        hours_before: How many hours before the start to decide; each may give a decision.
        config: What the run covers.
    """
    made: dict[tuple[datetime, str], tuple[EventHistory, _Due]] = {}
    unmade = dict.fromkeys(Unmade, 0)
    event_ids: set[str] = set()
    times_before = [timedelta(hours=hours) for hours in hours_before]
    for history in histories:
        for before in times_before:
            due = due_at(history.starts, before)
            at = history.starts[0].seen_at if due is None else due.at
            if not config.start <= at < config.end:
                continue
            event_ids.add(history.event_id)
            reason = _why_not(history, due)
            if reason is not None:
                unmade[reason] += 1
            elif due is not None:
                made[at, history.event_id] = history, due
    in_order = tuple(_decision(number, *made[key]) for number, key in enumerate(sorted(made)))
    return Decisions(in_order, unmade, frozenset(event_ids))


def due_at(starts: Sequence[StartKnown], before: timedelta) -> _Due | None:
    """Return the first instant at which the start, as then known, was no farther away than that, and that start.

    None where there is no such instant, because the event was first listed nearer to its start. A start that was
    moved nearer than that makes the decision due when the move was seen. What became known later changes nothing.

    Args:
        starts: The starts as they became known, the oldest first.
        before: How long before the start.
    """
    was_near = True
    ends = [start.seen_at for start in starts[1:]]
    for start, end in zip(starts, [*ends, None], strict=True):
        due = start.commence_time - before
        if due < start.seen_at and not was_near:
            return _Due(start.seen_at, start.commence_time)
        if due >= start.seen_at and (end is None or due < end):
            return _Due(due, start.commence_time)
        was_near = due < start.seen_at
    return None


def _why_not(history: EventHistory, due: _Due | None) -> Unmade | None:
    if due is None:
        return Unmade.LISTED_LATE
    if history.status_at(due.at) == "cancelled":
        return Unmade.CANCELLED
    if due.at > due.commence_time or due.at > history.started_at:
        return Unmade.REFUSED
    return None


def _decision(number: int, history: EventHistory, due: _Due) -> BacktestEvent:
    return BacktestEvent(
        number=number,
        event_id=history.event_id,
        sport_key=history.sport_key,
        home_team=history.home_team,
        away_team=history.away_team,
        commence_time=due.commence_time,
        decided_at=due.at,
    )
