"""When the free list is read."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.planning.status import plan_status
from core.planning.values import PlannerPolicy, Wake

NOW = datetime(2026, 9, 13, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
POLICY = PlannerPolicy()
INTERVAL = timedelta(hours=3)


def plan(starts: list[int], last_minutes_ago: int | None = 0) -> Wake:
    last = None if last_minutes_ago is None else NOW - last_minutes_ago * MINUTE
    return plan_status(
        [NOW + start * MINUTE for start in starts],
        now=NOW,
        last_status=last,
        status_interval=INTERVAL,
        policy=POLICY,
    )


@pytest.mark.parametrize(
    ("starts", "last_minutes_ago", "minutes"),
    [
        pytest.param([], None, 0, id="at once when it was never read"),
        pytest.param([600], 0, 180, id="every status interval"),
        pytest.param([], 0, 1440, id="once a day without any game"),
        pytest.param([60], 0, 61, id="a minute after a start"),
        pytest.param([-5], 0, 5, id="ten minutes after a start"),
        pytest.param([60, 61, 62], 0, 61, id="after the first of several starts"),
        pytest.param([0, 1], 0, 3, id="never within the minimum gap"),
        pytest.param([-600], 200, 0, id="at once when overdue"),
        pytest.param([-600], 0, 180, id="while a game is under way"),
    ],
)
def test_the_free_list_is_read(starts: list[int], last_minutes_ago: int | None, minutes: int) -> None:
    assert plan(starts, last_minutes_ago).at == NOW + minutes * MINUTE


def test_the_reason_is_told() -> None:
    assert plan([600]).reason == "the free events list is read every 3 h"
    assert plan([60]).reason == "1 min after a scheduled start: it may have been put off"
    assert plan([]).reason == "no game is known"


@given(st.lists(st.integers(-500, 5000), max_size=20), st.integers(0, 2000))
def test_readings_keep_the_gap_and_never_sleep_longer_than_the_interval(starts: list[int], ago: int) -> None:
    at = plan(starts, ago).at
    last = NOW - ago * MINUTE
    longest = INTERVAL if starts else POLICY.longest_sleep
    assert max(NOW, last + POLICY.minimum_gap) <= at <= max(NOW, last + longest)
