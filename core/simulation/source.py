"""What a local feed server serves: the feed's rows as they were, or would have been, at any virtual instant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Literal, Protocol, TypeAlias

JsonObject: TypeAlias = dict[str, Any]
OddsFormat: TypeAlias = Literal["american", "decimal"]


@dataclass(frozen=True)
class OddsBoard:
    """Every price of a sport at one instant: the rows of an unfiltered odds answer.

    `body` holds the rows as bytes where they exist already, so that they need not be written anew.
    """

    events: Sequence[JsonObject]
    odds_format: OddsFormat
    body: bytes | None = None

    @cached_property
    def bookmaker_keys(self) -> frozenset[str]:
        """The bookmakers that list anything."""
        return frozenset(
            str(bookmaker.get("key")) for event in self.events for bookmaker in rows(event, "bookmakers")
        )

    @cached_property
    def market_keys(self) -> frozenset[str]:
        """The markets listed by any bookmaker."""
        return frozenset(
            str(market.get("key"))
            for event in self.events
            for bookmaker in rows(event, "bookmakers")
            for market in rows(bookmaker, "markets")
        )


def rows(parent: JsonObject, name: str) -> list[JsonObject]:
    """Return the objects of a list in a row; anything else in its place is no row.

    >>> rows({"markets": [{"key": "h2h"}, None]}, "markets"), rows({"markets": None}, "markets")
    ([{'key': 'h2h'}], [])
    """
    return [row for row in parent.get(name) or () if isinstance(row, dict)]


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

    def odds(self, sport_key: str, at: datetime) -> OddsBoard | None:
        """Return the prices at an instant, or None while the feed gives none (an outage)."""
        ...

    def events(self, sport_key: str, at: datetime) -> Sequence[JsonObject]:
        """Return the rows of `/events`: upcoming and live."""
        ...

    def scores(self, sport_key: str, at: datetime, days_from: int | None) -> Sequence[JsonObject]:
        """Return the rows of `/scores`: live, upcoming, and those completed in the last `days_from` days."""
        ...
