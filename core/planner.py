"""When to look at a sport next, and why: a pure function of its starts, the clock and the credits left.

`core.planning.timetable.Timetable` has the law of sampling, `core.planning.credits.allowance` that of the credits.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice, takewhile

from core.planning.credits import Allowance, allowance, ample_until
from core.planning.reasons import explained
from core.planning.timetable import Timetable
from core.planning.values import Balance, Plan, PlannedRun, PlannerPolicy, SportSchedule, Wake
from core.planning.wording import instant_text
from core.tiers import SAMPLED, Tier


def plan(
    schedule: SportSchedule,
    *,
    now: datetime,
    until: datetime,
    policy: PlannerPolicy,
    balance: Balance | None = None,
    others: Sequence[SportSchedule] = (),
) -> Plan:
    """Return the looks from now until an instant, as they will come if the schedule stays as it is known.

    A larger balance never gives fewer looks and never drops what a smaller one kept. Whoever follows the plan and
    plans again after each look, with the balance less its cost, gets the same looks or more.

    Args:
        schedule: The sport to plan for; events that have started are passed over.
        now: The present instant.
        until: The last instant to plan for.
        policy: The user's choices.
        balance: The account's credits; None where they are not known, and then nothing is left out.
        others: The other sports that spend the same balance.
    """
    allowed = allowance((schedule, *others), now, policy, balance)
    runs = takewhile(lambda run: run.at <= until, _runs(schedule, now, policy, allowed))
    return Plan(tuple(runs), allowed.dropped, allowed.note)


def next_run(
    schedule: SportSchedule,
    *,
    now: datetime,
    policy: PlannerPolicy,
    balance: Balance | None = None,
    others: Sequence[SportSchedule] = (),
) -> Wake:
    """Return when the sport is to be looked at next, at most the longest sleep from now.

    Without a `run` nothing priced is due by then: only the free list is to be read, and the plan to be made again.
    So it is where the credits left do not pay for a last look, when that would be due: the list tells the balance,
    which may have grown. The arguments are those of `plan`.
    """
    allowed = _allowed((schedule, *others), now, policy, balance)
    run = next(_runs(schedule, now, policy, allowed), None)
    latest = now + policy.longest_sleep
    unpaid = _unpaid_last_look(schedule, now, policy, allowed)
    if unpaid is not None and unpaid.at < min(latest, run.at if run else latest):
        return unpaid
    if run is not None and run.at <= latest:
        return Wake(run.at, run.reason, run)
    return Wake(latest, _sleeping_because(run, allowed))


def _allowed(
    schedules: Sequence[SportSchedule], now: datetime, policy: PlannerPolicy, balance: Balance | None
) -> Allowance:
    """Return the allowance, without the forecast of the whole month where it is plain that nothing is left out."""
    until = ample_until(schedules, now, policy, balance)
    if until is None:
        return allowance(schedules, now, policy, balance)
    return Allowance(SAMPLED, None, until, (), "the credits left pay for every look that there can be")


def _unpaid_last_look(
    schedule: SportSchedule, now: datetime, policy: PlannerPolicy, allowed: Allowance
) -> Wake | None:
    """Return when the first last look to come is due, where the credits left pay for none."""
    if allowed.looks != 0:
        return None
    leads = [(event.commence_time - policy.closing_lead, event.label) for event in schedule.events]
    coming = [(at, label) for at, label in leads if now < at < allowed.until]
    if not coming:
        return None
    at, label = min(coming)
    return Wake(at, f"the free events list tells whether the last look at {label} can be paid; {allowed.note}")


def _sleeping_because(run: PlannedRun | None, allowed: Allowance) -> str:
    saving = f"; {allowed.note}" if allowed.dropped else ""
    if run is None:
        return f"no upcoming game: next look at the free events list{saving}"
    return f"next look at the free events list; priced again {instant_text(run.at)}: {run.reason}{saving}"


def _runs(
    schedule: SportSchedule, now: datetime, policy: PlannerPolicy, allowed: Allowance
) -> Iterator[PlannedRun]:
    """Yield the looks to come: by the allowance until the credits reset, without limit from then on."""
    last = schedule.last_look
    limited = _phase(schedule, last, now, policy, allowed.sampled)
    for run in islice(takewhile(lambda run: run.at < allowed.until, limited), allowed.looks):
        last = run.at
        yield run
    yield from _phase(schedule, last, max(now, allowed.until), policy, SAMPLED)


def _phase(
    schedule: SportSchedule,
    last: datetime | None,
    now: datetime,
    policy: PlannerPolicy,
    sampled: tuple[Tier, ...],
) -> Iterator[PlannedRun]:
    upcoming = [event for event in schedule.events if event.commence_time > now]
    for at in Timetable(upcoming, policy, sampled).looks(last, now):
        yield explained(at, last, upcoming, policy=policy, sampled=sampled, cost=schedule.look_cost)
        last = at
