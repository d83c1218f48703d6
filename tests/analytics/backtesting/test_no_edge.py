"""Bets decided anew without an edge: what luck does, and no more."""

import numpy as np
import pytest
from numpy.typing import ArrayLike

from analytics.backtesting.inference import bets_for_significance
from analytics.backtesting.metrics import roi
from analytics.backtesting.no_edge import luck_alone, luck_of_groups
from analytics.odds_math import FloatArray


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def even_money(bets: int, edge: float, seed: int) -> FloatArray:
    """Return the profits of unit bets at even money that win more often than not by half of the edge."""
    return np.where(rng(seed).random(bets) < (1 + edge) / 2, 1.0, -1.0)


def no_edge(
    profits: ArrayLike,
    decimal: ArrayLike,
    events: ArrayLike | None = None,
    combinations: ArrayLike = -1,
    *,
    seed: int = 1,
    resamples: int = 2000,
) -> float | None:
    """Return how often luck does as well; each bet is on an event of its own unless said otherwise."""
    bets = len(np.asarray(profits))
    odds, combined = np.broadcast_to(decimal, bets), np.broadcast_to(combinations, bets)
    numbers = np.arange(bets) if events is None else events
    luck = luck_alone(profits, odds, numbers, combined, resamples=resamples, rng=rng(seed))
    return None if luck is None else luck.as_good


def test_without_an_edge_p_values_are_spread_evenly() -> None:
    found = np.array([no_edge(even_money(60, 0.0, seed), 2.0, resamples=400, seed=seed) for seed in range(300)])
    for level in (0.1, 0.5):
        assert (found <= level).mean() <= level + 3 * np.sqrt(level * (1 - level) / 300)
    assert (found <= 0.5).mean() > 0.35


def test_an_edge_shows() -> None:
    found = no_edge(even_money(2000, 0.1, 2), 2.0)
    assert found is not None
    assert found < 0.01


def test_three_per_cent_on_fifty_six_bets_is_noise() -> None:
    decimal = np.full(56, 1.9091)
    profits = np.array([0.9091] * 30 + [-1.0] * 26)
    assert roi(profits, np.ones(56)) == pytest.approx(0.0227, abs=0.001)
    found = no_edge(profits, decimal, resamples=4000)
    needed = bets_for_significance(profits, np.ones(56), 0.95)
    assert found is not None
    assert found > 0.3
    assert needed is not None
    assert needed > 5000


def test_pushes_and_halves_stay_what_they_were_when_a_bet_is_decided_anew() -> None:
    found = no_edge([0.0, 45.0, -50.0], 1.9, resamples=20_000)
    assert found == pytest.approx(1 - (1 - 1 / 1.9) ** 2, abs=0.01)


def test_long_odds_keep_their_skew() -> None:
    profits = np.concatenate([[100.0], -np.ones(99)])
    found = no_edge(profits, 101.0, resamples=20_000)
    assert found == pytest.approx(1 - (100 / 101) ** 100, abs=0.015)


def test_nothing_decided_proves_nothing() -> None:
    assert no_edge([0.0], 2.0) is None


def test_without_draws_nothing_is_tested() -> None:
    assert no_edge([1.0, 2.0], 2.0, resamples=0) is None


def false_positives(*, bets: int, decimal: float, alike: bool) -> float:
    """Return how often many bets on each of 100 events without an edge are called rare at 5 %.

    They are on one selection, or on as many that win and lose together but for every fifth.
    """
    events, found = np.repeat(np.arange(100), bets), []
    for seed in range(300):
        draws = rng(seed)
        chances = np.repeat(draws.random(100), bets)
        own = ~np.full(len(events), alike) & (draws.random(len(events)) < 0.2)
        won = np.where(own, draws.random(len(events)), chances) < 1 / decimal
        profits = np.where(won, decimal - 1, -1.0)
        found.append(no_edge(profits, decimal, events, resamples=300, seed=seed))
    return float(np.mean(np.array(found) <= 0.05))


