"""What the credits allow: the forecast, the reserve, what is dropped first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.planning.credits import (
    allowance,
    ample_until,
    credits_at_reset,
    reset_after,
    spendable_credits,
    spendable_from,
)
from core.planning.values import Balance, PlannerPolicy, SportSchedule, UpcomingEvent
from core.tiers import SAMPLED, Tier

NOW = datetime(2026, 9, 10, 12, tzinfo=UTC)
RESET = datetime(2026, 10, 1, tzinfo=UTC)
POLICY = PlannerPolicy()


def schedule(*hours: float, cost: int = 3) -> SportSchedule:
    events = tuple(
        UpcomingEvent(str(number), NOW + timedelta(hours=ahead), f"game {number}")
        for number, ahead in enumerate(hours)
    )
    return SportSchedule(events, None, cost)


def with_results(*hours: float) -> SportSchedule:
    return replace(schedule(*hours), results_due=tuple(NOW + timedelta(hours=ahead + 3) for ahead in hours))


@pytest.mark.parametrize(
    ("instant", "renewed"),
    [
        pytest.param("2026-09-10T12:00", "2026-10-01T00:00", id="the first of the next month"),
        pytest.param("2026-12-31T23:59", "2027-01-01T00:00", id="over the turn of the year"),
        pytest.param(
            "2026-10-01T00:00", "2026-10-01T00:15", id="at the turn of the month it may still be the old one"
        ),
        pytest.param("2026-10-01T00:14", "2026-10-01T00:15", id="within the first quarter of an hour too"),
        pytest.param("2026-10-01T00:15", "2026-11-01T00:00", id="after it the balance is the new month's"),
    ],
)
def test_a_balance_counts_until_it_is_renewed(instant: str, renewed: str) -> None:
    assert reset_after(datetime.fromisoformat(instant + "Z")) == datetime.fromisoformat(renewed + "Z")


def test_an_unknown_balance_limits_nothing_and_says_so() -> None:
    allowed = allowance([schedule(100)], NOW, POLICY, None)
    assert (allowed.sampled, allowed.looks, allowed.dropped) == (SAMPLED, None, ())
    assert "not known" in allowed.note


def test_a_balance_that_suffices_drops_nothing() -> None:
    fourteen_looks = 14 * 3
    allowed = allowance([schedule(100)], NOW, POLICY, Balance(fourteen_looks + 50, 500, RESET))
    assert allowed.sampled == SAMPLED
    assert allowed.dropped == ()


@pytest.mark.parametrize(
    ("remaining", "sampled", "looks"),
    [
        pytest.param(91, SAMPLED[1:], None, id="opening goes first"),
        pytest.param(88, SAMPLED[2:], None, id="then early"),
        pytest.param(82, SAMPLED[3:], None, id="then sharp"),
        pytest.param(79, SAMPLED[4:], None, id="then pregame, and closing may use the reserve"),
        pytest.param(21, SAMPLED[4:], None, id="closing samples down to the last credit"),
        pytest.param(20, (), None, id="only the last looks"),
        pytest.param(3, (), None, id="down to the last credit"),
        pytest.param(2, (), 0, id="nothing that cannot be paid"),
        pytest.param(0, (), 0, id="nothing without credits"),
    ],
)
def test_cheap_tiers_are_dropped_first(remaining: int, sampled: tuple[Tier, ...], looks: int | None) -> None:
    allowed = allowance([schedule(100)], NOW, POLICY, Balance(remaining, 500, RESET))
    assert (allowed.sampled, allowed.looks) == (sampled, looks)


@pytest.mark.parametrize(
    ("remaining", "sampled"),
    [
        pytest.param(42 + 50 + 4, SAMPLED, id="two calls are paid besides the looks and the reserve"),
        pytest.param(42 + 50 + 3, SAMPLED[1:], id="else far looks are dropped for them"),
        pytest.param(30 + 50 + 3, SAMPLED[4:], id="down to the closing ones"),
        pytest.param(21, SAMPLED[4:], id="but no closing look is"),
    ],
)
def test_the_results_of_the_known_games_are_counted_among_what_is_needed(
    remaining: int, sampled: tuple[Tier, ...]
) -> None:
    due = (NOW + timedelta(hours=103), NOW + timedelta(hours=110), NOW - timedelta(hours=1), RESET)
    allowed = allowance([replace(schedule(100), results_due=due)], NOW, POLICY, Balance(remaining, 500, RESET))
    assert allowed.sampled == sampled
    assert allowed.note.startswith("the known schedule needs 46 credits until")


def test_what_was_dropped_is_said_with_its_looks_and_credits() -> None:
    allowed = allowance([schedule(100)], NOW, POLICY, Balance(79, 500, RESET))
    assert [(each.tier, each.looks, each.cost) for each in allowed.dropped] == [
        (Tier.OPENING, 1, 3),
        (Tier.EARLY, 2, 6),
        (Tier.SHARP, 1, 3),
        (Tier.PREGAME, 3, 9),
    ]
    assert allowed.dropped[0].reason == (
        "the known schedule needs 42 credits until Thu 1 Oct 00:00 UTC; "
        "79 of 500 are left, 50 of them kept for closing looks"
    )


def test_thousands_of_credits_are_told_as_such() -> None:
    note = allowance([schedule(100)], NOW, POLICY, Balance(18_000, 20_000, RESET)).note
    assert "18,000 of 20,000 are left, 2,000 of them kept for closing looks" in note


def test_the_earliest_last_looks_are_kept_where_not_all_can_be_paid() -> None:
    allowed = allowance([schedule(10, 20, 30)], NOW, POLICY, Balance(7, 500, RESET))
    assert (allowed.sampled, allowed.looks) == ((), 2)
    assert (allowed.dropped[-1].tier, allowed.dropped[-1].looks) == (None, 1)


def test_games_after_the_reset_are_not_paid_from_this_balance() -> None:
    after_the_reset = (RESET - NOW) / timedelta(hours=1) + 200
    allowed = allowance([schedule(after_the_reset)], NOW, POLICY, Balance(0, 500, RESET))
    assert allowed.dropped == ()


@pytest.mark.parametrize(
    "balance",
    [
        pytest.param(Balance(3, 20, RESET), id="with the last reading of the old one"),
        pytest.param(Balance(19, 20, reset_after(RESET)), id="with a first reading, which may be either's"),
    ],
)
def test_at_the_turn_of_a_month_nothing_is_spent_that_the_new_one_cannot_pay(balance: Balance) -> None:
    """A game starts 30 hours into the month, whose credits pay for six looks: not for all of the closing tier."""
    thirty_hours_on = (RESET - NOW) / timedelta(hours=1) + 30
    assert allowance([schedule(thirty_hours_on)], RESET, POLICY, balance).sampled == ()


def test_a_reading_from_before_the_reset_stands_for_a_whole_new_plan() -> None:
    stale = Balance(0, 500, NOW - timedelta(hours=1))
    assert allowance([schedule(100)], NOW, POLICY, stale).sampled == SAMPLED


def test_sports_that_share_a_balance_are_forecast_together() -> None:
    balance = Balance(42 + 50, 500, RESET)
    assert allowance([schedule(100)], NOW, POLICY, balance).sampled == SAMPLED
    assert allowance([schedule(100), schedule(100)], NOW, POLICY, balance).sampled == SAMPLED[4:]


def test_a_shared_balance_pays_the_earliest_last_looks_of_all_sports() -> None:
    balance = Balance(6, 500, RESET)
    mine, sooner = schedule(20, 40), schedule(10, 50)
    assert allowance([mine, sooner], NOW, POLICY, balance).looks == 1


@pytest.mark.parametrize(
    ("remaining", "spendable"),
    [
        pytest.param(52, NOW, id="the reserve would remain"),
        pytest.param(51, RESET, id="the reserve would be touched"),
    ],
)
def test_other_calls_never_touch_the_reserve(remaining: int, spendable: datetime) -> None:
    assert spendable_from(Balance(remaining, 500, RESET), 2, NOW, POLICY) == spendable


def test_an_unknown_or_outdated_balance_holds_no_call_back() -> None:
    assert spendable_from(None, 2, NOW, POLICY) == NOW
    assert spendable_from(Balance(0, 500, NOW), 2, NOW, POLICY) == NOW


@given(
    st.lists(
        st.lists(st.floats(-5, 900), max_size=12).map(lambda hours: with_results(*hours)), min_size=1, max_size=3
    ),
    st.integers(0, 2500),
    st.sampled_from(
        [PlannerPolicy(), PlannerPolicy(lookahead=timedelta(days=30)), PlannerPolicy(credit_reserve=0)]
    ),
)
def test_where_credits_are_plainly_ample_the_forecast_leaves_nothing_out(
    schedules: list[SportSchedule], remaining: int, policy: PlannerPolicy
) -> None:
    balance = Balance(remaining, 2500, RESET)
    until = ample_until(schedules, NOW, policy, balance)
    allowed = allowance(schedules, NOW, policy, balance)
    assert until is None or (allowed.sampled, allowed.looks, allowed.until) == (SAMPLED, None, until)


def test_credits_are_ample_for_a_few_games_and_never_plainly_so_where_the_balance_is_not_known() -> None:
    assert ample_until([schedule(5, 30)], NOW, POLICY, Balance(2000, 2000, RESET)) == RESET
    assert ample_until([schedule(5, 30)], NOW, POLICY, Balance(250, 2000, RESET)) is None
    assert ample_until([schedule(5, 30)], NOW, POLICY, Balance(2000, 2000, NOW)) is None
    assert ample_until([schedule(5, 30)], NOW, POLICY, None) is None


@pytest.mark.parametrize(
    ("plan_size", "fraction", "kept"),
    [
        pytest.param(20000, 0.07, 1400, id="a whole number that is not one in binary"),
        pytest.param(500, 0.1, 50, id="the default"),
        pytest.param(505, 0.1, 51, id="part of a credit is a credit"),
    ],
)
def test_the_reserve_is_rounded_up_from_the_fraction_as_it_is_written(
    plan_size: int, fraction: float, kept: int
) -> None:
    balance = Balance(plan_size, plan_size, RESET)
    policy = PlannerPolicy(credit_reserve=fraction)
    assert spendable_credits(balance, NOW, policy, closing=False) == plan_size - kept


def left_at_reset(read_at: str, remaining: int, plan_size: int = 500) -> float | None:
    instant = datetime.fromisoformat(read_at).replace(tzinfo=UTC)
    return credits_at_reset(Balance(remaining, plan_size, reset_after(instant)), instant)


@pytest.mark.parametrize(
    ("read_at", "remaining", "at_reset"),
    [
        pytest.param("2026-09-16T00:00", 400, 300, id="as much again in the other half of the month"),
        pytest.param("2026-02-15T00:00", 400, 300, id="a short month"),
        pytest.param("2026-11-25T00:00", 404, 380, id="a Wednesday is no third day"),
        pytest.param("2026-09-16T00:00", 200, -100, id="what will lack"),
        pytest.param("2026-09-30T23:59", 500, 500, id="nothing spent"),
        pytest.param("2026-09-02T00:00", 490, 200, id="from the second day on"),
        pytest.param("2026-09-01T23:59", 490, None, id="the first day tells nothing of a month"),
        pytest.param("2026-09-01T00:05", 20, None, id="nor does the old month's balance"),
    ],
)
def test_the_credits_are_taken_to_go_on_as_they_went_this_month(
    read_at: str, remaining: int, at_reset: float | None
) -> None:
    assert left_at_reset(read_at, remaining) == (None if at_reset is None else pytest.approx(at_reset, abs=0.1))


@given(st.integers(1, 28), st.integers(0, 400))
def test_where_credits_go_at_one_pace_every_day_says_the_same(day: int, a_day: int) -> None:
    balance = Balance(20_000 - a_day * day, 20_000, RESET)
    read_at = datetime(2026, 9, 1, tzinfo=UTC) + timedelta(days=day)
    assert credits_at_reset(balance, read_at) == pytest.approx(20_000 - 30 * a_day)
