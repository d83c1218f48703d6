"""How durations and instants read in the planner's sentences."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

_MINUTE = timedelta(minutes=1)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def duration_text(duration: timedelta) -> str:
    """Return a duration in its two largest units, rounded to the minute; under a minute in seconds.

    >>> duration_text(timedelta(hours=25, minutes=30)), duration_text(timedelta(minutes=90))
    ('1 d 1 h', '1 h 30 min')
    >>> duration_text(timedelta(hours=3)), duration_text(timedelta(seconds=40))
    ('3 h', '40 s')
    """
    if abs(duration) < _MINUTE:
        return f"{round(duration.total_seconds())} s"
    minutes = round(duration / _MINUTE)
    counts = (minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min")
    first = next(position for position, (count, _) in enumerate(counts) if count)
    return " ".join(f"{count} {unit}" for count, unit in counts[first : first + 2] if count)


@lru_cache(maxsize=8192)
def instant_text(instant: datetime) -> str:
    """Return an instant to the minute, in UTC.

    >>> instant_text(datetime(2026, 12, 1, 5, tzinfo=UTC))
    'Tue 1 Dec 05:00 UTC'
    """
    utc = instant.astimezone(UTC)
    day, month = _DAYS[utc.weekday()], _MONTHS[utc.month - 1]
    return f"{day} {utc.day} {month} {utc.hour:02}:{utc.minute:02} UTC"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, plural by s.

    >>> counted(1, "look"), counted(1900, "look")
    ('1 look', '1,900 looks')
    """
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"
