"""The tiers: where they begin, how often each is sampled."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tiers import BOUNDARIES, INTERVALS, SAMPLED, Tier, hours_until, tier_at, tier_of

START = datetime(2026, 9, 13, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "tier"),
    [
        pytest.param(500, Tier.OPENING, id="weeks ahead is opening"),
        pytest.param(72.001, Tier.OPENING, id="just over 72 h is opening"),
        pytest.param(72, Tier.EARLY, id="72 h is early"),
        pytest.param(24.001, Tier.EARLY, id="just over 24 h is early"),
        pytest.param(24, Tier.SHARP, id="24 h is sharp"),
        pytest.param(12.001, Tier.SHARP, id="just over 12 h is sharp"),
        pytest.param(12, Tier.PREGAME, id="12 h is pregame"),
        pytest.param(3.001, Tier.PREGAME, id="just over 3 h is pregame"),
        pytest.param(3, Tier.CLOSING, id="3 h is closing"),
        pytest.param(0.001, Tier.CLOSING, id="the last seconds are closing"),
        pytest.param(0, Tier.IN_PLAY, id="the start is in play"),
        pytest.param(-1, Tier.IN_PLAY, id="after the start is in play"),
    ],
)
def test_exactly_at_a_boundary_the_nearer_tier_holds(hours: float, tier: Tier) -> None:
    assert tier_at(hours) is tier


def test_the_tiers_are_sampled_at_these_intervals() -> None:
    hours = [INTERVALS[tier] / timedelta(hours=1) for tier in SAMPLED]
    assert hours == [48, 24, 12, 3, 0.5]


def test_in_play_is_never_sampled() -> None:
    assert Tier.IN_PLAY not in SAMPLED
    assert Tier.IN_PLAY not in INTERVALS


@pytest.mark.parametrize("tier", BOUNDARIES)
def test_a_tier_begins_at_its_boundary_to_the_microsecond(tier: Tier) -> None:
    begins = START - BOUNDARIES[tier]
    assert tier_of(START, begins) is tier
    assert tier_of(START, begins - timedelta(microseconds=1)) is not tier


@given(st.floats(-100, 1000), st.floats(-100, 1000))
def test_the_nearer_of_two_instants_is_never_in_a_farther_tier(one: float, other: float) -> None:
    order = [*SAMPLED, Tier.IN_PLAY]
    near, far = sorted((one, other))
    assert order.index(tier_at(near)) >= order.index(tier_at(far))


def test_hours_until_a_start_are_negative_after_it() -> None:
    assert hours_until(START, START - timedelta(minutes=90)) == 1.5
    assert hours_until(START, START + timedelta(minutes=30)) == -0.5
