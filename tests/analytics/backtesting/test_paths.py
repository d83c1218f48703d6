import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.backtesting.metrics import growth, max_drawdown, sharpe_ratio, sortino_ratio
from analytics.backtesting.paths import daily_moments, ratios_of, resampled_paths
from analytics.odds_math import FloatArray

daily_returns = st.lists(st.floats(-1, 2).map(lambda one: round(one, 4)), min_size=1, max_size=40)


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def drawn_series(daily: list[float], resamples: int) -> FloatArray:
    """Return the returns of each path, the day that each is on drawn for all of them at once."""
    draws, days = rng(), len(daily)
    columns = [draws.integers(0, days, resamples, dtype=np.uint16) for _ in range(days)]
    return np.array(daily)[np.stack(columns, axis=-1)]


@given(daily_returns)
def test_paths_end_and_fall_as_their_returns_say(daily: list[float]) -> None:
    series, paths = drawn_series(daily, 25), resampled_paths(daily, resamples=25, rng=rng())
    curves = growth(series)
    np.testing.assert_allclose(paths.bankroll_return, curves[:, -1] - 1, atol=1e-9, rtol=1e-9)
    np.testing.assert_allclose(paths.max_drawdown, max_drawdown(curves), atol=1e-9)


@given(daily_returns, st.data())
def test_the_ratios_of_sums_are_those_of_the_days_that_were_drawn(daily: list[float], data: st.DataObject) -> None:
    days = len(daily)
    drawn = data.draw(st.lists(st.integers(0, days - 1), min_size=days, max_size=days))
    series = np.array(daily)[drawn]
    ratios = ratios_of(daily_moments(daily)[drawn].sum(axis=0)[np.newaxis], daily)
    np.testing.assert_allclose(ratios.sharpe[0], sharpe_ratio(series), rtol=1e-4)
    np.testing.assert_allclose(ratios.sortino[0], sortino_ratio(series), rtol=1e-9)


def test_equal_days_have_no_ratios_though_their_sums_are_rounded() -> None:
    daily = [0.1, 0.1, 0.7, -0.3]
    moments = daily_moments(daily)
    same, lost = (moments[[day] * 4].sum(axis=0) for day in (0, 3))
    ratios = ratios_of(np.stack([same, lost]), daily)
    assert np.isnan(ratios.sharpe).all()
    assert np.isnan(ratios.sortino).tolist() == [True, False]


def test_a_lost_bankroll_stays_lost() -> None:
    paths = resampled_paths([-1.0, 1.0], resamples=200, rng=rng())
    assert sorted(set(paths.bankroll_return.tolist())) == [-1.0, 3.0]
    assert sorted(set(paths.max_drawdown.tolist())) == [0.0, 1.0]


def test_what_rounding_leaves_of_a_day_makes_no_path_fall() -> None:
    paths = resampled_paths([0.01, -1e-14, 0.0], resamples=50, rng=rng())
    assert set(paths.max_drawdown.tolist()) == {0.0}


def test_the_same_seed_gives_the_same_paths() -> None:
    first, second = (resampled_paths([0.1, -0.1, 0.2], resamples=50, rng=rng()) for _ in range(2))
    assert first.max_drawdown.tolist() == second.max_drawdown.tolist()


def test_no_days_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="cannot be drawn from 0"):
        resampled_paths([], resamples=1, rng=rng())
