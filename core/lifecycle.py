"""The status of an event, from what the feed has shown of it: never from one absence alone."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from core.planning.results import SCORE_WINDOW
from core.planning.wording import duration_text
from core.sports import has_scores, usual_duration

POSTPONED_BEYOND = timedelta(days=1)
"""A start that is later by more than this makes an event postponed."""

ABSENT_LOOKS = 3
ABSENT_FOR = timedelta(hours=24)
"""An event is gone when it was missing from so many looks at the free list in a row, and for so long."""


class EventStatus(StrEnum):
    """Where an event stands; only `final` is for ever."""

    SCHEDULED = "scheduled"
    LIVE = "live"
    FINAL = "final"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"


class Evidence(NamedTuple):
    """What the feed has shown of an event up to an instant; instants are aware UTC.

    `first_commence_time` is the start that was given first. `absent_since` is the first of the latest
    `absent_looks` looks at the free list, all without the event. `asked_for_result` tells whether a scores answer
    came after the event's usual end.
    """

    sport_key: str
    now: datetime
    first_commence_time: datetime
    commence_time: datetime
    absent_looks: int
    absent_since: datetime | None
    completed: bool
    asked_for_result: bool


class Verdict(NamedTuple):
    """An event's status and what it rests on."""

    status: EventStatus
    reason: str


def judge(evidence: Evidence, before: EventStatus | None = None) -> Verdict:
    """Return an event's status; a final event stays final, everything else follows the evidence alone."""
    if evidence.completed or before is EventStatus.FINAL:
        return Verdict(EventStatus.FINAL, "the scores say that it is over")
    started = evidence.commence_time <= evidence.now
    if _is_gone(evidence):
        return _gone_after_start(evidence) if started else _cancelled(evidence)
    if started:
        return Verdict(EventStatus.LIVE, "its start has passed")
    later = evidence.commence_time - evidence.first_commence_time
    if later > POSTPONED_BEYOND:
        return Verdict(EventStatus.POSTPONED, f"its start was put off by {duration_text(later)}")
    return Verdict(EventStatus.SCHEDULED, "listed with a start to come")


def _is_gone(evidence: Evidence) -> bool:
    return (
        evidence.absent_looks >= ABSENT_LOOKS
        and evidence.absent_since is not None
        and evidence.now - evidence.absent_since >= ABSENT_FOR
    )


def _gone_after_start(evidence: Evidence) -> Verdict:
    """Judge an event that is no longer listed after its start, and that no answer has called completed."""
    if evidence.now < evidence.commence_time + usual_duration(evidence.sport_key):
        return Verdict(EventStatus.LIVE, "its start has passed")
    if not has_scores(evidence.sport_key):
        return Verdict(
            EventStatus.FINAL, "no longer listed after its usual end; the feed has no scores for the sport"
        )
    if evidence.asked_for_result:
        return _cancelled(evidence)
    if evidence.now < evidence.commence_time + SCORE_WINDOW:
        return Verdict(EventStatus.LIVE, "no longer listed, and its result has not been asked for yet")
    return Verdict(EventStatus.FINAL, "no longer listed, and its result was not had before the feed forgot it")


def _cancelled(evidence: Evidence) -> Verdict:
    absent = evidence.now - (evidence.absent_since or evidence.now)
    return Verdict(
        EventStatus.CANCELLED,
        f"missing from the last {evidence.absent_looks} looks at the events list, for {duration_text(absent)}, "
        "and not completed by the scores",
    )
