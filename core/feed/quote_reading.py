"""Reading the bookmakers of one event into quotes: a short way for sound markets, a careful one for the others."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Literal, NamedTuple

from core.feed.fields import (
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
from core.feed.plain_markets import Identity, plain_market
from core.feed.prices import read_american, read_decimal
from core.feed.values import FeedBookmaker, FeedQuote

OddsFormat = Literal["american", "decimal"]


class _Market(NamedTuple):
    """What the quotes of a market have in common; `listed` grows with the outcomes met."""

    bookmaker_key: str
    market_key: str
    last_update: datetime | None
    point_counts: bool
    listed: set[Identity]


class QuoteReader:
    """Reads one event's bookmakers: keeps the first listing of each outcome, sets aside what cannot be read."""

    def __init__(self, event_id: str, odds_format: OddsFormat, aside: SetAside) -> None:
        self.bookmakers: dict[str, FeedBookmaker] = {}
        self.quotes: list[FeedQuote] = []
        self._event_id = event_id
        self._aside = aside
        self._read_price = read_american if odds_format == "american" else read_decimal
        self._plain_format = odds_format == "american"
        self._listed: dict[tuple[str, str], set[Identity]] = {}

    def read(self, bookmakers: list[Any], path: str) -> None:
        """Read the event's array of bookmakers, which stands at `path`."""
        self._each(bookmakers, path, self._bookmaker)

    def _each(self, parts: list[Any], path: str, read: Callable[[Fields, str], None]) -> None:
        """Read each object of an array; one that cannot be read is set aside and the others are not."""
        for index, part in enumerate(parts):
            self._one(part, f"{path}[{index}]", read)

    def _one(self, part: Any, path: str, read: Callable[[Fields, str], None]) -> None:  # noqa: ANN401
        try:
            if not isinstance(part, dict):
                raise UnusableError("", f"an object was expected, not {kind(part)}")  # noqa: TRY301
            read(part, path)
        except UnusableError as error:
            self._aside.add(path + error.path, error.reason, part, self._event_id)

    def _bookmaker(self, bookmaker: Fields, path: str) -> None:
        key, markets = read_text(bookmaker, "key"), read_array(bookmaker, "markets")
        title = self._aside.field(read_optional_text, bookmaker, "title", path, self._event_id) or key
        self.bookmakers.setdefault(key, FeedBookmaker(key, title))
        update = self._last_update(bookmaker, path)
        for index, market in enumerate(markets):
            if not self._take_plain(market, key, update):
                carefully = partial(self._market, bookmaker_key=key, bookmaker_update=update)
                self._one(market, f"{path}.markets[{index}]", carefully)

    def _take_plain(self, fields: Any, bookmaker_key: str, bookmaker_update: datetime | None) -> bool:  # noqa: ANN401
        """Take a market's quotes at once where all of it is sound; else take none and return False."""
        plain = plain_market(fields, bookmaker_key, bookmaker_update) if self._plain_format else None
        if plain is None or (bookmaker_key, plain.market_key) in self._listed:
            return False
        self._listed[bookmaker_key, plain.market_key] = set(plain.quotes)
        self.quotes += plain.quotes.values()
        return True

    def _market(self, fields: Fields, path: str, *, bookmaker_key: str, bookmaker_update: datetime | None) -> None:
        key, outcomes = read_text(fields, "key"), read_array(fields, "outcomes")
        last_update = self._last_update(fields, path) or bookmaker_update
        listed = self._listed.setdefault((bookmaker_key, key), set())
        market = _Market(bookmaker_key, key, last_update, point_is_identity(key), listed)
        self._each(outcomes, f"{path}.outcomes", partial(self._outcome, market=market))

    def _outcome(self, fields: Fields, _path: str, *, market: _Market) -> None:
        name, description = read_text(fields, "name"), read_optional_text(fields, "description")
        price, point = self._read_price(fields, "price"), _read_point(fields)
        quote = FeedQuote(
            market.bookmaker_key, market.market_key, name, description, price, point, market.last_update
        )
        identity = name, description, point if market.point_counts else None
        if identity in market.listed:
            raise UnusableError("", "listed twice")
        market.listed.add(identity)
        self.quotes.append(quote)

    def _last_update(self, fields: Fields, path: str) -> datetime | None:
        return self._aside.field(read_optional_instant, fields, "last_update", path, self._event_id)


def _read_point(fields: Fields) -> float | None:
    point = fields.get("point")
    if point is None:
        return None
    if isinstance(point, bool) or not isinstance(point, int | float):
        raise UnusableError(".point", f"a number was expected, not {kind(point)}")
    return float(point)
