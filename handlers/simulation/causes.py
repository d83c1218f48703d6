"""Which mishaps kept a game's last look from coming in time: traced from chance to chance, not guessed.

A look that was due has one chance after another: its trigger, the platform's retries, the heartbeats that find it
missing. It stays away without a fault of the collector's only where a mishap met each of them, up to the start.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from core.errors import DeadlineError
from core.simulation.mishaps import NEVER_FIRES, Mishap
from core.triggers.schedule_requests import SOONEST
from core.triggers.schedule_survey import FIRING
from handlers import fetch_odds
from handlers.arming import SHORT_TURN, is_urgent
from handlers.simulation.invocations import Beat, Invocation
from handlers.simulation.process import ProcessDiedError
from handlers.simulation.world import RETRIES, RUN_LIMIT

_SLACK = timedelta(seconds=15)
"""What a run, or a heartbeat, may take itself."""


class Recovery(NamedTuple):
    """How long the settings let the chain take: between two heartbeats, and before a failed look is tried anew."""

    heartbeat_interval: timedelta
    minimum_gap: timedelta


@dataclass(frozen=True, slots=True)
class History:
    """What failed in a world: looks, heartbeats, and triggers of looks that never fired; and what put looks off.

    `ended` tells of every run when it had ended and how long a look that it armed is put off from then; `due` when
    last looks were due.
    """

    looks: Sequence[Invocation]
    beats: Sequence[Beat]
    unfired: Sequence[Mishap]
    recovery: Recovery
    ended: Sequence[tuple[datetime, timedelta]] = ()
    due: Sequence[datetime] = ()


class _Chance(NamedTuple):
    """A chance of the look that mishaps took at an instant.

    The next one comes by `next_by`; from `seen_from` on a heartbeat sees that something is missing. None for a
    chance that was itself a heartbeat's.
    """

    at: datetime
    mishaps: tuple[Mishap, ...]
    next_by: datetime
    seen_from: datetime | None


def history_of(
    invocations: Sequence[Invocation],
    beats: Iterable[Beat],
    mishaps: Iterable[Mishap],
    recovery: Recovery,
    due: Iterable[datetime] = (),
) -> History:
    """Return what may have kept looks from coming: failed looks, disturbed heartbeats, unfired triggers."""
    after_look = max(SOONEST, recovery.minimum_gap)
    return History(
        looks=[
            one
            for one in invocations
            if one.trigger.job == fetch_odds.NAME and one.error is not None and one.mishaps
        ],
        beats=[beat for beat in beats if beat.mishaps],
        unfired=[mishap for mishap in mishaps if mishap.kind == NEVER_FIRES and mishap.job == fetch_odds.NAME],
        recovery=recovery,
        ended=[(one.ended, after_look if one.trigger.job == fetch_odds.NAME else SOONEST) for one in invocations],
        due=sorted(set(due)),
    )


def causes(history: History, due: datetime, start: datetime) -> tuple[Mishap, ...]:
    """Return what kept a look that was due at an instant from coming before a start, in order of time.

    Those are the mishaps of runs that were to look and failed, the triggers of looks that never fired, and the
    mishaps of heartbeats that would have made up for one of these. Nothing where they do not follow one another
    from the look's time to the start: what came next and was not met by a mishap should have brought the look. A
    run that failed without a mishap explains nothing either: that would be a fault of the collector's own. A look
    that came later than planned, without a reason, was put off by the collector.
    """
    found: list[Mishap] = []
    first_by = put_off_until(history, due) + FIRING
    next_by, seen_from, has_come = due, start, False
    for chance in sorted(_chances(history, due, start), key=lambda chance: chance.at):
        if chance.at > (next_by if has_come else max(first_by, next_by)):
            break
        if chance.seen_from is None and chance.at < seen_from:
            continue
        found += chance.mishaps
        next_by = max(next_by, chance.next_by)
        seen_from = chance.seen_from or seen_from
        has_come = has_come or (chance.at >= due and chance.seen_from is not None)
    return tuple(sorted(set(found))) if next_by >= start else ()


def put_off_until(history: History, due: datetime) -> datetime:
    """Return until when a look that was due at an instant may have been put off.

    One look serves games that start within the minimum gap of one another, and no trigger is armed sooner than the
    scheduler and the minimum gap allow after the run that arms it.
    """
    together = [other for other in history.due if due < other <= due + history.recovery.minimum_gap]
    armed = [at + gap for at, gap in history.ended if at <= due < at + gap]
    return max([due, *together, *armed])


def _chances(history: History, due: datetime, start: datetime) -> Iterator[_Chance]:
    recovery = history.recovery
    since = due - RUN_LIMIT - recovery.heartbeat_interval
    for one in history.looks:
        if since <= one.began < start:
            yield _taken_from_run(one, recovery)
    for mishap in history.unfired:
        if since <= mishap.at < start:
            seen_from = mishap.at + FIRING
            yield _Chance(mishap.at, (mishap,), seen_from + recovery.heartbeat_interval + _SLACK, seen_from)
    for beat in history.beats:
        if since <= beat.began < start:
            yield _Chance(beat.began, beat.mishaps, beat.began + recovery.heartbeat_interval + _SLACK, None)


def _taken_from_run(one: Invocation, recovery: Recovery) -> _Chance:
    """Return the chance that a run had: what comes next is the platform's retry, or what the run armed itself.

    A run that died left its fallback, which a heartbeat sees once the run's turn is over, and so may have kept
    others away. So did one that hung, for a heartbeat that came before it ended. One that could record its failure
    armed a retry, which is missing only when it does not fire.
    """
    retried = one.ended + RETRIES[one.attempt - 1] if one.attempt <= len(RETRIES) else None
    urgent = is_urgent(one.trigger)
    turn_over = one.began + (SHORT_TURN if urgent else RUN_LIMIT)
    mended = turn_over + recovery.heartbeat_interval
    if isinstance(one.error, ProcessDiedError | DeadlineError) or one.ended > mended:
        next_by = min(retried, mended) if retried and urgent else mended
        return _Chance(one.began, one.mishaps, next_by + _SLACK, turn_over)
    armed = one.ended + recovery.minimum_gap + FIRING
    next_by = armed if retried is None or one.paid else retried
    return _Chance(one.began, one.mishaps, next_by + _SLACK, armed)
