"""Runs against each other on the events that they both bet on, where most of their luck is the same."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.inference import holm_p_values
from analytics.backtesting.paired_luck import difference_by_luck
from analytics.backtesting.result import BacktestResult, Bet, Estimate
from analytics.backtesting.settlement import Grade
from analytics.frozen import Frozen


class Difference(Frozen):
    """What one run brought more than another, by the events that both bet on.

    The return of an event is the profit per unit staked on it; `mean` is that of its difference between
    the runs, each event counting the same. Its p-value tells how often luck alone parts them as far, either way,
    and its interval what it may be but for such luck; `adjusted_p_value` is the p-value after as many comparisons,
    by Holm's method.
    """

    common_events: int
    only_here: int
    only_there: int
    mean: Estimate
    adjusted_p_value: float | None = None


class _Returned(NamedTuple):
    """Settled bets at risk, and what each event brought per unit."""

    bets: list[Bet]
    by_event: dict[str, float]


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
    more = sum(here.by_event[event_id] - there.by_event[event_id] for event_id in common)
    luck = difference_by_luck(
        [bet for bet in here.bets if bet.event_id in there.by_event],
        [bet for bet in there.bets if bet.event_id in here.by_event],
        confidence=config.confidence,
        resamples=config.resamples,
        rng=np.random.default_rng(config.seed),
    )
    p_value, *span = luck or (None, None, None)
    low, high = (None if end is None else end / len(common) for end in span)
    return Difference(
        common_events=len(common),
        only_here=len(here.by_event) - len(common),
        only_there=len(there.by_event) - len(common),
        mean=Estimate(value=more / len(common) if common else None, low=low, high=high, p_value=p_value),
    )


def _returned(bets: Sequence[Bet]) -> _Returned:
    settled = [bet for bet in bets if bet.grade not in (None, Grade.VOID)]
    profits, stakes = defaultdict[str, float](float), defaultdict[str, float](float)
    for bet in settled:
        profits[bet.event_id] += bet.profit or 0.0
        stakes[bet.event_id] += bet.stake
    found = {event_id: profits[event_id] / stake for event_id, stake in stakes.items() if stake > 0}
    return _Returned(settled, found)
