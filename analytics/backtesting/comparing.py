"""Runs against each other on the events that they both bet on, where most of their luck is the same."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict

from analytics.backtesting.bet_arrays import BetArrays, arrays_of
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.inference import (
    FEWEST_DAYS,
    holm_p_values,
    interval,
    resampled_sums,
)
from analytics.backtesting.paired_luck import difference_by_luck
from analytics.backtesting.result import BacktestResult, Bet, Estimate
from analytics.backtesting.settlement import Grade
from analytics.odds_math import FloatArray


class Difference(BaseModel):
    """What one run brought more than another, by the events that both bet on.

    The return of an event is the profit per unit staked on it; `mean` is that of its difference between
    the runs, each event counting the same. Its p-value tells how often luck alone parts them as far, either way;
    `adjusted_p_value` is that after as many comparisons, by Holm's method.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    common_events: int
    only_here: int
    only_there: int
    mean: Estimate
    adjusted_p_value: float | None = None


class _Returned(NamedTuple):
    """Settled bets at risk; what each event brought per unit, and the day (UTC) of the first bet on it."""

    bets: list[Bet]
    by_event: dict[str, float]
    days: dict[str, date]


def differences(results: Sequence[BacktestResult]) -> tuple[Difference, ...]:
    """Return how each run but the first differs from the first, by that one's confidence, resamples and seed.

    Args:
        results: Two runs or more.
    """
    first, *others = results
    there = _returned(first.bets)
    found = [_difference(_returned(other.bets), there, first.config) for other in others]
    adjusted = holm_p_values([one.mean.p_value for one in found])
    return tuple(
        one.model_copy(update={"adjusted_p_value": p_value}) for one, p_value in zip(found, adjusted, strict=True)
    )


def _difference(here: _Returned, there: _Returned, config: BacktestConfig) -> Difference:
    common = [event_id for event_id in here.by_event if event_id in there.by_event]
    days = [min(here.days[event_id], there.days[event_id]) for event_id in common]
    more = np.array([here.by_event[event_id] - there.by_event[event_id] for event_id in common])
    return Difference(
        common_events=len(common),
        only_here=len(here.by_event) - len(common),
        only_there=len(there.by_event) - len(common),
        mean=_mean(more, days, config, _p_value(here, there, config)) if common else Estimate(value=None),
    )


def _p_value(here: _Returned, there: _Returned, config: BacktestConfig) -> float | None:
    ours = [bet for bet in here.bets if bet.event_id in there.by_event]
    theirs = [bet for bet in there.bets if bet.event_id in here.by_event]
    rng = np.random.default_rng(config.seed)
    return difference_by_luck(ours, theirs, resamples=config.resamples, rng=rng)


def _mean(more: FloatArray, days: Sequence[date], config: BacktestConfig, p_value: float | None) -> Estimate:
    """Return the mean with its interval, days being drawn again."""
    _, day = np.unique([one.toordinal() for one in days], return_inverse=True)
    by_day, events = (np.bincount(day, column).astype(np.float64) for column in (more, np.ones(len(more))))
    span = None
    if config.resamples and len(by_day) >= FEWEST_DAYS:
        rng = np.random.default_rng(config.seed)
        sums = resampled_sums(np.stack([by_day, events], axis=1), resamples=config.resamples, rng=rng)
        span = interval(sums[:, 0] / sums[:, 1], config.confidence)
    low, high = span or (None, None)
    return Estimate(value=float(more.mean()), low=low, high=high, p_value=p_value)


def _returned(bets: Sequence[Bet]) -> _Returned:
    settled = [bet for bet in bets if bet.grade not in (None, Grade.VOID)]
    arrays = arrays_of(settled, date.min)
    profits, stakes = (_by_event(arrays, column) for column in (arrays.profit, arrays.stake))
    found, days = {}, {}
    for bet, number, day in zip(settled, arrays.event.tolist(), arrays.day.tolist(), strict=True):
        if stakes[number] > 0:
            found[bet.event_id] = float(profits[number] / stakes[number])
            days[bet.event_id] = date.fromordinal(day + 1)
    return _Returned(settled, found, days)


def _by_event(arrays: BetArrays, column: FloatArray) -> FloatArray:
    return np.bincount(arrays.event, column).astype(np.float64)
