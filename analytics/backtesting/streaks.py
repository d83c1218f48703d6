"""The longest streaks that luck makes: bets are decided anew at their odds, in the order of their placing."""

from typing import NamedTuple

import numpy as np

from analytics.backtesting.bet_arrays import BetArrays
from analytics.backtesting.inference import chunks
from analytics.backtesting.metrics import longest_runs, longest_streaks
from analytics.odds_math import FloatArray


class StreakByLuck(NamedTuple):
    """How long the longest streak is on average without an edge, and how often it is as long as the bets' own."""

    expected: float
    p_value: float


def streaks_by_luck(
    bets: BetArrays, *, resamples: int, rng: np.random.Generator
) -> tuple[StreakByLuck, StreakByLuck] | None:
    """Return what luck makes of the longest winning streak, and of the longest losing one; None without any.

    Without an edge a bet wins with probability 1 / decimal odds. Bets on one event win and lose together as far as
    their odds allow; what was pushed stays so. None too where bets were legs of combinations, of which one wins
    where another loses.

    Args:
        bets: The bets that were at risk, in the order in which they were placed.
        resamples: How often the bets are decided anew.
        rng: Where that comes from.
    """
    decided = bets.at(np.flatnonzero(bets.profit != 0))
    if not len(decided.profit) or resamples == 0 or np.any(decided.combination >= 0):
        return None
    events, event = np.unique(decided.event, return_inverse=True)
    chance = (1 / decided.decimal_odds).astype(np.float32)
    found: list[list[FloatArray]] = [[], []]
    for size in chunks(resamples, len(event)):
        drawn = rng.random((size, len(events)), dtype=np.float32)
        won = (drawn if len(events) == len(event) else drawn[:, event]) < chance
        for longest, holds in zip(found, (won, ~won), strict=True):
            longest.append(longest_runs(holds).astype(np.float64))
    own = longest_streaks(decided.profit)
    wins, losses = (_compared(np.concatenate(longest), one) for longest, one in zip(found, own, strict=True))
    return wins, losses


def _compared(longest: FloatArray, own: int) -> StreakByLuck:
    return StreakByLuck(float(longest.mean()), float((1 + np.count_nonzero(longest >= own)) / (1 + len(longest))))
