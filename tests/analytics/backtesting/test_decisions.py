"""A decision falls so many hours before the start as it was known at that instant, and at no other."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.backtesting.decisions import Unmade, decide, due_at
from analytics.backtesting.history import EventHistory, StartKnown, StatusKnown
from tests.analytics.boards import HOUR, TIP_OFF, decision, history_of, season

LISTED = TIP_OFF - 100 * HOUR

moves = st.lists(
    st.tuples(st.integers(0, 120), st.integers(0, 200)),
    min_size=1,
    max_size=6,
    unique_by=lambda start: start[0],
).map(sorted)


def known(*starts: tuple[float, float]) -> tuple[StartKnown, ...]:
    """Return starts as they became known: hours from the first listing, and of the start itself from then."""
    return tuple(StartKnown(LISTED + seen * HOUR, LISTED + start * HOUR) for seen, start in starts)


@pytest.mark.parametrize(
    ("starts", "before", "due"),
    [
        pytest.param([(0, 100)], 6, 94, id="so long before the start"),
        pytest.param([(0, 100)], 100, 0, id="at the first listing at the earliest"),
        pytest.param([(0, 100)], 101, None, id="never, where it was listed too late"),
        pytest.param([(0, 100), (50, 90)], 6, 84, id="before the start as moved by then"),
        pytest.param([(0, 100), (95, 200)], 6, 94, id="whatever was learned after it"),
        pytest.param([(0, 100), (93, 110)], 6, 104, id="later where it was put off before"),
        pytest.param([(0, 100), (50, 52)], 6, 50, id="at once where a move makes it due"),
        pytest.param([(0, 3), (1, 100)], 6, 94, id="after all where a late one is put off"),
        pytest.param([(0, 3), (1, 4)], 6, None, id="never, where it is put off too little"),
        pytest.param([(0, 100), (50, 70), (60, 100)], 6, 94, id="later again where a move was taken back in time"),
    ],
)
def test_a_decision_is_due_by_what_was_known(
    starts: list[tuple[float, float]], before: float, due: float | None
) -> None:
    found = due_at(known(*starts), before * HOUR)
    assert (found and (found.at - LISTED) / HOUR) == due


@given(
    starts=moves,
    before=st.integers(0, 48),
    cut=st.integers(0, 120),
)
def test_what_becomes_known_after_a_decision_does_not_move_it(
    starts: list[tuple[int, int]], before: int, cut: int
) -> None:
    then = [start for start in starts if start[0] <= cut] or starts[:1]
    early, late = due_at(known(*then), before * HOUR), due_at(known(*starts), before * HOUR)
    until = LISTED + max(cut, then[-1][0]) * HOUR
    assert (early if early and early.at <= until else None) == (late if late and late.at <= until else None)


@given(
    starts=moves,
    before=st.integers(0, 48),
)
def test_a_decision_is_never_farther_from_the_start_that_it_knows_than_asked(
    starts: list[tuple[int, int]], before: int
) -> None:
    due = due_at(known(*starts), before * HOUR)
    if due is not None:
        newest = [start for start in known(*starts) if start.seen_at <= due.at][-1]
        assert due.commence_time == newest.commence_time
        assert due.commence_time - due.at <= before * HOUR


def one_of(history: EventHistory, *hours: float, **changes: datetime) -> tuple[list[datetime], list[Unmade]]:
    """Return when an event is decided, and why it is not."""
    decisions = decide([history], hours or (1.0,), season(**changes))
    return [event.decided_at for event in decisions.made], [*Counter(decisions.unmade).elements()]


def test_a_decision_after_the_real_start_is_refused_and_counted() -> None:
    history = history_of(decision())
    earlier = StartKnown(TIP_OFF + HOUR, TIP_OFF - 2 * HOUR)
    assert one_of(replace(history, starts=(*history.starts, earlier))) == ([], [Unmade.REFUSED])
    still_before = earlier._replace(commence_time=TIP_OFF - HOUR)
    assert one_of(replace(history, starts=(*history.starts, still_before))) == ([TIP_OFF - HOUR], [])


def test_an_event_known_to_be_cancelled_is_not_decided_and_one_cancelled_later_is() -> None:
    history = history_of(decision())

    def cancelled(at: datetime) -> EventHistory:
        return replace(history, statuses=(*history.statuses, StatusKnown(at, "cancelled", None, None)))

    assert one_of(cancelled(TIP_OFF - 2 * HOUR)) == ([], [Unmade.CANCELLED])
    assert one_of(cancelled(TIP_OFF - HOUR / 2)) == ([TIP_OFF - HOUR], [])


def test_an_event_listed_too_late_is_counted() -> None:
    assert one_of(history_of(decision()), 24 * 6) == ([], [Unmade.LISTED_LATE])


def test_an_event_listed_too_late_belongs_to_the_run_in_which_it_was_listed() -> None:
    history, listed = history_of(decision()), TIP_OFF - 24 * 5 * HOUR
    assert one_of(history, 24 * 6, start=listed, end=listed + HOUR) == ([], [Unmade.LISTED_LATE])
    assert one_of(history, 24 * 6, start=listed + HOUR, end=TIP_OFF + HOUR) == ([], [])


def test_a_decision_at_the_start_itself_is_made() -> None:
    assert one_of(history_of(decision()), 0) == ([TIP_OFF], [])


def test_an_event_may_be_decided_several_times_but_once_at_an_instant() -> None:
    assert one_of(history_of(decision()), 24, 1) == ([TIP_OFF - 24 * HOUR, TIP_OFF - HOUR], [])
    moved = replace(history_of(decision()), starts=known((0, 100), (50, 51)))
    assert one_of(moved, 24, 12) == ([LISTED + 50 * HOUR], [])


def test_a_run_makes_the_decisions_that_fall_in_it_its_first_instant_included_and_its_end_not() -> None:
    at = TIP_OFF - HOUR
    history = history_of(decision())
    assert one_of(history, start=at, end=at + timedelta(seconds=1)) == ([at], [])
    assert one_of(history, start=at - HOUR, end=at) == ([], [])


def test_decisions_are_numbered_in_order_of_time() -> None:
    late, early = history_of(decision(1, TIP_OFF)), history_of(decision(2, TIP_OFF - 5 * HOUR))
    made = decide([late, early], (1.0,), season()).made
    assert [(event.number, event.event_id) for event in made] == [(0, "event2"), (1, "event1")]
