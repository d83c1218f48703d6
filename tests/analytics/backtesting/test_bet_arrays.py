from datetime import date
from typing import Any

import numpy as np

from analytics.backtesting.bet_arrays import arrays_of
from tests.analytics.results import make_bet


def test_bets_of_one_event_are_of_the_day_of_the_first() -> None:
    again = [make_bet(4, event_id="event0"), make_bet(5, event_id="event1")]
    assert arrays_of([make_bet(0), make_bet(1), make_bet(2), *again]).day.tolist() == [0, 1, 2, 0, 1]


def test_days_count_from_one_that_is_named() -> None:
    assert arrays_of([make_bet(0), make_bet(1)], date(2025, 9, 1)).day.tolist() == [5, 6]


def test_bets_are_numbered_by_event_and_by_the_combination_that_they_are_part_of() -> None:
    changes: list[dict[str, Any]] = [{}, {"combination": 3}, {"combination": 3}, {"event_id": "other"}]
    arrays = arrays_of(
        [make_bet(number, **{"event_id": "one", **change}) for number, change in enumerate(changes)]
    )
    assert arrays.event.tolist() == [0, 0, 0, 1]
    assert arrays.combination.tolist() == [-1, 3, 3, -1]


def test_a_void_bet_was_never_at_risk() -> None:
    assert arrays_of([make_bet(stake=40), make_bet(1, stake=40, grade="void")]).stake.tolist() == [40, 0]


def test_what_bets_brought_is_summed_by_day() -> None:
    bets = [make_bet(0, clv=None), make_bet(2, profit=-5.0, clv=0.1), make_bet(2, event_id="other", profit=0.0)]
    arrays = arrays_of(bets)
    assert arrays.by_day("won", 4).tolist() == [1, 0, 0, 0]
    assert arrays.by_day("decided").tolist() == [1, 0, 1]
    assert arrays.by_day("judged").tolist() == [0, 0, 2]
    np.testing.assert_allclose(arrays.by_day("clv"), [0, 0, 0.13])


def test_what_was_beyond_the_expected_is_of_bets_with_an_estimate() -> None:
    bets = [make_bet(0, profit=90.0, edge=0.05), make_bet(0, event_id="other", profit=70.0, edge=None)]
    assert arrays_of(bets).by_day("beyond").tolist() == [85.0]


def test_no_bets_have_no_days() -> None:
    assert arrays_of([]).by_day("stake", 2).tolist() == [0, 0]
