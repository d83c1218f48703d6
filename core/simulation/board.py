"""Every price of a sport at one instant, as rows in the feed's own shape."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeAlias

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
