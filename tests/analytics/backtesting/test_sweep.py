import re
from dataclasses import replace

import numpy as np
import pytest

from analytics.backtesting.bet_arrays import BetArrays
from analytics.backtesting.metrics import sharpe_ratio
from analytics.backtesting.no_edge import luck_alone
from analytics.backtesting.result import DataQuality
from analytics.backtesting.selection import deflated_sharpe
from analytics.backtesting.sweep import SweepResult, compare
from analytics.backtesting.trying import Outcomes, try_all
from tests.analytics.backtesting.laboratory import ThresholdParameters, bets_at, ground, threshold, thresholds
from tests.analytics.boards import season

SETS = thresholds(1.4, 1.7, 1.95, 2.3, 2.8, 9.0)
QUALITY = DataQuality(events=400, decisions=401, decided=400, refused=1)


def swept(games: int, **changes: float) -> SweepResult:
    config = season(resamples=400)
    season_of_games = ground(games, **changes)
    outcomes = try_all(threshold, SETS, season_of_games, config)
    return compare(
        "threshold", SETS, outcomes, config, quality=QUALITY, bets_of=bets_at(SETS, season_of_games, config)
    )


FAIR = swept(400)


def test_the_best_comes_first_and_sets_without_a_ratio_last() -> None:
    ratios = [trial.sharpe for trial in FAIR.trials]
    assert ratios[-1] is None
    known = [ratio for ratio in ratios if ratio is not None]
    assert known == sorted(known, reverse=True)
    assert FAIR.trials[-1].parameters == {"least": 9.0}
    assert (FAIR.trials[-1].bets, FAIR.trials[-1].roi) == (0, None)


def test_what_the_data_allowed_is_told_with_the_bets_that_no_result_grades() -> None:
    assert FAIR.quality == QUALITY
    config, tried_on = season(resamples=0), ground(40)
    unknown = replace(tried_on, unit_profit=np.where(tried_on.event == 3, np.nan, tried_on.unit_profit))
    outcomes = try_all(threshold, thresholds(1.0), unknown, config)
    bets = bets_at(thresholds(1.0), unknown, config)
    (trial,) = compare("threshold", thresholds(1.0), outcomes, config, quality=QUALITY, bets_of=bets).trials
    assert (trial.bets, trial.ungraded, trial.untold) == (78, 0, 2)


def test_every_trial_adds_up() -> None:
    assert FAIR.tried == len(FAIR.trials) == len(SETS)
    for trial in FAIR.trials[:-1]:
        assert trial.staked == pytest.approx(100 * trial.bets)
        assert trial.profit == pytest.approx((trial.roi or 0) * trial.staked)


def test_the_best_of_fair_prices_is_called_luck() -> None:
    assert FAIR.luck_p_value is not None
    assert FAIR.luck_p_value > 0.05
    assert (FAIR.deflated_sharpe or 0) < 0.95
    assert "more than luck explains" not in FAIR.verdict


def test_every_set_with_bets_enough_counts_as_tried_where_the_best_is_judged() -> None:
    outcomes = try_all(threshold, SETS, ground(400), season())
    returns = outcomes.profit.astype(np.float64) / season().bankroll
    enough = returns[outcomes.bets.sum(axis=1) >= FAIR.min_bets]
    ratios = sharpe_ratio(enough, periods=1)
    assert len(ratios) == 5
    assert FAIR.deflated_sharpe == pytest.approx(deflated_sharpe(enough[np.argmax(ratios)], ratios))


def test_real_value_stands_out() -> None:
    found = swept(1500, long_shots_pay=1.25)
    assert (found.trials[0].roi or 0) > 0
    assert found.luck_p_value is not None
    assert found.luck_p_value < 0.05
    assert "it is the best of 6 tried" in found.verdict


def test_json_reads_back_as_an_equal_result() -> None:
    assert SweepResult.model_validate_json(FAIR.model_dump_json()) == FAIR


def test_the_same_seed_gives_the_same_result() -> None:
    assert swept(60) == swept(60)


def test_nothing_tried_says_so() -> None:
    config = season()
    outcomes = try_all(threshold, [], ground(5), config)
    empty = compare("threshold", [], outcomes, config, quality=QUALITY, bets_of=bets_at([], ground(5), config))
    assert (empty.tried, empty.verdict, empty.luck_p_value) == (0, "Nothing was tried.", None)


