"""Make a board of the quotes that a database gives, and leave out what no bet may rest on."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.backtesting.board import LineHistory, OddsBoard
from analytics.backtesting.commission import net_of_commission
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.draws import has_draw_by_the_rules
from analytics.backtesting.numbering import numbered
from analytics.backtesting.values import BacktestEvent, InstantArray, IntArray, KnownQuote, Side
from analytics.odds_math import EVEN, american_to_decimal
from core.feed.markets import is_lay

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_BY_QUOTE = (
    "event",
    "selection",
    "bookmaker",
    "market",
    "outcome",
    "description",
    "source",
    "side",
    "price",
    "decimal_odds",
    "point",
    "odds_timestamp",
    "last_update",
    "seen_at",
)


class QuoteColumns(NamedTuple):
    """Quotes as columns of one length, in any order; instants are microseconds since 1970 in UTC.

    `decision` is the place among the decisions of the one that each quote was known at. A draw that the bookmaker
    had withdrawn by then has no price.
    """

    decision: Sequence[int]
    selection_id: Sequence[int]
    bookmaker_key: Sequence[str]
    market_key: Sequence[str]
    outcome_name: Sequence[str]
    description: Sequence[str | None]
    price: Sequence[int | None]
    point: Sequence[float | None]
    odds_timestamp: Sequence[int | None]
    last_update: Sequence[int | None]
    seen_at: Sequence[int | None]
    is_valid: Sequence[bool]
    source: Sequence[str]


class ChangeColumns(NamedTuple):
    """Changes of lines as columns of one length, by decision, selection and time; no price means withdrawn."""

    decision: Sequence[int]
    selection_id: Sequence[int]
    odds_timestamp: Sequence[int | None]
    price: Sequence[int | None]
    point: Sequence[float | None]


@dataclass(frozen=True, slots=True, eq=False)
class Screened:
    """A board with only what bets may rest on, and what that left out: quotes, and decisions without any other."""

    board: OddsBoard
    stale_quotes: int
    invalid_quotes: int
    only_stale: int


def build_board(decisions: Sequence[BacktestEvent], columns: QuoteColumns) -> tuple[OddsBoard, NDArray[np.bool_]]:
    """Return the board of some decisions, and for each of its rows whether the quote is valid.

    Rows are in order of decision, bookmaker, market, outcome, description and point. Lay prices are left out:
    nobody can back at them. A price that no American odds can have gives NaN decimal odds. A withdrawn draw is
    left out, with its market where a sport has a draw only at bookmakers that list it: without it, the bets on the
    teams would look like those that overtime decides.
    """
    bookmaker, bookmaker_keys = _coded(columns.bookmaker_key)
    market, market_keys = _coded(columns.market_key)
    outcome, outcome_names = _coded(columns.outcome_name)
    description, descriptions = _coded(columns.description)
    source, sources = _coded(columns.source)
    event = np.asarray(columns.decision, dtype=np.int64)
    point = np.asarray(columns.point, dtype=np.float64)
    quoted = np.asarray(columns.price, dtype=np.float64)
    price = np.nan_to_num(quoted).astype(np.int64)
    board = OddsBoard(
        events=tuple(decisions),
        event=event,
        selection=np.asarray(columns.selection_id, dtype=np.int64),
        bookmaker=bookmaker,
        market=market,
        outcome=outcome,
        description=description,
        source=source,
        side=_sides(decisions, event, outcome, outcome_names),
        price=price,
        decimal_odds=american_to_decimal(np.where(_is_price(price), price, np.nan)),
        point=point,
        odds_timestamp=_instants(columns.odds_timestamp),
        last_update=_instants(columns.last_update),
        seen_at=_instants(columns.seen_at),
        bookmaker_keys=bookmaker_keys,
        market_keys=market_keys,
        outcome_names=outcome_names,
        descriptions=descriptions,
        sources=sources,
    )
    order = np.lexsort((point, description, outcome, market, bookmaker, event))
    lay = np.array([is_lay(key) for key in market_keys], dtype=np.bool_)
    kept = order[~(lay[market] | _with_their_draw(board, np.isnan(quoted)))[order]]
    return take(board, kept), np.asarray(columns.is_valid, dtype=np.bool_)[kept]


def screen(board: OddsBoard, valid: NDArray[np.bool_], config: BacktestConfig) -> Screened:
    """Return the board without quotes that are stale at their decision, or invalid unless the run takes those.

    Those without decimal odds are invalid whatever the run takes. A draw that is left out takes its market along
    as a withdrawn one does. Decimal odds are what a bet would bring, commission paid.
    """
    hours = [event.hours_before for event in board.events]
    ages = {before: config.longest_quote_age(before) for before in set(hours)}
    longest = np.array([ages[before] for before in hours], dtype="timedelta64[us]")
    age = board.decided_at[board.event] - board.seen_at
    stale = _with_their_draw(board, age > longest[board.event])
    unusable = np.isnan(board.decimal_odds) | (~valid & (not config.include_invalid))
    invalid = _with_their_draw(board, unusable)
    fresh = np.bincount(board.event[~stale], minlength=len(board.events))
    known = np.bincount(board.event, minlength=len(board.events))
    return Screened(
        board=net_of_commission(take(board, np.flatnonzero(~stale & ~invalid)), config.commission),
        stale_quotes=int(stale.sum()),
        invalid_quotes=int((invalid & ~stale).sum()),
        only_stale=int(((known > 0) & (fresh == 0)).sum()),
    )


def _with_their_draw(board: OddsBoard, left_out: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return what is left out when a draw that is takes its market along."""
    drawn = np.flatnonzero(left_out & (board.side == Side.DRAW))
    telling = drawn[~has_draw_by_the_rules(board)[drawn]] if len(drawn) else drawn
    if not len(telling):
        return left_out
    market = numbered(board.event, board.bookmaker, board.market)
    return np.asarray(left_out | np.isin(market, market[telling]))


