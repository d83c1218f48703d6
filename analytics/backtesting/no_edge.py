"""How often luck does as well as bets did: they are decided anew at their odds, many groups of them at once."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.backtesting.inference import chunks, product
from analytics.backtesting.values import IntArray
from analytics.odds_math import FloatArray

_ALL_DRAWS = 2.0**32


class LuckAlone(NamedTuple):
    """How often bets at the same odds bring as much without an edge, and how often as little."""

    as_good: float
    as_bad: float


def luck_alone(
    profits: ArrayLike,
    decimal: ArrayLike,
    events: ArrayLike,
    combinations: ArrayLike,
    *,
    resamples: int,
    rng: np.random.Generator,
) -> LuckAlone | None:
    """Return how often bets do as well, and as badly, without an edge; None where none was decided or drawn.

    Without an edge a bet wins with probability 1 / decimal odds, whatever other events do; what was pushed, or
    half of it, stays so. It keeps the skew that long odds have, which `sign_flip_p_value` does not know.
    Bets on one event win and lose together as far as their odds allow: nothing that they could share makes their
    sum spread wider, so that bets on several of its selections look no surer than they are. The bets of one
    combination, as the legs of an arbitrage are, hedge one another: what they brought in all is as likely lost as
    won, as by `sign_flip_p_value`.

    Of 1,000 runs without an edge each, at odds of 1.1, 2 and 8, from 30 bets to 1,000, one or ten a day, 0.5 to
    5.1 % did as well in at most 5 % of cases, and 1.4 to 5.5 % as badly; of those with three bets on an event that
    end each on its own, fewer than 0.5 %.

    Args:
        profits: What each bet brought, shape (bets,).
        decimal: The decimal odds taken.
        events: A number for the event of each bet.
        combinations: The number of the combination of its event that it is part of, -1 for none.
        resamples: How often the bets are decided anew.
        rng: Where that comes from.

    >>> decimal, events, combinations = np.full(30, 31.0), np.arange(30), np.full(30, -1)
    >>> profits, rng = [30.0] + [-1.0] * 29, np.random.default_rng(1)
    >>> luck = luck_alone(profits, decimal, events, combinations, resamples=5000, rng=rng)
    >>> 0.6 < luck.as_good < 0.66
    True
    """
    everything = np.arange(len(np.asarray(profits)))
    bets = (profits, decimal, events, combinations)
    return luck_of_groups(*bets, groups=[everything], resamples=resamples, rng=rng)[0]


def luck_of_groups(
    profits: ArrayLike,
    decimal: ArrayLike,
    events: ArrayLike,
    combinations: ArrayLike,
    *,
    groups: Sequence[IntArray],
    resamples: int,
    rng: np.random.Generator,
) -> list[LuckAlone | None]:
    """Return the same for groups of bets, which may share some: an event is drawn once, whatever group it is in.

    Args:
        profits: As for one group, of all bets.
        decimal: Likewise.
        events: Likewise.
        combinations: Likewise.
        groups: The places of each group's bets.
        resamples: How often the bets are decided anew.
        rng: Where that comes from.
    """
    brought = np.asarray(profits, dtype=np.float64)
    bets = (brought, np.asarray(decimal, dtype=np.float64), np.asarray(events), np.asarray(combinations))
    decided = [places[brought[places] != 0] for places in groups]
    found = [place for place, places in enumerate(decided) if len(places)]
    chances: list[LuckAlone | None] = [None] * len(groups)
    if resamples == 0 or not found:
        return chances
    units = [_units(*(column[decided[place]] for column in bets)) for place in found]
    returned = np.array(
        [
            brought[decided[place]].sum() + of_group.at_risk.sum()
            for place, of_group in zip(found, units, strict=True)
        ]
    )
    rounding = np.array([1e-9 * np.abs(brought[decided[place]]).sum() for place in found])
    counts = _as_good_and_as_bad(units, returned, rounding, resamples, rng)
    for place, as_good, as_bad in zip(found, *counts.tolist(), strict=True):
        chances[place] = LuckAlone((1 + as_good) / (1 + resamples), (1 + as_bad) / (1 + resamples))
    return chances


class _Units(NamedTuple):
    """What is decided at once: bets, or those of a combination together."""

    at_risk: FloatArray
    decimal: FloatArray
    event: NDArray[Any]


def _units(brought: FloatArray, decimal: FloatArray, events: NDArray[Any], combinations: NDArray[Any]) -> _Units:
    """Return the bets, but several of one combination as a bet at even money on their sum."""
    width = int(combinations.max()) + 2
    keys, whole, legs = np.unique(events * width + combinations + 1, return_inverse=True, return_counts=True)
    event_of, several = keys // width, (keys % width > 0) & (legs > 1)
    alone, together = ~several[whole], np.flatnonzero(several)
    at_risk = np.where(brought > 0, brought / (decimal - 1), -brought)
    summed = np.abs(np.bincount(whole, weights=brought)[together])
    return _Units(
        at_risk=np.concatenate([at_risk[alone], summed]),
        decimal=np.concatenate([decimal[alone], np.full(len(together), 2.0)]),
        event=event_of[np.concatenate([whole[alone], together])],
    )


def _as_good_and_as_bad(
    units: Sequence[_Units], returned: FloatArray, rounding: FloatArray, resamples: int, rng: np.random.Generator
) -> IntArray:
    """Return how often what each group gets back is at least so much, and at most, shape (2, groups)."""
    events, event = np.unique(np.concatenate([of_group.event for of_group in units]), return_inverse=True)
    odds, at_odds = np.unique(np.concatenate([of_group.decimal for of_group in units]), return_inverse=True)
    distinct, row = np.unique(event * len(odds) + at_odds, return_inverse=True)
    group = np.repeat(np.arange(len(units)), [len(of_group.event) for of_group in units])
    pays = np.concatenate([of_group.at_risk * of_group.decimal for of_group in units])
    cells = np.bincount(row * len(units) + group, weights=pays, minlength=len(distinct) * len(units))
    table = cells.astype(np.float64).reshape(len(distinct), len(units))
    drawn_for, chance = distinct // len(odds), _ALL_DRAWS / odds[distinct % len(odds)]
    wins_below = np.minimum(np.rint(chance), _ALL_DRAWS - 1).astype(np.uint32)
    alone = np.array_equal(drawn_for, np.arange(len(events)))
    counts: IntArray = np.zeros((2, len(units)), dtype=np.int64)
    for size in chunks(resamples, len(distinct)):
        drawn = _drawn(rng, size, len(events))
        won = (drawn if alone else drawn.take(drawn_for, axis=1)) < wins_below
        paid = product(won.astype(np.float64), table)
        counts[0] += np.count_nonzero(paid >= returned - rounding, axis=0)
        counts[1] += np.count_nonzero(paid <= returned + rounding, axis=0)
    return counts


def _drawn(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.uint32]:
    """Return whole numbers of 32 bits: two for one draw, and finer than any odds."""
    cells = rows * columns
    draws = rng.integers(0, 2**64, -(-cells // 2), dtype=np.uint64)
    return draws.view(np.uint32)[:cells].reshape(rows, columns)
