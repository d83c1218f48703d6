from dataclasses import fields, replace
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.backtesting.result import DataQuality, Estimate
from analytics.backtesting.trying import Outcomes, try_all
from analytics.backtesting.walk_forward import WalkForwardResult, walk_forward
from core.errors import ConfigurationError
from tests.analytics.backtesting.laboratory import bets_at, ground, threshold, thresholds
from tests.analytics.boards import season

SETS = thresholds(1.4, 1.7, 2.0, 2.3, 9.0)
GROUND = ground(300)
OUTCOMES = try_all(threshold, SETS, GROUND, season())
QUALITY = DataQuality(events=300, decisions=301, decided=300, refused=1)


def walked(outcomes: Outcomes = OUTCOMES, **options: int) -> WalkForwardResult:
    config = season(resamples=200)
    bets_of = bets_at(SETS, GROUND, config)
    return walk_forward(
        "threshold", SETS, outcomes, GROUND.first_day, config, quality=QUALITY, bets_of=bets_of, **options
    )


def test_what_the_data_allowed_is_told_with_the_bets_that_no_result_grades() -> None:
    ungraded = np.zeros_like(OUTCOMES.ungraded)
    ungraded[:, [0, -1]] = 3
    result = walked(
        replace(OUTCOMES, ungraded=ungraded, unplaced=2 * ungraded, untold=3 * ungraded, cut_stakes=4 * ungraded)
    )
    assert result.quality == QUALITY
    assert [fold.ungraded for fold in result.folds] == [0, 0, 0, 0, 3]
    assert [fold.unplaced for fold in result.folds] == [0, 0, 0, 0, 6]
    assert [fold.untold for fold in result.folds] == [0, 0, 0, 0, 9]
    assert [fold.cut_stakes for fold in result.folds] == [0, 0, 0, 0, 12]
    assert (result.ungraded, result.unplaced, result.untold, result.cut_stakes) == (3, 6, 9, 12)


def test_folds_follow_one_another_to_the_last_day() -> None:
    result = walked(folds=4)
    assert len(result.folds) == 4
    for earlier, later in pairwise(result.folds):
        assert later.first_day == earlier.last_day + timedelta(days=1)
    assert result.folds[0].first_day > GROUND.first_day
    assert result.folds[-1].last_day == GROUND.first_day + timedelta(days=GROUND.days - 1)


def test_the_whole_is_the_sum_of_its_folds() -> None:
    result = walked(folds=4)
    assert result.bets == sum(fold.bets for fold in result.folds)
    assert result.profit == pytest.approx(sum(fold.profit for fold in result.folds))
    assert result.roi.value == pytest.approx(result.profit / result.staked)


def test_the_return_has_its_interval_and_its_p_value() -> None:
    roi = walked(folds=4).roi
    assert None not in (roi.value, roi.low, roi.high, roi.p_value)
    assert (roi.low or 0) < (roi.value or 0) < (roi.high or 0)


def test_each_fold_bets_with_the_set_that_was_best_before_it() -> None:
    for fold in walked(folds=3).folds:
        day = (fold.first_day - GROUND.first_day).days
        past = OUTCOMES.known_profit[:, :day].astype(float)
        with np.errstate(invalid="ignore"):
            ratios = past.mean(axis=1) / past.std(axis=1, ddof=1)
        assert fold.parameters == SETS[int(np.nanargmax(ratios))].model_dump()
        assert fold.past_bets >= 30


@settings(max_examples=25)
@given(st.integers(0, 2), st.integers(0, 2**32 - 1))
def test_whatever_happens_later_changes_no_earlier_choice(kept: int, seed: int) -> None:
    result = walked(folds=3)
    day = (result.folds[kept].first_day - GROUND.first_day).days
    rng = np.random.default_rng(seed)
    changed = Outcomes(**{name: table.copy() for name, table in vars(OUTCOMES).items()})
    for table in vars(changed).values():
        table[:, day:] = rng.permuted(table[:, day:], axis=0)
    changed.known_profit[:, day:] *= -3
    again = walked(changed, folds=3)
    assert [fold.parameters for fold in again.folds[: kept + 1]] == [
        fold.parameters for fold in result.folds[: kept + 1]
    ]


def test_no_choice_is_swayed_by_bets_before_their_results_are_known() -> None:
    turned = replace(OUTCOMES, profit=-3 * OUTCOMES.profit[::-1], bets=OUTCOMES.bets[::-1])
    assert [fold.parameters for fold in walked(turned).folds] == [fold.parameters for fold in walked().folds]


def test_a_set_with_too_few_results_is_not_chosen() -> None:
    result = walked(folds=2, min_bets=10_000)
    assert [fold.parameters for fold in result.folds] == [None, None]
    assert (result.bets, result.roi) == (0, Estimate(value=None))
    assert result.verdict == "No bet was settled: there is nothing to say."


def test_results_that_are_known_later_make_no_set_one_with_results_enough() -> None:
    day = (walked(folds=3).folds[0].first_day - GROUND.first_day).days
    by_then = int(OUTCOMES.known_bets[:, :day].sum(axis=1).max())
    chosen = [fold.parameters is not None for fold in walked(folds=3, min_bets=by_then + 1).folds]
    assert chosen == [False, True, True]
    assert walked(folds=3, min_bets=by_then).folds[0].past_bets == by_then


@pytest.mark.parametrize("folds", [0, 53, 10_000])
def test_folds_that_cannot_be_made_are_refused(folds: int) -> None:
    with pytest.raises(ConfigurationError, match=f"{folds:,} folds over {GROUND.days} days: 1 to 52 folds"):
        walked(folds=folds)


@pytest.mark.parametrize(
    ("days", "told"),
    [
        pytest.param(1, "5 folds over 1 day: none is possible", id="one day"),
        pytest.param(2, "5 folds over 2 days: 1 fold is possible", id="two days"),
        pytest.param(3, "5 folds over 3 days: 1 to 2 folds are possible", id="three days"),
    ],
)
def test_a_run_of_too_few_days_says_how_many_folds_it_has_room_for(days: int, told: str) -> None:
    short = Outcomes(*(getattr(OUTCOMES, column.name)[:, :days] for column in fields(Outcomes)))
    with pytest.raises(ConfigurationError, match=told):
        walked(short)


def test_json_reads_back_as_an_equal_result() -> None:
    result = walked()
    assert WalkForwardResult.model_validate_json(result.model_dump_json()) == result
