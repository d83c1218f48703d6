"""Reading a market whose fields are all as the contract has them: nearly every one, and so read in one go."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from core.feed.fields import LONGEST_TEXT, instant_of_text
from core.feed.markets import point_is_identity
from core.feed.prices import LARGEST_PRICE
from core.feed.values import FeedQuote

Identity = tuple[str, str | None, float | None]
"""What tells a quote from the others of its market: name, description, and the point where it counts."""

_POINT_TYPES = frozenset({float, int, type(None)})


class PlainMarket(NamedTuple):
    """A market that needs no careful reading, with its quotes in feed order."""

    market_key: str
    quotes: Mapping[Identity, FeedQuote]


def plain_market(
    fields: Any,  # noqa: ANN401
    bookmaker_key: str,
    bookmaker_update: datetime | None,
) -> PlainMarket | None:
    """Return a market in American odds whose fields are all sound and whose outcomes are listed once; else None.

    Args:
        fields: What stands in the bookmaker's array of markets.
        bookmaker_key: The bookmaker.
        bookmaker_update: When the feed last refreshed the bookmaker, which holds where the market does not say.
    """
    if type(fields) is not dict:
        return None
    key, outcomes, stamp = fields.get("key"), fields.get("outcomes"), fields.get("last_update")
    if type(key) is not str or not 0 < len(key) <= LONGEST_TEXT or type(outcomes) is not list:
        return None
    last_update = bookmaker_update
    if stamp is not None:
        try:
            last_update = instant_of_text(stamp)
        except (TypeError, ValueError, OverflowError):
            return None
    quotes = _quotes(outcomes, bookmaker_key, key, last_update)
    return PlainMarket(key, quotes) if len(quotes) == len(outcomes) else None


def _quotes(
    outcomes: list[Any], bookmaker_key: str, market_key: str, last_update: datetime | None
) -> dict[Identity, FeedQuote]:
    """Return the quotes of the outcomes before the first that is not sound, each outcome once."""
    point_counts = point_is_identity(market_key)
    quotes: dict[Identity, FeedQuote] = {}
    for outcome in outcomes:
        if type(outcome) is not dict:
            break
        get = outcome.get
        name, price, description, point = get("name"), get("price"), get("description"), get("point")
        if not (
            type(name) is str
            and 0 < len(name) <= LONGEST_TEXT
            and type(price) is int
            and -LARGEST_PRICE <= price <= LARGEST_PRICE
            and (description is None or (type(description) is str and len(description) <= LONGEST_TEXT))
            and type(point) in _POINT_TYPES
        ):
            break
        point = float(point) if point is not None else None
        quotes[name, description, point if point_counts else None] = FeedQuote(
            bookmaker_key, market_key, name, description, price, point, last_update
        )
    return quotes
