from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.feed.rate_limit import RateLimiter


def test_calls_wait_only_once_the_second_is_full() -> None:
    limiter = RateLimiter(3, monotonic=lambda: 100.0)
    assert [limiter.reserve() for _ in range(7)] == [0, 0, 0, 1, 1, 1, 2]


def test_a_wait_longer_than_allowed_reserves_nothing() -> None:
    limiter = RateLimiter(1, monotonic=lambda: 100.0)
    assert limiter.reserve() == 0
    assert limiter.reserve(longest_wait=0.5) is None
    assert limiter.reserve(longest_wait=1) == 1


def test_less_than_one_call_a_second_is_a_longer_wait() -> None:
    limiter = RateLimiter(0.5, monotonic=lambda: 100.0)
    assert [limiter.reserve() for _ in range(3)] == [0, 2, 4]


@pytest.mark.parametrize("rate", [0, -1])
def test_a_rate_without_calls_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="more than 0"):
        RateLimiter(rate)


@given(rate=st.integers(1, 40), pauses=st.lists(st.floats(0, 0.2), max_size=120))
def test_no_second_ever_holds_more_calls_than_allowed(rate: int, pauses: list[float]) -> None:
    now = 0.0
    limiter = RateLimiter(rate, monotonic=lambda: now)
    calls = []
    for pause in pauses:
        now += pause
        wait = limiter.reserve()
        assert wait is not None
        calls.append(now + wait)
    assert all(later >= call - 1e-9 for call, later in pairwise(calls))
    assert all(later - call > 1 - 1e-9 for call, later in zip(calls, calls[rate:], strict=False))