def test_sets_with_few_bets_are_not_the_best() -> None:
    few = swept(12)
    assert few.verdict == "No set of parameters has 30 bets: there is nothing to say."
    assert (few.tried, few.deflated_sharpe, few.luck_p_value) == (len(SETS), None, None)
    enough = [trial.bets >= 30 for trial in swept(60).trials]
    assert enough == sorted(enough, reverse=True)
    assert not all(enough)


def test_a_set_with_just_as_many_bets_as_asked_for_may_be_the_best() -> None:
    most = max(trial.bets for trial in FAIR.trials)
    config, tried_on = season(resamples=0), ground(400)
    outcomes, bets = try_all(threshold, SETS, tried_on, config), bets_at(SETS, tried_on, config)

    def verdict(min_bets: int) -> str:
        found = compare("threshold", SETS, outcomes, config, quality=QUALITY, bets_of=bets, min_bets=min_bets)
        return found.verdict

    assert f"on {most:,} bets" in verdict(most)
    assert "there is nothing to say" in verdict(most + 1)


def test_sets_with_few_bets_are_not_counted_as_tried_where_the_best_is_judged() -> None:
    config, tried_on = season(resamples=0), ground(400)
    outcomes, bets = try_all(threshold, SETS, tried_on, config), bets_at(SETS, tried_on, config)
    many = sorted(trial.bets for trial in FAIR.trials)[-3]
    found = compare("threshold", SETS, outcomes, config, quality=QUALITY, bets_of=bets, min_bets=many)
    returns = outcomes.profit[outcomes.bets.sum(axis=1) >= many] / config.bankroll
    ratios = sharpe_ratio(returns.astype(np.float64), periods=1)
    assert len(ratios) == 3
    assert found.deflated_sharpe == pytest.approx(deflated_sharpe(returns[np.argmax(ratios)], ratios))


def test_the_return_of_the_best_has_its_interval_and_its_p_value() -> None:
    best = FAIR.best_roi
    assert best.value == pytest.approx(FAIR.trials[0].roi)
    assert (best.low or 0) < (best.value or 0) < (best.high or 0)
    assert f"{100 * (best.low or 0):+.1f} % to {100 * (best.high or 0):+.1f} %" in FAIR.verdict
    assert best.p_value is not None
    assert swept(12).best_roi.value is None


def test_the_best_is_tested_as_a_run_of_it_is() -> None:
    config = season(resamples=400)
    tried_on = ground(400)
    best = ThresholdParameters.model_validate(FAIR.trials[0].parameters)
    bets = bets_at([best], tried_on, config)(0)
    luck = luck_alone(
        bets.profit, bets.decimal_odds, bets.event, bets.combination, resamples=4000, rng=np.random.default_rng(1)
    )
    assert luck is not None
    found = re.search(r"luck alone does as well in (\d+) %", FAIR.verdict)
    assert found is not None
    assert int(found[1]) == pytest.approx(100 * luck.as_good, abs=6)


def favourites_without_an_edge(seed: int) -> SweepResult:
    """Return a sweep of eleven caps on the odds of favourites that win as often as their odds say."""
    rng = np.random.default_rng(seed)
    decimal = rng.uniform(1.03, 1.6, 120)
    profit = np.where(rng.random(120) < 1 / decimal, 100 * (decimal - 1), -100.0)
    taken = decimal <= np.arange(1.05, 1.6, 0.05)[:, np.newaxis]
    profits, stakes, counts = (taken * each for each in (profit, 100.0, 1))
    outcomes = Outcomes(
        counts.astype(np.int32),
        stakes.astype(np.float32),
        profits.astype(np.float32),
        profits.astype(np.float32),
        counts.astype(np.int32),
        *(4 * [0 * counts.astype(np.int32)]),
    )

    def bets(place: int) -> BetArrays:
        days = np.flatnonzero(taken[place])
        unknown = np.full(len(days), np.nan)
        none = np.full(len(days), -1)
        return BetArrays(
            days, days, none, np.full(len(days), 100.0), profit[days], decimal[days], unknown, unknown
        )

    sets = thresholds(*range(len(taken)))
    return compare("caps", sets, outcomes, season(resamples=200), quality=QUALITY, bets_of=bets)


def test_the_best_of_favourites_without_an_edge_is_called_luck() -> None:
    verdicts = [favourites_without_an_edge(seed).verdict for seed in range(100)]
    assert sum("more than luck" in one for one in verdicts) <= 11
