from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analytics.backtesting.metrics import sharpe_ratio
from analytics.backtesting.selection import (
    deflated_sharpe,
    expected_best_sharpe,
    luck_of_the_best_p_value,
    overfitting_probability,
    probabilistic_sharpe,
)
from analytics.odds_math import FloatArray
from tests.analytics.conftest import compared_with


def luck(seed: int, strategies: int = 20, days: int = 200) -> FloatArray:
    """Return daily returns of strategies without an edge."""
    return np.random.default_rng(seed).normal(0, 0.01, (days, strategies))


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_quantstats_gives_the_same_probability(seed: int) -> None:
    pandas, quantstats = compared_with("pandas"), compared_with("quantstats.stats")
    daily = np.random.default_rng(seed).standard_t(4, 120) * 0.01 + 0.001
    series = pandas.Series(daily, index=pandas.date_range("2025-01-01", periods=120))
    theirs = quantstats.probabilistic_sharpe_ratio(series, periods=365)
    assert probabilistic_sharpe(daily) == pytest.approx(float(theirs), abs=1e-9)


def test_without_an_edge_the_probability_is_as_often_high_as_low() -> None:
    found = [probabilistic_sharpe(luck(seed)[:, 0]) or 0 for seed in range(300)]
    assert np.mean(np.asarray(found) > 0.95) == pytest.approx(0.05, abs=0.04)
    assert np.mean(np.asarray(found) > 0.5) == pytest.approx(0.5, abs=0.1)


@given(st.lists(st.floats(-0.5, 0.5), min_size=4, max_size=30), st.floats(0, 0.5))
@example(daily=[0.0, 0.0, 0.0, 1.6e-149], benchmark=0.0)
def test_a_higher_benchmark_is_less_probable(daily: list[float], benchmark: float) -> None:
    found, above = probabilistic_sharpe(daily), probabilistic_sharpe(daily, benchmark)
    if found is None or above is None:
        assert found == above
    else:
        assert 0 <= above <= found <= 1


@pytest.mark.parametrize(
    "daily",
    [
        pytest.param([], id="no days"),
        pytest.param([0.01, -0.01, 0.02], id="three days"),
        pytest.param([0.0] * 30, id="no bets"),
    ],
)
def test_too_little_to_judge_is_undefined(daily: list[float]) -> None:
    assert probabilistic_sharpe(daily) is None
    assert deflated_sharpe(daily, [0.1, 0.2]) is None


def test_the_best_of_many_without_an_edge_is_expected_where_it_falls() -> None:
    best, expected = [], []
    for seed in range(200):
        ratios = sharpe_ratio(luck(seed, strategies=100).T, periods=1)
        best.append(ratios.max())
        expected.append(expected_best_sharpe(ratios))
    assert np.mean(expected) == pytest.approx(np.mean(best), rel=0.05)


def test_one_strategy_alone_is_not_deflated() -> None:
    daily = luck(1)[:, 0] + 0.001
    assert expected_best_sharpe([0.3]) == expected_best_sharpe([]) == expected_best_sharpe([0.3, np.nan]) == 0
    assert deflated_sharpe(daily, [0.1]) == probabilistic_sharpe(daily)


def test_the_more_were_tried_the_less_the_best_says() -> None:
    daily = luck(1)[:, 0] + 0.001
    spread = [0.1 * NormalDist().inv_cdf(share) for share in np.linspace(0.01, 0.99, 200)]
    few, many = deflated_sharpe(daily, spread[::20]), deflated_sharpe(daily, spread)
    assert few is not None
    assert many is not None
    assert many < few < (probabilistic_sharpe(daily) or 0)


def test_choosing_among_luck_is_overfitting_and_among_skill_is_not() -> None:
    found = [overfitting_probability(luck(seed)) or 0 for seed in range(20)]
    assert np.mean(found) == pytest.approx(0.5, abs=0.12)
    skilled = luck(1)
    skilled[:, 7] += 0.01
    assert overfitting_probability(skilled) == 0


@pytest.mark.parametrize("shape", [(200, 1), (19, 5), (0, 5)])
def test_what_cannot_be_halved_or_compared_is_undefined(shape: tuple[int, int]) -> None:
    assert overfitting_probability(np.ones(shape)) is None


def test_strategies_that_never_bet_are_neither_good_nor_bad() -> None:
    assert overfitting_probability(np.zeros((100, 5))) == 1
    assert luck_of_the_best_p_value(np.zeros((100, 5)), resamples=10, rng=rng()) is None
    assert luck_of_the_best_p_value(np.zeros((1, 5)), resamples=10, rng=rng()) is None


def test_without_draws_luck_is_not_told() -> None:
    assert luck_of_the_best_p_value(rng().normal(0, 1, (10, 5)), resamples=0, rng=rng()) is None


@pytest.mark.parametrize("blocks", [0, 3, 18])
def test_blocks_that_have_no_halves_are_refused(blocks: int) -> None:
    with pytest.raises(ValueError, match=f"{blocks} blocks cannot be halved: an even number from 2 to 16"):
        overfitting_probability(luck(1), blocks)


def test_the_best_of_luck_is_called_luck_and_real_skill_is_not() -> None:
    found = [luck_of_the_best_p_value(luck(seed), resamples=200, rng=rng()) or 0 for seed in range(100)]
    assert np.mean(np.asarray(found) <= 0.1) <= 0.19
    assert np.mean(np.asarray(found) <= 0.5) == pytest.approx(0.5, abs=0.2)
    skilled = luck(1)
    skilled[:, 7] += 0.005
    assert (luck_of_the_best_p_value(skilled, resamples=500, rng=rng()) or 1) < 0.01


def test_the_more_were_tried_the_likelier_the_best_is_luck() -> None:
    returns = luck(3, strategies=200)
    returns[:, 0] += 0.002
    alone = luck_of_the_best_p_value(returns[:, :1], resamples=1000, rng=rng())
    among_many = luck_of_the_best_p_value(returns, resamples=1000, rng=rng())
    assert alone is not None
    assert among_many is not None
    assert alone < 0.05 < among_many
