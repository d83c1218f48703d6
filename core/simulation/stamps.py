"""Instants as the feed writes them: ISO in UTC without a fraction, or epoch seconds."""

from datetime import UTC, datetime

_TO_THE_SECOND = len("2025-09-12T00:16:00")


def iso(instant: datetime) -> str:
    """Return an instant as the feed writes it.

    >>> iso(datetime(2025, 9, 12, 0, 16, tzinfo=UTC))
    '2025-09-12T00:16:00Z'
    """
    return f"{instant.astimezone(UTC).isoformat()[:_TO_THE_SECOND]}Z"


def iso_seconds(epoch: int) -> str:
    """Return epoch seconds as the feed writes an instant.

    >>> iso_seconds(0)
    '1970-01-01T00:00:00Z'
    """
    return iso(datetime.fromtimestamp(epoch, UTC))


def instant_of(stamp: object) -> datetime:
    """Return the instant of an ISO or an epoch stamp, aware, in UTC; raises ValueError when it is neither.

    >>> instant_of("1970-01-01T00:00:00Z") == instant_of(0)
    True
    """
    if isinstance(stamp, str):
        instant = datetime.fromisoformat(stamp)
        if instant.tzinfo is None:
            raise ValueError(f"no offset from UTC: {stamp!r}")
        return instant.astimezone(UTC)
    if isinstance(stamp, int | float) and not isinstance(stamp, bool):
        return datetime.fromtimestamp(stamp, UTC)
    raise ValueError(f"not an instant: {stamp!r}")
