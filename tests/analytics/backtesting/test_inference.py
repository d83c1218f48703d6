from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.backtesting.inference import (
    Interval,
    bets_for_significance,
    interval,
    resampled_sums,
    sign_flip_p_value,
)
from analytics.odds_math import FloatArray


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def even_money(bets: int, edge: float, seed: int) -> FloatArray:
    """Return the profits of unit bets at even money that win more often than not by half of the edge."""
    return np.where(rng(seed).random(bets) < (1 + edge) / 2, 1.0, -1.0)


def means_of(values: FloatArray, **options: int) -> FloatArray:
    """Return the means of many resamples of days."""
    sums = resampled_sums(values[:, np.newaxis], resamples=2000, rng=rng(), **options)
    return np.asarray(sums[:, 0] / len(values))


def test_resampled_means_spread_as_the_standard_error_says() -> None:
    values = rng(3).normal(0, 1, 400)
    means = means_of(values)
    assert means.mean() == pytest.approx(values.mean(), abs=0.005)
    assert means.std() == pytest.approx(values.std() / 20, rel=0.05)


def test_an_interval_holds_the_truth_as_often_as_it_says() -> None:
    held = 0
    for seed in range(200):
        values = rng(seed).normal(0.5, 1, 100)
        found = interval(means_of(values), 0.9, days=100)
        assert found is not None
        held += found.low <= 0.5 <= found.high
    assert 165 <= held <= 195


@pytest.mark.parametrize("days", [5, 8, 20])
def test_an_interval_of_few_days_holds_the_truth_as_often_too(days: int) -> None:
    """The plain percentiles of draws from five days hold it in 84 % of cases."""
    draws = rng().normal(0.5, 1, (400, days))
    found = [interval(means_of(values), 0.95, days=days) for values in draws]
    assert 370 <= sum(one is not None and one.low <= 0.5 <= one.high for one in found) <= 396


@pytest.mark.parametrize(
    ("days", "confidence", "t"),
    [
        (5, 0.95, 2.776),
        (10, 0.95, 2.262),
        (30, 0.95, 2.045),
        (5, 0.9, 2.132),
        (10, 0.99, 3.250),
        (200, 0.95, 1.972),
    ],
)
def test_an_interval_is_as_wide_as_students_t_is(days: int, confidence: float, t: float) -> None:
    """Of a normal distribution, by the tables of t: t √(days / (days - 1)) deviations of the draws either way."""
    draws = [NormalDist().inv_cdf(share) for share in np.linspace(1e-6, 1 - 1e-6, 100_001)]
    found = interval(draws, confidence, days=days)
    assert found is not None
    assert found.high == pytest.approx(t * np.sqrt(days / (days - 1)), rel=0.01)
    assert found.low == pytest.approx(-found.high)


def test_draws_too_few_for_a_confidence_have_no_interval() -> None:
    draws = np.linspace(0, 1, 30)
    assert interval(draws, 0.95, days=100) is None
    assert interval(draws, 0.9, days=100) is not None


def test_days_that_follow_one_another_stay_together_in_blocks() -> None:
    runs = np.repeat(rng(4).normal(0, 1, 40), 10)
    alone, in_blocks = means_of(runs).std(), means_of(runs, block_days=10).std()
    assert alone == pytest.approx(runs.std() / np.sqrt(400), rel=0.1)
    assert 2 * alone < in_blocks < runs.std() / np.sqrt(40)


@given(st.integers(1, 30), st.data())
def test_each_resample_has_as_many_days(days: int, data: st.DataObject) -> None:
    block_days = data.draw(st.integers(1, days))
    times = resampled_sums(np.eye(days), resamples=7, rng=rng(), block_days=block_days)
    assert times.shape == (7, days)
    assert (times.sum(axis=-1) == days).all()


@given(st.integers(1, 6), st.integers(1, 6))
def test_each_block_has_every_one_of_its_days(blocks: int, block_days: int) -> None:
    """Wherever blocks of 3 days begin, round a number of days that 3 divides, each has one of every third day."""
    times = resampled_sums(np.eye(blocks * block_days), resamples=7, rng=rng(), block_days=block_days)
    assert (times.reshape(7, blocks, block_days).sum(axis=1) == blocks).all()


