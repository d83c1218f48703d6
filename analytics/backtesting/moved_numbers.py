"""What the close says of spreads and totals whose number it left, by how past games ended around their closes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import NamedTuple

import numpy as np

from analytics.backtesting.board import OddsBoard, as_instants
from analytics.backtesting.closes import Closes
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.fair import fair_probabilities, own_probabilities
from analytics.backtesting.history import EventHistory, known_results
from analytics.backtesting.numbering import line_numbers, numbered
from analytics.backtesting.settlement_rules import rules_of
from analytics.backtesting.values import IntArray, KnownResult, Side
from analytics.closing_value import moved_closing_line_value
from analytics.odds_math import FloatArray
from analytics.result_distribution import FEWEST_GAMES, ResultDistribution

MARKETS = ("spreads", "totals")
LOOKBACK = timedelta(days=365)
"""How far back the games lie that tell how games end."""
WEEK = timedelta(days=7)
_ABOVE = (Side.HOME, Side.OVER)
_BELOW = (Side.AWAY, Side.UNDER)
_DIGITS = 9


class MainClose(NamedTuple):
    """The main line of a game at its close: its number on the axis of the result, and the fair chance above it."""

    number: float
    probability: float


class PastGame(NamedTuple):
    """How a game ended, from when that was first known, and the number that its line closed on."""

    result: KnownResult
    started_at: np.datetime64
    number: float


def left_by_the_close(board: OddsBoard, rows: IntArray, closes: Closes) -> IntArray:
    """Return the places of the bets on spreads and totals that have no fair close on their own number."""
    sides = np.isin(board.side[rows], (*_ABOVE, *_BELOW)) & ~np.isnan(board.point[rows])
    return np.flatnonzero(np.isnan(closes.probability) & board.on_markets(MARKETS)[rows] & sides)


def main_closes(closing: OddsBoard, config: BacktestConfig) -> dict[tuple[str, str], MainClose]:
    """Return the main closing lines by event and market: those of the first fair bookmaker that has one.

    Where none has, it is the line that most bookmakers quote, of several the one nearest to even.

    Args:
        closing: The quotes known at the real starts.
        config: Whose closing lines count first, and how their vig is taken out.
    """
    complete = ~np.isnan(own_probabilities(closing, config.devig_method)) & ~np.isnan(closing.line)
    rows = np.flatnonzero(complete & closing.on_markets(MARKETS) & np.isin(closing.side, _ABOVE))
    if not len(rows):
        return {}
    fair = fair_probabilities(closing, config.fair_bookmakers, config.devig_method)[rows]
    places = {key: place for place, key in enumerate(config.fair_bookmakers)}
    ranks = np.array([places.get(key, len(places)) for key in closing.bookmaker_keys])[closing.bookmaker[rows]]
    line, event, market = closing.line[rows], closing.event[rows], closing.market[rows]
    same = numbered(event, market, line_numbers(line))
    order = np.lexsort((line, np.abs(fair - 0.5), -np.bincount(same)[same], ranks, market, event))
    _, first = np.unique(numbered(event, market)[order], return_index=True)
    numbers = _on_axis(closing, rows)
    return {
        (closing.events[event[one]].event_id, closing.market_keys[market[one]]): MainClose(numbers[one], fair[one])
        for one in order[first].tolist()
    }


def moved_values(
    board: OddsBoard,
    rows: IntArray,
    places: IntArray,
    main: Mapping[tuple[str, str], MainClose],
    past: Mapping[tuple[str, str], Iterable[PastGame]],
) -> FloatArray:
    """Return the closing line value of bets on numbers that the close left, NaN where too little is known.

    Each is judged by the games of its sport that were over before the week of its decision began, of a year.

    Args:
        board: The quotes known at the decisions.
        rows: Those that were bet on, shape (bets,).
        places: Which of the bets to judge.
        main: The main closes of their games.
        past: Games that are over, by sport and market.
    """
    found = np.full(len(rows), np.nan)
    weeks = board.decided_at.astype("datetime64[W]").astype("datetime64[us]")[board.event[rows]]
    alike: dict[tuple[str, str, np.datetime64], list[int]] = defaultdict(list)
    for place in places.tolist():
        event, market_key = board.events[board.event[rows[place]]], board.market_keys[board.market[rows[place]]]
        if (event.event_id, market_key) in main:
            alike[event.sport_key, market_key, weeks[place]].append(place)
    games = {key: _Games(each, key[1]) for key, each in past.items()}
    for (sport_key, market_key, week), bets in alike.items():
        distribution = games[sport_key, market_key].before(week) if (sport_key, market_key) in games else None
        if distribution is None:
            continue
        mine = rows[bets]
        closes = [main[board.events[number].event_id, market_key] for number in board.event[mine].tolist()]
        found[bets] = moved_closing_line_value(
            board.decimal_odds[mine],
            _on_axis(board, mine),
            above=np.isin(board.side[mine], _ABOVE),
            closing_number=[close.number for close in closes],
            closing_probability=[close.probability for close in closes],
            results=distribution,
        )
    # Roots differ in their last digits by which bets are solved together: a run in parts must equal it at once.
    return np.round(found, _DIGITS)


def past_games(
    histories: Iterable[EventHistory], main: Mapping[tuple[str, str], MainClose]
) -> dict[tuple[str, str], list[PastGame]]:
    """Return the games that are over and have a main close, by sport and market.

    Sports whose bets are settled by another score than the final one are left out.
    """
    by_id = {history.event_id: history for history in histories}
    first: dict[str, KnownResult] = {}
    for result in known_results(by_id.values()):
        first.setdefault(result.event_id, result)
    started = as_instants([by_id[event_id].started_at for event_id in first])
    found: dict[tuple[str, str], list[PastGame]] = defaultdict(list)
    for result, at in zip(first.values(), started, strict=True):
        if rules_of(result.sport_key).ends_with_regulation(prices_draw=False):
            continue
        for market_key in MARKETS:
            if close := main.get((result.event_id, market_key)):
                found[result.sport_key, market_key].append(PastGame(result, at, close.number))
    return dict(found)


class _Games:
    """Past games of one sport and market as arrays."""

    def __init__(self, games: Iterable[PastGame], market_key: str) -> None:
        listed = list(games)
        self._is_spread = market_key == "spreads"
        sign = -1 if self._is_spread else 1
        self._known_at = as_instants([game.result.known_at for game in listed])
        self._started_at = np.array([game.started_at for game in listed])
        self._number = np.array([game.number for game in listed])
        self._ended = np.array([game.result.home_score + sign * game.result.away_score for game in listed])

    def before(self, instant: np.datetime64) -> ResultDistribution | None:
        """Return how the games ended that were over before an instant; None where they are too few."""
        usable = (self._known_at < instant) & (self._started_at >= instant - np.timedelta64(LOOKBACK))
        if usable.sum() < FEWEST_GAMES:
            return None
        make = ResultDistribution.of_margins if self._is_spread else ResultDistribution.of_totals
        return make(self._ended[usable], self._number[usable])


def _on_axis(board: OddsBoard, rows: IntArray) -> FloatArray:
    """Return the numbers that results pass or not: the home margin, or the total."""
    is_spread = np.isin(board.side[rows], (Side.HOME, Side.AWAY))
    return np.asarray(np.where(is_spread, -board.line[rows], board.line[rows]) + 0.0)
