"""Choose parameters by the past and bet with them afterwards, over and over: what tuning would have brought."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from analytics.backtesting.bet_arrays import BetArrays, joined
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.evidence import evidence_of, return_interval
from analytics.backtesting.inference import FEWEST_BETS
from analytics.backtesting.metrics import defined, sharpe_ratio
from analytics.backtesting.result import DataQuality, Estimate
from analytics.backtesting.trying import Outcomes
from analytics.backtesting.verdict import verdict
from analytics.frozen import Frozen
from analytics.odds_math import FloatArray
from analytics.strategies.base import Parameters
from core.errors import ConfigurationError
from core.planning.wording import counted

MOST_FOLDS = 52


class Fold(Frozen):
    """One choice: the set that was best by the results known before `first_day`, and what it brought from then on.

    `parameters` is None where no set had bets enough by then. `past_sharpe` is of a year. `ungraded` counts the
    bets whose result is unknown, `untold` those that a known one does not grade: both are in no figure. `unplaced`
    counts what it would have bet but for the sizing, the limits or the money, and `cut_stakes` the bets that
    limits or money made smaller than the sizing says.
    """

    first_day: date
    last_day: date
    parameters: dict[str, Any] | None
    past_bets: int
    past_sharpe: float | None
    bets: int
    ungraded: int
    untold: int
    unplaced: int
    cut_stakes: int
    staked: float
    profit: float
    roi: float | None


class WalkForwardResult(Frozen):
    """The folds in order of time, and what they brought together: on days that had no part in the choice.

    `quality` is what the data allowed every set, without the counts of a run's own bets.
    """

    strategy: str
    config: BacktestConfig
    tried: int
    quality: DataQuality
    folds: tuple[Fold, ...]
    bets: int
    ungraded: int
    untold: int
    unplaced: int
    cut_stakes: int
    staked: float
    profit: float
    roi: Estimate
    sharpe: float | None
    verdict: str


class _Choice(NamedTuple):
    place: int | None
    first: int
    end: int
    past_bets: int
    past_sharpe: float | None


def walk_forward(
    strategy: str,
    parameter_sets: Sequence[Parameters],
    outcomes: Outcomes,
    first_day: date,
    config: BacktestConfig,
    *,
    quality: DataQuality,
    bets_of: Callable[[int], BetArrays],
    folds: int = 5,
    min_bets: int = FEWEST_BETS,
) -> WalkForwardResult:
    """Return what the best set of each past brought in the time that followed it.

    The days are cut into one more part than there are folds; the first part is past only. A set is judged by its
    Sharpe ratio over all bets whose results were known before the fold began.

    Args:
        strategy: The strategy's name.
        parameter_sets: What was tried.
        outcomes: What each brought by day.
        first_day: The day of the first decision.
        config: The run.
        quality: What its data allowed.
        bets_of: Returns the bets of the set at a place: those of the folds in which it is chosen are tested.
        folds: How often to choose.
        min_bets: How many results a set must have to be chosen.

    Raises:
        ConfigurationError: There are fewer days than parts, or the number of folds is not from 1 to 52.
    """
    days = outcomes.profit.shape[1]
    if not 1 <= folds <= MOST_FOLDS or days <= folds:
        most = min(MOST_FOLDS, days - 1)
        possible = (
            f"1 to {most} folds are possible" if most > 1 else "1 fold is possible" if most else "none is possible"
        )
        asked = f"{counted(folds, 'fold')} over {counted(days, 'day')}"
        raise ConfigurationError(f"{asked}: {possible}, of a day at least, after one that is past")
    ends = np.linspace(0, days, folds + 2).round().astype(int).tolist()
    choices = [_choose(outcomes, first, end, config, min_bets) for first, end in pairwise(ends[1:])]
    profit, staked = (_followed(table, choices) for table in (outcomes.profit, outcomes.staked))
    made = _bets_made(choices, bets_of)
    told = tuple(_fold(choice, parameter_sets, outcomes, first_day) for choice in choices)
    rng = np.random.default_rng(config.seed)
    evidence = evidence_of(made, return_interval(made, config, rng), config, rng)
    return WalkForwardResult(
        strategy=strategy,
        config=config,
        tried=len(parameter_sets),
        quality=quality,
        folds=told,
        bets=evidence.bets,
        ungraded=sum(fold.ungraded for fold in told),
        untold=sum(fold.untold for fold in told),
        unplaced=sum(fold.unplaced for fold in told),
        cut_stakes=sum(fold.cut_stakes for fold in told),
        staked=float(staked.sum()),
        profit=float(profit.sum()),
        roi=evidence.estimate,
        sharpe=defined(sharpe_ratio(profit / config.bankroll)),
        verdict=verdict(evidence),
    )


def _choose(outcomes: Outcomes, first: int, end: int, config: BacktestConfig, min_bets: int) -> _Choice:
    known = outcomes.known_bets[:, :first].sum(axis=1)
    ratios = sharpe_ratio(outcomes.known_profit[:, :first] / config.bankroll)
    ratios = np.where((known >= min_bets) & ~np.isnan(ratios), ratios, -np.inf)
    place = int(np.argmax(ratios)) if len(ratios) else 0
    if not len(ratios) or np.isinf(ratios[place]):
        return _Choice(None, first, end, 0, None)
    return _Choice(place, first, end, int(known[place]), defined(ratios[place]))


def _bets_made(choices: Sequence[_Choice], bets_of: Callable[[int], BetArrays]) -> BetArrays:
    """Return the bets of each choice that are of the days of its fold."""
    chosen = {one.place: bets_of(one.place) for one in choices if one.place is not None}
    made = [
        bets.at(np.flatnonzero((bets.day >= one.first) & (bets.day < one.end)))
        for one in choices
        if one.place is not None
        for bets in [chosen[one.place]]
    ]
    return joined(made)


def _followed(table: np.ndarray[Any, Any], choices: Sequence[_Choice]) -> FloatArray:
    """Return what was chosen, by day, over the days of all folds."""
    return np.concatenate(
        [
            np.zeros(one.end - one.first) if one.place is None else table[one.place, one.first : one.end]
            for one in choices
        ]
    ).astype(np.float64)


def _of_fold(outcomes: Outcomes) -> Sequence[np.ndarray[Any, Any]]:
    """Return the tables of what a fold tells, its money first."""
    counts = (outcomes.bets, outcomes.ungraded, outcomes.untold, outcomes.unplaced, outcomes.cut_stakes)
    return (outcomes.profit, outcomes.staked, *counts)


def _fold(choice: _Choice, parameter_sets: Sequence[Parameters], outcomes: Outcomes, first_day: date) -> Fold:
    profit, staked, *counts = (float(_followed(table, [choice]).sum()) for table in _of_fold(outcomes))
    bets, ungraded, untold, unplaced, cut_stakes = map(int, counts)
    chosen = None if choice.place is None else parameter_sets[choice.place].model_dump(mode="json")
    return Fold(
        first_day=first_day + timedelta(days=choice.first),
        last_day=first_day + timedelta(days=choice.end - 1),
        parameters=chosen,
        past_bets=choice.past_bets,
        past_sharpe=choice.past_sharpe,
        bets=bets,
        ungraded=ungraded,
        untold=untold,
        unplaced=unplaced,
        cut_stakes=cut_stakes,
        staked=staked,
        profit=profit,
        roi=profit / staked if staked > 0 else None,
    )
