"""Judge one set of parameters fast: by its bets alone, each sized on the bankroll that the run begins with.

Nothing is compounded and bets do not wait for each other's money, so that sets differ by what they bet on and not
by the order of their luck. What is chosen is then run as any strategy is.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, NamedTuple, assert_never

import numpy as np

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.config import (
    BacktestConfig,
    FlatStake,
    FractionalKelly,
    Limits,
    PercentageStake,
    Sizing,
)
from analytics.backtesting.known import Known
from analytics.backtesting.looking_ahead import answer, beginnings
from analytics.backtesting.settling import settle
from analytics.backtesting.values import IntArray, Opportunities
from analytics.odds_math import FloatArray
from analytics.staking import kelly
from analytics.strategies.base import VectorisedStrategy

UNKNOWN_DAY = -1


@dataclass(frozen=True, eq=False)
class Ground:
    """What every set of parameters is tried on: the board, and of each of its rows how a unit staked on it ends.

    `unit_profit` is NaN where a bet has no grade. Days (UTC) are numbered from that of the first decision;
    `settled_day` is when the result became known, `UNKNOWN_DAY` where it did not.
    """

    board: OddsBoard
    unit_profit: FloatArray
    decided_day: IntArray
    settled_day: IntArray
    first_day: date
    days: int

    @cached_property
    def beginnings(self) -> tuple[OddsBoard, ...]:
        """Return beginnings of the board, by which it is seen whether a strategy looks ahead."""
        return beginnings(self.board, self.days)


class Tried(NamedTuple):
    """What a set of parameters brought by day, arrays of shape (days,).

    Profit and stakes are on the day of the decision, `known_profit` and `known_bets` on that of the result.
    """

    bets: IntArray
    staked: FloatArray
    profit: FloatArray
    known_profit: FloatArray
    known_bets: IntArray


def ground_of(known: Known) -> Ground:
    """Return the ground of a run's decisions."""
    board = known.board
    settled = settle(board, np.arange(len(board)), known.histories)
    brought = np.array([sum(payment.amount for payment in payments) for payments in settled.payments])
    graded = np.array([grade is not None for grade in settled.grades], dtype=np.bool_)
    first = _day(board.events[0].decided_at) if board.events else date.min
    decided = np.array([(_day(event.decided_at) - first).days for event in board.events], dtype=np.int64)[
        board.event
    ]
    ended = [UNKNOWN_DAY if at is None else (_day(at) - first).days for at in settled.settled_at]
    settled_day = np.array(ended, dtype=np.int64)
    return Ground(
        board=board,
        unit_profit=np.where(graded, brought - 1, np.nan),
        decided_day=decided,
        settled_day=settled_day,
        first_day=first,
        days=int(max(decided.max(initial=-1), settled_day.max(initial=-1))) + 1,
    )


def try_parameters(
    strategy: VectorisedStrategy[Any], ground: Ground, config: BacktestConfig, *, cut: int | None = None
) -> Tried:
    """Return what a strategy with its parameters brings on a ground.

    Args:
        strategy: The strategy.
        ground: What it is tried on.
        config: The run: whose quotes may be bet on, the bankroll that bets are sized on, the limits of a bet.
        cut: Which of the ground's beginnings, counted around, it must say the same of; None for all of them.

    Raises:
        StrategyError: It answers what are no rows of the board in order of their decisions, or it looks ahead.
    """
    earlier = ground.beginnings
    if cut is not None and earlier:
        earlier = (earlier[cut % len(earlier)],)
    found = answer(strategy, ground.board, config, earlier=earlier)
    rows = found.quotes
    stakes = _stakes(found, ground.board.decimal_odds[rows], config.sizing or strategy.sizing, config)
    placed = (
        (stakes > 0) & ~np.isnan(ground.unit_profit[rows]) & ground.board.at_bookmakers(config.bookmakers)[rows]
    )
    rows, stakes = rows[placed], stakes[placed]
    profits = stakes * ground.unit_profit[rows]
    decided, settled = ground.decided_day[rows], ground.settled_day[rows]

    def by_day(day: IntArray, weights: FloatArray) -> FloatArray:
        return np.bincount(day, weights=weights, minlength=ground.days).astype(np.float64)

    return Tried(
        bets=np.bincount(decided, minlength=ground.days),
        staked=by_day(decided, stakes),
        profit=by_day(decided, profits),
        known_profit=by_day(settled, profits),
        known_bets=np.bincount(settled, minlength=ground.days),
    )


def _stakes(found: Opportunities, decimal: FloatArray, sizing: Sizing, config: BacktestConfig) -> FloatArray:
    deserved: FloatArray
    match sizing:
        case FlatStake(amount=amount):
            deserved = np.full(len(decimal), amount)
        case PercentageStake(percent=percent):
            deserved = np.full(len(decimal), percent / 100 * config.bankroll)
        case FractionalKelly(fraction=fraction):
            alone = np.nan_to_num(kelly(found.probability, decimal, fraction=fraction))
            deserved = np.where(found.combination >= 0, 1.0, alone) * config.bankroll
        case _:
            assert_never(sizing)
    return _limited(np.minimum(deserved, _most(config.limits, config.bankroll)) * found.share, config.limits)


def _most(limits: Limits, bankroll: float) -> float:
    return min(limits.max_stake or bankroll, limits.max_stake_percent / 100 * bankroll)


def _limited(stakes: FloatArray, limits: Limits) -> FloatArray:
    return np.where(stakes >= limits.min_stake, stakes, 0.0)


def _day(instant: datetime) -> date:
    return instant.astimezone(UTC).date()
