"""Two runs are compared on the events that both bet on, and a difference is told with what is unsure about it."""

from typing import Any

import numpy as np
import pytest

from analytics.backtesting.comparing import Difference, differences
from analytics.backtesting.result import BacktestResult, Bet
from tests.analytics.boards import season
from tests.analytics.results import make_bet, make_result


def run(*bets: Bet, **changes: Any) -> BacktestResult:
    return make_result(bets, config=season(**{"resamples": 2000, **changes}))


def luck(seed: int, edge: float = 0.0, count: int = 150) -> list[Bet]:
    """Return bets at even money, of which a share of the lost ones is won besides."""
    rng = np.random.default_rng(seed)
    won = (np.random.default_rng(1).random(count) < 0.5) | (rng.random(count) < edge)
    return [
        make_bet(number, decimal_odds=2.0, profit=100.0 if wins else -100.0)
        for number, wins in enumerate(won.tolist())
    ]


def compared(*results: BacktestResult) -> Difference:
    (found,) = differences(results)
    return found


def test_the_difference_is_of_the_returns_of_the_common_events() -> None:
    first = run(make_bet(0, profit=50.0), make_bet(1, profit=-100.0), make_bet(2))
    second = run(make_bet(1, profit=100.0), make_bet(0, profit=-100.0), make_bet(7), make_bet(8))
    found = compared(first, second)
    assert (found.common_events, found.only_here, found.only_there) == (2, 2, 1)
    assert found.mean.value == pytest.approx((-1.5 + 2.0) / 2)


def test_several_bets_on_an_event_are_one_return() -> None:
    first = run(make_bet(0, stake=100.0, profit=100.0), make_bet(1, event_id="event0", stake=300.0, profit=-300.0))
    assert compared(first, run(make_bet(0, profit=0.0, grade="push"))).mean.value == pytest.approx(0.5)


def test_void_and_open_bets_are_no_returns() -> None:
    first = run(make_bet(0, grade="void", profit=0.0), make_bet(1, grade=None, profit=None, settled_at=None))
    found = compared(first, run(make_bet(0), make_bet(1)))
    assert (found.common_events, found.only_here, found.mean.value) == (0, 2, None)


def test_a_run_does_not_differ_from_itself() -> None:
    found = compared(run(*luck(1)), run(*luck(1)))
    assert (found.mean.value, found.mean.low, found.mean.high, found.mean.p_value) == (0, None, None, None)


def test_a_difference_that_too_few_draws_judge_has_no_interval() -> None:
    found = compared(run(*luck(1), resamples=30), run(*luck(2, edge=0.12)))
    assert (found.mean.low, found.mean.high) == (None, None)


@pytest.mark.parametrize("more", [1, 3, 5, 6, 7, 9])
def test_the_interval_and_the_p_value_say_the_same(more: int) -> None:
    """Of forty games at even money, one run won some that the other lost."""
    here = [make_bet(n, decimal_odds=2.0, profit=100.0 if n < 18 + more else -100.0) for n in range(40)]
    there = [make_bet(n, decimal_odds=2.0, profit=100.0 if n < 18 else -100.0) for n in range(40)]
    mean = compared(run(*there), run(*here)).mean
    assert (mean.value, mean.p_value is None) == (2 * more / 40, False)
    low, high = mean.low or 0.0, mean.high or 0.0
    assert low < (mean.value or 0) < high
    assert (low > 0) is ((mean.p_value or 1) < 0.05)


def test_luck_that_both_share_hides_no_difference() -> None:
    found = compared(run(*luck(1)), run(*luck(2, edge=0.12)))
    assert found.mean.low is not None
    assert found.mean.low > 0
    assert (found.mean.p_value or 1) < 0.01


def test_runs_that_differ_by_luck_are_told_apart_no_oftener_than_the_level_says() -> None:
    rng = np.random.default_rng(3)
    surely = 0
    for _ in range(40):
        sides = rng.random((2, 60)) < 0.5
        first, second = (
            run(*(make_bet(n, profit=100.0 if won else -100.0) for n, won in enumerate(side)), resamples=300)
            for side in sides.tolist()
        )
        surely += (compared(first, second).mean.p_value or 1) <= 0.05
    assert surely <= 6


def test_a_worse_run_is_told_as_surely_as_a_better_one() -> None:
    plain, better = run(*luck(1)), run(*luck(2, edge=0.12))
    up, down = compared(plain, better).mean, compared(better, plain).mean
    assert up.value == pytest.approx(-(down.value or 0))
    assert up.p_value == pytest.approx(down.p_value, rel=0.5)


def test_each_is_compared_with_the_first_and_judged_by_how_many_they_are() -> None:
    found = differences([run(*luck(1)), run(*luck(2, edge=0.05)), run(*luck(3, edge=0.12))])
    assert [one.common_events for one in found] == [150, 150]
    assert found[1].adjusted_p_value == pytest.approx(2 * (found[1].mean.p_value or 0))
