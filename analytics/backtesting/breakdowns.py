"""The settled bets by market, bookmaker, month, tier, band of odds and band of edge."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from analytics.backtesting.bet_arrays import BetArrays, arrays_of
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.inference import FEWEST_DAYS, Interval, holm_p_values, interval, resampled_sums
from analytics.backtesting.metrics import defined, roi, win_rate
from analytics.backtesting.no_edge import luck_of_groups
from analytics.backtesting.result import Bet, Breakdown, Estimate
from analytics.backtesting.values import IntArray
from analytics.odds_math import FloatArray
from core.tiers import SAMPLED

ODDS_BANDS = (1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
"""Where bands of decimal odds begin; the last has no end."""
EDGE_BANDS = (0.0, 0.02, 0.05, 0.1)
"""Where bands of edge begin; below the first there is one of its own."""
_MOST_DRAWS = 2_000
_DRAWS_FOR_RARE = 4
MOST_DRAWS_FOR_RARE = 1_000_000
"""How often the bets of a group are decided anew at most, however rare the run's confidence wants it to be."""
_FIGURES = 3


def break_down(bets: Sequence[Bet], config: BacktestConfig) -> dict[str, tuple[Breakdown, ...]]:
    """Return the settled bets grouped in each way; a group without bets is left out.

    Groups of the same bets are one look, with one chance.

    Args:
        bets: The bets; those without a grade are in no group.
        config: How often and how to draw the days again.
    """
    settled = [bet for bet in bets if bet.grade is not None]
    arrays = arrays_of(settled)
    looks = [_Look(*look) for name, key in _KEYS.items() for look in _grouped(settled, name, key)]
    groups = {look.places.tobytes(): look.places for look in looks}
    spans = _intervals(arrays, [*groups.values()], config)
    chances = _chances(arrays, [*groups.values()], config)
    unsure = dict(zip(groups, zip(spans, chances, strict=True), strict=True))
    found: dict[str, tuple[Breakdown, ...]] = dict.fromkeys(_KEYS, ())
    for look in looks:
        told = unsure[look.places.tobytes()]
        found[look.grouping] += (_breakdown(look.group, arrays.at(look.places), *told),)
    return found


class _Look(NamedTuple):
    grouping: str
    group: str
    places: IntArray


class _Chance(NamedTuple):
    """How often luck does as well as a group, and that judged by how many groups were looked at."""

    p_value: float | None
    adjusted: float | None


class _Spans(NamedTuple):
    """Where the figures of a group lie."""

    roi: Interval | None = None
    win_rate: Interval | None = None
    mean_clv: Interval | None = None


def _breakdown(group: str, bets: BetArrays, spans: _Spans, chance: _Chance) -> Breakdown:
    known = bets.clv[(bets.stake > 0) & ~np.isnan(bets.clv)]
    return Breakdown(
        group=group,
        bets=len(bets.day),
        staked=float(bets.stake.sum()),
        profit=float(bets.profit.sum()),
        roi=_estimate(defined(roi(bets.profit, bets.stake)), spans.roi, chance.p_value),
        adjusted_p_value=chance.adjusted,
        win_rate=_estimate(defined(win_rate(bets.profit)), spans.win_rate),
        mean_clv=_estimate(float(known.mean()) if len(known) else None, spans.mean_clv),
    )


def _estimate(value: float | None, span: Interval | None, p_value: float | None = None) -> Estimate:
    low, high = span or (None, None)
    return Estimate(value=value, low=low, high=high, p_value=p_value)


def _intervals(arrays: BetArrays, groups: Sequence[IntArray], config: BacktestConfig) -> list[_Spans]:
    """Return where the figures of each group lie, all of them on the same draws of the days with bets.

    None where there are too few days with bets, or every bet was won or every one lost: how sure that is, draws
    cannot tell.
    """
    if not len(arrays.day) or not config.resamples:
        return [_Spans()] * len(groups)
    summed = _summed_by_day(arrays, groups)
    days = len(summed)
    sums = resampled_sums(
        summed.reshape(days, -1),
        resamples=min(config.resamples, _MOST_DRAWS),
        rng=np.random.default_rng(config.seed),
    ).reshape(-1, *summed.shape[1:])
    above, below = np.split(sums, 2, axis=-1)
    drawn = np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)
    counts = np.count_nonzero(summed[..., _FIGURES:], axis=0)
    found = []
    for number, places in enumerate(groups):
        by_figure = [
            interval(drawn[:, number, figure], config.confidence, days=count) if count >= FEWEST_DAYS else None
            for figure, count in enumerate(counts[number].tolist())
        ]
        spans = _Spans(*by_figure)
        found.append(_Spans(mean_clv=spans.mean_clv) if arrays.at(places).ended_alike else spans)
    return found


