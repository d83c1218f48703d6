from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.backtesting.metrics import (
    annual_return,
    calmar_ratio,
    daily_returns,
    defined,
    drawdowns,
    expected_profit,
    growth,
    longest_drawdown_days,
    longest_streaks,
    max_drawdown,
    profit_factor,
    roi,
    sharpe_ratio,
    sortino_ratio,
    win_rate,
)
from analytics.odds_math import FloatArray
from tests.analytics.conftest import compared_with

SEEDS = range(20)
returns = st.lists(st.floats(-0.5, 0.5).map(lambda share: round(share, 9)), min_size=2, max_size=40)
profits = st.lists(st.sampled_from([-100.0, -50.0, 0.0, 45.0, 90.0]), max_size=30)
Ratio = Callable[[list[float] | FloatArray], FloatArray]


def season(seed: int) -> FloatArray:
    """Return the returns of a season by day: most of them of a few bets, some days without any."""
    rng = np.random.default_rng(seed)
    daily = rng.normal(0.001, 0.02, 300)
    daily[rng.random(300) < 0.2] = 0
    return daily


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_empyrical_gives_the_same(seed: int) -> None:
    empyrical, daily = compared_with("empyrical"), season(seed)
    assert float(sharpe_ratio(daily)) == pytest.approx(empyrical.sharpe_ratio(daily, annualization=365), abs=1e-9)
    assert float(sortino_ratio(daily)) == pytest.approx(
        empyrical.sortino_ratio(daily, annualization=365), abs=1e-9
    )
    assert float(calmar_ratio(daily)) == pytest.approx(empyrical.calmar_ratio(daily, annualization=365), abs=1e-9)
    assert float(annual_return(daily)) == pytest.approx(empyrical.cagr(daily, annualization=365), abs=1e-9)
    assert float(max_drawdown(growth(daily))) == pytest.approx(-empyrical.max_drawdown(daily), abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_quantstats_gives_the_same(seed: int) -> None:
    pandas, daily = compared_with("pandas"), season(seed)
    quantstats = compared_with("quantstats.stats")
    series = pandas.Series(daily, index=pandas.date_range("2025-01-01", periods=len(daily)))
    assert float(sharpe_ratio(daily)) == pytest.approx(quantstats.sharpe(series, periods=365), abs=1e-9)
    assert float(sortino_ratio(daily)) == pytest.approx(quantstats.sortino(series, periods=365), abs=1e-9)
    assert float(max_drawdown(growth(daily))) == pytest.approx(-quantstats.max_drawdown(series), abs=1e-9)
    assert float(profit_factor(daily)) == pytest.approx(quantstats.profit_factor(series), abs=1e-9)
    assert float(win_rate(daily)) == pytest.approx(quantstats.win_rate(series), abs=1e-9)


@pytest.mark.parametrize(
    ("equity", "fall"),
    [
        pytest.param([100, 50, 200, 120], 0.5, id="the deepest fall, not the last"),
        pytest.param([100, 90, 80], 0.2, id="the start counts as a peak"),
        pytest.param([100, 110, 120], 0.0, id="without a fall"),
        pytest.param([100, 0], 1.0, id="ruin"),
        pytest.param([100], 0.0, id="before the first day"),
    ],
)
def test_a_drawdown_is_a_fall_from_the_running_peak(equity: list[float], fall: float) -> None:
    assert float(max_drawdown(equity)) == pytest.approx(fall, abs=1e-12)


@pytest.mark.parametrize(
    ("equity", "days"),
    [
        pytest.param([100, 90, 95, 101, 99], 2, id="until the peak is passed"),
        pytest.param([100, 110, 105, 100, 90], 3, id="still below at the end"),
        pytest.param([100, 110], 0, id="never below"),
        pytest.param([100, 110, 110 - 1e-12, 120], 0, id="below by what rounding leaves"),
    ],
)
def test_the_length_of_a_drawdown_is_counted_in_days(equity: list[float], days: int) -> None:
    assert longest_drawdown_days(equity) == days


@pytest.mark.parametrize(
    ("ratio", "daily"),
    [
        pytest.param(sharpe_ratio, [0.01], id="the Sharpe ratio of one day"),
        pytest.param(sharpe_ratio, [0.0] * 30, id="the Sharpe ratio without a bet"),
        pytest.param(sharpe_ratio, [0.001] * 30, id="the Sharpe ratio without any spread"),
        pytest.param(sortino_ratio, [0.01, 0.0, 0.02], id="the Sortino ratio without a losing day"),
        pytest.param(calmar_ratio, [0.01, 0.0, 0.02], id="the Calmar ratio without a fall"),
        pytest.param(calmar_ratio, [0.01, -3e-14, 0.02], id="the Calmar ratio of a fall that rounding leaves"),
        pytest.param(sharpe_ratio, [], id="the Sharpe ratio of no days"),
        pytest.param(sortino_ratio, [], id="the Sortino ratio of no days"),
        pytest.param(calmar_ratio, [], id="the Calmar ratio of no days"),
        pytest.param(win_rate, [0.0, 0.0], id="the win rate of pushes alone"),
        pytest.param(profit_factor, [90.0], id="the profit factor without a loss"),
    ],
)
def test_an_undefined_figure_is_none_and_never_infinite(ratio: Ratio, daily: list[float]) -> None:
    assert defined(ratio(daily)) is None


def test_a_year_of_losses_has_a_negative_calmar_ratio() -> None:
    daily = [0.01, -0.02] * 100
    assert float(calmar_ratio(daily)) == pytest.approx(
        float(annual_return(daily)) / float(max_drawdown(growth(daily)))
    )
    assert calmar_ratio(daily) < 0


@given(st.lists(st.floats(1, 1000), min_size=2, max_size=20))
def test_the_bankroll_comes_back_from_its_returns(bankroll: list[float]) -> None:
    np.testing.assert_allclose(growth(daily_returns(bankroll)) * bankroll[0], bankroll, rtol=1e-9)


def test_nothing_returns_once_the_bankroll_is_gone() -> None:
    assert daily_returns([100, 0, 0, 0]).tolist() == [-1, 0, 0]


@given(st.lists(st.lists(st.floats(-0.5, 0.5), min_size=5, max_size=5), min_size=1, max_size=5))
def test_many_series_at_once_give_what_each_gives_alone(series: list[list[float]]) -> None:
    ratios: tuple[Ratio, ...] = (sharpe_ratio, sortino_ratio, calmar_ratio, annual_return, growth)
    for figure in ratios:
        np.testing.assert_allclose(figure(np.asarray(series)), [figure(one) for one in series], rtol=1e-9)
    curves = growth(series)
    np.testing.assert_allclose(daily_returns(curves), series, atol=1e-9)
    assert max_drawdown(curves).tolist() == [float(max_drawdown(curve)) for curve in curves]


@given(returns, st.floats(0.1, 10))
def test_ratios_do_not_depend_on_the_size_of_the_stakes(daily: list[float], factor: float) -> None:
    scaled = np.asarray(daily) * factor
    for ratio in (sharpe_ratio, sortino_ratio):
        np.testing.assert_allclose(ratio(scaled), ratio(daily), rtol=1e-6)


@given(returns)
def test_a_drawdown_is_a_share_and_peaks_have_none(daily: list[float]) -> None:
    curve = growth(daily)
    falls = drawdowns(curve)
    assert ((falls >= 0) & (falls <= 1)).all()
    assert (falls[curve == np.maximum.accumulate(curve)] == 0).all()


@given(profits)
def test_streaks_are_counted_over_decided_bets(results: list[float]) -> None:
    won = "".join("w" if result > 0 else "l" for result in results if result)
    assert longest_streaks(results) == (max(map(len, won.split("l"))), max(map(len, won.split("w"))))


@given(profits.filter(any))
def test_wins_and_losses_make_up_the_profit(results: list[float]) -> None:
    factor, rate = defined(profit_factor(results)), defined(win_rate(results))
    assert rate == sum(result > 0 for result in results) / sum(result != 0 for result in results)
    lost = -sum(result for result in results if result < 0)
    assert factor is None if lost == 0 else (factor or 0) * lost - lost == pytest.approx(sum(results))


def test_roi_is_the_profit_on_every_unit_staked() -> None:
    assert roi([90.0, -100.0, 0.0], [100.0, 100.0, 50.0]) == pytest.approx(-0.04)
    assert defined(roi([], [])) is None
    assert roi([[50.0, -50.0], [50.0, 0.0]], [[100.0, 50.0], [100.0, 100.0]]).tolist() == [0.0, 0.25]


def test_the_expected_profit_counts_bets_with_an_estimate_alone() -> None:
    assert expected_profit([100, 100], [0.05, float("nan")]) == 5
    assert expected_profit([100], [float("nan")]) is None
    assert expected_profit([], []) is None


def test_the_figures_of_an_array_are_numbers_or_nothing() -> None:
    assert defined(np.float64(1.5)) == 1.5
    assert defined(float("inf")) is None