def test_many_days_are_drawn_in_parts() -> None:
    values = rng(5).normal(0, 1, (30_000, 1))
    assert resampled_sums(values, resamples=8, rng=rng()).shape == (8, 1)


def test_the_same_seed_gives_the_same_answer() -> None:
    profits = even_money(100, 0.1, 1)
    assert means_of(profits).tolist() == means_of(profits).tolist()
    first, second = (sign_flip_p_value(profits, resamples=500, rng=rng(9)) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("block_days", [0, 4])
def test_a_block_that_cannot_be_drawn_is_refused(block_days: int) -> None:
    with pytest.raises(ValueError, match=f"a block of {block_days} days cannot be drawn from 3"):
        resampled_sums(np.ones((3, 1)), resamples=1, rng=rng(), block_days=block_days)


def test_no_days_cannot_be_resampled() -> None:
    with pytest.raises(ValueError, match="cannot be drawn from 0"):
        resampled_sums(np.ones((0, 1)), resamples=1, rng=rng())


def test_an_interval_of_a_figure_that_is_mostly_undefined_is_none() -> None:
    assert interval([np.nan] * 10 + [1.0] * 90, 0.95, days=99) is None
    assert interval([np.nan] * 4 + [1.0] * 48 + [2.0] * 48, 0.95, days=99) == Interval(1.0, 2.0)


def test_what_was_always_the_same_has_no_interval() -> None:
    assert interval([1.0] * 100, 0.95, days=99) is None
    assert interval([0.1 * 3] * 50 + [0.3] * 50, 0.95, days=99) is None
    assert interval([], 0.95, days=99) is None


def test_without_an_edge_p_values_are_spread_evenly() -> None:
    found = np.array(
        [sign_flip_p_value(even_money(60, 0.0, seed), resamples=400, rng=rng(seed)) for seed in range(300)]
    )
    for level in (0.1, 0.5):
        assert (found <= level).mean() <= level + 3 * np.sqrt(level * (1 - level) / 300)
    assert (found <= 0.5).mean() > 0.35


def test_an_edge_shows_in_the_signs() -> None:
    found = sign_flip_p_value(even_money(2000, 0.1, 2), resamples=2000, rng=rng())
    assert found is not None
    assert found < 0.01


def test_nothing_decided_proves_nothing() -> None:
    assert sign_flip_p_value([0.0, 0.0], resamples=10, rng=rng()) is None


def test_without_draws_nothing_is_tested() -> None:
    assert sign_flip_p_value([1.0, 2.0], resamples=0, rng=rng()) is None


@given(st.integers(1, 8))
def test_the_sign_test_counts_the_ways_of_winning_as_much(days: int) -> None:
    found = sign_flip_p_value(np.ones(days), resamples=20_000, rng=rng())
    assert found == pytest.approx(0.5**days, abs=0.015)


def test_the_bets_needed_fall_with_the_square_of_the_return() -> None:
    few = bets_for_significance(even_money(100_000, 0.04, 1), np.ones(100_000), 0.95)
    many = bets_for_significance(even_money(100_000, 0.02, 1), np.ones(100_000), 0.95)
    assert few is not None
    assert many is not None
    assert few == pytest.approx((2.8 / 0.04) ** 2, rel=0.3)
    assert many > 2.5 * few


def test_a_loss_is_proved_by_no_number_of_bets() -> None:
    assert bets_for_significance([-1.0, 0.9], [1.0, 1.0], 0.95) is None
    assert bets_for_significance([], [], 0.95) is None


def test_that_many_bets_prove_an_edge_in_four_of_five_backtests() -> None:
    needed = bets_for_significance(np.array([1.0] * 55 + [-1.0] * 45), np.ones(100), 0.95)
    assert needed is not None
    proved = 0
    for seed in range(200):
        profits = even_money(needed, 0.1, seed)
        proved += profits.mean() - 1.96 * profits.std() / np.sqrt(needed) > 0
    assert proved / 200 == pytest.approx(0.8, abs=0.09)
