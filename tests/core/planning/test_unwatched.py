"""Gaps between looks are seen where the tiers wanted one, by the starts as they were known then."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.planning.timetable import Timetable
from core.planning.unwatched import GRACE, KnownStart, unwatched_spans
from core.planning.values import PlannerPolicy, UpcomingEvent

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
POLICY = PlannerPolicy()


def known(start: datetime | None, *, seen_at: datetime = NOON - 48 * HOUR, event_id: str = "e1") -> KnownStart:
    return KnownStart(seen_at, event_id, start)


def test_an_outage_is_one_span_with_what_it_missed() -> None:
    looks = [NOON, NOON + 144 * HOUR]
    starts = [known(NOON + day * 24 * HOUR + 8 * HOUR, event_id=f"e{day}") for day in range(6)]
    (span,) = unwatched_spans(looks, starts, now=looks[-1], policy=POLICY)
    assert (span.after, span.until, span.starts) == (looks[0], looks[1], 6)
    assert span.missed > 6 * 6


def test_a_span_may_last_until_now() -> None:
    (span,) = unwatched_spans([NOON], [known(NOON + 2 * HOUR)], now=NOON + HOUR, policy=POLICY)
    assert (span.until, span.due, span.missed) == (None, NOON + HOUR / 2, 1)


@pytest.mark.parametrize(
    "starts",
    [
        pytest.param([], id="no event at all"),
        pytest.param([known(NOON - HOUR)], id="the event had started"),
        pytest.param([known(NOON + 2 * HOUR, seen_at=NOON + HOUR)], id="the event was not known yet"),
        pytest.param([known(NOON + 2 * HOUR), known(None, seen_at=NOON)], id="the event had been cancelled"),
        pytest.param(
            [known(NOON + 2 * HOUR), known(NOON + 90 * HOUR, seen_at=NOON)], id="the event had been put off"
        ),
    ],
)
def test_nothing_was_missed_where_nothing_was_due(starts: list[KnownStart]) -> None:
    assert unwatched_spans([NOON], starts, now=NOON + 12 * HOUR, policy=POLICY) == []


def test_before_the_first_look_no_span_can_be_told() -> None:
    assert unwatched_spans([], [known(NOON + 2 * HOUR)], now=NOON + HOUR, policy=POLICY) == []


def test_a_look_that_comes_a_little_late_is_not_missed() -> None:
    looks = [NOON, NOON + HOUR / 2 + GRACE]
    assert unwatched_spans(looks, [known(NOON + 2 * HOUR)], now=looks[-1], policy=POLICY) == []


def test_a_last_look_that_was_due_soon_after_another_may_be_missed() -> None:
    minute = HOUR / 60
    looks = [NOON, NOON + 5 * minute + GRACE]
    (span,) = unwatched_spans(looks, [known(NOON + 9 * minute)], now=looks[-1], policy=POLICY)
    assert (span.due, span.missed) == (NOON + 4 * minute, 1)


@given(st.lists(st.integers(1, 200), min_size=1, max_size=8))
def test_who_looks_when_the_tiers_say_leaves_no_gap(hours: Sequence[int]) -> None:
    starts = [known(NOON + hour * HOUR, event_id=f"e{hour}") for hour in hours]
    events = [UpcomingEvent(f"e{hour}", NOON + hour * HOUR, "") for hour in hours]
    looks = [NOON, *Timetable(events, POLICY).looks(NOON, NOON)]
    assert unwatched_spans(looks, starts, now=NOON + 250 * HOUR, policy=POLICY) == []


@given(st.lists(st.integers(1, 200), min_size=1, max_size=8), st.data())
def test_a_look_left_out_is_missed_unless_another_came_at_once(hours: Sequence[int], data: st.DataObject) -> None:
    starts = [known(NOON + hour * HOUR, event_id=f"e{hour}") for hour in hours]
    events = [UpcomingEvent(f"e{hour}", NOON + hour * HOUR, "") for hour in hours]
    looks = [NOON, *Timetable(events, POLICY).looks(NOON, NOON)]
    left_out = data.draw(st.integers(1, len(looks) - 1))
    following = looks[left_out + 1 : left_out + 2]
    spans = unwatched_spans(looks[:left_out] + looks[left_out + 1 :], starts, now=NOON + 250 * HOUR, policy=POLICY)
    is_missed = not following or following[0] - looks[left_out] > GRACE
    assert [span.due for span in spans] == [looks[left_out]] * is_missed


minutes = st.integers(-60, 3 * 24 * 60).map(lambda minute: NOON + timedelta(minutes=minute))
histories = st.lists(
    st.builds(KnownStart, minutes, st.sampled_from(("e1", "e2", "e3")), st.none() | minutes), max_size=9
)


@given(st.lists(minutes, min_size=1, max_size=12, unique=True), histories)
def test_each_span_is_what_it_would_be_if_nothing_else_had_ever_been_known(
    looks: list[datetime], starts: list[KnownStart]
) -> None:
    """Every pair of looks alone, with what was known at the first of them, gives the same spans."""
    in_order, now = sorted(looks), NOON + 80 * HOUR
    alone = []
    for after, until in zip(in_order, [*in_order[1:], None], strict=True):
        known_then = [start for start in starts if start.seen_at <= after]
        alone += unwatched_spans([after], known_then, now=until or now, policy=POLICY)
    spans = unwatched_spans(looks, starts, now=now, policy=POLICY)
    assert [(span.after, span.due, span.missed, span.starts) for span in spans] == [
        (span.after, span.due, span.missed, span.starts) for span in alone
    ]
