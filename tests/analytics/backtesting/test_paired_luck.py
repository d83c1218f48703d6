"""Luck alone seldom parts two runs as far as a small p-value says, whatever their odds; a better price is seen."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.backtesting.paired_luck import LuckOfTwo, difference_by_luck
from analytics.backtesting.result import Bet
from tests.analytics.results import make_bet


def bet(event: int, odds: float, won: bool, outcome: str = "Lakers", **changes: object) -> Bet:
    profit = 100 * (odds - 1) if won else -100.0
    return make_bet(event, decimal_odds=odds, stake=100.0, profit=profit, outcome_name=outcome, **changes)


def told(here: list[Bet], there: list[Bet], resamples: int = 400, confidence: float = 0.95) -> LuckOfTwo | None:
    rng = np.random.default_rng(1)
    return difference_by_luck(here, there, confidence=confidence, resamples=resamples, rng=rng)


def p_value(here: list[Bet], there: list[Bet], resamples: int = 400) -> float | None:
    luck = told(here, there, resamples)
    return None if luck is None else luck.p_value


@pytest.mark.parametrize(("odds", "events"), [(1.05, 30), (1.2, 10), (1.5, 60), (2.0, 40)])
def test_a_fair_favourite_and_its_underdog_are_told_apart_no_oftener_than_the_level_says(
    odds: float, events: int
) -> None:
    random, surely = np.random.default_rng(7), 0
    for _ in range(100):
        won = (random.random(events) < 1 / odds).tolist()
        favourites = [bet(event, odds, wins) for event, wins in enumerate(won)]
        underdogs = [bet(event, odds / (odds - 1), not wins, "Celtics") for event, wins in enumerate(won)]
        surely += (p_value(favourites, underdogs) or 1) <= 0.05
    assert surely <= 11


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([1.05, 1.9, 3.0]), st.booleans(), st.booleans()), min_size=1, max_size=40),
    st.sampled_from([0.5, 0.9, 0.95]),
    st.sampled_from([19, 100, 399]),
)
def test_the_interval_leaves_no_difference_out_where_the_p_value_is_below_its_level_and_nowhere_else(
    games: list[tuple[float, bool, bool]], confidence: float, resamples: int
) -> None:
    here = [bet(event, odds, won) for event, (odds, won, _) in enumerate(games)]
    there = [bet(event, odds, won, "Over") for event, (odds, _, won) in enumerate(games)]
    luck = told(here, there, resamples, confidence)
    assert luck is not None
    if luck.low is None or luck.high is None:
        assert luck.p_value >= 1 - confidence - 1e-12
    else:
        assert luck.low <= luck.high
        assert (luck.low > 0 or luck.high < 0) is (luck.p_value < 1 - confidence - 1e-12)


def test_the_interval_holds_what_was_found_and_is_as_wide_as_luck() -> None:
    even = [bet(event, 2.0, event % 2 == 0) for event in range(100)]
    other = [bet(event, 2.0, event % 4 < 2, "Over") for event in range(100)]
    luck = told(even, other, 4000)
    assert luck is not None
    assert luck.low == pytest.approx(-1.96 * 2 * np.sqrt(100), rel=0.1)
    assert luck.high == pytest.approx(1.96 * 2 * np.sqrt(100), rel=0.1)


def test_a_better_price_of_the_same_bets_is_no_luck() -> None:
    won = (np.random.default_rng(2).random(40) < 0.5).tolist()
    better = [bet(event, 2.0, wins) for event, wins in enumerate(won)]
    worse = [bet(event, 1.95, wins) for event, wins in enumerate(won)]
    assert (p_value(better, worse) or 1) < 0.01
    assert p_value(worse, better) == pytest.approx(p_value(better, worse), abs=0.01)


def test_prices_that_are_better_now_here_now_there_may_be_luck() -> None:
    won = [n % 3 == 0 for n in range(60)]
    here = [bet(event, 2.0 if event % 2 else 1.9, wins) for event, wins in enumerate(won)]
    there = [bet(event, 1.9 if event % 2 else 2.0, wins) for event, wins in enumerate(won)]
    assert (p_value(here, there) or 0) > 0.2


def test_what_one_run_staked_beside_the_bet_of_both_is_decided_at_its_odds() -> None:
    """Half of the stake is the other run's bet; the other half, on the favourite of another market, always won."""
    both = [bet(event, 2.0, event % 2 == 0) for event in range(30)]
    beside = [bet(event, 1.05, True, "Over", market_key="totals") for event in range(30)]
    assert (p_value([*both, *beside], both) or 0) > 0.05


def test_legs_of_a_combination_are_judged_by_their_sum() -> None:
    legs = [
        bet(event, odds, wins, outcome, combination=0)
        for event in range(40)
        for odds, wins, outcome in ((2.2, True, "Lakers"), (2.0, False, "Celtics"))
    ]
    lost = [bet(event, 2.0, False, "Over", market_key="totals") for event in range(40)]
    assert (p_value(legs, lost) or 1) < 0.01


def test_nothing_decided_has_no_p_value() -> None:
    same = [bet(event, 2.0, event % 2 == 0) for event in range(5)]
    assert p_value(same, same) is None
    assert p_value([], []) is None
    assert p_value(same, [], resamples=0) is None
