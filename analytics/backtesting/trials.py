"""Judge one set of parameters fast: by its bets alone, each sized on the bankroll that the run begins with.

Nothing is compounded, so that sets differ by what they bet on and not by the order of their luck. What is chosen
is then run as any strategy is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from analytics.backtesting.bet_arrays import BetArrays
from analytics.backtesting.board import OddsBoard, as_instants
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.evaluating import at_bookmakers
from analytics.backtesting.known import Known
from analytics.backtesting.level_placing import place_level
from analytics.backtesting.looking_ahead import Round, answer, rounds_of
from analytics.backtesting.numbering import numbered_through_the_run
from analytics.backtesting.settling import settle
from analytics.backtesting.values import BacktestEvent, InstantArray, IntArray
from analytics.odds_math import FloatArray
from analytics.strategies.base import VectorisedStrategy

UNKNOWN_DAY = -1


@dataclass(frozen=True, eq=False)
class Ground:
    """What every set of parameters is tried on: the board, and of each of its rows how a unit staked on it ends.

    `unit_profit` is NaN where a bet has no grade. `freed_at` is when its stake comes back: with the first result,
    or as none was known by then. Days (UTC) are numbered from that of the first decision; `decided_day` is that of
    the first decision about the event, for bets on one event share its result, `settled_day` that of the result,
    or `UNKNOWN_DAY`. `first_profit` is what the first result said, and each correction of one has the row that it
    changes, the day and by how much.
    """

    board: OddsBoard
    unit_profit: FloatArray
    freed_at: InstantArray
    decided_day: IntArray
    settled_day: IntArray
    first_profit: FloatArray
    corrected_row: IntArray
    corrected_day: IntArray
    correction: FloatArray
    first_day: date
    days: int

    @cached_property
    def event(self) -> IntArray:
        """Return a number for the event of each row, the same at all of its decisions."""
        _, numbers = np.unique([event.event_id for event in self.board.events], return_inverse=True)
        return numbers.astype(np.int64)[self.board.event]

    @cached_property
    def rounds(self) -> tuple[Round, ...]:
        """Return the rounds of the board, in which a strategy is asked."""
        return rounds_of(self.board, self.days)


class Tried(NamedTuple):
    """What a set of parameters brought by day, arrays of shape (days,).

    Profit and stakes are on the day of the first decision about the event, `known_profit` and `known_bets` on that
    of the result, and what a correction changes on that of the correction. `ungraded` counts the bets, by the
    first of these days, whose result is unknown, and `untold` those that a known one does not grade: both are in
    nothing else. By that day `unplaced` counts what it would have bet but for sizing, limits or money, and
    `cut_stakes` the bets that these made smaller.
    """

    bets: IntArray
    staked: FloatArray
    profit: FloatArray
    known_profit: FloatArray
    known_bets: IntArray
    ungraded: IntArray
    untold: IntArray
    unplaced: IntArray
    cut_stakes: IntArray


def ground_of(known: Known) -> Ground:
    """Return the ground of a run's decisions."""
    board = known.board
    settled = settle(board, np.arange(len(board)), known.histories)
    brought = np.array([sum(payment.amount for payment in payments) for payments in settled.payments])
    graded = np.array([grade is not None for grade in settled.grades], dtype=np.bool_)
    first = _day(board.events[0].decided_at) if board.events else date.min
    decided = np.array([(day - first).days for day in _first_days(board.events)], dtype=np.int64)[board.event]
    ended = [UNKNOWN_DAY if at is None else (_day(at) - first).days for at in settled.settled_at]
    settled_day = np.array(ended, dtype=np.int64)
    corrections = [
        (row, (_day(payment.at) - first).days, payment.amount)
        for row in np.flatnonzero(graded).tolist()
        for payment in settled.payments[row][1:]
    ]
    corrected = np.array(corrections, dtype=np.float64).reshape(-1, 3)
    corrected_day = corrected[:, 1].astype(np.int64)
    last_day = max(int(each.max(initial=-1)) for each in (decided, settled_day, corrected_day))
    return Ground(
        board=board,
        unit_profit=np.where(graded, brought - 1, np.nan),
        freed_at=as_instants([payments[0].at for payments in settled.payments]),
        decided_day=decided,
        settled_day=settled_day,
        first_profit=np.array([payments[0].amount for payments in settled.payments]) - 1,
        corrected_row=corrected[:, 0].astype(np.int64),
        corrected_day=corrected_day,
        correction=corrected[:, 2],
        first_day=first,
        days=last_day + 1,
    )