def with_history(board: OddsBoard, columns: ChangeColumns) -> OddsBoard:
    """Return the board with the changes of its quotes.

    Changes of selections that are not on it are left out, and those to a price that no American odds can have.
    """
    rows = {key: row for row, key in enumerate(zip(board.event.tolist(), board.selection.tolist(), strict=True))}
    places = [rows.get(key, -1) for key in zip(columns.decision, columns.selection_id, strict=True)]
    price = np.asarray(columns.price, dtype=np.float64)
    known = np.isnan(price) | _is_price(price)
    quote = np.where(known, np.asarray(places, dtype=np.int64), -1)
    kept = np.argsort(quote, kind="stable")[np.count_nonzero(quote < 0) :]
    history = LineHistory(
        quote=quote[kept],
        odds_timestamp=_instants(columns.odds_timestamp)[kept],
        price=np.nan_to_num(price).astype(np.int64)[kept],
        point=np.asarray(columns.point, dtype=np.float64)[kept],
    )
    return replace(board, history=history)


def take(board: OddsBoard, rows: IntArray) -> OddsBoard:
    """Return a board of some rows, in order of their decisions, with all decisions; nobody can write on it."""
    columns = {name: getattr(board, name)[rows] for name in _BY_QUOTE}
    for column in columns.values():
        column.flags.writeable = False
    return replace(board, **columns)


def part(board: OddsBoard, decisions: IntArray, rows: IntArray) -> OddsBoard:
    """Return a board of some decisions alone, numbered anew; no array of it is a view of one that has others.

    Args:
        board: The board.
        decisions: The numbers of the decisions, ascending.
        rows: The rows of their quotes, ascending.
    """
    taken, history = take(board, rows), board.history
    if history is not None:
        kept = np.flatnonzero(np.isin(history.quote, rows))
        changes = {one.name: getattr(history, one.name)[kept] for one in fields(history)}
        history = LineHistory(**{**changes, "quote": np.searchsorted(rows, changes["quote"]).astype(np.int64)})
    count = len(decisions)
    if count and decisions[-1] == count - 1:
        return replace(taken, events=board.events[:count], history=history)
    event = np.searchsorted(decisions, taken.event).astype(np.int64)
    event.flags.writeable = False
    events = (board.events[number]._replace(number=place) for place, number in enumerate(decisions.tolist()))
    return replace(taken, events=tuple(events), event=event, history=history)


def board_of_one(event: BacktestEvent, quotes: Sequence[KnownQuote]) -> OddsBoard:
    """Return a board of one decision, its rows in the order of the quotes."""
    columns = QuoteColumns(
        decision=[0] * len(quotes),
        selection_id=range(len(quotes)),
        bookmaker_key=[quote.bookmaker_key for quote in quotes],
        market_key=[quote.market_key for quote in quotes],
        outcome_name=[quote.outcome_name for quote in quotes],
        description=[quote.description for quote in quotes],
        price=[quote.price for quote in quotes],
        point=[quote.point for quote in quotes],
        odds_timestamp=[_microseconds(quote.odds_timestamp) for quote in quotes],
        last_update=[_microseconds(quote.last_update) for quote in quotes],
        seen_at=[_microseconds(quote.seen_at) for quote in quotes],
        is_valid=[True] * len(quotes),
        source=[quote.source for quote in quotes],
    )
    board, _ = build_board([event._replace(number=0)], columns)
    return board


def _coded(values: Sequence[str | None]) -> tuple[IntArray, tuple[str, ...]]:
    """Return for each value its place among the distinct ones, which are sorted; -1 for None."""
    distinct = set(values)
    keys = tuple(sorted(value for value in distinct if value is not None))
    if len(distinct) == 1:
        return np.full(len(values), len(keys) - 1, dtype=np.int64), keys
    places: dict[str | None, int] = {key: place for place, key in enumerate(keys)}
    places[None] = -1
    return np.fromiter(map(places.__getitem__, values), dtype=np.int64, count=len(values)), keys


def _sides(
    decisions: Sequence[BacktestEvent], event: IntArray, outcome: IntArray, outcome_names: tuple[str, ...]
) -> IntArray:
    """Return the side of each quote: its outcome's own, unless a team of its event is called that."""
    places = {name: place for place, name in enumerate(outcome_names)}
    home = np.array([places.get(decision.home_team, -1) for decision in decisions], dtype=np.int64)
    away = np.array([places.get(decision.away_team, -1) for decision in decisions], dtype=np.int64)
    named = np.array([Side.of(name, "", "") for name in outcome_names], dtype=np.int64)
    is_home, is_away = outcome == home[event], outcome == away[event]
    return np.where(is_home, int(Side.HOME), np.where(is_away, int(Side.AWAY), named[outcome]))


def _is_price(price: NDArray[Any]) -> NDArray[np.bool_]:
    return np.asarray(np.abs(price) >= EVEN)


def _instants(microseconds: Sequence[int | None]) -> InstantArray:
    known = np.asarray(microseconds, dtype=np.float64)
    missing = np.isnan(known)
    instants = np.where(missing, 0, known).astype(np.int64).astype("datetime64[us]")
    instants[missing] = np.datetime64("NaT")
    return instants


def _microseconds(instant: datetime | None) -> int | None:
    return None if instant is None else (instant - _EPOCH) // _MICROSECOND
