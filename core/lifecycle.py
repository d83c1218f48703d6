"""The status of an event, from evidence."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from core.planning.results import SCORE_WINDOW
from core.planning.wording import duration_text, instant_text


class EventStatus(StrEnum):
    """Where an event is in its life."""

    SCHEDULED = "scheduled"
    LIVE = "live"
    FINAL = "final"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"


CANCELLED_AFTER_LOOKS = 3
"""How many readings of the free list in a row an event must be absent from before it counts as cancelled."""

CANCELLED_AFTER = timedelta(hours=24)
"""How long an event must be absent before it counts as cancelled."""

POSTPONED_BY_MORE_THAN = timedelta(days=1)
"""How far a start must have been moved for the event to count as postponed."""


class Scores(NamedTuple):
    """Points of the home and the away team."""

    home: int
    away: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of an event; instants are aware UTC.

    `first_commence_time` is the start it was first listed with, `commence_time` the newest. `absent_looks` counts
    the readings of the free list in a row without it, the first of them at `absent_since`; 0 and None while it is
    listed. `scores_read_at` is when a scores answer of its sport was last read, `completed` and `reported_scores`
    what the newest answer that had the event said of it, `known_scores` what is stored.
    """

    status: EventStatus
    commence_time: datetime
    first_commence_time: datetime
    now: datetime
    usual_duration: timedelta
    absent_looks: int = 0
    absent_since: datetime | None = None
    scores_read_at: datetime | None = None
    completed: bool = False
    reported_scores: Scores | None = None
    known_scores: Scores | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """The status that follows from the evidence, and why; `result_missing` asks for somebody's attention."""

    status: EventStatus
    reason: str
    scores: Scores | None = None
    result_missing: bool = False


def next_status(evidence: Evidence) -> Transition:
    """Return the status of an event.

    A result is final: only newer scores change it, never absence. Otherwise an event is cancelled when it has
    been absent from the free list for three readings in a row over at least a day. Every game leaves the list in
    the end, so once its start has passed that counts only if the scores, read since it left and while they would
    have known, did not complete it. It comes back when it is listed again. Else its start decides: live once it
    has passed, postponed while it is more than a day later than first listed, scheduled otherwise.
    """
    if evidence.completed or evidence.status is EventStatus.FINAL:
        return _final(evidence)
    if _is_cancelled(evidence):
        return Transition(EventStatus.CANCELLED, _absence(evidence), evidence.known_scores)
    return _by_start(evidence)


def _final(evidence: Evidence) -> Transition:
    known, reported = evidence.known_scores, evidence.reported_scores
    if not evidence.completed or reported is None or reported == known:
        return Transition(EventStatus.FINAL, "the result is known", known)
    if evidence.status is EventStatus.FINAL and known is not None:
        reason = f"the result was corrected from {known.home}-{known.away} to {reported.home}-{reported.away}"
        return Transition(EventStatus.FINAL, reason, reported)
    return Transition(EventStatus.FINAL, "the scores say it is completed", reported)


def _is_cancelled(evidence: Evidence) -> bool:
    if evidence.absent_looks == 0:
        return False
    if evidence.status is EventStatus.CANCELLED:
        return True
    absent_for = evidence.now - (evidence.absent_since or evidence.now)
    if evidence.absent_looks < CANCELLED_AFTER_LOOKS or absent_for < CANCELLED_AFTER:
        return False
    if evidence.commence_time > evidence.now:
        return True
    return _scores_would_have_told(evidence)


def _scores_would_have_told(evidence: Evidence) -> bool:
    if evidence.scores_read_at is None or evidence.absent_since is None:
        return False
    over = max(evidence.commence_time + evidence.usual_duration, evidence.absent_since)
    return over <= evidence.scores_read_at < evidence.commence_time + SCORE_WINDOW


def _absence(evidence: Evidence) -> str:
    since = f" since {instant_text(evidence.absent_since)}" if evidence.absent_since else ""
    return f"absent from the free list{since} and not completed by the scores"


def _by_start(evidence: Evidence) -> Transition:
    start, now = evidence.commence_time, evidence.now
    scores = evidence.reported_scores or evidence.known_scores
    if start <= now:
        missing = now >= start + evidence.usual_duration + SCORE_WINDOW
        reason = "its result is missing and the feed has forgotten it" if missing else "its start has passed"
        return Transition(EventStatus.LIVE, reason, scores, result_missing=missing)
    later = start - evidence.first_commence_time
    if later > POSTPONED_BY_MORE_THAN:
        return Transition(EventStatus.POSTPONED, f"its start was moved {duration_text(later)} later", scores)
    return Transition(EventStatus.SCHEDULED, f"it starts {instant_text(start)}", scores)
