"""How the time of a run reads: until before an instant, or whole days, the last one included."""

from datetime import UTC, date, datetime, time


def period_text(start: datetime, end: datetime) -> str:
    """Return the time from an instant until before another, in UTC; one that ends at midnight by its last day.

    >>> period_text(datetime(2025, 11, 1, tzinfo=UTC), datetime(2025, 12, 1, tzinfo=UTC))
    '2025-11-01 through 2025-11-30 UTC'
    >>> period_text(datetime(2025, 11, 1, 12, tzinfo=UTC), datetime(2025, 12, 1, 0, 30, tzinfo=UTC))
    '2025-11-01 12:00 to 2025-12-01 00:30 UTC'
    """
    if not _is_midnight(end):
        return f"{_minute(start)} to {end_text(end)}"
    begun = f"{start.astimezone(UTC):%Y-%m-%d}" if _is_midnight(start) else _minute(start)
    return f"{begun} through {end_text(end)} UTC"


def end_text(end: datetime) -> str:
    """Return the instant before which a time ends, as a user gives it: the date of its last day at midnight.

    >>> end_text(datetime(2025, 12, 1, tzinfo=UTC)), end_text(datetime(2025, 12, 1, 12, tzinfo=UTC))
    ('2025-11-30', '2025-12-01 12:00 UTC')
    """
    return f"{last_day(end):%Y-%m-%d}" if _is_midnight(end) else f"{_minute(end)} UTC"


def last_day(end: datetime) -> date:
    """Return the last day (UTC) of a time that ends before an instant.

    >>> last_day(datetime(2025, 12, 1, tzinfo=UTC))
    datetime.date(2025, 11, 30)
    """
    return (end.astimezone(UTC) - datetime.resolution).date()


def _is_midnight(instant: datetime) -> bool:
    return instant.astimezone(UTC).time() == time()


def _minute(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M}"
