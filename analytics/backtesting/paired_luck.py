"""How often luck alone parts two runs as far: their bets on the same events are decided anew, at their odds."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from math import ceil
from typing import NamedTuple

import numpy as np

from analytics.backtesting.inference import chunks
from analytics.backtesting.result import Bet
from analytics.odds_math import FloatArray

_HIGHEST = 2**32 - 1
_ROUNDING = 1e-9


class LuckOfTwo(NamedTuple):
    """What luck says of a difference: its two-sided p-value, and what it may be but for luck.

    `low` and `high` are None where the draws are too few for the confidence.
    """

    p_value: float
    low: float | None
    high: float | None


class _Risk(NamedTuple):
    """What was at risk on an event, and what it brought, per unit staked there; negative of the other run."""

    event_id: str
    decided_with: Hashable
    at_risk: float
    decimal: float
    brought: float

    def times(self, share: float) -> "_Risk":
        """Return a share of it."""
        return self._replace(at_risk=share * self.at_risk, brought=share * self.brought)


def difference_by_luck(
    here: Sequence[Bet], there: Sequence[Bet], *, confidence: float, resamples: int, rng: np.random.Generator
) -> LuckOfTwo | None:
    """Return what luck says of the sum of differences of return by event; None where nothing was decided.

    Without an edge a bet wins with probability 1 / decimal odds. Of what both runs had at risk on one selection
    only the prices differ, and either run may have had the better one. The rest of one run wins where the rest of
    the other loses, as far as their odds allow: so do the two sides of a market, and nothing parts the runs more.
    Bets of one combination are judged by their sum, as likely lost as won.

    The interval is what is left of the difference when luck as good, or as bad, as the confidence allows is taken
    off it: it leaves 0 out where the p-value is below 1 - confidence, and nowhere else.
    Source: A. Davison, D. Hinkley, Bootstrap Methods and their Application (1997), the basic interval, here of
    draws without an edge.

    Args:
        here: The settled bets of one run.
        there: Those of the other, on the same events.
        confidence: That of the interval.
        resamples: How often the bets are decided anew.
        rng: Where that comes from.
    """
    sides: dict[Hashable, tuple[list[_Risk], list[_Risk]]] = defaultdict(lambda: ([], []))
    for place, bets in enumerate((here, there)):
        for risk in _risks(bets, place):
            sides[risk.event_id, risk.decided_with][place].append(risk)
    single: list[_Risk] = []
    even: list[float] = []
    for ours, theirs in sides.values():
        risks, shared = _netted(ours, theirs)
        single += risks
        even += [shared] if shared else []
    if resamples == 0 or not (single or even):
        return None
    return _judged(single, np.array(even), confidence, resamples, rng)


def _risks(bets: Sequence[Bet], place: int) -> Iterator[_Risk]:
    """Yield what was at risk: by selection, or the sum of a combination's legs."""
    sign, staked, legs = (1, -1)[place], defaultdict[str, float](float), Counter[tuple[str, int]]()
    for bet in bets:
        staked[bet.event_id] += bet.stake
        if bet.combination is not None:
            legs[bet.event_id, bet.combination] += 1
    for bet in bets:
        brought = sign * (bet.profit or 0.0) / staked[bet.event_id]
        lost = abs(brought) / (bet.decimal_odds - 1) if (bet.profit or 0.0) > 0 else abs(brought)
        selection: Hashable = (bet.market_key, bet.outcome_name, bet.description, bet.point)
        if bet.combination is not None and legs[bet.event_id, bet.combination] > 1:
            selection, lost = (place, bet.combination), 0.0
        if brought:
            yield _Risk(bet.event_id, selection, sign * lost, bet.decimal_odds, brought)


def _netted(ours: Sequence[_Risk], theirs: Sequence[_Risk]) -> tuple[list[_Risk], float]:
    """Return what one run alone had at risk on a selection, and how far apart what both had there brought them."""
    at_risk = [abs(sum(one.at_risk for one in side)) for side in (ours, theirs)]
    if not sum(at_risk):
        return [], sum(one.brought for one in (*ours, *theirs))
    both = min(at_risk)
    alone: list[_Risk] = []
    shared = 0.0
    for side, total in zip((ours, theirs), at_risk, strict=True):
        if total:
            shared += both / total * sum(one.brought for one in side)
            alone += [one.times(1 - both / total) for one in side if total > both]
    return alone, shared


def _judged(
    single: Sequence[_Risk], even: FloatArray, confidence: float, resamples: int, rng: np.random.Generator
) -> LuckOfTwo:
    brought = np.concatenate([[one.brought for one in single], even])
    rounding = _ROUNDING * float(np.abs(brought).sum())
    highest, lowest = float(brought.sum()) + rounding, float(brought.sum()) - rounding
    luck = np.sort(_drawn(single, even, resamples, rng))
    as_high = resamples - int(np.searchsorted(luck, lowest, side="left"))
    as_low = int(np.searchsorted(luck, highest, side="right"))
    p_value = min(1.0, 2 * (1 + min(as_high, as_low)) / (1 + resamples))
    beyond = ceil((1 - confidence) * (1 + resamples) / 2 - _ROUNDING) - 1
    if beyond < 1:
        return LuckOfTwo(p_value, None, None)
    return LuckOfTwo(p_value, float(lowest - luck[-beyond]), float(highest - luck[beyond - 1]))


def _drawn(single: Sequence[_Risk], even: FloatArray, resamples: int, rng: np.random.Generator) -> FloatArray:
    """Return the difference of each draw."""
    names = sorted({one.event_id for one in single})
    event = np.searchsorted(names, [one.event_id for one in single]) if single else np.zeros(0, dtype=np.int64)
    at_risk, decimal, _ = np.array([one[2:] for one in single]).reshape(-1, 3).T
    wins_below = np.rint(np.minimum(_HIGHEST / decimal, _HIGHEST))
    found = [np.empty(0)]
    for size in chunks(resamples, len(single) + len(even)):
        drawn = rng.integers(0, _HIGHEST, (size, len(names)), endpoint=True)[:, event]
        won = np.where(at_risk > 0, drawn, _HIGHEST - drawn) < wins_below
        signs = 2 * rng.integers(0, 2, (size, len(even))) - 1
        found.append((won * decimal - 1) @ at_risk + signs @ even)
    return np.concatenate(found)
