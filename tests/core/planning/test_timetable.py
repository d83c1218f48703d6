"""The law of sampling, over schedules of every shape."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.planning.timetable import Timetable
from core.planning.values import PlannerPolicy, UpcomingEvent
from core.tiers import BOUNDARIES, INTERVALS, SAMPLED, Tier, tier_of

NOW = datetime(2026, 9, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
POLICY = PlannerPolicy()

minutes_ahead = st.integers(1, 14 * 24 * 60)
clusters = st.tuples(minutes_ahead, st.lists(st.integers(0, 40), min_size=1, max_size=8)).map(
    lambda cluster: [cluster[0] + offset for offset in cluster[1]]
)
schedules = st.lists(clusters, min_size=1, max_size=4).map(
    lambda parts: [NOW + minutes * MINUTE for part in parts for minutes in part]
)
last_looks = st.none() | st.integers(0, 4 * 24 * 60).map(lambda minutes: NOW - minutes * MINUTE)
policies = st.just(POLICY) | st.builds(
    PlannerPolicy,
    closing_lead=st.integers(1, 60).map(lambda minutes: minutes * MINUTE),
    minimum_gap=st.integers(1, 60).map(lambda minutes: minutes * MINUTE),
    lookahead=st.integers(1, 10).map(lambda days: timedelta(days=days)),
)


def looks_at(
    starts: list[datetime],
    last_look: datetime | None = None,
    *,
    policy: PlannerPolicy = POLICY,
    sampled: tuple[Tier, ...] = SAMPLED,
    now: datetime = NOW,
) -> list[datetime]:
    events = [UpcomingEvent(str(number), start, "") for number, start in enumerate(starts)]
    return list(Timetable(events, policy, sampled).looks(last_look, now))


def hours_before(start: datetime, looks: list[datetime]) -> list[float]:
    return [round((start - look) / timedelta(hours=1), 2) for look in looks]


def test_a_lone_event_is_looked_at_tier_by_tier_and_just_before_its_start() -> None:
    start = NOW + timedelta(hours=100)
    assert hours_before(start, looks_at([start])) == [
        *(100, 72, 48, 24, 12, 9, 6, 3, 2.5, 2, 1.5, 1, 0.5),
        round(5 / 60, 2),
    ]


def test_a_long_interval_does_not_leap_over_a_short_tier() -> None:
    start = NOW + timedelta(hours=25)
    assert hours_before(start, looks_at([start], NOW))[0] == 24


@pytest.mark.parametrize(
    ("minutes", "leads"),
    [
        pytest.param([60, 60], [55], id="one look serves equal starts"),
        pytest.param([60, 63], [58], id="one look serves starts three minutes apart"),
        pytest.param([60, 65], [55, 60], id="starts five minutes apart get a look each"),
        pytest.param([60, 61, 62, 64], [57, 60], id="the gap holds between two groups"),
        pytest.param([60, 70, 80], [55, 65, 75], id="starts every ten minutes get a look each"),
    ],
)
def test_looks_before_close_starts_are_merged(minutes: list[int], leads: list[int]) -> None:
    starts = [NOW + minute * MINUTE for minute in minutes]
    half_an_hour_before = NOW + 30 * MINUTE
    assert looks_at(starts, half_an_hour_before, now=half_an_hour_before) == [
        NOW + lead * MINUTE for lead in leads
    ]


def test_a_sample_due_just_before_a_last_look_is_merged_into_it() -> None:
    start = NOW + 37 * MINUTE
    assert looks_at([start], NOW) == [NOW + 32 * MINUTE]


def test_a_start_moved_later_gets_its_last_look_again() -> None:
    start = NOW + 5 * MINUTE
    assert looks_at([start], NOW) == []
    assert looks_at([start + 10 * MINUTE], NOW) == [NOW + 10 * MINUTE]


def test_a_start_within_the_minimum_gap_of_the_last_look_is_left_alone() -> None:
    policy = PlannerPolicy(closing_lead=MINUTE, minimum_gap=3 * MINUTE)
    assert looks_at([NOW + 3 * MINUTE], NOW, policy=policy) == []


def test_an_overdue_look_is_due_now() -> None:
    assert looks_at([NOW + timedelta(hours=2)], NOW - timedelta(hours=1))[0] == NOW


def test_an_overdue_look_waits_for_the_minimum_gap() -> None:
    last_look = NOW - MINUTE
    assert looks_at([NOW + 4.5 * MINUTE], last_look)[0] == last_look + POLICY.minimum_gap


def test_events_beyond_the_lookahead_wait_until_they_enter_it() -> None:
    start = NOW + timedelta(days=9)
    assert looks_at([start])[0] == start - POLICY.lookahead


def test_entering_the_lookahead_asks_for_no_look_while_the_last_is_recent() -> None:
    start = NOW + timedelta(days=7, hours=1)
    assert looks_at([start], NOW)[0] == NOW + INTERVALS[Tier.OPENING]


def test_without_sampled_tiers_only_the_last_looks_remain() -> None:
    start = NOW + timedelta(days=5)
    assert looks_at([start], sampled=()) == [start - POLICY.closing_lead]


@given(schedules, last_looks, policies)
def test_looks_keep_the_minimum_gap_and_come_before_the_last_start(
    starts: list[datetime], last_look: datetime | None, policy: PlannerPolicy
) -> None:
    looks = looks_at(starts, last_look, policy=policy)
    before = [last_look] if last_look else []
    assert all(later - sooner >= policy.minimum_gap for sooner, later in pairwise([*before, *looks]))
    assert all(NOW <= look < max(starts) for look in looks)


@given(schedules, last_looks, policies)
def test_no_gap_outlasts_the_tier_interval_or_passes_a_boundary(
    starts: list[datetime], last_look: datetime | None, policy: PlannerPolicy
) -> None:
    looks = looks_at(starts, last_look, policy=policy)
    tolerance = policy.tolerance
    history = [last_look or NOW - timedelta(days=60), *looks, datetime.max.replace(tzinfo=UTC)]
    for last, look in pairwise(history):
        free = max(last + policy.minimum_gap, NOW)
        for start in (start for start in starts if start > free):
            begun = max(last + tolerance, start - policy.lookahead)
            due = max(last + INTERVALS[tier_of(start, begun)], start - policy.lookahead)
            assert look <= max(due + tolerance, free) or due >= start
            boundaries = [start - ahead for tier, ahead in BOUNDARIES.items() if tier is not Tier.IN_PLAY]
            assert all(look <= max(boundary + tolerance, free) for boundary in boundaries if boundary > begun)


@given(schedules, last_looks, policies)
def test_every_event_has_a_last_look_within_the_closing_lead(
    starts: list[datetime], last_look: datetime | None, policy: PlannerPolicy
) -> None:
    history = [*([last_look] if last_look else []), *looks_at(starts, last_look, policy=policy)]
    for start in starts:
        age = start - max(look for look in history if look < start)
        assert age <= max(policy.closing_lead, policy.minimum_gap)


@given(schedules, last_looks)
def test_by_the_default_policy_every_last_look_planned_ahead_keeps_two_minutes_clear_of_the_start(
    starts: list[datetime], last_look: datetime | None
) -> None:
    looks = looks_at(starts, last_look)
    for start in (start for start in starts if start > NOW + timedelta(minutes=20)):
        closing = [look for look in looks if start - POLICY.closing_lead <= look < start]
        assert closing
        assert closing[0] <= start - timedelta(minutes=2)


@given(schedules, last_looks, last_looks, policies)
def test_a_later_last_look_never_brings_the_next_one_forward(
    starts: list[datetime], one: datetime | None, other: datetime | None, policy: PlannerPolicy
) -> None:
    never = NOW - timedelta(days=60)
    sooner, later = sorted([one or never, other or never])
    assert looks_at(starts, sooner, policy=policy)[:1] <= looks_at(starts, later, policy=policy)[
        :1
    ] or not looks_at(starts, later, policy=policy)


@given(schedules, last_looks, policies, st.integers(0, 4))
@example([NOW + 129 * MINUTE, NOW + 1561 * MINUTE], None, POLICY, 2)
def test_sampling_fewer_tiers_never_takes_more_looks_at_any_time(
    starts: list[datetime], last_look: datetime | None, policy: PlannerPolicy, dropped: int
) -> None:
    more = looks_at(starts, last_look, policy=policy, sampled=SAMPLED[dropped:])
    fewer = looks_at(starts, last_look, policy=policy, sampled=SAMPLED[dropped + 1 :])
    assert len(fewer) <= len(more)
    assert all(sooner <= later for sooner, later in zip(more, fewer, strict=False))


@given(schedules, last_looks, policies)
def test_following_the_timetable_step_by_step_keeps_its_promise(
    starts: list[datetime], last_look: datetime | None, policy: PlannerPolicy
) -> None:
    looks = looks_at(starts, last_look, policy=policy)
    for position, look in enumerate(looks):
        assert looks_at(starts, look, policy=policy, now=look) == looks[position + 1 :]
