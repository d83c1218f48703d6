"""The life of an event, from evidence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lifecycle import EventStatus, Evidence, Scores, next_status

START = datetime(2026, 9, 13, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
USUAL = timedelta(hours=3, minutes=10)
SCHEDULED, LIVE, FINAL, CANCELLED, POSTPONED = EventStatus


def evidence(now: datetime, **changes: object) -> Evidence:
    return replace(Evidence(SCHEDULED, START, START, now, USUAL), **changes)  # type: ignore[arg-type]


def absent(now: datetime, hours: float = 24, looks: int = 3, **changes: object) -> Evidence:
    return evidence(now, absent_looks=looks, absent_since=now - hours * HOUR, **changes)


@pytest.mark.parametrize(
    ("known", "status"),
    [
        pytest.param(evidence(START - HOUR), SCHEDULED, id="before its start it is scheduled"),
        pytest.param(evidence(START), LIVE, id="at its start it is live"),
        pytest.param(evidence(START + HOUR, status=LIVE, reported_scores=Scores(3, 0)), LIVE, id="scores alone"),
        pytest.param(
            evidence(START + 4 * HOUR, status=LIVE, completed=True, reported_scores=Scores(20, 17)),
            FINAL,
            id="the scores complete it",
        ),
        pytest.param(
            evidence(START, status=LIVE, commence_time=START + HOUR), SCHEDULED, id="a late start moves on"
        ),
        pytest.param(evidence(START, commence_time=START + DAY), SCHEDULED, id="a day later is not postponed"),
        pytest.param(
            evidence(START, commence_time=START + DAY + HOUR), POSTPONED, id="more than a day later is postponed"
        ),
        pytest.param(
            evidence(START + 2 * DAY, status=POSTPONED, commence_time=START + 2 * DAY),
            LIVE,
            id="a postponed event starts at last",
        ),
        pytest.param(
            evidence(START - DAY, status=POSTPONED, commence_time=START), SCHEDULED, id="moved back in time"
        ),
        pytest.param(evidence(START - 2 * DAY, commence_time=START - HOUR), SCHEDULED, id="moved earlier"),
        pytest.param(absent(START - DAY), CANCELLED, id="absent three times over a day"),
        pytest.param(absent(START - DAY, looks=2), SCHEDULED, id="absent twice"),
        pytest.param(absent(START - DAY, hours=23.9), SCHEDULED, id="absent for less than a day"),
        pytest.param(
            absent(START - DAY, hours=3, status=CANCELLED), CANCELLED, id="cancelled while it stays away"
        ),
        pytest.param(evidence(START - DAY, status=CANCELLED), SCHEDULED, id="back as scheduled"),
        pytest.param(
            evidence(START - DAY, status=CANCELLED, commence_time=START + 2 * DAY),
            POSTPONED,
            id="back as postponed",
        ),
        pytest.param(evidence(START + HOUR, status=CANCELLED), LIVE, id="back as live"),
        pytest.param(
            absent(START + 2 * DAY, status=CANCELLED, completed=True),
            FINAL,
            id="completed though it was cancelled",
        ),
        pytest.param(
            absent(START + 30 * HOUR, scores_read_at=START + 20 * HOUR, status=LIVE),
            CANCELLED,
            id="started, gone, and unknown to the scores read since",
        ),
        pytest.param(absent(START + 30 * HOUR, status=LIVE), LIVE, id="started and gone, the scores never read"),
        pytest.param(
            absent(START + 30 * HOUR, status=LIVE, scores_read_at=START + 5 * HOUR),
            LIVE,
            id="started and gone, the scores read before it left",
        ),
        pytest.param(
            absent(START + 6 * DAY, hours=140, status=LIVE, scores_read_at=START + 4 * DAY),
            LIVE,
            id="started and gone, the scores read when they had forgotten it",
        ),
        pytest.param(absent(START + 9 * DAY, status=FINAL, completed=False), FINAL, id="final outlives absence"),
    ],
)
def test_the_status_follows_from_the_evidence(known: Evidence, status: EventStatus) -> None:
    assert next_status(known).status is status


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        pytest.param(evidence(START - HOUR), "it starts Sun 13 Sep 17:00 UTC", id="scheduled"),
        pytest.param(evidence(START), "its start has passed", id="live"),
        pytest.param(
            evidence(START, commence_time=START + 2 * DAY), "its start was moved 2 d later", id="postponed"
        ),
        pytest.param(
            absent(START - DAY),
            "absent from the free list since Fri 11 Sep 17:00 UTC and not completed by the scores",
            id="cancelled",
        ),
    ],
)
def test_the_reason_is_told(known: Evidence, reason: str) -> None:
    assert next_status(known).reason == reason


def test_a_result_comes_with_its_scores() -> None:
    transition = next_status(evidence(START + 4 * HOUR, completed=True, reported_scores=Scores(20, 17)))
    assert (transition.scores, transition.reason) == (Scores(20, 17), "the scores say it is completed")


def test_a_corrected_score_replaces_the_known_one() -> None:
    known = evidence(START + DAY, status=FINAL, completed=True, known_scores=Scores(20, 17))
    corrected = next_status(replace(known, reported_scores=Scores(20, 14)))
    assert corrected.status is FINAL
    assert corrected.scores == Scores(20, 14)
    assert corrected.reason == "the result was corrected from 20-17 to 20-14"
    assert next_status(replace(known, reported_scores=Scores(20, 17))).reason == "the result is known"


def test_an_answer_without_scores_does_not_erase_a_result() -> None:
    known = evidence(START + DAY, status=FINAL, completed=True, known_scores=Scores(20, 17))
    assert next_status(known).scores == Scores(20, 17)


@pytest.mark.parametrize(
    ("after", "missing"),
    [
        pytest.param(USUAL + 3 * DAY, True, id="three days after its usual end"),
        pytest.param(USUAL + 3 * DAY - HOUR, False, id="while the feed may know it"),
    ],
)
def test_a_missing_result_is_flagged(after: timedelta, missing: bool) -> None:
    transition = next_status(evidence(START + after, status=LIVE))
    assert (transition.status, transition.result_missing) == (LIVE, missing)


evidences = st.builds(
    Evidence,
    status=st.sampled_from(EventStatus),
    commence_time=st.integers(-100, 100).map(lambda hours: START + hours * HOUR),
    first_commence_time=st.integers(-100, 100).map(lambda hours: START + hours * HOUR),
    now=st.just(START),
    usual_duration=st.just(USUAL),
    scores_read_at=st.none() | st.integers(0, 200).map(lambda hours: START - hours * HOUR),
    completed=st.booleans(),
    reported_scores=st.none() | st.builds(Scores, st.integers(0, 50), st.integers(0, 50)),
    known_scores=st.none() | st.builds(Scores, st.integers(0, 50), st.integers(0, 50)),
)
open_evidences = evidences.filter(lambda known: known.status is not CANCELLED)


@given(open_evidences, st.integers(0, 1000))
def test_one_or_two_absences_change_nothing_however_long(known: Evidence, hours: int) -> None:
    since = START - hours * HOUR
    for looks in (1, 2):
        assert next_status(replace(known, absent_looks=looks, absent_since=since)) == next_status(known)


@given(open_evidences, st.integers(1, 1000), st.integers(0, 23))
def test_many_absences_within_a_day_change_nothing(known: Evidence, looks: int, hours: int) -> None:
    gone = replace(known, absent_looks=looks, absent_since=START - hours * HOUR)
    assert next_status(gone) == next_status(known)


@given(evidences, st.integers(0, 50), st.integers(0, 1000))
def test_a_final_result_is_never_undone_and_a_completed_one_always_counts(
    known: Evidence, looks: int, hours: int
) -> None:
    since = START - hours * HOUR if looks else None
    transition = next_status(replace(known, absent_looks=looks, absent_since=since))
    assert (transition.status is FINAL) is (known.completed or known.status is FINAL)


@given(evidences, st.integers(0, 50), st.integers(0, 1000))
def test_the_same_evidence_again_changes_nothing_more(known: Evidence, looks: int, hours: int) -> None:
    seen = replace(known, absent_looks=looks, absent_since=START - hours * HOUR if looks else None)
    first = next_status(seen)
    again = next_status(replace(seen, status=first.status, known_scores=first.scores))
    assert (again.status, again.scores) == (first.status, first.scores)


@given(evidences)
def test_no_listed_event_is_cancelled(known: Evidence) -> None:
    assert next_status(known).status is not CANCELLED
