"""The settled bets by market, bookmaker, month, tier, band of odds and band of edge."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.inference import Interval, interval, resampled_sums
from analytics.backtesting.metrics import defined, roi, win_rate
from analytics.backtesting.result import Bet, Breakdown, Estimate
from analytics.backtesting.settlement import Grade
from core.tiers import SAMPLED

ODDS_BANDS = (1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
"""Where bands of decimal odds begin; the last has no end."""
EDGE_BANDS = (0.0, 0.02, 0.05, 0.1)
"""Where bands of edge begin; below the first there is one of its own."""


def break_down(bets: Sequence[Bet], config: BacktestConfig) -> dict[str, tuple[Breakdown, ...]]:
    """Return the settled bets grouped in each way; a group without bets is left out.

    Args:
        bets: The bets; those without a grade are in no group.
        config: How often and how to draw the days again.
    """
    settled = [bet for bet in bets if bet.grade is not None]
    groups = [(name, group, chosen) for name, key in _KEYS.items() for group, chosen in _grouped(settled, key)]
    spans = _roi_intervals([chosen for _, _, chosen in groups], config)
    found: dict[str, tuple[Breakdown, ...]] = dict.fromkeys(_KEYS, ())
    for (name, group, chosen), span in zip(groups, spans, strict=True):
        found[name] += (_breakdown(group, chosen, span),)
    return found


def _breakdown(group: str, bets: Sequence[Bet], span: Interval | None) -> Breakdown:
    profits, stakes = [bet.profit or 0.0 for bet in bets], [_at_risk(bet) for bet in bets]
    known = [bet.clv for bet in bets if bet.clv is not None and bet.grade != Grade.VOID]
    low, high = span or (None, None)
    return Breakdown(
        group=group,
        bets=len(bets),
        staked=sum(stakes),
        profit=sum(profits),
        roi=Estimate(value=defined(roi(profits, stakes)), low=low, high=high),
        win_rate=defined(win_rate(profits)),
        mean_clv=sum(known) / len(known) if known else None,
    )


def _at_risk(bet: Bet) -> float:
    return 0.0 if bet.grade == Grade.VOID else bet.stake


def _roi_intervals(groups: Sequence[Sequence[Bet]], config: BacktestConfig) -> list[Interval | None]:
    """Return where the return of each group lies, all of them on the same draws of the days with bets."""
    dates = np.array([bet.decided_at.date() for bets in groups for bet in bets], dtype="datetime64[D]")
    if not len(dates) or not config.resamples:
        return [None] * len(groups)
    days, day = np.unique(dates, return_inverse=True)
    group = np.repeat(np.arange(len(groups)), [len(bets) for bets in groups])
    table = np.zeros((len(days), 2 * len(groups)))
    np.add.at(table, (day, 2 * group), [bet.profit or 0.0 for bets in groups for bet in bets])
    np.add.at(table, (day, 2 * group + 1), [_at_risk(bet) for bets in groups for bet in bets])
    sums = resampled_sums(table, resamples=config.resamples, rng=np.random.default_rng(config.seed))
    profits, stakes = sums[:, 0::2], sums[:, 1::2]
    drawn = np.divide(profits, stakes, out=np.full_like(profits, np.nan), where=stakes > 0)
    several = np.count_nonzero(table[:, 1::2], axis=0) > 1
    return [
        interval(drawn[:, number], config.confidence) if several[number] else None for number in range(len(groups))
    ]


def _grouped(bets: Sequence[Bet], key: Callable[[Bet], tuple[int, str]]) -> list[tuple[str, list[Bet]]]:
    """Return the bets of each group, in the order that the key gives."""
    groups: defaultdict[tuple[int, str], list[Bet]] = defaultdict(list)
    for bet in bets:
        groups[key(bet)].append(bet)
    return [(name, groups[place, name]) for place, name in sorted(groups)]


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
        "month": lambda bet: (0, f"{bet.decided_at:%Y-%m}"),
        "tier": lambda bet: (SAMPLED.index(bet.tier) if bet.tier in SAMPLED else len(SAMPLED), bet.tier.value),
        "odds": _odds_band,
        "edge": _edge_band,
    }
)
