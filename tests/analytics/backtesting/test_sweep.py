import numpy as np
import pytest

from analytics.backtesting.sweep import SweepResult, compare, evidence_of
from analytics.backtesting.trying import try_all
from tests.analytics.backtesting.laboratory import ground, threshold, thresholds
from tests.analytics.boards import season

SETS = thresholds(1.4, 1.7, 1.95, 2.3, 2.8, 9.0)


def swept(games: int, **changes: float) -> SweepResult:
    config = season(resamples=400)
    outcomes = try_all(threshold, SETS, ground(games, **changes), config)
    return compare("threshold", SETS, outcomes, config)


FAIR = swept(400)


def test_the_best_comes_first_and_sets_without_a_ratio_last() -> None:
    ratios = [trial.sharpe for trial in FAIR.trials]
    assert ratios[-1] is None
    known = [ratio for ratio in ratios if ratio is not None]
    assert known == sorted(known, reverse=True)
    assert FAIR.trials[-1].parameters == {"least": 9.0}
    assert (FAIR.trials[-1].bets, FAIR.trials[-1].roi) == (0, None)


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
    empty = compare("threshold", [], outcomes, config)
    assert (empty.tried, empty.verdict, empty.luck_p_value) == (0, "Nothing was tried.", None)


def test_days_without_a_bet_prove_nothing() -> None:
    evidence = evidence_of(np.zeros(5), np.zeros(5), 0, season())
    assert (evidence.bets, evidence.roi, evidence.interval) == (0, None, None)


def test_without_resamples_there_is_no_interval() -> None:
    evidence = evidence_of(np.array([10.0, -5.0]), np.array([10.0, 10.0]), 2, season(resamples=0))
    assert (evidence.roi, evidence.interval, evidence.luck) == (0.25, None, None)
