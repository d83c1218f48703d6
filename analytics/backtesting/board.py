"""The odds of many decisions as arrays, one row per quote: what vectorised strategies and the engine work on."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise
from math import isnan
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from analytics.backtesting.draws import stands_apart
from analytics.backtesting.values import (
    BacktestEvent,
    InstantArray,
    IntArray,
    KnownQuote,
    LineChange,
    Side,
)
from analytics.odds_math import FloatArray

A = TypeVar("A", bound=NDArray[Any])
N = TypeVar("N")
_MOST_DERIVED = 32
_DECISIONS_AT_ONCE = 100
_SIDES = tuple(Side)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NOT_A_TIME = int(np.datetime64("NaT", "us").view(np.int64))


@dataclass(frozen=True, eq=False)
class LineHistory:
    """How the quotes of a board changed before their decisions, as received; by quote, the oldest change first.

    `quote` is the row of the board, `price` 0 where the bookmaker withdrew it for a while, `point` NaN where none.
    """

    quote: IntArray
    odds_timestamp: InstantArray
    price: IntArray
    point: FloatArray


@dataclass(frozen=True, eq=False)
class OddsBoard:
    """Every quote known at every decision of a run; row n of each array is one quote.

    `event` is the number of the decision in `events`, ascending: the quotes of one decision are neighbours.
    `selection` is the same number wherever a bookmaker's quote on one outcome comes again.
    `bookmaker`, `market`, `outcome`, `description` and `source` are places in the tuple of their keys;
    description -1 is none. `side` holds numbers of `Side`, `point` NaN where there is none.
    `decimal_odds` are after commission, where the bookmaker takes any; `price` is as quoted.
    """

    events: tuple[BacktestEvent, ...]
    event: IntArray
    selection: IntArray
    bookmaker: IntArray
    market: IntArray
    outcome: IntArray
    description: IntArray
    source: IntArray
    side: IntArray
    price: IntArray
    decimal_odds: FloatArray
    point: FloatArray
    odds_timestamp: InstantArray
    last_update: InstantArray
    seen_at: InstantArray
    bookmaker_keys: tuple[str, ...]
    market_keys: tuple[str, ...]
    outcome_names: tuple[str, ...]
    descriptions: tuple[str, ...]
    sources: tuple[str, ...]
    history: LineHistory | None = None

    def __len__(self) -> int:
        """Return the number of quotes."""
        return len(self.event)

    @cached_property
    def bounds(self) -> IntArray:
        """Return where each decision's quotes begin, and at last where they end: decisions + 1 rows."""
        return np.searchsorted(self.event, np.arange(len(self.events) + 1)).astype(np.int64)

    @cached_property
    def decided_at(self) -> InstantArray:
        """Return the instant of each decision."""
        return as_instants([event.decided_at for event in self.events])

    @cached_property
    def line(self) -> FloatArray:
        """Return what the two sides of one spread or total share: the home team's handicap, or the total.

        Home -3.5 and away +3.5 are on the line -3.5. NaN where a quote has no point.
        """
        return np.where(self.side == Side.AWAY, -self.point, self.point) + 0.0

    def rows_of(self, market_key: str, bookmaker_keys: Sequence[str] = ()) -> IntArray:
        """Return the rows of a market, at some bookmakers or at all of them."""
        of_market = self.market == _place(self.market_keys, market_key)
        return np.flatnonzero(of_market & self.at_bookmakers(bookmaker_keys))

    def at_bookmakers(self, bookmaker_keys: Sequence[str]) -> NDArray[np.bool_]:
        """Tell of each row whether it is at one of some bookmakers; where none is named, every one is."""
        if not bookmaker_keys:
            return np.ones(len(self), dtype=np.bool_)
        return np.isin(self.bookmaker, [_place(self.bookmaker_keys, key) for key in bookmaker_keys])

    def on_markets(self, market_keys: Sequence[str]) -> NDArray[np.bool_]:
        """Tell of each row whether it is of one of some markets; where none is named, every one is."""
        if not market_keys:
            return np.ones(len(self), dtype=np.bool_)
        return np.isin(self.market, [_place(self.market_keys, key) for key in market_keys])

    def derived(self, key: Hashable, make: Callable[[], A]) -> A:
        """Return what can be told from this board alone, made once for each key: a sweep asks for it often.

        Args:
            key: What it is, with all that it depends on besides the board.
            make: Makes it; nobody can write on it afterwards.
        """
        found: A | None = self._derived.get(key)
        if found is None:
            found = make()
            found.flags.writeable = False
            if len(self._derived) >= _MOST_DERIVED:
                # Two threads may ask at a time: each goes through keys that stay as they are.
                self._derived.pop(next(iter((*self._derived,))), None)
            self._derived[key] = found
        return found

    @cached_property
    def _derived(self) -> dict[Hashable, Any]:
        return {}

    def quote(self, row: int) -> KnownQuote:
        """Return one row as a value."""
        return self.quotes(np.array([row]))[0]

    def quotes(self, rows: IntArray) -> tuple[KnownQuote, ...]:
        """Return some rows as values, made column by column."""
        columns = (
            rows.tolist(),
            _named(self.bookmaker_keys, self.bookmaker[rows]),
            _named(self.market_keys, self.market[rows]),
            _named(self.outcome_names, self.outcome[rows]),
            _named((*self.descriptions, None), self.description[rows]),
            _named(_SIDES, self.side[rows]),
            self.price[rows].tolist(),
            self.decimal_odds[rows].tolist(),
            [None if isnan(point) else point for point in self.point[rows].tolist()],
            _moments(self.odds_timestamp[rows]),
            _moments(self.last_update[rows]),
            _moments(self.seen_at[rows]),
            _named(self.sources, self.source[rows]),
            stands_apart(self)[rows].tolist(),
        )
        return tuple(map(KnownQuote._make, zip(*columns, strict=True)))

    def known_odds(self, number: int) -> "KnownOdds":
        """Return the quotes of one decision, with their history where that was read, as a strategy sees them."""
        return next(self.every_known_odds(number, number + 1))

    def every_known_odds(self, first: int = 0, end: int | None = None) -> "Iterator[KnownOdds]":
        """Yield the same for some decisions, or all, one after the other; many are made at once."""
        last = len(self.events) if end is None else end
        for begun in range(first, last, _DECISIONS_AT_ONCE):
            bounds = self.bounds[begun : min(begun + _DECISIONS_AT_ONCE, last) + 1].tolist()
            quotes = self.quotes(np.arange(bounds[0], bounds[-1]))
            for start, stop in pairwise(bounds):
                of_one = quotes[start - bounds[0] : stop - bounds[0]]
                yield KnownOdds(of_one, tuple(self._changes(of_one)))

    def _changes(self, quotes: Sequence[KnownQuote]) -> Iterator[LineChange]:
        if self.history is None or not quotes:
            return
        first, end = np.searchsorted(self.history.quote, [quotes[0].number, quotes[-1].number + 1])
        changes = slice(int(first), int(end))
        columns = zip(
            self.history.quote[changes].tolist(),
            _moments(self.history.odds_timestamp[changes]),
            self.history.price[changes].tolist(),
            self.history.point[changes].tolist(),
            strict=True,
        )
        for row, moment, price, point in columns:
            quote, known_point = quotes[row - quotes[0].number], None if isnan(point) else point
            yield LineChange._make((quote, moment, price or None, known_point))