def _summed_by_day(arrays: BetArrays, groups: Sequence[IntArray]) -> FloatArray:
    """Return what each figure of each group divides, and by what, shape (days with bets, groups, 2 * figures)."""
    days, day = np.unique(arrays.day, return_inverse=True)
    judged = (arrays.stake > 0) & ~np.isnan(arrays.clv)
    above = (arrays.profit, arrays.profit > 0, np.where(judged, arrays.clv, 0))
    below = (arrays.stake, arrays.profit != 0, judged)
    columns = np.stack([*above, *below]).astype(np.float64)
    summed = np.zeros((len(days), len(groups), len(columns)))
    for number, places in enumerate(groups):
        for place, column in enumerate(columns[:, places]):
            summed[:, number, place] = np.bincount(day[places], column, minlength=len(days))
    return summed


def _chances(arrays: BetArrays, groups: Sequence[IntArray], config: BacktestConfig) -> list[_Chance]:
    """Return the chance of each group."""
    p_values = _p_values(arrays, groups, config)
    return list(map(_Chance, p_values, holm_p_values(p_values)))


def _p_values(arrays: BetArrays, groups: Sequence[IntArray], config: BacktestConfig) -> list[float | None]:
    """Return how often luck does as well as each group.

    Those that it never equals are drawn oftener, so that with as many groups one can still be rare after all,
    up to a confidence that asks for more draws than time allows.
    """
    columns = (arrays.profit, arrays.decimal_odds, arrays.event, arrays.combination)
    rng, draws = np.random.default_rng(config.seed), min(config.resamples, _MOST_DRAWS)

    def drawn(some: Sequence[IntArray], resamples: int) -> list[float | None]:
        found = luck_of_groups(*columns, groups=some, resamples=resamples, rng=rng)
        return [None if luck is None else luck.as_good for luck in found]

    p_values = drawn(groups, draws)
    never = [place for place, p_value in enumerate(p_values) if p_value == 1 / (1 + draws)]
    wanted = int(np.ceil(_DRAWS_FOR_RARE * len(groups) / (1 - config.confidence)))
    more = min(wanted, MOST_DRAWS_FOR_RARE) - draws
    if draws and never and more > 0:
        for place, again in zip(never, drawn([groups[place] for place in never], more), strict=True):
            p_values[place] = None if again is None else again * (1 + more) / (1 + draws + more)
    return p_values


def _grouped(
    bets: Sequence[Bet], grouping: str, key: Callable[[Bet], tuple[int, str]]
) -> list[tuple[str, str, IntArray]]:
    """Return the places of the bets of each group, in the order that the key gives."""
    groups: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for place, bet in enumerate(bets):
        groups[key(bet)].append(place)
    return [(grouping, name, np.array(groups[order, name])) for order, name in sorted(groups)]


def _odds_band(bet: Bet) -> tuple[int, str]:
    return _band(bet.decimal_odds, ODDS_BANDS, "{:.2f}")


def _edge_band(bet: Bet) -> tuple[int, str]:
    return (len(EDGE_BANDS) + 1, "no estimate") if bet.edge is None else _band(bet.edge, EDGE_BANDS, "{:.0%}")


def _band(value: float, begins: tuple[float, ...], form: str) -> tuple[int, str]:
    place = bisect_right(begins, value)
    return place, _names(begins, form)[place]


@cache
def _names(begins: tuple[float, ...], form: str) -> list[str]:
    return [
        f"below {form.format(begins[0])}",
        *(f"{form.format(low)} to {form.format(high)}" for low, high in pairwise(begins)),
        f"{form.format(begins[-1])} and more",
    ]


_KEYS: Mapping[str, Callable[[Bet], tuple[int, str]]] = MappingProxyType(
    {
        "market": lambda bet: (0, bet.market_key),
        "bookmaker": lambda bet: (0, bet.bookmaker_key),
        "month": lambda bet: (0, bet.decided_at.isoformat()[:7]),
        "tier": lambda bet: (SAMPLED.index(bet.tier) if bet.tier in SAMPLED else len(SAMPLED), bet.tier.value),
        "odds": _odds_band,
        "edge": _edge_band,
    }
)
