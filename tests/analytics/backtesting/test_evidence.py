"""A run and every set that is tried are tested alike: by their bets, decided anew at their odds."""

import numpy as np
import pytest

from analytics.backtesting.bet_arrays import BetArrays, arrays_of
from analytics.backtesting.evidence import evidence_of, return_interval
from analytics.backtesting.verdict import Evidence, verdict
from tests.analytics.boards import season
from tests.analytics.results import make_bet


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def bets(count: int, decimal: float, won: int) -> BetArrays:
    """Return bets of 100, one a day, the first of which are won."""
    return arrays_of(
        [
            make_bet(n, stake=100, decimal_odds=decimal, profit=100 * (decimal - 1) if n < won else -100.0)
            for n in range(count)
        ]
    )


def evidence(made: BetArrays, resamples: int = 4000) -> Evidence:
    config = season(resamples=resamples)
    return evidence_of(made, return_interval(made, config, rng()), config, rng())


def test_no_bets_prove_nothing() -> None:
    found = evidence(arrays_of([]))
    assert (found.bets, found.roi, found.interval, found.luck, found.bets_needed) == (0, None, None, None, None)


def test_without_resamples_nothing_is_tested() -> None:
    found = evidence(bets(10, 2.0, 6), resamples=0)
    assert (found.interval, found.luck) == (None, None)
    assert found.roi == pytest.approx(0.2)


def test_favourites_that_all_won_are_as_lucky_as_their_odds_say() -> None:
    found = evidence(bets(20, 1.1, 20))
    assert found.interval is None
    assert found.luck is not None
    assert found.luck.as_good == pytest.approx(1.1**-20, abs=0.02)
    assert "is noise" in verdict(found)


def test_the_interval_holds_the_return() -> None:
    found = evidence(bets(40, 2.0, 22))
    assert found.interval is not None
    assert found.interval.low < 0.1 < found.interval.high


@pytest.mark.parametrize(
    ("count", "won"),
    [pytest.param(4, 2, id="few days"), pytest.param(20, 20, id="all won"), pytest.param(9, 0, id="all lost")],
)
def test_bets_that_tell_nothing_of_their_spread_have_no_interval(count: int, won: int) -> None:
    assert return_interval(bets(count, 2.0, won), season(), rng()) is None
