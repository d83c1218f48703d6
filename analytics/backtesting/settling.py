"""How bets on a board end: their grades, and what the bankroll gets for them, when each result became known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from analytics.backtesting.bankroll import Payment
from analytics.backtesting.board import OddsBoard
from analytics.backtesting.draws import lists_draw
from analytics.backtesting.grading import GameResult, PlayerNumber, is_prop
from analytics.backtesting.grading_arrays import GRADES, NOT_GRADED, GameResults, grade_bets, profits_per_unit
from analytics.backtesting.history import EventHistory, ResultKnown
from analytics.backtesting.settlement import Grade
from analytics.backtesting.settlement_rules import rules_of
from analytics.backtesting.values import BacktestEvent, IntArray, Side
from core.sports import usual_duration

_SCORES_REACH = timedelta(days=3)
"""How far back the feed's scores go: a result that is not known by then comes by another way, or never."""


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """How bets end, one element each.

    `grades` hold what is known in the end, None where the result is unknown or does not tell. `settled_at` is when
    a result was first known, None where none was: where a game is over, but its score was not had, there is none
    unless something else grades the bet. `payments` are what a unit staked brings: the first with the first
    result, the others with its corrections; a bet that a result does not grade gets its stake back, and so does
    one whose result is not known when it is given up (`given_up_at`): a result that comes after that corrects it.
    """

    grades: tuple[Grade | None, ...]
    settled_at: tuple[datetime | None, ...]
    payments: tuple[tuple[Payment, ...], ...]


def settle(board: OddsBoard, rows: IntArray, histories: Mapping[str, EventHistory]) -> Settled:
    """Return how a bet on each of these rows of the board ends.

    Args:
        board: The quotes.
        rows: Those that are bet on, shape (bets,).
        histories: What became known of every event on the board, by its id.
    """
    decided = {int(number) for number in np.unique(board.event[rows])}
    results = {number: _results(board, number, histories) for number in decided}
    of_bet = [results[int(number)] for number in board.event[rows]]
    grades: NDArray[np.int64] = np.full(len(rows), NOT_GRADED)
    without = {number: _until_given_up(board.events[number], results[number]) for number in decided}
    payments = [[*without[int(number)]] for number in board.event[rows]]
    returned = np.array([len(each) for each in payments], dtype=np.float64)
    for turn in range(max(map(len, of_bet), default=0)):
        bets = np.array([bet for bet, known in enumerate(of_bet) if len(known) > turn], dtype=np.int64)
        grades[bets] = _grade(board, rows[bets], [of_bet[bet][turn].result for bet in bets], histories)
        profits = profits_per_unit(grades[bets], board.decimal_odds[rows[bets]])
        now = 1 + np.nan_to_num(profits)
        for bet, amount, before in zip(bets.tolist(), now.tolist(), returned[bets].tolist(), strict=True):
            if not payments[bet] or amount != before:
                payments[bet].append(Payment(of_bet[bet][turn].known_at, amount - before))
        returned[bets] = now
    return Settled(
        grades=tuple(None if grade == NOT_GRADED else GRADES[grade] for grade in grades.tolist()),
        settled_at=tuple(
            known[0].known_at
            if known and (grade != NOT_GRADED or any(one.result.is_told for one in known))
            else None
            for known, grade in zip(of_bet, grades.tolist(), strict=True)
        ),
        payments=tuple(map(tuple, payments)),
    )


def given_up_at(event: BacktestEvent) -> datetime:
    """Return when a bet's stake comes back though no result is known.

    Until then the game may have started as late as bets stand, lasted as usual, and been told of by the feed.
    """
    return (
        event.commence_time
        + rules_of(event.sport_key).stands_for
        + usual_duration(event.sport_key)
        + _SCORES_REACH
    )


def _until_given_up(event: BacktestEvent, results: Sequence[ResultKnown]) -> Sequence[Payment]:
    until = given_up_at(event)
    return () if results and results[0].known_at <= until else (Payment(until, 1.0, known=False),)


def _results(board: OddsBoard, number: int, histories: Mapping[str, EventHistory]) -> Sequence[ResultKnown]:
    event = board.events[number]
    return [*histories[event.event_id].results(event.decided_at, event.commence_time)]


def _grade(
    board: OddsBoard, rows: IntArray, results: Sequence[GameResult], histories: Mapping[str, EventHistory]
) -> IntArray:
    """Return the grade of each bet by its result, sport by sport and market by market."""
    grades: NDArray[np.int64] = np.full(len(rows), NOT_GRADED)
    listed = lists_draw(board)
    sports = np.array([board.events[number].sport_key for number in board.event[rows]])
    for sport_key in np.unique(sports).tolist():
        for market in np.unique(board.market[rows]).tolist():
            bets = np.flatnonzero((sports == sport_key) & (board.market[rows] == market))
            grades[bets] = grade_bets(
                board.market_keys[market],
                board.side[rows[bets]],
                board.point[rows[bets]],
                _as_arrays([results[bet] for bet in bets.tolist()], _players(board, rows[bets], histories)),
                rules_of(sport_key),
                lists_draw=listed[rows[bets]],
                team=_teams(board, rows[bets]),
            )
    return grades


def _as_arrays(results: Sequence[GameResult], players: Sequence[PlayerNumber | None]) -> GameResults:
    def scores(name: str) -> NDArray[np.float64]:
        return np.array([getattr(result, name) for result in results], dtype=np.float64)

    return GameResults(
        home=scores("home"),
        away=scores("away"),
        regulation_home=scores("regulation_home"),
        regulation_away=scores("regulation_away"),
        cancelled=np.array([result.cancelled for result in results], dtype=np.bool_),
        later=np.array([result.later for result in results], dtype="timedelta64[us]"),
        number=np.array([None if one is None else one.number for one in players], dtype=np.float64),
        absent=np.array([one is not None and one.number is None for one in players], dtype=np.bool_),
    )


def _players(
    board: OddsBoard, rows: IntArray, histories: Mapping[str, EventHistory]
) -> Sequence[PlayerNumber | None]:
    """Return what is known of the player whom each bet of one market is on."""
    market_key = board.market_keys[board.market[rows[0]]] if len(rows) else ""
    if not is_prop(market_key):
        return [None] * len(rows)
    main = market_key.removesuffix("_alternate")
    names = (*board.descriptions, None)
    return [
        histories[board.events[event].event_id].players.get((main, names[player]))
        for event, player in zip(board.event[rows].tolist(), board.description[rows].tolist(), strict=True)
    ]


def _teams(board: OddsBoard, rows: IntArray) -> IntArray:
    """Return whose points a team total counts: its description names the team."""
    teams: NDArray[np.int64] = np.full(len(rows), int(Side.OTHER))
    for bet in np.flatnonzero(board.description[rows] >= 0).tolist():
        event = board.events[board.event[rows[bet]]]
        name = board.descriptions[board.description[rows[bet]]]
        teams[bet] = Side.of(name, event.home_team, event.away_team)
    return teams