@pytest.mark.parametrize("decimal", [1.1, 2.0, 8.0])
@pytest.mark.parametrize(
    "alike", [pytest.param(True, id="one selection"), pytest.param(False, id="selections that hang together")]
)
def test_many_bets_on_an_event_look_like_an_edge_no_more_often_than_one(decimal: float, alike: bool) -> None:
    assert false_positives(bets=5, decimal=decimal, alike=alike) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)


def test_favourites_on_two_markets_are_as_lucky_as_on_one() -> None:
    events = np.repeat(np.arange(20), 2)
    found = no_edge(np.full(40, 0.1), 1.1, events, resamples=20_000)
    assert found == pytest.approx((1 / 1.1) ** 20, abs=0.01)


def test_what_the_legs_of_a_combination_brought_together_is_as_likely_lost_as_won() -> None:
    legs, events = [3.0, -1.0, -1.0] * 2, np.repeat([0, 1], 3)
    assert no_edge(legs, 4.0, events, 0, resamples=20_000) == pytest.approx(1 / 4, abs=0.02)


def test_a_profit_that_is_sure_in_every_event_is_no_luck() -> None:
    won = rng().integers(0, 2, 100)
    legs = np.stack([np.where(won == 0, 1.02, -1.0), np.where(won == 1, 1.02, -1.0)], axis=1).ravel()
    found = no_edge(legs, 2.02, np.repeat(np.arange(100), 2), 0)
    assert found == 1 / 2001


def test_the_same_bet_five_times_is_as_rare_as_once() -> None:
    profits = even_money(80, 0.2, 5)
    once, repeated = no_edge(profits, 2.0), no_edge(np.repeat(profits, 5), 2.0, np.repeat(np.arange(80), 5))
    assert repeated == once


def test_groups_are_tested_at_once_as_each_alone_is() -> None:
    draws = rng(7)
    decimal = np.where(draws.random(200) < 0.5, 1.9, 4.0)
    profits = np.where(draws.random(200) < 1 / decimal, decimal - 1, -1.0)
    profits[::17] = 0.0
    events, combinations = np.repeat(np.arange(100), 2), np.repeat(draws.integers(-1, 2, 100), 2)
    bets = (profits, decimal, events, combinations)
    groups = [np.arange(200), np.flatnonzero(decimal > 2), np.array([0]), np.arange(0, 200, 3), np.array([], int)]
    together = luck_of_groups(*bets, groups=groups, resamples=20_000, rng=rng())
    alone = [luck_alone(*(column[places] for column in bets), resamples=20_000, rng=rng(2)) for places in groups]
    assert together[2] is together[4] is None
    for here, there in zip(together, alone, strict=True):
        assert here == (None if there is None else pytest.approx(there, abs=0.02))


def test_all_bets_are_one_group_with_the_same_draws() -> None:
    profits = even_money(80, 0.1, 3)
    bets = (profits, np.full(80, 2.0), np.arange(80), np.full(80, -1))
    everything = [np.arange(80), np.arange(40)]
    alone = luck_alone(*bets, resamples=500, rng=rng())
    assert luck_of_groups(*bets, groups=everything, resamples=500, rng=rng())[0] == alone


def test_a_loss_is_as_rare_as_the_profit_of_the_other_side() -> None:
    profits = even_money(80, 0.2, 3)
    bets = (np.full(80, 2.0), np.arange(80), np.full(80, -1))
    won, lost = (luck_alone(sign * profits, *bets, resamples=20_000, rng=rng()) for sign in (1, -1))
    assert won is not None
    assert lost is not None
    assert (won.as_good, won.as_bad) == pytest.approx((lost.as_bad, lost.as_good), abs=0.02)


def test_long_shots_that_all_lost_are_no_bad_luck_at_all() -> None:
    luck = luck_alone(-np.ones(20), np.full(20, 101.0), np.arange(20), np.full(20, -1), resamples=5000, rng=rng())
    assert luck is not None
    assert luck.as_bad == pytest.approx((100 / 101) ** 20, abs=0.02)
