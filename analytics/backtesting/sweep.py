"""Compare many sets of parameters, and say how far the best of them is luck."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.inference import (
    FEWEST_DAYS,
    bets_for_significance,
    interval,
    resampled_sums,
    sign_flip_p_value,
)
from analytics.backtesting.metrics import DAYS_A_YEAR, defined, sharpe_ratio
from analytics.backtesting.no_edge import LuckAlone
from analytics.backtesting.selection import (
    deflated_sharpe,
    luck_of_the_best_p_value,
    overfitting_probability,
)
from analytics.backtesting.trying import Outcomes
from analytics.backtesting.verdict import Evidence, verdict
from analytics.odds_math import FloatArray
from analytics.strategies.base import Parameters

_MOST_RESAMPLES_OF_ALL = 1_000


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Trial(_Frozen):
    """What one set of parameters brought, its bets sized on the starting bankroll; `sharpe` is of a year."""

    parameters: dict[str, Any]
    bets: int
    staked: float
    profit: float
    roi: float | None
    sharpe: float | None


class SweepResult(_Frozen):
    """The sets of parameters that were tried, the best first by Sharpe ratio, and how far the best is luck.

    `deflated_sharpe` is the probability that the best one's true Sharpe ratio is above what luck gives the best of
    as many, `luck_p_value` how often as many without an edge have one that looks as good, and
    `overfitting_probability` how often the best on half of the days is not above the median on the others.
    """

    strategy: str
    config: BacktestConfig
    days: int
    tried: int
    trials: tuple[Trial, ...]
    deflated_sharpe: float | None
    luck_p_value: float | None
    overfitting_probability: float | None
    verdict: str


def compare(
    strategy: str, parameter_sets: Sequence[Parameters], outcomes: Outcomes, config: BacktestConfig
) -> SweepResult:
    """Return the comparison of all sets that were tried.

    Args:
        strategy: The strategy's name.
        parameter_sets: What was tried.
        outcomes: What each brought by day.
        config: The run.
    """
    returns = outcomes.profit.astype(np.float64) / config.bankroll
    ratios = sharpe_ratio(returns, periods=1)
    order = np.argsort(-np.nan_to_num(ratios, nan=-np.inf), kind="stable")
    trials = [_trial(parameter_sets[place], outcomes, place, ratios[place]) for place in order.tolist()]
    best = int(order[0]) if len(order) else None
    rng = np.random.default_rng(config.seed)
    deflated = None if best is None else deflated_sharpe(returns[best], ratios)
    return SweepResult(
        strategy=strategy,
        config=config,
        days=returns.shape[1],
        tried=len(trials),
        trials=tuple(trials),
        deflated_sharpe=deflated,
        luck_p_value=luck_of_the_best_p_value(
            returns.T, resamples=min(config.resamples, _MOST_RESAMPLES_OF_ALL), rng=rng
        ),
        overfitting_probability=overfitting_probability(returns.T),
        verdict=_verdict_of_best(outcomes, best, len(trials), deflated, config),
    )


def _trial(parameters: Parameters, outcomes: Outcomes, place: int, ratio: float) -> Trial:
    profit, staked = (float(table[place].sum(dtype=np.float64)) for table in (outcomes.profit, outcomes.staked))
    return Trial(
        parameters=parameters.model_dump(mode="json"),
        bets=int(outcomes.bets[place].sum()),
        staked=staked,
        profit=profit,
        roi=profit / staked if staked > 0 else None,
        sharpe=defined(ratio * np.sqrt(DAYS_A_YEAR)),
    )


def evidence_of(profit: NDArray[Any], staked: NDArray[Any], bets: int, config: BacktestConfig) -> Evidence:
    """Return what speaks for profits by day, and against.

    Args:
        profit: By day, shape (days,).
        staked: By day.
        bets: How many.
        config: The confidence, how often to resample, and the seed.
    """
    won, stakes = profit.astype(np.float64), staked.astype(np.float64)
    rng = np.random.default_rng(config.seed)
    used = stakes > 0
    if not used.any():
        return Evidence(0, None, None, None, confidence=config.confidence)
    spans = None
    luck = None
    if config.resamples and np.any(won):
        ways = [sign_flip_p_value(sign * won, resamples=config.resamples, rng=rng) for sign in (1, -1)]
        luck = LuckAlone(*(one for one in ways if one is not None))
    if config.resamples and np.count_nonzero(used) >= FEWEST_DAYS:
        sums = resampled_sums(np.stack([won, stakes], axis=-1), resamples=config.resamples, rng=rng)
        spans = interval(_ratio(sums[:, 0], sums[:, 1]), config.confidence)
    needed = bets_for_significance(won[used], stakes[used], config.confidence)
    return Evidence(
        bets=bets,
        roi=float(won.sum() / stakes.sum()),
        interval=spans,
        luck=luck,
        bets_needed=None if needed is None else int(np.ceil(needed * bets / used.sum())),
        confidence=config.confidence,
    )


def _verdict_of_best(
    outcomes: Outcomes, best: int | None, tried: int, deflated: float | None, config: BacktestConfig
) -> str:
    if best is None:
        return "Nothing was tried."
    evidence = evidence_of(outcomes.profit[best], outcomes.staked[best], int(outcomes.bets[best].sum()), config)
    return verdict(replace(evidence, tried=tried, deflated_sharpe=deflated))


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)
