"""Compare many sets of parameters, and say how far the best of them is luck."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from analytics.backtesting.bet_arrays import BetArrays
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.evidence import evidence_of, return_interval
from analytics.backtesting.inference import FEWEST_BETS
from analytics.backtesting.metrics import DAYS_A_YEAR, defined, sharpe_ratio
from analytics.backtesting.result import DataQuality, Estimate
from analytics.backtesting.selection import (
    deflated_sharpe,
    luck_of_the_best_p_value,
    overfitting_probability,
)
from analytics.backtesting.trying import Outcomes
from analytics.backtesting.verdict import verdict
from analytics.frozen import Frozen
from analytics.strategies.base import Parameters

_MOST_RESAMPLES_OF_ALL = 1_000


class Trial(Frozen):
    """What one set of parameters brought, its bets sized on the starting bankroll; `sharpe` is of a year.

    `ungraded` counts its bets whose result is unknown, `untold` those that a known one does not grade: both are in
    no figure. `unplaced` counts what it would have bet but for the sizing, the limits or the money, and
    `cut_stakes` the bets that limits or money made smaller than the sizing says.
    """

    parameters: dict[str, Any]
    bets: int
    ungraded: int
    untold: int
    unplaced: int
    cut_stakes: int
    staked: float
    profit: float
    roi: float | None
    sharpe: float | None


class SweepResult(Frozen):
    """The sets of parameters that were tried, the best first by Sharpe ratio, and how far the best is luck.

    Those with fewer than `min_bets` come last and are in no figure of luck: a few bets have a high ratio easily.
    `best_roi` is the return of the best one as if it were the only one tried.
    `deflated_sharpe` is the probability that the best one's true Sharpe ratio is above what luck gives the best of
    as many, `luck_p_value` how often as many without an edge have one that looks as good, and
    `overfitting_probability` how often the best on half of the days is not above the median on the others.
    `quality` is what the data allowed every set, without the counts of a run's own bets.
    """

    strategy: str
    config: BacktestConfig
    days: int
    tried: int
    min_bets: int
    quality: DataQuality
    trials: tuple[Trial, ...]
    best_roi: Estimate = Estimate(value=None)
    deflated_sharpe: float | None
    luck_p_value: float | None
    overfitting_probability: float | None
    verdict: str


def compare(
    strategy: str,
    parameter_sets: Sequence[Parameters],
    outcomes: Outcomes,
    config: BacktestConfig,
    *,
    quality: DataQuality,
    bets_of: Callable[[int], BetArrays],
    min_bets: int = FEWEST_BETS,
) -> SweepResult:
    """Return the comparison of all sets that were tried.

    Args:
        strategy: The strategy's name.
        parameter_sets: What was tried.
        outcomes: What each brought by day.
        config: The run.
        quality: What its data allowed.
        bets_of: Returns the bets of the set at a place: those of the best are tested.
        min_bets: How many bets a set must have to be the best.
    """
    returns = outcomes.profit.astype(np.float64) / config.bankroll
    ratios = sharpe_ratio(returns, periods=1)
    enough = outcomes.bets.sum(axis=1) >= min_bets
    order = np.lexsort((-np.nan_to_num(ratios, nan=-np.inf), ~enough | np.isnan(ratios)))
    trials = [_trial(parameter_sets[place], outcomes, place, ratios[place]) for place in order.tolist()]
    best = next((place for place in order.tolist() if enough[place]), None)
    rng = np.random.default_rng(config.seed)
    nothing = f"No set of parameters has {min_bets:,} bets: there is nothing to say."
    found = SweepResult(
        strategy=strategy,
        config=config,
        days=returns.shape[1],
        tried=len(trials),
        min_bets=min_bets,
        quality=quality,
        trials=tuple(trials),
        deflated_sharpe=None if best is None else deflated_sharpe(returns[best], ratios[enough]),
        luck_p_value=luck_of_the_best_p_value(
            returns[enough].T, resamples=min(config.resamples, _MOST_RESAMPLES_OF_ALL), rng=rng
        ),
        overfitting_probability=overfitting_probability(returns[enough].T),
        verdict=nothing if trials else "Nothing was tried.",
    )
    return found if best is None else _with_the_best(found, bets_of(best))


def _trial(parameters: Parameters, outcomes: Outcomes, place: int, ratio: float) -> Trial:
    profit, staked = (float(table[place].sum(dtype=np.float64)) for table in (outcomes.profit, outcomes.staked))
    return Trial(
        parameters=parameters.model_dump(mode="json"),
        bets=int(outcomes.bets[place].sum()),
        ungraded=int(outcomes.ungraded[place].sum()),
        untold=int(outcomes.untold[place].sum()),
        unplaced=int(outcomes.unplaced[place].sum()),
        cut_stakes=int(outcomes.cut_stakes[place].sum()),
        staked=staked,
        profit=profit,
        roi=profit / staked if staked > 0 else None,
        sharpe=defined(ratio * np.sqrt(DAYS_A_YEAR)),
    )


def _with_the_best(found: SweepResult, best: BetArrays) -> SweepResult:
    """Return a comparison with the return of the best set, and the verdict on it."""
    rng = np.random.default_rng(found.config.seed)
    evidence = evidence_of(best, return_interval(best, found.config, rng), found.config, rng)
    of_many = replace(
        evidence, tried=found.tried, deflated_sharpe=found.deflated_sharpe, best_p_value=found.luck_p_value
    )
    return found.model_copy(update={"best_roi": evidence.estimate, "verdict": verdict(of_many)})
