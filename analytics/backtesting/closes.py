"""What the close said of bets: the bookmaker's own closing price, and the fair probability of the bet's line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.draws import stands_apart
from analytics.backtesting.fair import fair_probabilities, sharp_probabilities
from analytics.backtesting.history import EventHistory
from analytics.backtesting.numbering import numbered
from analytics.backtesting.values import BacktestEvent, IntArray
from analytics.odds_math import FloatArray

NONE = -1
_NO_POINT = 1e6
_HUNDREDTHS = 100
_OUTCOME = ("event", "market", "outcome", "description", "drawn")


@dataclass(frozen=True, slots=True, eq=False)
class Closes:
    """The closes of bets, one element each.

    `price` and `point` are the bookmaker's own on the outcome, 0 and NaN where it had none; `probability` is the
    fair one of the bet's own line, NaN where there is none: nobody's market on that line was complete, or a fair
    bookmaker had left it. `moved_value` is the closing line value of those that are judged by another number, NaN
    elsewhere.
    """

    price: IntArray
    point: FloatArray
    probability: FloatArray
    moved_value: FloatArray

    @classmethod
    def unknown(cls, bets: int) -> "Closes":
        """Return those of bets of whose close nothing is known."""
        nothing = np.full(bets, np.nan)
        return cls(np.zeros(bets, dtype=np.int64), nothing, nothing, nothing)

    def at(self, places: Sequence[int]) -> "Closes":
        """Return those of some of the bets."""
        chosen = np.asarray(places, dtype=np.int64)
        return Closes(*(getattr(self, column.name)[chosen] for column in fields(Closes)))

    def replaced(self, places: IntArray, others: "Closes") -> "Closes":
        """Return them with those of the bets at some places replaced by others."""
        columns = {column.name: getattr(self, column.name).copy() for column in fields(Closes)}
        for name, column in columns.items():
            column[places] = getattr(others, name)
        return Closes(**columns)


def closing_decisions(
    events: Sequence[BacktestEvent], histories: Mapping[str, EventHistory]
) -> tuple[BacktestEvent, ...]:
    """Return for each event, once, the instant as of which its close is read: its real start."""
    unique = {event.event_id: event for event in events}
    return tuple(
        event._replace(
            number=number,
            commence_time=histories[event_id].started_at,
            decided_at=histories[event_id].started_at,
        )
        for number, (event_id, event) in enumerate(unique.items())
    )


def quoted_by_the_fair(board: OddsBoard, rows: IntArray, config: BacktestConfig) -> NDArray[np.bool_]:
    """Tell of each bet whether one of the fair bookmakers quoted its event at the decision.

    Where one did, one will most likely quote its line at the close, and then nobody else is asked what is fair.
    """
    fair = np.flatnonzero(board.at_bookmakers(config.fair_bookmakers)) if config.fair_bookmakers else rows[:0]
    return np.isin(board.event[rows], board.event[fair])


def closes_of(
    board: OddsBoard, rows: IntArray, closing: OddsBoard, config: BacktestConfig, *, by_all: bool = True
) -> Closes:
    """Return the closes of bets on these rows of a board.

    Args:
        board: The quotes known at the decisions.
        rows: Those that were bet on, shape (bets,).
        closing: The quotes known at the real starts; its decisions are those of `closing_decisions`.
        config: Whose closing odds are fair, and how their vig is taken out.
        by_all: Whether all bookmakers together say what is fair where none of the fair ones quotes the market.
    """
    if not len(closing):
        return Closes.unknown(len(rows))
    said = fair_probabilities if by_all else sharp_probabilities
    fair = said(closing, config.fair_bookmakers, config.devig_method)
    every = np.arange(len(closing))
    mine, theirs = _columns(board, rows, closing), _columns(closing, every, closing)
    on_line = _found(mine, theirs, np.flatnonzero(~np.isnan(fair)), (*_OUTCOME, "point"))
    same = _found(mine, theirs, every, (*_OUTCOME, "bookmaker", "point"))
    own = np.where(same == NONE, _found(mine, theirs, every, (*_OUTCOME, "bookmaker")), same)
    return Closes(
        price=np.where(own == NONE, 0, closing.price[own]),
        point=np.where(own == NONE, np.nan, closing.point[own]),
        probability=np.where(on_line == NONE, np.nan, fair[on_line]),
        moved_value=np.full(len(rows), np.nan),
    )


def _found(
    mine: Mapping[str, IntArray], theirs: Mapping[str, IntArray], among: IntArray, names: Sequence[str]
) -> IntArray:
    """Return the closing row of each bet, NONE where there is none; without a point, one that is the only one."""
    bets = len(mine["event"])
    if not len(among) or not bets:
        return np.full(bets, NONE)
    both = numbered(*(np.concatenate([theirs[name][among], mine[name]]) for name in names))
    their_key, my_key = both[: len(among)], both[len(among) :]
    order = np.argsort(their_key, kind="stable")
    first = np.searchsorted(their_key[order], my_key)
    count = np.searchsorted(their_key[order], my_key, side="right") - first
    usable = (count > 0) if "point" in names else (count == 1)
    return np.where(usable, among[order[np.minimum(first, len(among) - 1)]], NONE)


def _columns(board: OddsBoard, rows: IntArray, closing: OddsBoard) -> dict[str, IntArray]:
    """Return what tells bets apart, in the closing board's own numbers; what that does not know is below -1."""
    numbers = {event.event_id: event.number for event in closing.events}
    events = np.array([numbers.get(event.event_id, -2) for event in board.events], dtype=np.int64)
    return {
        "event": events[board.event[rows]],
        "bookmaker": _translated(board.bookmaker[rows], board.bookmaker_keys, closing.bookmaker_keys),
        "market": _translated(board.market[rows], board.market_keys, closing.market_keys),
        "outcome": _translated(board.outcome[rows], board.outcome_names, closing.outcome_names),
        "description": _translated(board.description[rows], board.descriptions, closing.descriptions),
        "drawn": stands_apart(board)[rows].astype(np.int64),
        "point": np.round(np.nan_to_num(board.point[rows], nan=_NO_POINT) * _HUNDREDTHS).astype(np.int64),
    }


def _translated(codes: IntArray, keys: Sequence[str], into: Sequence[str]) -> IntArray:
    places = {key: place for place, key in enumerate(into)}
    table = np.array([*(places.get(key, -2) for key in keys), -1], dtype=np.int64)
    return np.asarray(table[codes])
