"""The status of an event, from evidence."""

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


GONE_AFTER_LOOKS = 3
"""How many readings of the free list in a row an event must be absent from before it counts as gone."""

GONE_AFTER = timedelta(hours=24)
"""How long an event must be absent before it counts as gone."""

POSTPONED_BY_MORE_THAN = timedelta(days=1)
"""How far a start must have been moved for the event to count as postponed."""


class Scores(NamedTuple):
    """Points of the home and the away team."""

    home: int
    away: int


class Evidence(NamedTuple):
    """What is known of an event; instants are aware UTC.

    `first_commence_time` is the start it was first listed with, `commence_time` the newest. `absent_looks` counts
    the readings of the free list in a row without it, the first of them at `absent_since`; 0 and None while it is
    listed. `scores_offered` says whether the feed has scores of its sport at all, `scores_read_at` when a scores
    answer that reached back to its start was last read, `completed` and `reported_scores` what the newest answer
    that had the event said of it. `known_scores` and `was_completed` are what is stored: scores of a live event
    are no result.
    """

    status: EventStatus
    commence_time: datetime
    first_commence_time: datetime
    now: datetime
    usual_duration: timedelta
    absent_looks: int = 0
    absent_since: datetime | None = None
    scores_offered: bool = True
    scores_read_at: datetime | None = None
    completed: bool = False
    reported_scores: Scores | None = None
    known_scores: Scores | None = None
    was_completed: bool = False


class Transition(NamedTuple):
    """The status that follows from the evidence, why, and the scores: None takes away those that are no result."""

    status: EventStatus
    reason: str
    scores: Scores | None = None


def next_status(evidence: Evidence) -> Transition:
    """Return the status of an event.

    A result is final: only newer scores change it, never absence. Otherwise an event is gone when it has been
    absent from the free list for three readings in a row over at least a day. Every game leaves the list in the
    end, so once its start has passed it counts as cancelled only if the scores, read since it left and while they
    would have known, did not complete it; where they cannot tell any more, it is final without a result. It comes
    back when it is listed again. Else its start decides: live once it has passed, postponed while it is more than
    a day later than first listed, scheduled otherwise.
    """
    if evidence.completed or evidence.was_completed:
        return _final(evidence)
    if evidence.absent_looks and evidence.status is EventStatus.FINAL:
        return Transition(EventStatus.FINAL, _without_result(evidence))
    if evidence.absent_looks and evidence.status is EventStatus.CANCELLED:
        return Transition(EventStatus.CANCELLED, _absence(evidence), evidence.known_scores)
    if _is_gone(evidence):
        if evidence.commence_time > evidence.now or _scores_would_have_told(evidence):
            return Transition(EventStatus.CANCELLED, _absence(evidence), evidence.known_scores)
        if _is_forgotten(evidence):
            return Transition(EventStatus.FINAL, _without_result(evidence))
    return _by_start(evidence)


def _final(evidence: Evidence) -> Transition:
    known, reported = evidence.known_scores, evidence.reported_scores
    if not evidence.completed or reported is None or reported == known:
        return Transition(EventStatus.FINAL, "the result is known", known)
    if evidence.status is EventStatus.FINAL and known is not None:
        reason = f"the result was corrected from {known.home}-{known.away} to {reported.home}-{reported.away}"
        return Transition(EventStatus.FINAL, reason, reported)
    return Transition(EventStatus.FINAL, "the scores say it is completed", reported)


def _is_gone(evidence: Evidence) -> bool:
    absent_for = evidence.now - (evidence.absent_since or evidence.now)
    return evidence.absent_looks >= GONE_AFTER_LOOKS and absent_for >= GONE_AFTER


def _is_forgotten(evidence: Evidence) -> bool:
    """Tell whether the event is over and the feed has forgotten its result, if it ever had one."""
    remembered = SCORE_WINDOW if evidence.scores_offered else timedelta(0)
    return evidence.now >= evidence.commence_time + evidence.usual_duration + remembered


def _scores_would_have_told(evidence: Evidence) -> bool:
    if evidence.scores_read_at is None or evidence.absent_since is None:
        return False
    over = max(evidence.commence_time + evidence.usual_duration, evidence.absent_since)
    return over <= evidence.scores_read_at < evidence.commence_time + SCORE_WINDOW


def _absence(evidence: Evidence) -> str:
    since = f" since {instant_text(evidence.absent_since)}" if evidence.absent_since else ""
    return f"absent from the free list{since} and not completed by the scores"


def _without_result(evidence: Evidence) -> str:
    if not evidence.scores_offered:
        return "it is over, and the feed has no scores of its sport"
    return f"its result was not had in the {duration_text(SCORE_WINDOW)} for which the feed knows it"


def _by_start(evidence: Evidence) -> Transition:
    start, now = evidence.commence_time, evidence.now
    scores = evidence.reported_scores or evidence.known_scores
    if start <= now:
        missing = evidence.scores_offered and _is_forgotten(evidence)
        reason = "its result is missing and the feed has forgotten it" if missing else "its start has passed"
        return Transition(EventStatus.LIVE, reason, scores)
    later = start - evidence.first_commence_time
    if later > POSTPONED_BY_MORE_THAN:
        return Transition(EventStatus.POSTPONED, f"its start was moved {duration_text(later)} later", scores)
    return Transition(EventStatus.SCHEDULED, f"it starts {instant_text(start)}", scores)
