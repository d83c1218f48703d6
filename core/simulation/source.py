"""What a local feed server serves: the feed's rows as they were, or would have been, at any virtual instant."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from core.simulation.board import JsonObject, OddsBoard


class FeedSource(Protocol):
    """Answer what the feed would list at an instant (aware, UTC); the rows have the feed's own shape.

    Times are ISO strings as the feed writes them. Callers do not change the rows they are given.
    """

    @property
    def bookmaker_keys(self) -> frozenset[str]:
        """The bookmakers that the source may list, beside those that the feed's regions name."""
        ...

    def sports(self, at: datetime) -> Sequence[JsonObject]:
        """Return the rows of `/sports`, out of season ones included (`active` false)."""
        ...

    def odds(
        self, sport_key: str, at: datetime, bookmaker_keys: Collection[str] | None = None
    ) -> OddsBoard | None:
        """Return the prices at an instant, or None while the feed gives none (an outage).

        Where bookmakers are named, nobody asks for others: a source may leave these out, but not their events.
        """
        ...

    def events(self, sport_key: str, at: datetime) -> Sequence[JsonObject]:
        """Return the rows of `/events`: upcoming and live."""
        ...

    def scores(self, sport_key: str, at: datetime, days_from: int | None) -> Sequence[JsonObject]:
        """Return the rows of `/scores`: live, upcoming, and those completed in the last `days_from` days."""
        ...
