from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.simulation.accounts import Account, RateLimit
from core.simulation.server_errors import RefusalError

START = datetime(2025, 9, 1, tzinfo=UTC)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 300))), st.integers(0, 50))
def test_used_and_remaining_always_make_the_plan_and_nothing_is_overdrawn(
    calls: list[tuple[int, int]], plan: int
) -> None:
    account, at = Account(plan), START
    for cost, hours in calls:
        at += timedelta(hours=hours)
        account.reset_if_due(at)
        try:
            account.charge(cost)
        except RefusalError:
            assert cost > account.remaining
        assert account.used + account.remaining == plan
        assert account.remaining >= 0


def test_the_first_of_the_month_gives_the_plan_back() -> None:
    account = Account(500)
    account.reset_if_due(datetime(2025, 9, 30, 23, 59, 59, tzinfo=UTC))
    account.charge(500)
    account.reset_if_due(datetime(2025, 9, 30, 23, 59, 59, tzinfo=UTC))
    assert account.remaining == 0
    account.reset_if_due(datetime(2025, 10, 1, tzinfo=UTC))
    assert account.remaining == 500


def test_an_account_may_begin_in_the_middle_of_its_plan() -> None:
    account = Account(500, used=500)
    account.reset_if_due(START)
    with pytest.raises(RefusalError, match="OUT_OF_USAGE_CREDITS"):
        account.admit()


@given(st.lists(st.floats(0, 0.2), max_size=100))
def test_no_second_ever_has_more_calls_than_the_limit(gaps: list[float]) -> None:
    limit, now, admitted = RateLimit(5), 0.0, list[float]()
    for gap in gaps:
        now += gap
        try:
            limit.admit(now)
        except RefusalError:
            continue
        admitted.append(now)
    assert all(sum(1 for other in admitted if at <= other < at + 1) <= 5 for at in admitted)


def test_a_refused_call_does_not_lengthen_the_wait() -> None:
    limit = RateLimit(1)
    limit.admit(0.0)
    with pytest.raises(RefusalError, match="EXCEEDED_FREQ_LIMIT"):
        limit.admit(0.5)
    limit.admit(1.0)
