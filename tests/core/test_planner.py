"""Plans: what they promise, with credits and without."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from core.planner import next_run, plan
from core.planning.values import Balance, PlannerPolicy, SportSchedule, UpcomingEvent
from core.tiers import SAMPLED, Tier

NOW = datetime(2026, 9, 24, 12, tzinfo=UTC)
RESET = datetime(2026, 10, 1, tzinfo=UTC)
UNTIL = NOW + timedelta(days=30)
MINUTE = timedelta(minutes=1)
POLICY = PlannerPolicy()
COST = 3

schedules = st.builds(
    lambda minutes, ago: SportSchedule(
        tuple(UpcomingEvent(str(at), NOW + at * MINUTE, f"game {at}") for at in sorted(minutes)),
        None if ago is None else NOW - ago * MINUTE,
        COST,
    ),
    st.sets(st.integers(1, 12 * 24 * 60), min_size=1, max_size=8),
    st.none() | st.integers(0, 3000),
)
remainders = st.integers(0, 300)


def balance_of(remaining: int) -> Balance:
    return Balance(remaining, 500, RESET)


def spent_before_reset(looks: list[datetime]) -> int:
    return COST * sum(look < RESET for look in looks)


def looks_of(schedule: SportSchedule, balance: Balance | None) -> list[datetime]:
    return [run.at for run in plan(schedule, now=NOW, until=UNTIL, policy=POLICY, balance=balance).runs]


@given(schedules, st.none() | remainders)
def test_every_plan_is_strictly_increasing_and_serves_events_that_have_not_started(
    schedule: SportSchedule, remaining: int | None
) -> None:
    starts = {event.event_id: event.commence_time for event in schedule.events}
    balance = None if remaining is None else balance_of(remaining)
    runs = plan(schedule, now=NOW, until=UNTIL, policy=POLICY, balance=balance).runs
    assert all(later.at - sooner.at >= POLICY.minimum_gap for sooner, later in pairwise(runs))
    for run in runs:
        assert run.event_ids
        assert all(run.at < starts[event_id] for event_id in run.event_ids)
        assert run.tier in SAMPLED


@given(schedules, remainders)
def test_no_plan_spends_more_than_there_is(schedule: SportSchedule, remaining: int) -> None:
    assert spent_before_reset(looks_of(schedule, balance_of(remaining))) <= remaining


@given(schedules, remainders)
def test_only_closing_looks_spend_the_reserve(schedule: SportSchedule, remaining: int) -> None:
    runs = plan(schedule, now=NOW, until=UNTIL, policy=POLICY, balance=balance_of(remaining)).runs
    left = remaining
    for run in runs:
        left -= run.cost if run.at < RESET else 0
        assert run.at >= RESET or run.tier is Tier.CLOSING or left >= 50


@given(schedules, remainders, remainders)
def test_a_larger_balance_never_gives_fewer_looks_or_drops_what_a_smaller_one_kept(
    schedule: SportSchedule, one: int, other: int
) -> None:
    small, large = sorted((one, other))
    poor, rich = (
        plan(schedule, now=NOW, until=UNTIL, policy=POLICY, balance=balance_of(size)) for size in (small, large)
    )
    assert len(rich.runs) >= len(poor.runs)
    assert {dropped.tier for dropped in rich.dropped} <= {dropped.tier for dropped in poor.dropped}


@given(schedules, remainders)
def test_following_the_plan_and_planning_again_gives_its_looks_or_more(
    schedule: SportSchedule, remaining: int
) -> None:
    promised = looks_of(schedule, balance_of(remaining))
    followed: list[datetime] = []
    now, last_look, left = NOW, schedule.last_look, balance_of(remaining)
    while (wake := next_step(schedule, now, last_look, left)) is not None:
        now, looked = wake
        if looked:
            last_look = now
            followed.append(now)
            left = Balance(left.remaining - COST, left.plan_size, left.resets_at)
        if now >= RESET:
            left = Balance(500, 500, datetime(2026, 11, 1, tzinfo=UTC))
    assert len(followed) >= len(promised)
    assert spent_before_reset(followed) <= remaining
    assert all(mine <= theirs for mine, theirs in zip(followed, promised, strict=False))


def next_step(
    schedule: SportSchedule, now: datetime, last_look: datetime | None, balance: Balance
) -> tuple[datetime, bool] | None:
    """Return when the job wakes next and whether it looks then; None when every event has started."""
    if all(event.commence_time <= now for event in schedule.events):
        return None
    known = SportSchedule(schedule.events, last_look, COST)
    wake = next_run(known, now=now, policy=POLICY, balance=balance)
    return wake.at, wake.run is not None


def test_without_an_upcoming_game_the_job_sleeps_a_day_and_spends_nothing() -> None:
    started = UpcomingEvent("started", NOW, "A at B")
    wake = next_run(SportSchedule((started,), None, COST), now=NOW, policy=POLICY)
    assert (wake.at, wake.run) == (NOW + timedelta(hours=24), None)
    assert wake.reason == "no upcoming game: next look at the free events list"


def test_before_a_distant_game_the_job_wakes_daily_for_the_free_list() -> None:
    event = UpcomingEvent("far", NOW + timedelta(days=40), "A at B")
    wake = next_run(SportSchedule((event,), None, COST), now=NOW, policy=POLICY)
    assert (wake.at, wake.run) == (NOW + timedelta(hours=24), None)
    assert wake.reason == (
        "next look at the free events list; priced again Tue 27 Oct 12:00 UTC: first look: A at B starts in 7 d"
    )


def test_out_of_credits_nothing_priced_comes_before_the_reset() -> None:
    event = UpcomingEvent("soon", NOW + timedelta(hours=5), "A at B")
    schedule = SportSchedule((event,), None, COST)
    assert looks_of(schedule, balance_of(2)) == []
    wake = next_run(schedule, now=NOW, policy=POLICY, balance=balance_of(2))
    assert wake.run is None
    assert "2 of 500 are left" in wake.reason


def test_the_free_list_is_read_when_a_last_look_would_be_due_that_cannot_be_paid() -> None:
    sooner, later = (UpcomingEvent(f"in {hours}", NOW + timedelta(hours=hours), "A at B") for hours in (5, 6))
    schedule = SportSchedule((later, sooner), None, COST)
    lead = sooner.commence_time - POLICY.closing_lead
    wake = next_run(schedule, now=NOW, policy=POLICY, balance=balance_of(2))
    assert (wake.at, wake.run) == (lead, None)
    assert wake.reason.startswith("the free events list tells whether the last look at A at B can be paid; ")
    again = next_run(schedule, now=lead, policy=POLICY, balance=balance_of(2))
    assert (again.at, again.run) == (later.commence_time - POLICY.closing_lead, None)
    paid = next_run(schedule, now=lead, policy=POLICY, balance=balance_of(3))
    assert paid.run is not None
    assert (paid.at, paid.run.tier) == (lead, Tier.CLOSING)


def test_after_the_reset_sampling_resumes_in_full() -> None:
    event = UpcomingEvent("later", RESET + timedelta(hours=5), "A at B")
    looks = looks_of(SportSchedule((event,), NOW, COST), balance_of(0))
    assert looks[0] == RESET
    assert len(looks) == 8


def season() -> tuple[UpcomingEvent, ...]:
    """Return a season of 18 weeks: one game on Thursday, thirteen on Sunday at four times, one on Monday."""
    kickoffs = [
        (timedelta(0), 1),
        (timedelta(days=2, hours=16, minutes=45), 8),
        (timedelta(days=2, hours=19, minutes=50), 2),
        (timedelta(days=2, hours=20, minutes=10), 2),
        (timedelta(days=3, minutes=5), 1),
        (timedelta(days=4), 1),
    ]
    return tuple(
        UpcomingEvent(f"{week}-{after}-{number}", NOW + timedelta(days=7 * week, hours=12) + after, "A at B")
        for week in range(18)
        for after, games in kickoffs
        for number in range(games)
    )


def test_a_season_takes_a_fifth_of_half_hourly_sampling_and_closes_within_six_minutes() -> None:
    events = season()
    end = max(event.commence_time for event in events)
    runs = plan(SportSchedule(events, None, COST), now=NOW, until=end, policy=POLICY).runs
    looks = [run.at for run in runs]
    last_looks = [max(look for look in looks if look < event.commence_time) for event in events]
    ages = [(event.commence_time - look) / MINUTE for event, look in zip(events, last_looks, strict=True)]
    assert len(looks) / ((end - NOW) / timedelta(minutes=30)) <= 0.2
    assert median(ages) <= 6
    assert max(ages) <= 10


@given(schedules)
def test_the_next_run_is_the_same_whether_the_credits_are_just_enough_or_plainly_ample(
    schedule: SportSchedule,
) -> None:
    enough = 50 + spent_before_reset(looks_of(schedule, Balance(10_000, 500, RESET)))
    just, ample = (
        next_run(schedule, now=NOW, policy=POLICY, balance=Balance(left, 500, RESET)) for left in (enough, 10_000)
    )
    assert just == ample
