"""Headline figures are over settled bets and all days, and come with how sure they are."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from analytics.backtesting.equity import equity_by_day
from analytics.backtesting.measuring import measure
from analytics.backtesting.result import Bet, EquityDay, Metrics
from tests.analytics.boards import season
from tests.analytics.results import make_bet

FIRST = date(2025, 9, 6)


def days(*bankrolls: float) -> list[EquityDay]:
    """Return an equity by day that holds what `measure` looks at."""
    return [
        EquityDay(day=FIRST + timedelta(number), bankroll=money, open_stakes=0, profit=0, bets=0, drawdown=0)
        for number, money in enumerate(bankrolls)
    ]


def measured(bets: list[Bet], *bankrolls: float, **changes: Any) -> Metrics:
    equity = days(*(bankrolls or [10_000.0] * (len(bets) + 1)))
    return measure(bets, equity, season(**{"resamples": 500, **changes}))


WON = make_bet(0, stake=100, profit=90.0, grade="win", clv=0.02, edge=0.04)
LOST = make_bet(1, stake=100, profit=-100.0, grade="loss", clv=-0.01, edge=0.05)
PUSHED = make_bet(2, stake=100, profit=0.0, grade="push", clv=None, edge=None)
OPEN = make_bet(3, stake=500, profit=None, grade=None, settled_at=None, clv=0.5)


def test_figures_are_over_settled_bets() -> None:
    found = measured([WON, LOST, PUSHED, OPEN])
    assert (found.bets, found.events, found.staked) == (3, 3, 300)
    assert (found.wins, found.losses, found.pushes) == (1, 1, 1)
    assert found.roi.value == pytest.approx(-10 / 300)
    assert (found.win_rate.value, found.profit_factor.value) == (0.5, 0.9)
    assert found.mean_clv.value == pytest.approx(0.005)
    assert found.positive_clv_share.value == 0.5
    assert found.expected_profit == pytest.approx(9)


def test_a_void_bet_counts_neither_in_the_stakes_nor_in_closing_value() -> None:
    void = make_bet(1, stake=400, profit=0.0, grade="void", clv=0.5)
    found = measured([WON, void])
    assert (found.bets, found.pushes, found.staked, found.mean_clv.value) == (2, 1, 100, 0.02)
    assert measured([void]).roi.value is None


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "bankrolls",
    [
        pytest.param((1e4, 1e8, 9e7, 1e12, 9e11, 1e16), id="more than a number holds"),
        pytest.param((1e4, 2e4, 1e4, -5e3, -5e3, -5e3), id="less than nothing"),
    ],
)
def test_what_grows_or_falls_out_of_all_bounds_has_no_ratio_of_the_year(bankrolls: tuple[float, ...]) -> None:
    bets = [make_bet(number, stake=1.0, profit=1.0 if number % 2 else -1.0) for number in range(6)]
    found = measured(bets, *bankrolls)
    assert found.calmar.value is None
    assert found.bankroll_return.value == pytest.approx(bankrolls[-1] / 1e4 - 1)


def test_a_bankroll_that_a_correction_leaves_in_debt_has_no_interval_of_its_path() -> None:
    bets = [make_bet(number, profit=90.0 if number % 2 else -100.0) for number in range(6)]
    found = measured(bets, 1e4, 2e4, 1e4, -5e3, -5e3, -5e3)
    assert found.max_drawdown.value == 1.25
    of_the_path = (found.bankroll_return, found.max_drawdown, found.sharpe, found.sortino, found.calmar)
    assert [(one.low, one.high) for one in of_the_path] == [(None, None)] * 5
    assert None not in (found.roi.low, found.win_rate.low)


def test_half_a_win_is_a_win_and_half_a_loss_a_loss() -> None:
    found = measured([make_bet(0, grade="half_win", profit=45), make_bet(1, grade="half_loss", profit=-50)])
    assert (found.wins, found.losses, found.pushes) == (1, 1, 0)


@pytest.mark.parametrize(("bet_on", "told"), [(1, False), (4, False), (5, True)])
def test_ratios_of_a_year_are_told_of_enough_days_with_bets(bet_on: int, told: bool) -> None:
    bets = [make_bet(number, profit=90.0 if number % 3 else -100.0) for number in range(bet_on)]
    found = measured(bets, *(10_000 + 50 * (-1) ** day for day in range(9)))
    ratios = found.sharpe.value, found.sortino.value, found.calmar.value, found.probabilistic_sharpe
    assert [ratio is not None for ratio in ratios] == [told] * 4
    assert (found.sharpe.p_value is not None) is told


def test_the_fall_of_the_bankroll_counts_from_the_beginning() -> None:
    found = measured([WON], 9_000, 12_000, 6_000, 11_000)
    assert found.max_drawdown.value == 0.5
    assert found.final_bankroll == 11_000
    assert found.bankroll_return.value == pytest.approx(0.1)


def test_every_interval_holds_its_figure_for_many_bets_alike() -> None:
    bets = [make_bet(n, profit=90.0 if n % 2 else -100.0, clv=0.01 * (n % 5 - 2)) for n in range(60)]
    bankroll, money = 10_000.0, []
    for bet in bets:
        bankroll += bet.profit or 0
        money.append(bankroll)
    found = measured(bets, *money)
    for name in (
        "roi",
        "win_rate",
        "profit_factor",
        "mean_clv",
        "positive_clv_share",
        "sharpe",
        "bankroll_return",
        "beyond_expected",
    ):
        figure = getattr(found, name)
        assert figure.low is not None, name
        assert figure.low <= figure.value <= figure.high, name
    assert found.roi.p_value is not None
    assert found.roi.p_value > 0.05
    assert "is no profit" in found.verdict


def test_the_same_seed_gives_the_same_figures_and_another_gives_others() -> None:
    bets = [make_bet(n, profit=90.0 if n % 3 else -100.0) for n in range(30)]
    assert measured(bets, seed=1) == measured(bets, seed=1)
    assert measured(bets, seed=1).roi != measured(bets, seed=2).roi


def test_three_percent_on_few_bets_reads_as_noise() -> None:
    bets = [make_bet(n, stake=100, decimal_odds=2.0, profit=100.0 if n % 2 else -94.0) for n in range(56)]
    found = measured(bets)
    assert found.roi.value == pytest.approx(0.03)
    assert "is noise" in found.verdict


def test_what_the_estimates_promised_is_compared_with_what_their_bets_brought() -> None:
    bets = [
        make_bet(n, stake=100, profit=90.0 if n % 2 else -100.0, edge=0.1, grade="win" if n % 2 else "loss")
        for n in range(60)
    ]
    found = measured([*bets, make_bet(60, stake=100, profit=90.0, edge=None)]).beyond_expected
    assert found.value == pytest.approx(30 * 90 - 30 * 100 - 60 * 10)
    assert found.low is not None
    assert found.low < (found.value or 0) < (found.high or 0)


def test_a_streak_is_told_with_those_of_luck() -> None:
    bets = [make_bet(n, decimal_odds=2.0, profit=100.0 if n < 10 else -100.0) for n in range(20)]
    found = measured(bets)
    assert (found.longest_winning_streak.longest, found.longest_losing_streak.longest) == (10, 10)
    assert 3 < (found.longest_winning_streak.expected or 0) < 5
    assert (found.longest_winning_streak.p_value or 1) < 0.02


def test_a_few_bets_that_were_all_lost_are_not_called_beyond_bad_luck() -> None:
    found = measured([make_bet(n, profit=-100.0, grade="loss") for n in range(3)])
    assert (found.roi.value, found.roi.low, found.win_rate.high) == (-1, None, None)
    assert found.verdict == "-100.0 % on 3 bets is no profit."


def sundays(weeks: int, won: list[bool]) -> list[Bet]:
    """Return bets at even money, as many on each of some Sundays."""
    return [
        make_bet(
            7 * (number % weeks),
            event_id=f"event{number}",
            decimal_odds=2.0,
            stake=100,
            profit=100.0 if wins else -100.0,
        )
        for number, wins in enumerate(won)
    ]


def test_a_losing_sunday_is_not_called_beyond_bad_luck() -> None:
    found = measured(sundays(1, [True] * 6 + [False] * 7))
    assert (found.roi.low, found.win_rate.low, found.sharpe.low) == (None, None, None)
    assert found.verdict == "-7.7 % on 13 bets is no profit."


@pytest.mark.parametrize("weeks", [1, 3, 5])
def test_luck_on_few_sundays_is_called_a_loss_or_a_profit_no_oftener_than_the_level_says(weeks: int) -> None:
    rng = np.random.default_rng(weeks)
    found = [
        measured(sundays(weeks, (rng.random(13 * weeks) < 0.5).tolist()), *[10_000.0] * 40, resamples=200).verdict
        for _ in range(100)
    ]
    assert sum("beyond bad luck" in one for one in found) <= 11
    assert sum("more than luck" in one for one in found) <= 11


def test_a_few_bets_that_were_all_won_have_no_interval() -> None:
    found = measured([make_bet(n, decimal_odds=1.5, stake=100, profit=50.0) for n in range(5)])
    assert (found.roi.value, found.roi.low, found.win_rate.low) == (0.5, None, None)
    assert found.verdict.startswith("+50.0 % on 5 bets is noise: luck alone does as well in 1")


def test_bets_that_were_all_won_make_no_ratio_look_sure() -> None:
    bets = [make_bet(day, decimal_odds=1.06, profit=6.0, grade="win", clv=day / 1000) for day in range(30)]
    found = measured(bets, *(10_000 + 6.0 * day for day in range(31)), resamples=2000)
    assert (found.sharpe.value or 0) > 100
    assert found.sharpe.p_value == found.roi.p_value
    assert 0.1 < (found.roi.p_value or 0) < 0.25
    ratios = (found.sharpe, found.sortino, found.calmar, found.bankroll_return)
    assert [(one.low, one.high) for one in ratios] == [(None, None)] * 4
    assert found.probabilistic_sharpe is None
    assert found.mean_clv.low is not None


def test_void_bets_are_no_evidence() -> None:
    decided = [make_bet(n, profit=90.0 if n % 3 else -100.0) for n in range(6)]
    void = [make_bet(n, profit=0.0, grade="void") for n in range(6, 20)]
    assert "on 6 bets" in measured([*decided, *void]).verdict


def test_a_run_without_bets_has_no_figures_and_says_so() -> None:
    found = measured([], 10_000)
    assert (found.bets, found.roi.value, found.sharpe.value, found.mean_decimal_odds) == (0, None, None, None)
    assert found.verdict == "No bet was settled: there is nothing to say."


def test_without_resampling_there_are_no_intervals() -> None:
    found = measured([WON, LOST], resamples=0)
    assert (found.roi.low, found.sharpe.high) == (None, None)


def test_without_resampling_a_profit_is_said_to_be_untested() -> None:
    found = measured([WON], 10_090, resamples=0)
    assert (found.roi.p_value, found.sharpe.p_value, found.mean_clv.p_value) == (None, None, None)
    assert found.verdict == "+90.0 % on 1 bet was not tested against luck."


def test_legs_of_sure_arbitrages_are_judged_together() -> None:
    legs = [
        make_bet(
            n // 2,
            stake=100,
            decimal_odds=2.02 + 0.02 * (n // 2 % 2),
            outcome_name=team,
            combination=0,
            profit=102.0 + 2 * (n // 2 % 2) if n % 4 in (0, 3) else -100.0,
        )
        for n, team in enumerate(("Lakers", "Celtics") * 40)
    ]
    found = measured(legs, *[10_000.0 + 3 * (day + 1) for day in range(40)])
    assert found.verdict.startswith("+1.5 % on 80 bets is more than luck explains")
    assert (found.bets_for_significance or 80) < 10


def test_a_bet_taken_at_five_bookmakers_is_no_surer_than_at_one() -> None:
    once = [make_bet(n, stake=100, decimal_odds=2.0, profit=-100.0 if n % 9 < 4 else 100.0) for n in range(90)]
    several = [bet.model_copy(update={"bookmaker_key": f"book{n}"}) for bet in once for n in range(5)]
    one, five = (measured(bets, *[10_000.0] * 90) for bets in (once, several))
    assert five.roi == one.roi
    assert one.bets_for_significance is not None
    assert five.bets_for_significance == 5 * one.bets_for_significance


def five_days_an_event(seed: int) -> list[Bet]:
    """Return bets at fair odds: the same one on each of five days before each of sixty events."""
    won = np.random.default_rng(seed).random(60) < 0.5
    placed = [(event, day) for event in range(60) for day in range(5)]
    return [
        make_bet(
            event + day,
            event_id=f"event{event}",
            decimal_odds=2.0,
            profit=100.0 if won[event] else -100.0,
            clv=0.02 if won[event] else -0.02,
        )
        for event, day in placed
    ]


def test_bets_on_several_days_before_an_event_prove_no_more_than_one() -> None:
    found = [measured(five_days_an_event(seed), *[10_000.0] * 65, resamples=300) for seed in range(40)]
    assert all(one.roi.low is not None and one.roi.high is not None for one in found)
    beside = sum(not (one.roi.low or 0) <= 0 <= (one.roi.high or 0) for one in found)
    surely = sum((one.roi.p_value or 1) <= 0.05 for one in found)
    by_clv = sum((one.mean_clv.p_value or 1) <= 0.05 for one in found)
    assert max(beside, surely, by_clv) <= 6


def test_a_bet_counts_on_the_day_of_its_decision() -> None:
    equity = equity_by_day(10_000, WON.decided_at, WON.decided_at, [], [WON])
    assert measure([WON], equity, season(resamples=100)).bets == 1
