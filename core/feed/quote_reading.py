"""Reading the bookmakers of one event into quotes: a short way for sound markets, a careful one for the others."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Literal, NamedTuple

from core.feed.fields import (
    LONGEST_TEXT,
    Fields,
    UnusableError,
    kind,
    read_array,
    read_optional_instant,
    read_optional_text,
    read_text,
)
from core.feed.markets import point_is_identity
from core.feed.payload_reading import SetAside
from core.feed.prices import LARGEST_PRICE, read_american, read_decimal
from core.feed.values import FeedBookmaker, FeedQuote

OddsFormat = Literal["american", "decimal"]
_Identity = tuple[str, str | None, float | None]
_POINT_TYPES = frozenset({float, int, type(None)})


class _Market(NamedTuple):
    """What the quotes of a market have in common; `listed` grows with the outcomes met."""

    bookmaker_key: str
    market_key: str
    last_update: datetime | None
    point_counts: bool
    listed: set[_Identity]


class QuoteReader:
    """Reads one event's bookmakers: keeps the first listing of each outcome, sets aside what cannot be read."""

    def __init__(self, event_id: str, odds_format: OddsFormat, aside: SetAside) -> None:
        self.bookmakers: dict[str, FeedBookmaker] = {}
        self.quotes: list[FeedQuote] = []
        self._event_id = event_id
        self._aside = aside
        self._read_price = read_american if odds_format == "american" else read_decimal
        self._plain_format = odds_format == "american"
        self._listed: dict[tuple[str, str], set[_Identity]] = {}

    def read(self, bookmakers: list[Any], path: str) -> None:
        """Read the event's array of bookmakers, which stands at `path`."""
        self._each(bookmakers, path, self._bookmaker)

    def _each(self, parts: list[Any], path: str, read: Callable[[Fields, str], None]) -> None:
        """Read each object of an array; one that cannot be read is set aside and the others are not."""
        for index, part in enumerate(parts):
            part_path = f"{path}[{index}]"
            try:
                if not isinstance(part, dict):
                    raise UnusableError("", f"an object was expected, not {kind(part)}")  # noqa: TRY301
                read(part, part_path)
            except UnusableError as error:
                self._aside.add(part_path + error.path, error.reason, part, self._event_id)

    def _bookmaker(self, bookmaker: Fields, path: str) -> None:
        key, markets = read_text(bookmaker, "key"), read_array(bookmaker, "markets")
        title = self._aside.field(read_optional_text, bookmaker, "title", path, self._event_id) or key
        self.bookmakers.setdefault(key, FeedBookmaker(key, title))
        read = partial(self._market, bookmaker_key=key, bookmaker_update=self._last_update(bookmaker, path))
        self._each(markets, f"{path}.markets", read)

    def _market(self, fields: Fields, path: str, *, bookmaker_key: str, bookmaker_update: datetime | None) -> None:
        key, outcomes = read_text(fields, "key"), read_array(fields, "outcomes")
        last_update = self._last_update(fields, path) or bookmaker_update
        listed = self._listed.setdefault((bookmaker_key, key), set())
        market = _Market(bookmaker_key, key, last_update, point_is_identity(key), listed)
        if not (self._plain_format and not listed and self._take_plain(outcomes, market)):
            self._each(outcomes, f"{path}.outcomes", partial(self._outcome, market=market))

    def _take_plain(self, outcomes: list[Any], market: _Market) -> bool:
        """Take the market's quotes at once when every outcome is sound; else take none and return False."""
        quotes = _plain_quotes(outcomes, market)
        if len(quotes) != len(outcomes):
            return False
        market.listed.update(quotes)
        self.quotes += quotes.values()
        return True

    def _outcome(self, fields: Fields, _path: str, *, market: _Market) -> None:
        name, description = read_text(fields, "name"), read_optional_text(fields, "description")
        price, point = self._read_price(fields, "price"), _read_point(fields)
        quote = FeedQuote(
            market.bookmaker_key, market.market_key, name, description, price, point, market.last_update
        )
        identity = _identity(quote, market.point_counts)
        if identity in market.listed:
            raise UnusableError("", "listed twice")
        market.listed.add(identity)
        self.quotes.append(quote)

    def _last_update(self, fields: Fields, path: str) -> datetime | None:
        return self._aside.field(read_optional_instant, fields, "last_update", path, self._event_id)


def _plain_quotes(outcomes: list[Any], market: _Market) -> dict[_Identity, FeedQuote]:
    """Return the quotes of the outcomes before the first that needs a careful reading, each once.

    Nearly every market needs none, and testing all fields of an outcome at once is what makes reading fast.
    """
    bookmaker_key, market_key, last_update, point_counts, _ = market
    quotes: dict[_Identity, FeedQuote] = {}
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


def _identity(quote: FeedQuote, point_counts: bool) -> _Identity:
    """Return what tells a quote from the others of its market at its bookmaker."""
    return quote.outcome_name, quote.description, quote.point if point_counts else None


def _read_point(fields: Fields) -> float | None:
    point = fields.get("point")
    if point is None:
        return None
    if isinstance(point, bool) or not isinstance(point, int | float):
        raise UnusableError(".point", f"a number was expected, not {kind(point)}")
    return float(point)
