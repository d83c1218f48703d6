"""What is placed is sized by the rule and cut by every limit; a bet that deserves nothing gets nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.backtesting.bankroll import Bankroll, Payment
from analytics.backtesting.config import Limits
from analytics.backtesting.placing import Candidate, Unplaced, place_all
from tests.analytics.boards import HOUR, TIP_OFF

FREE: dict[str, Any] = {"min_stake": 0, "max_stake_percent": 100}


class Wants:
    """Says of each bet what the test says."""

    def __init__(self, *stakes: float, combined: float = 0.0) -> None:
        self._stakes, self._combined = stakes, combined
        self.seen_open: list[dict[int, float]] = []
        self.seen_bankrolls: list[float] = []

    def stakes(self, numbers: Sequence[int], bankroll: float, open_stakes: Mapping[int, float]) -> Sequence[float]:
        """Return the stakes as they were said."""
        self.seen_open.append(dict(open_stakes))
        self.seen_bankrolls.append(bankroll)
        return [self._stakes[number] for number in numbers]

    def combined(self, bankroll: float) -> float:
        """Return the stake as it was said."""
        self.seen_bankrolls.append(bankroll)
        return self._combined


def at(hours: float) -> datetime:
    return TIP_OFF + hours * HOUR


def bet(number: int, hours: float = 0, **changes: Any) -> Candidate:
    """Return a bet that is lost after three hours, on an event of its own."""
    made = Candidate(number, f"event{number}", at(hours), None, 1.0, [Payment(at(hours + 3), 0.0)])
    return made._replace(**changes)


def placed(
    candidates: Sequence[Candidate], sizer: Wants, money: float = 1000.0, **limits: Any
) -> dict[int, float]:
    found = place_all(candidates, sizer, Limits(**{**FREE, **limits}), Bankroll(money))
    assert len(found.placed) + sum(found.unplaced.values()) == len(candidates)
    return {one.number: round(one.stake, 9) for one in found.placed}


@pytest.mark.parametrize(
    ("limits", "stake"),
    [
        pytest.param({}, 400, id="as wanted"),
        pytest.param({"max_stake": 50}, 50, id="at most so much"),
        pytest.param({"max_stake_percent": 5}, 50, id="at most such a part of the bankroll"),
        pytest.param({"max_open_percent": 10}, 100, id="at most so much at stake"),
        pytest.param({"min_stake": 401}, None, id="not below the minimum"),
        pytest.param({"min_stake": 60, "max_stake": 50}, None, id="not below the minimum by a limit either"),
    ],
)
def test_a_limit_cuts_a_stake(limits: dict[str, float], stake: float | None) -> None:
    assert placed([bet(0)], Wants(400), **limits).get(0) == stake


@pytest.mark.parametrize("wanted", [0.0, -25.0])
def test_a_bet_that_deserves_nothing_is_not_lifted_to_the_minimum(wanted: float) -> None:
    assert placed([bet(0)], Wants(wanted), min_stake=10) == {}


def test_bets_that_overlap_cannot_spend_what_is_at_stake() -> None:
    assert placed([bet(0), bet(1, hours=1)], Wants(800, 800)) == {0: 800, 1: 200}


@pytest.mark.parametrize(
    ("limits", "cut"),
    [
        pytest.param({}, [False, True], id="by the money in hand"),
        pytest.param({"max_stake": 700}, [True, False], id="by the most money on a bet"),
        pytest.param({"max_open_percent": 80}, [False], id="not where nothing is left"),
    ],
)
def test_a_stake_smaller_than_the_rule_says_is_told(limits: dict[str, float], cut: list[bool]) -> None:
    found = place_all([bet(0), bet(1)], Wants(800, 300), Limits(**{**FREE, **limits}), Bankroll(1000.0))
    assert [one.is_cut for one in found.placed] == cut


def test_what_is_won_by_an_instant_may_be_staked_at_it_and_not_before() -> None:
    won = [Payment(at(3), 2.0)]
    assert placed([bet(0, payments=won), bet(1, hours=3)], Wants(1000, 5000)) == {0: 1000, 1: 2000}
    assert placed([bet(0, payments=won), bet(1, hours=2.9)], Wants(1000, 5000)) == {0: 1000}


def test_the_bankroll_that_counts_is_what_is_in_hand_and_at_stake() -> None:
    found = place_all(
        [bet(0), bet(1, hours=1), bet(2, hours=3)], Wants(100, 100, 100), Limits(), Bankroll(1000.0)
    ).placed
    assert [one.bankroll for one in found] == [1000, 1000, 950]
    assert [one.stake for one in found] == [50, 50, 47.5]


def test_the_rule_is_told_what_is_open_at_each_instant() -> None:
    rule = Wants(10, 20, 30)
    placed([bet(0), bet(1, hours=1), bet(2, hours=3.5)], rule)
    assert rule.seen_open == [{}, {0: 10}, {1: 20}]


@pytest.mark.parametrize("combination", [None, 7], ids=["a single bet", "a combination"])
def test_the_rule_sizes_by_what_is_in_hand_and_at_stake(combination: int | None) -> None:
    rule = Wants(100, 100, 100, combined=100)
    placed([bet(number, hours=2 * number, combination=combination) for number in range(3)], rule)
    assert {*rule.seen_bankrolls} == {1000, 900}
    assert rule.seen_bankrolls[-1] == 900


def test_no_event_has_more_bets_than_allowed() -> None:
    again = bet(2, hours=1, event_id="event0")
    assert placed([bet(0), bet(1, event_id="event0"), again], Wants(10, 10, 10), max_bets_per_event=2) == {
        0: 10,
        1: 10,
    }


@pytest.mark.parametrize(
    ("wanted", "limits", "unplaced"),
    [
        pytest.param((0, -5), {}, {Unplaced.UNWANTED: 2}, id="the rule stakes nothing"),
        pytest.param((9, 100), {"min_stake": 10}, {Unplaced.TOO_SMALL: 1}, id="it wants less than the least"),
        pytest.param(
            (900, 900), {"min_stake": 10, "max_stake": 5}, {Unplaced.TOO_SMALL: 2}, id="no stake may be the least"
        ),
        pytest.param((1000, 5), {}, {Unplaced.NO_MONEY: 1}, id="all the money is at stake"),
        pytest.param((100, 5), {"max_open_percent": 10}, {Unplaced.NO_MONEY: 1}, id="no more may be at stake"),
        pytest.param((10, 10), {"max_bets_per_event": 1}, {Unplaced.EVENT_FULL: 1}, id="the event has its bet"),
    ],
)
def test_what_is_not_placed_is_counted_by_its_reason(
    wanted: tuple[float, ...], limits: dict[str, Any], unplaced: dict[Unplaced, int]
) -> None:
    candidates = [bet(0), bet(1, hours=1, event_id="event0")]
    assert (
        place_all(candidates, Wants(*wanted), Limits(**{**FREE, **limits}), Bankroll(1000.0)).unplaced == unplaced
    )


def legs(*shares: float, **changes: Any) -> list[Candidate]:
    return [
        bet(number, event_id="event0", combination=7, share=share, **changes)
        for number, share in enumerate(shares)
    ]


def test_a_combination_is_staked_by_its_shares_and_cut_as_a_whole() -> None:
    wants = Wants(0, 0, combined=100)
    assert placed(legs(0.6, 0.4), wants) == {0: 60, 1: 40}
    assert placed(legs(0.6, 0.4), wants, max_stake=30) == {0: 30, 1: 20}
    assert placed(legs(0.6, 0.4), wants, money=50) == {0: 30, 1: 20}


def test_a_combination_is_placed_whole_or_not_at_all() -> None:
    found = place_all(legs(0.9, 0.1), Wants(0, 0, combined=100), Limits(min_stake=20), Bankroll(1000.0))
    assert (found.placed, found.unplaced) == ((), {Unplaced.TOO_SMALL: 2})
    assert placed(legs(0.6, 0.4), Wants(0, 0, combined=100), max_bets_per_event=1) == {}


def test_combinations_of_two_events_with_one_number_are_two() -> None:
    other = [leg._replace(number=leg.number + 2, event_id="event9") for leg in legs(0.5, 0.5)]
    assert placed([*legs(0.6, 0.4), *other], Wants(0, 0, 0, 0, combined=100)) == {0: 60, 1: 40, 2: 50, 3: 50}


@given(
    wanted=st.lists(st.floats(-100, 3000), min_size=1, max_size=12),
    returns=st.lists(st.sampled_from([0.0, 1.0, 1.9, 4.0]), min_size=12, max_size=12),
    gaps=st.lists(st.integers(0, 4), min_size=12, max_size=12),
    percent=st.floats(1, 100),
)
def test_no_stake_passes_a_limit_whatever_is_wanted(
    wanted: list[float], returns: list[float], gaps: list[int], percent: float
) -> None:
    hours = [sum(gaps[: number + 1]) for number in range(len(wanted))]
    candidates = [
        bet(number, hours=hours[number], payments=[Payment(at(hours[number] + 3), returns[number])])
        for number in range(len(wanted))
    ]
    bankroll = Bankroll(1000.0)
    limits = Limits(min_stake=5, max_stake_percent=percent, max_open_percent=60)
    found = place_all(candidates, Wants(*wanted), limits, bankroll).placed
    assert all(5 <= one.stake <= percent / 100 * one.bankroll + 1e-9 for one in found)
    assert all(one.stake <= max(wanted[one.number], 0) for one in found)
    assert all(movement.in_hand >= 0 for movement in bankroll.movements)


@given(
    money=st.floats(1, 1e6),
    shares=st.lists(st.floats(0.01, 0.99), min_size=1, max_size=6),
    combined=st.booleans(),
)
def test_all_the_money_in_hand_may_be_staked(money: float, shares: list[float], combined: bool) -> None:
    stakes = [share * money for share in shares for _ in range(2)]
    legs_of_all = [
        bet(2 * pair + leg, event_id=f"event{pair}", combination=7 if combined else None, share=part)
        for pair, share in enumerate(shares)
        for leg, part in enumerate((share, 1 - share))
    ]
    bankroll = Bankroll(money)
    found = place_all(legs_of_all, Wants(*stakes, combined=money), Limits(**FREE), bankroll).placed
    assert sum(one.stake for one in found) == pytest.approx(min(money, sum(stakes)) if not combined else money)
    assert bankroll.in_hand >= 0
