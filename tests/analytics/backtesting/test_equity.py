"""The bankroll by day: from the first decision to the last decision or movement, money at stake included."""

from datetime import date, timedelta

import pytest

from analytics.backtesting.bankroll import Movement
from analytics.backtesting.equity import equity_by_day
from tests.analytics.boards import HOUR, TIP_OFF
from tests.analytics.results import make_bet

DAY = timedelta(days=1)


def test_a_day_on_which_nothing_moves_is_a_day() -> None:
    moves = [Movement(TIP_OFF, 900, 100), Movement(TIP_OFF + 3 * DAY, 1100, 0)]
    days = equity_by_day(1000, TIP_OFF - DAY, TIP_OFF, moves, [])
    assert [(day.day.day, day.bankroll, day.open_stakes) for day in days] == [
        (9, 1000, 0),
        (10, 1000, 100),
        (11, 1000, 100),
        (12, 1000, 100),
        (13, 1100, 0),
    ]


def test_a_day_ends_with_its_last_movement_in_utc() -> None:
    moves = [Movement(TIP_OFF, 900, 100), Movement(TIP_OFF + 3.9 * HOUR, 1100, 0)]
    assert [day.bankroll for day in equity_by_day(1000, TIP_OFF, TIP_OFF, moves, [])] == [1100]


def test_a_fall_counts_from_the_highest_so_far_the_beginning_included() -> None:
    moves = [Movement(TIP_OFF + day * DAY, money, 0) for day, money in enumerate([800.0, 1200.0, 900.0])]
    falls = [day.drawdown for day in equity_by_day(1000, TIP_OFF, TIP_OFF, moves, [])]
    assert falls == pytest.approx([0.2, 0.0, 0.25])


def test_bets_count_on_the_day_on_which_they_settle() -> None:
    bets = [
        make_bet(0, settled_at=TIP_OFF, profit=50),
        make_bet(1, settled_at=TIP_OFF + HOUR, profit=-100),
        make_bet(2, settled_at=None, grade=None, profit=None),
    ]
    (day,) = equity_by_day(1000, TIP_OFF, TIP_OFF, [Movement(TIP_OFF, 950, 0)], bets)
    assert (day.bets, day.profit) == (2, -50)


def test_days_on_which_only_decisions_were_made_count_at_the_end_as_well() -> None:
    moves = [Movement(TIP_OFF, 900, 100), Movement(TIP_OFF + DAY, 1100, 0)]
    days = equity_by_day(1000, TIP_OFF, TIP_OFF + 3 * DAY, moves, [])
    assert [day.bankroll for day in days] == [1000, 1100, 1100, 1100]


def test_without_bets_there_is_the_day_of_the_first_decision() -> None:
    (day,) = equity_by_day(1000, TIP_OFF, TIP_OFF, [], [])
    assert (day.day, day.bankroll, day.drawdown) == (date(2026, 1, 10), 1000, 0)


def test_what_rounding_leaves_at_stake_is_nothing() -> None:
    (day,) = equity_by_day(1000, TIP_OFF, TIP_OFF, [Movement(TIP_OFF, 1000, -5.4e-13)], [])
    assert str(day.open_stakes) == "0.0"


def test_stakes_that_leave_the_hand_are_no_fall() -> None:
    stake = 25.9048288694
    moves = [
        Movement(TIP_OFF, 10_000 - stake, stake),
        Movement(TIP_OFF + DAY, 10_000 - 3 * stake, 3 * stake),
    ]
    days = equity_by_day(10_000, TIP_OFF, TIP_OFF, moves, [])
    assert [day.bankroll for day in days] == pytest.approx([10_000, 10_000], rel=1e-15)
    assert [day.drawdown for day in days] == [0, 0]
