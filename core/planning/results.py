"""When to ask for results: cheaply, and before the feed forgets them."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from core.planning.credits import SCORES_COST, spendable_from
from core.planning.values import Balance, PlannerPolicy, Wake
from core.planning.wording import counted, duration_text
from core.sports import has_scores, usual_duration

SCORE_WINDOW = timedelta(days=3)
"""How long the feed remembers a result, counted from the start to be safe."""

_DAY = timedelta(days=1)
_LISTED_TOO_LONG = timedelta(hours=2)
_PATIENCE = timedelta(hours=1)
_LAST_CHANCE = timedelta(hours=1)


class UnfinishedEvent(NamedTuple):
    """An event without a result yet; `listed` tells whether the newest free list has it."""

    event_id: str
    commence_time: datetime
    label: str
    listed: bool


@dataclass(frozen=True, slots=True)
class ScoresCall:
    """A priced scores call to make now, and why.

    `event_ids` are the events it is made for; the feed is about to forget those in `last_chance`.
    """

    days_from: int
    reason: str
    event_ids: tuple[str, ...]
    last_chance: tuple[str, ...]


class _Step(NamedTuple):
    at: datetime
    reason: str
    event: UnfinishedEvent


def results_due(starts: Iterable[datetime], sport_key: str) -> tuple[datetime, ...]:
    """Return when results are to be asked for, as far as starts tell: once for games that end within an hour."""
    calls: list[datetime] = []
    for start in sorted(starts) if has_scores(sport_key) else ():
        end = start + usual_duration(sport_key)
        if not calls or end > calls[-1] + _PATIENCE:
            calls.append(end)
    return tuple(calls)


def scores_call(
    events: Sequence[UnfinishedEvent],
    *,
    sport_key: str,
    now: datetime,
    last_call: datetime | None,
    policy: PlannerPolicy,
    balance: Balance | None = None,
) -> ScoresCall | None:
    """Return the priced call to make now, or None while there is nothing to learn from one.

    A game is asked for when it has left the free list after its usual end, at most an hour later where games
    that end at about the same time are still listed; or when it stays listed for two hours after its usual end.
    The call is repeated every 15 minutes, later every hour and every 12 hours, and at last within an hour before
    the feed forgets the game. It never touches the credit reserve.

    Args:
        events: The events without a result that are not cancelled, started or not.
        sport_key: Decides the usual length, and whether there are scores at all.
        now: The present instant.
        last_call: When the priced call was last tried.
        policy: The user's choices.
        balance: The account's credits; None where they are not known, and then they do not matter.
    """
    steps = _priced_steps(events, sport_key, now, last_call, spendable_from(balance, SCORES_COST, now, policy))
    due = sorted(step for step in steps if step.at <= now)
    if not due:
        return None
    oldest = min(step.event.commence_time for step in due)
    more = f", and {counted(len(due) - 1, 'more result')} awaited" if len(due) > 1 else ""
    return ScoresCall(
        days_from=max(math.ceil((now - oldest) / _DAY), 1),
        reason=due[0].reason + more,
        event_ids=tuple(step.event.event_id for step in due),
        last_chance=tuple(step.event.event_id for step in due if now >= _last_chance(step.event)),
    )


def plan_scores(
    events: Sequence[UnfinishedEvent],
    *,
    sport_key: str,
    now: datetime,
    last_check: datetime | None,
    last_call: datetime | None,
    policy: PlannerPolicy,
    balance: Balance | None = None,
) -> Wake:
    """Return when to read the free list for finished games next; `scores_call` then tells whether to pay.

    From the usual end of a game on, the list is read every 15 minutes, later every hour and every 12 hours, and
    when a priced call is due. The minimum gap holds between readings, and the longest sleep.

    Args:
        events: As for `scores_call`.
        sport_key: As for `scores_call`.
        now: The present instant.
        last_check: When this job last read the free list.
        last_call: When the priced call was last tried.
        policy: The user's choices.
        balance: As for `scores_call`.
    """
    latest = now + policy.longest_sleep
    if not has_scores(sport_key):
        return Wake(latest, f"the feed has no scores for {sport_key}")
    payable = spendable_from(balance, SCORES_COST, now, policy)
    steps = [
        *_free_steps(events, sport_key, now, last_check),
        *_priced_steps(events, sport_key, now, last_call, payable),
    ]
    first = min(steps, default=None)
    if first is None or first.at > latest:
        return Wake(latest, "no game is to end before then")
    return Wake(max(first.at, now, last_check + policy.minimum_gap if last_check else now), first.reason)


def _free_steps(
    events: Sequence[UnfinishedEvent], sport_key: str, now: datetime, last_check: datetime | None
) -> Iterator[_Step]:
    for event in events:
        end = event.commence_time + usual_duration(sport_key)
        if last_check is None or last_check < end:
            yield _Step(end, f"{event.label} should be ending", event)
        elif now < event.commence_time + SCORE_WINDOW:
            late = duration_text(last_check - end)
            again = last_check + _spacing(last_check - end)
            yield _Step(again, f"{event.label} had no result {late} after its usual end", event)


def _priced_steps(
    events: Sequence[UnfinishedEvent],
    sport_key: str,
    now: datetime,
    last_call: datetime | None,
    payable: datetime,
) -> Iterator[_Step]:
    """Yield when each event is to be asked for, where the feed will still know it by then."""
    for event in events if has_scores(sport_key) else ():
        end = event.commence_time + usual_duration(sport_key)
        at = end + _wait(event, events, now)
        reason = (
            f"{event.label} is {'still listed long' if event.listed else 'no longer listed'} after its usual end"
        )
        if last_call is not None and last_call >= at:
            at = last_call + _spacing(last_call - end)
        if last_call is None or last_call < _last_chance(event):
            at = min(at, _last_chance(event))
        if max(at, now) >= _last_chance(event):
            reason = f"last chance for the result of {event.label}"
        at = max(at, payable)
        if max(at, now) < event.commence_time + SCORE_WINDOW:
            yield _Step(at, reason, event)


def _wait(event: UnfinishedEvent, events: Sequence[UnfinishedEvent], now: datetime) -> timedelta:
    """Return how long after its usual end an event is asked for at first."""
    if event.listed:
        return _LISTED_TOO_LONG
    company = any(
        other.listed and other.commence_time <= now and abs(other.commence_time - event.commence_time) <= _PATIENCE
        for other in events
    )
    return _PATIENCE if company else timedelta(0)


def _last_chance(event: UnfinishedEvent) -> datetime:
    return event.commence_time + SCORE_WINDOW - _LAST_CHANCE


def _spacing(since_end: timedelta) -> timedelta:
    if since_end < timedelta(hours=2):
        return timedelta(minutes=15)
    return timedelta(hours=1) if since_end < timedelta(hours=12) else timedelta(hours=12)
