"""Dates and instants on the command line: ISO texts, in UTC where they name no offset."""

from datetime import UTC, date, datetime, timedelta

import typer

ACCEPTED = "2026-01-31 or 2026-01-31T18:00Z, in UTC unless it names an offset"
"""What the options that take an instant accept, for their help."""
_A_DAY = timedelta(days=1)
_TO_THE_LAST = _A_DAY - timedelta(microseconds=1)


def instant_of(text: str) -> datetime:
    """Return the instant of an ISO text, in UTC where it names no offset; a date is its first instant.

    Raises:
        BadParameter: It is neither an instant nor a date.
    """
    try:
        instant = datetime.fromisoformat(text)
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        msg = f"{text!r} is neither a date (2025-11-20) nor an instant (2025-11-20T18:00Z)"
        raise typer.BadParameter(msg) from None


def last_instant_of(text: str) -> datetime:
    """Return the instant of an ISO text as above; a date is its last instant."""
    instant = instant_of(text)
    return instant if _date(text) is None else instant + _TO_THE_LAST


def end_of(text: str) -> datetime:
    """Return the instant of an ISO text as above; a date is the end of its day, the first instant after it.

    Raises:
        BadParameter: It is neither an instant nor a date, or there is no day after it.
    """
    instant = instant_of(text)
    if _date(text) is None:
        return instant
    try:
        return instant + _A_DAY
    except OverflowError:
        raise typer.BadParameter(f"{text} is the last day that there is: an earlier one is expected") from None


def day_of(text: str) -> date:
    """Return the day of an ISO date.

    Raises:
        BadParameter: It is no date.
    """
    day = _date(text)
    if day is None:
        raise typer.BadParameter(f"{text!r} is no date, such as 2025-11-20")
    return day


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
