"""Money is neither made nor lost but by bets, and never spent before it is had."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.backtesting.bankroll import Bankroll, Payment
from tests.analytics.boards import HOUR, TIP_OFF


def at(hours: float) -> datetime:
    return TIP_OFF + hours * HOUR


def test_a_stake_leaves_at_once_and_comes_back_with_the_result() -> None:
    bankroll = Bankroll(1000.0)
    bankroll.place(at(0), 100, [Payment(at(3), 2.5)])
    assert (bankroll.in_hand, bankroll.open_stakes, bankroll.total) == (900, 100, 1000)
    bankroll.settle_until(at(3) - timedelta(microseconds=1))
    assert bankroll.in_hand == 900
    bankroll.settle_until(at(3))
    assert (bankroll.in_hand, bankroll.open_stakes) == (1150, 0)


@pytest.mark.parametrize("stakes", [(0.1, 0.2, 0.3), (1e9, 1.0 / 3, 1e-3)])
def test_nothing_is_at_stake_once_every_stake_is_back(stakes: tuple[float, ...]) -> None:
    bankroll = Bankroll(1e12)
    for hours, stake in enumerate(stakes):
        bankroll.place(at(0), stake, [Payment(at(3 + hours), 1.0)])
    bankroll.settle_all()
    assert bankroll.open_stakes == 0
    assert all(movement.open_stakes >= 0 for movement in bankroll.movements)


def test_a_correction_moves_money_when_it_becomes_known() -> None:
    bankroll = Bankroll(1000.0)
    bankroll.place(at(0), 100, [Payment(at(3), 2.0), Payment(at(5), -2.0)])
    bankroll.settle_until(at(4))
    assert bankroll.in_hand == 1100
    bankroll.settle_until(at(5))
    assert (bankroll.in_hand, bankroll.open_stakes) == (900, 0)


def test_a_bet_whose_result_never_becomes_known_is_at_stake_until_it_is_given_up() -> None:
    bankroll = Bankroll(1000.0)
    bankroll.place(at(0), 100, [Payment(at(9), 1.0, known=False)])
    bankroll.settle_until(at(8))
    assert (bankroll.in_hand, bankroll.open_stakes, bankroll.total) == (900, 100, 1000)
    bankroll.settle_until(at(9))
    assert (bankroll.in_hand, bankroll.open_stakes, bankroll.total) == (1000, 0, 1000)


def test_a_run_ends_with_the_last_result() -> None:
    bankroll = Bankroll(1000.0)
    bankroll.place(at(0), 100, [Payment(at(9), 1.0, known=False)])
    bankroll.place(at(0), 200, [Payment(at(5), 1.0, known=False), Payment(at(6), -1.0)])
    bankroll.settle_all()
    assert [movement.at for movement in bankroll.movements] == [at(0), at(0), at(5), at(6)]
    assert (bankroll.in_hand, bankroll.open_stakes) == (700, 100)


@pytest.mark.parametrize("stake", [0, -5, 1000.01])
def test_no_stake_exceeds_what_is_in_hand(stake: float) -> None:
    with pytest.raises(ValueError, match="at most the 1000 in hand"):
        Bankroll(1000.0).place(at(0), stake, [])


def test_every_movement_is_kept_in_order_of_time() -> None:
    bankroll = Bankroll(1000.0)
    bankroll.place(at(0), 100, [Payment(at(5), 2.0)])
    bankroll.place(at(1), 200, [Payment(at(4), 0.0)])
    bankroll.settle_all()
    assert [(movement.at, movement.in_hand, movement.open_stakes) for movement in bankroll.movements] == [
        (at(0), 900, 100),
        (at(1), 700, 300),
        (at(4), 700, 100),
        (at(5), 900, 0),
    ]


@given(
    bets=st.lists(
        st.tuples(
            st.integers(0, 50),
            st.floats(0.01, 0.99),
            st.integers(1, 30),
            st.sampled_from([0.0, 0.5, 1.0, 1.9, 6.0]),
        ),
        max_size=30,
    )
)
def test_money_is_conserved_and_never_negative(bets: list[tuple[int, float, int, float]]) -> None:
    bankroll = Bankroll(1000.0)
    profit = 0.0
    for begun, share, hours, returned in sorted(bets):
        bankroll.settle_until(at(begun))
        stake = share * bankroll.in_hand
        if stake <= 0:
            continue
        bankroll.place(at(begun), stake, [Payment(at(begun + hours), returned)])
        profit += stake * (returned - 1)
    bankroll.settle_all()
    assert all(movement.in_hand >= 0 for movement in bankroll.movements)
    assert bankroll.total == pytest.approx(1000 + profit)
    assert bankroll.open_stakes == pytest.approx(0, abs=1e-6)
