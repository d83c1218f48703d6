"""The life of an event, from evidence."""

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
    return Evidence(SCHEDULED, START, START, now, USUAL)._replace(**changes)  # type: ignore[arg-type]


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
            absent(START + 3 * DAY, hours=60, status=LIVE, scores_read_at=START + 3 * DAY),
            LIVE,
            id="started and gone, the scores read when they had forgotten it",
        ),
        pytest.param(
            absent(START + 6 * DAY, hours=140, status=LIVE, scores_read_at=START + 4 * DAY),
            FINAL,
            id="started, gone and forgotten, the scores read too late",
        ),
        pytest.param(absent(START + 4 * DAY, status=LIVE), FINAL, id="started, gone and forgotten"),
        pytest.param(absent(START + 4 * DAY, looks=2, status=LIVE), LIVE, id="forgotten, but absent only twice"),
        pytest.param(evidence(START + 4 * DAY, status=LIVE), LIVE, id="forgotten, but still listed"),
        pytest.param(
            absent(START + 26 * HOUR, status=LIVE, scores_offered=False),
            FINAL,
            id="gone, of a sport without scores",
        ),
        pytest.param(
            absent(START + 2 * HOUR, status=LIVE, scores_offered=False),
            LIVE,
            id="absent since before its start, of a sport without scores, and not over yet",
        ),
        pytest.param(
            absent(START + 5 * DAY, status=LIVE, scores_read_at=START + 2 * DAY, hours=100),
            CANCELLED,
            id="gone and forgotten, but the scores had been read in time",
        ),
        pytest.param(
            evidence(START + 5 * HOUR, status=FINAL, commence_time=START + 20 * HOUR),
            SCHEDULED,
            id="final without a result, and listed again with a start to come",
        ),
        pytest.param(
            evidence(START + DAY, status=FINAL, was_completed=True, commence_time=START + 25 * HOUR),
            FINAL,
            id="completed, and listed again",
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
        pytest.param(
            absent(START + 4 * DAY, status=LIVE),
            "its result was not had in the 3 d for which the feed knows it",
            id="final without a result",
        ),
        pytest.param(
            absent(START + 2 * DAY, status=LIVE, scores_offered=False),
            "it is over, and the feed has no scores of its sport",
            id="final, of a sport without scores",
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
    corrected = next_status(known._replace(reported_scores=Scores(20, 14)))
    assert corrected.status is FINAL
    assert corrected.scores == Scores(20, 14)
    assert corrected.reason == "the result was corrected from 20-17 to 20-14"
    assert next_status(known._replace(reported_scores=Scores(20, 17))).reason == "the result is known"


def test_an_answer_without_scores_does_not_erase_a_result() -> None:
    known = evidence(START + DAY, status=FINAL, completed=True, known_scores=Scores(20, 17))
    assert next_status(known).scores == Scores(20, 17)


def test_the_score_of_a_live_event_never_becomes_a_result() -> None:
    gone = next_status(absent(START + 4 * DAY, status=LIVE, known_scores=Scores(7, 3)))
    assert (gone.status, gone.scores) == (FINAL, None)
    assert gone.reason == "its result was not had in the 3 d for which the feed knows it"


def test_a_result_that_comes_after_all_is_taken() -> None:
    gone = absent(START + 5 * DAY, status=FINAL, completed=True, reported_scores=Scores(20, 17))
    assert next_status(gone).scores == Scores(20, 17)


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        pytest.param(
            USUAL + 3 * DAY,
            "its result is missing and the feed has forgotten it",
            id="three days after its usual end",
        ),
        pytest.param(USUAL + 3 * DAY - HOUR, "its start has passed", id="while the feed may know it"),
    ],
)
def test_a_missing_result_is_told_by_the_reason(after: timedelta, reason: str) -> None:
    transition = next_status(evidence(START + after, status=LIVE))
    assert (transition.status, transition.reason) == (LIVE, reason)


def known_of(**known: object) -> Evidence:
    """Return evidence of which the rest is as where nothing is known."""
    return Evidence(**known)  # type: ignore[arg-type]


evidences = st.builds(
    known_of,
    status=st.sampled_from(EventStatus),
    commence_time=st.integers(-100, 100).map(lambda hours: START + hours * HOUR),
    first_commence_time=st.integers(-100, 100).map(lambda hours: START + hours * HOUR),
    now=st.just(START),
    usual_duration=st.just(USUAL),
    scores_read_at=st.none() | st.integers(0, 200).map(lambda hours: START - hours * HOUR),
    completed=st.booleans(),
    reported_scores=st.none() | st.builds(Scores, st.integers(0, 50), st.integers(0, 50)),
    known_scores=st.none() | st.builds(Scores, st.integers(0, 50), st.integers(0, 50)),
    scores_offered=st.booleans(),
)
completed_evidences = evidences.map(lambda known: known._replace(status=FINAL, was_completed=True))
listed_evidences = evidences.filter(lambda known: known.status not in {CANCELLED, FINAL}) | completed_evidences


@given(listed_evidences, st.integers(0, 1000))
def test_one_or_two_absences_change_nothing_however_long(known: Evidence, hours: int) -> None:
    since = START - hours * HOUR
    for looks in (1, 2):
        assert next_status(known._replace(absent_looks=looks, absent_since=since)) == next_status(known)


@given(listed_evidences, st.integers(1, 1000), st.integers(0, 23))
def test_many_absences_within_a_day_change_nothing(known: Evidence, looks: int, hours: int) -> None:
    gone = known._replace(absent_looks=looks, absent_since=START - hours * HOUR)
    assert next_status(gone) == next_status(known)


@given(evidences | completed_evidences, st.integers(0, 50), st.integers(0, 1000))
def test_a_result_is_never_undone_and_nothing_else_is_final_before_it_is_over_and_gone(
    known: Evidence, looks: int, hours: int
) -> None:
    since = START - hours * HOUR if looks else None
    transition = next_status(known._replace(absent_looks=looks, absent_since=since))
    if known.completed or known.was_completed:
        assert transition.status is FINAL
    elif transition.status is FINAL:
        assert transition.scores is None
        assert looks
        assert known.status is FINAL or (looks >= 3 and known.commence_time + USUAL <= START)


@given(evidences | completed_evidences, st.integers(0, 50), st.integers(0, 1000))
def test_the_same_evidence_again_changes_nothing_more(known: Evidence, looks: int, hours: int) -> None:
    seen = known._replace(absent_looks=looks, absent_since=START - hours * HOUR if looks else None)
    first = next_status(seen)
    completed = known.completed or known.was_completed
    again = next_status(seen._replace(status=first.status, known_scores=first.scores, was_completed=completed))
    assert (again.status, again.scores) == (first.status, first.scores)


@given(evidences)
def test_no_listed_event_counts_as_gone(known: Evidence) -> None:
    assert next_status(known).status is not CANCELLED
    assert known.completed or next_status(known).status is not FINAL
