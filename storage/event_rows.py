"""An event as its row in `core_betting.events` stands, as a value."""

from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

_INSTANTS = frozenset(
    {
        "commence_time",
        "commence_time_seen_at",
        "first_commence_time",
        "scheduled_commence_time",
        "status_changed_at",
        "completed_at",
        "first_seen_at",
        "last_listed_at",
        "absent_since",
    }
)


class EventRow(NamedTuple):
    """The columns of `core_betting.events`; instants are aware."""

    id: str
    sport_key: str
    sport_title: str
    home_team: str | None
    away_team: str | None
    commence_time: datetime
    commence_time_seen_at: datetime
    first_commence_time: datetime
    scheduled_commence_time: datetime
    status: str
    status_reason: str
    status_changed_at: datetime
    home_score: int | None
    away_score: int | None
    completed_at: datetime | None
    first_seen_at: datetime
    last_listed_at: datetime
    absent_looks: int
    absent_since: datetime | None

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> "EventRow":
        """Return the row from its JSON form, as Postgres writes it."""
        values = list(_VALUES(row))
        for place in _INSTANT_PLACES:
            if values[place] is not None:
                values[place] = datetime.fromisoformat(values[place])
        return cls(*values)


_VALUES = itemgetter(*EventRow._fields)
_INSTANT_PLACES = [place for place, name in enumerate(EventRow._fields) if name in _INSTANTS]