@dataclass(frozen=True)
class KnownOdds:
    """The odds of one event as known at the decision: its quotes, and where asked the changes before."""

    quotes: tuple[KnownQuote, ...]
    history: tuple[LineChange, ...] = ()

    def of_market(self, market_key: str, bookmaker_key: str | None = None) -> tuple[KnownQuote, ...]:
        """Return the quotes of a market, at one bookmaker or at all."""
        return tuple(
            quote
            for quote in self.quotes
            if quote.market_key == market_key and bookmaker_key in (None, quote.bookmaker_key)
        )

    def best(
        self, market_key: str, side: Side, point: float | None = None, *, apart: bool = False
    ) -> KnownQuote | None:
        """Return the highest price on a side of a market, at a point where one is named; None without any.

        Prices on a team are those of the sport's own rules; with `apart`, those that stand apart from them: of
        bookmakers that list a draw where it has none, at which the team must win in regulation time.
        """
        offered = [
            quote
            for quote in self.of_market(market_key)
            if quote.side is side
            and (point is None or quote.point == point)
            and (side is Side.DRAW or quote.stands_apart is apart)
        ]
        return max(offered, key=lambda quote: quote.decimal_odds, default=None)


def as_instants(instants: Sequence[datetime | None]) -> InstantArray:
    """Return aware instants as an array in UTC."""
    counted = [_NOT_A_TIME if instant is None else (instant - _EPOCH) // _MICROSECOND for instant in instants]
    return np.array(counted, dtype=np.int64).view("datetime64[us]")


def as_instant(instant: np.datetime64) -> datetime:
    """Return one element of such an array as an aware instant."""
    moment: datetime = instant.astype("datetime64[us]").item()
    return moment.replace(tzinfo=UTC)


def _moments(instants: InstantArray) -> list[datetime | None]:
    """Return such an array as aware instants, None for NaT."""
    return [*map(_moment, instants.astype("datetime64[us]").view(np.int64).tolist())]


@lru_cache(maxsize=10_000)
def _moment(microseconds: int) -> datetime | None:
    """Return an instant by its microseconds since 1970; the quotes of a decision share a few."""
    return None if microseconds == _NOT_A_TIME else _EPOCH + timedelta(microseconds=microseconds)


def _named(names: Sequence[N], places: IntArray) -> list[N]:
    return [names[place] for place in places.tolist()]


def _place(keys: Sequence[str], key: str) -> int:
    return keys.index(key) if key in keys else -1
