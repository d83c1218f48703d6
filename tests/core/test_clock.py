from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import SystemClock, VirtualClock

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)


def test_the_system_clock_tells_the_present_in_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC


def test_a_virtual_clock_stands_still_until_it_is_moved() -> None:
    clock = VirtualClock(NOON)
    assert clock.now() == clock.now() == NOON
    clock.advance(timedelta(hours=2))
    assert clock.now() == NOON + timedelta(hours=2)
    clock.advance_to(NOON + timedelta(hours=2))
    assert clock.now() == NOON + timedelta(hours=2)


def test_a_virtual_clock_tells_utc_whatever_it_is_given() -> None:
    clock = VirtualClock(datetime(2026, 1, 10, 14, tzinfo=timezone(timedelta(hours=2))))
    assert clock.now().isoformat() == "2026-01-10T12:00:00+00:00"
    clock.advance_to(datetime(2026, 1, 10, 15, tzinfo=timezone(timedelta(hours=2))))
    assert clock.now().isoformat() == "2026-01-10T13:00:00+00:00"


def test_a_virtual_clock_refuses_a_naive_start() -> None:
    with pytest.raises(ValueError, match="an aware instant, not at 2026-01-10T12:00:00"):
        VirtualClock(NOON.replace(tzinfo=None))


@given(st.timedeltas(max_value=timedelta(microseconds=-1), min_value=timedelta(days=-1000)))
def test_a_virtual_clock_does_not_run_backwards(duration: timedelta) -> None:
    clock = VirtualClock(NOON)
    with pytest.raises(ValueError, match="does not run backwards"):
        clock.advance(duration)
    assert clock.now() == NOON
