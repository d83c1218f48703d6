import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.backtesting.metrics import growth, max_drawdown, sharpe_ratio, sortino_ratio
from analytics.backtesting.paths import resampled_paths
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
def test_the_figures_of_paths_are_those_of_their_returns(daily: list[float]) -> None:
    series, paths = drawn_series(daily, 25), resampled_paths(daily, resamples=25, rng=rng())
    curves = growth(series)
    np.testing.assert_allclose(paths.bankroll_return, curves[:, -1] - 1, atol=1e-9, rtol=1e-9)
    np.testing.assert_allclose(paths.max_drawdown, max_drawdown(curves), atol=1e-9)
    np.testing.assert_allclose(paths.sharpe, sharpe_ratio(series), rtol=1e-4)
    np.testing.assert_allclose(paths.sortino, sortino_ratio(series), rtol=1e-9)


def test_a_path_of_equal_days_has_no_ratios_though_its_sums_are_rounded() -> None:
    paths = resampled_paths([0.1, 0.1, 0.7, -0.3], resamples=2000, rng=rng())
    series = drawn_series([0.1, 0.1, 0.7, -0.3], 2000)
    equal = np.ptp(series, axis=-1) == 0
    assert 0 < equal.sum() < 2000
    assert (np.isnan(paths.sharpe) == equal).all()


def test_a_lost_bankroll_stays_lost() -> None:
    paths = resampled_paths([-1.0, 1.0], resamples=200, rng=rng())
    assert sorted(set(paths.bankroll_return.tolist())) == [-1.0, 3.0]
    assert sorted(set(paths.max_drawdown.tolist())) == [0.0, 1.0]


def test_the_same_seed_gives_the_same_paths() -> None:
    first, second = (resampled_paths([0.1, -0.1, 0.2], resamples=50, rng=rng()) for _ in range(2))
    assert first.max_drawdown.tolist() == second.max_drawdown.tolist()


def test_no_days_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="cannot be drawn from 0"):
        resampled_paths([], resamples=1, rng=rng())
