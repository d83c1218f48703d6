"""The time of a run reads as it was asked for: a date is a whole day, and an instant an instant."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from core.periods import end_text, last_day, period_text

NOVEMBER, DECEMBER = datetime(2025, 11, 1, tzinfo=UTC), datetime(2025, 12, 1, tzinfo=UTC)
HALF_PAST = timedelta(minutes=30)


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        pytest.param(NOVEMBER, DECEMBER, "2025-11-01 through 2025-11-30 UTC", id="whole days"),
        pytest.param(NOVEMBER, NOVEMBER + timedelta(days=1), "2025-11-01 through 2025-11-01 UTC", id="one day"),
        pytest.param(
            NOVEMBER + HALF_PAST, DECEMBER, "2025-11-01 00:30 through 2025-11-30 UTC", id="it begins in a day"
        ),
        pytest.param(
            NOVEMBER, DECEMBER + HALF_PAST, "2025-11-01 00:00 to 2025-12-01 00:30 UTC", id="it ends in a day"
        ),
    ],
)
def test_a_time_that_ends_with_a_day_reads_by_that_day(start: datetime, end: datetime, text: str) -> None:
    assert period_text(start, end) == text
    east = timezone(timedelta(hours=9))
    assert period_text(start.astimezone(east), end.astimezone(east)) == text
    assert text.removesuffix(" UTC").endswith(end_text(end).removesuffix(" UTC"))


def test_a_time_that_ends_at_midnight_has_no_part_of_the_next_day() -> None:
    assert last_day(DECEMBER) == date(2025, 11, 30)
    assert last_day(DECEMBER + HALF_PAST) == date(2025, 12, 1)
