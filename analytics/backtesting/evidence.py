"""What bets prove of their return: the one test against luck, of a run and of every set that is tried."""

import numpy as np

from analytics.backtesting.bet_arrays import BetArrays
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.inference import (
    FEWEST_DAYS,
    Interval,
    bets_for_significance,
    interval,
    resampled_sums,
)
from analytics.backtesting.metrics import defined, roi
from analytics.backtesting.no_edge import luck_alone
from analytics.backtesting.verdict import Evidence


def evidence_of(
    bets: BetArrays, span: Interval | None, config: BacktestConfig, rng: np.random.Generator
) -> Evidence:
    """Return what speaks for the return of bets, and against.

    Args:
        bets: The bets that were at risk.
        span: Where their return lies when the days are drawn again.
        config: The confidence, and how often to decide the bets anew.
        rng: Where that comes from.
    """
    columns = (bets.profit, bets.decimal_odds, bets.event, bets.combination)
    return Evidence(
        bets=len(bets.day),
        roi=defined(roi(bets.profit, bets.stake)),
        interval=span,
        luck=luck_alone(*columns, resamples=config.resamples, rng=rng),
        bets_needed=_bets_needed(bets, config.confidence),
        confidence=config.confidence,
        ended_alike=bets.ended_alike,
    )


def return_interval(bets: BetArrays, config: BacktestConfig, rng: np.random.Generator) -> Interval | None:
    """Return where the return of bets lies when the days are drawn again; None where that tells nothing."""
    days, day = np.unique(bets.day, return_inverse=True)
    if not config.resamples or len(days) < FEWEST_DAYS or bets.ended_alike:
        return None
    columns = np.stack([np.bincount(day, weights=column) for column in (bets.profit, bets.stake)], axis=-1)
    sums = resampled_sums(columns, resamples=config.resamples, rng=rng)
    return interval(sums[:, 0] / sums[:, 1], config.confidence, days=len(days))


def _bets_needed(bets: BetArrays, confidence: float) -> int | None:
    """Return how many bets would prove the return, where those of one event tell no more than one does."""
    if not len(bets.day):
        return None
    _, event = np.unique(bets.event, return_inverse=True)
    profits, stakes = (np.bincount(event, weights=column) for column in (bets.profit, bets.stake))
    events = bets_for_significance(profits, stakes, confidence)
    return None if events is None else int(np.ceil(events * len(event) / len(profits)))