def try_parameters(
    strategy: VectorisedStrategy[Any], ground: Ground, config: BacktestConfig, *, cut: int | None = None
) -> Tried:
    """Return what a strategy with its parameters brings on a ground.

    Args:
        strategy: The strategy.
        ground: What it is tried on.
        config: The run: whose quotes may be bet on, the bankroll that bets are sized on, the limits.
        cut: Which beginning of each round, counted around, it must say the same of; None for all of them.

    Raises:
        StrategyError: It answers what are no rows of the board in order of their decisions, or it looks ahead.
        ConfigurationError: The run's sizing cannot size its bets.
    """
    rows, stakes, _, without_grade, unplaced, cut_stakes = _placed(strategy, ground, config, cut)
    unknown = ground.settled_day[without_grade] == UNKNOWN_DAY
    profits = stakes * ground.unit_profit[rows]
    decided, settled = ground.decided_day[rows], ground.settled_day[rows]
    staked_on = np.bincount(rows, weights=stakes, minlength=len(ground.board))

    def by_day(day: IntArray, weights: FloatArray) -> FloatArray:
        return np.bincount(day, weights=weights, minlength=ground.days).astype(np.float64)

    def decisions(of_rows: IntArray) -> IntArray:
        return np.bincount(ground.decided_day[of_rows], minlength=ground.days)

    return Tried(
        bets=np.bincount(decided, minlength=ground.days),
        staked=by_day(decided, stakes),
        profit=by_day(decided, profits),
        known_profit=by_day(settled, stakes * ground.first_profit[rows])
        + by_day(ground.corrected_day, ground.correction * staked_on[ground.corrected_row]),
        known_bets=np.bincount(settled, minlength=ground.days),
        ungraded=decisions(without_grade[unknown]),
        untold=decisions(without_grade[~unknown]),
        unplaced=decisions(unplaced),
        cut_stakes=decisions(cut_stakes),
    )


def bets_of(strategy: VectorisedStrategy[Any], ground: Ground, config: BacktestConfig) -> BetArrays:
    """Return the graded bets of a strategy on a ground, of which `try_parameters` tells the sums.

    Raises:
        StrategyError: As `try_parameters`.
        ConfigurationError: As `try_parameters`.
    """
    rows, stakes, combinations, *_ = _placed(strategy, ground, config, None)
    unknown = np.full(len(rows), np.nan)
    return BetArrays(
        day=ground.decided_day[rows],
        event=ground.event[rows],
        combination=combinations,
        stake=stakes,
        profit=stakes * ground.unit_profit[rows],
        decimal_odds=ground.board.decimal_odds[rows],
        edge=unknown,
        clv=unknown,
    )


class _Placed(NamedTuple):
    """The graded bets: rows of the board, the stake of each, and its combination; and rows of three other kinds.

    Those are the bets without a grade, what was not placed, and the bets at less than the sizing says.
    """

    rows: IntArray
    stakes: FloatArray
    combinations: IntArray
    without_grade: IntArray
    unplaced: IntArray
    cut_stakes: IntArray


def _placed(strategy: VectorisedStrategy[Any], ground: Ground, config: BacktestConfig, cut: int | None) -> _Placed:
    found = at_bookmakers(answer(strategy, ground.rounds, config, cut=cut), ground.board, config)
    sizing = config.sizing or strategy.sizing
    placed = place_level(found, ground.board, ground.freed_at, config, sizing=sizing, strategy=strategy.name)
    rows = found.quotes[placed.places]
    graded = ~np.isnan(ground.unit_profit[rows])
    combinations = numbered_through_the_run(found.combination[placed.places], ground.board.event[rows])
    unplaced = np.delete(found.quotes, placed.places)
    others = (rows[~graded], unplaced, rows[placed.is_cut])
    return _Placed(rows[graded], placed.stakes[graded], combinations[graded], *others)


def _first_days(events: Sequence[BacktestEvent]) -> list[date]:
    """Return the day of the first decision about the event of each decision, in order of time."""
    days: dict[str, date] = {}
    return [days.setdefault(event.event_id, _day(event.decided_at)) for event in events]


def _day(instant: datetime) -> date:
    return instant.astimezone(UTC).date()
