"""What the credits allow until they reset: the forecast, the reserve, and what is dropped first."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from heapq import merge
from itertools import pairwise, takewhile

from core.feed.credits import scores_cost
from core.planning.timetable import Timetable
from core.planning.values import Balance, Dropped, PlannerPolicy, SportSchedule
from core.planning.wording import counted, instant_text
from core.tiers import BOUNDARIES, INTERVALS, SAMPLED, Tier

SCORES_COST = scores_cost(days_from=1)
"""Credits for a scores call that brings completed games."""

_RESET_LAG = timedelta(minutes=15)
_DAY = timedelta(days=1)

_Forecast = list[list[datetime]]


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one sport may spend until an instant: looks in the sampled tiers, at most `looks` where not None."""

    sampled: tuple[Tier, ...]
    looks: int | None
    until: datetime
    dropped: tuple[Dropped, ...]
    note: str


def reset_after(instant: datetime) -> datetime:
    """Return when a balance that was read at this instant is renewed: the first of the next month, 00:00 UTC.

    The counter may lag the turn of the month by minutes, so a balance read in the first quarter of an hour of a
    month may still be the old month's and counts only until that quarter is over.
    """
    month = instant.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    if instant < month + _RESET_LAG:
        return month + _RESET_LAG
    return (month + timedelta(days=32)).replace(day=1)


def allowance(
    schedules: Sequence[SportSchedule], now: datetime, policy: PlannerPolicy, balance: Balance | None
) -> Allowance:
    """Return what the first schedule may sample, where all of them spend the same balance.

    The farthest tiers are dropped, in all sports at once, until the looks that the known schedules need for the
    rest are affordable. While any but the closing tier is sampled the reserve has to remain, and the calls for
    results are paid too; the closing tier and the last looks before starts may use all that is left. Where not
    even the last looks are affordable, the earliest are kept. At the turn of a month, when a reading may be
    either month's, a tier has to be affordable in both.
    """
    if balance is None:
        note = "the credit balance is not known: nothing is left out"
        return Allowance(SAMPLED, None, now, (), note)
    if balance.resets_at <= now:
        balance = _renewed(balance, now)
    following = _renewed(balance, now) if _may_be_renewed(balance) else None
    reserve, results = _reserve(balance, policy), _results_cost(schedules, now, balance)
    forecasts: list[_Forecast] = []
    for level in range(len(SAMPLED) + 1):
        sampled = SAMPLED[level:]
        forecasts.append(_forecast(schedules, now, policy, balance.resets_at, sampled))
        may_take_all = not set(sampled) - {Tier.CLOSING}
        kept_back = 0 if may_take_all else reserve + results
        is_paid = _cost(schedules, forecasts[-1]) <= balance.remaining - kept_back
        if is_paid and following is not None and sampled:
            whole = _forecast(schedules, now, policy, following.resets_at, sampled)
            kept_back = 0 if may_take_all else reserve + _results_cost(schedules, now, following)
            is_paid = _cost(schedules, whole) <= following.remaining - kept_back
        if is_paid:
            affordable = None
            break
    else:
        affordable = _earliest_affordable(schedules, forecasts[-1], balance.remaining)
    note = (
        f"the known schedule needs {counted(_cost(schedules, forecasts[0]) + results, 'credit')} until "
        f"{instant_text(balance.resets_at)}; {balance.remaining:,} of {balance.plan_size:,} are left, "
        f"{reserve:,} of them kept for closing looks"
    )
    return _verdict(forecasts, affordable, schedules[0].look_cost, balance.resets_at, note)


def _renewed(balance: Balance, now: datetime) -> Balance:
    """Return the whole plan, as it is to be had once a balance that was read before does not count any more."""
    resets_at = reset_after(max(now, balance.resets_at + _RESET_LAG))
    return Balance(balance.plan_size, balance.plan_size, resets_at)


def _may_be_renewed(balance: Balance) -> bool:
    """Tell whether a balance was read just after the turn of a month, and may be the new month's already."""
    return (balance.resets_at - _RESET_LAG).astimezone(UTC).day == 1


def ample_until(
    schedules: Sequence[SportSchedule], now: datetime, policy: PlannerPolicy, balance: Balance | None
) -> datetime | None:
    """Return until when nothing has to be left out, where that is plain; None where it takes the forecast to tell.

    It is plain where the balance, less the reserve and the calls for results, pays for more looks than the events
    can ever call for: within a tier an event is due once an interval, and once more at each boundary, at its
    closing lead, and where it enters the lookahead.
    """
    if balance is None or balance.resets_at <= now:
        return None
    starts_by = balance.resets_at + policy.lookahead
    most = sum(
        (1 + _most_looks(policy) * sum(now < event.commence_time <= starts_by for event in schedule.events))
        * schedule.look_cost
        for schedule in schedules
    )
    kept_back = _reserve(balance, policy) + _results_cost(schedules, now, balance)
    return balance.resets_at if most <= balance.remaining - kept_back else None


@lru_cache(maxsize=64)
def _most_looks(policy: PlannerPolicy) -> int:
    """Return how many looks one event can call for at most."""
    begins = {**BOUNDARIES, Tier.OPENING: max(policy.lookahead, BOUNDARIES[Tier.EARLY])}
    ends = [timedelta(0), *(BOUNDARIES[tier] for tier in reversed(SAMPLED) if tier is not Tier.OPENING)]
    spans = zip(reversed(SAMPLED), ends, strict=True)
    by_interval = sum((begins[tier] - end) // INTERVALS[tier] + 1 for tier, end in spans)
    return by_interval + len(SAMPLED) + 1


def _forecast(
    schedules: Sequence[SportSchedule],
    now: datetime,
    policy: PlannerPolicy,
    until: datetime,
    sampled: tuple[Tier, ...],
) -> _Forecast:
    """Return the looks of each schedule before an instant, as they would be without regard to credits."""
    forecast = []
    for schedule in schedules:
        upcoming = [event for event in schedule.events if event.commence_time > now]
        looks = Timetable(upcoming, policy, sampled).looks(schedule.last_look, now)
        forecast.append(list(takewhile(lambda at: at < until, looks)))
    return forecast


def _reserve(balance: Balance, policy: PlannerPolicy) -> int:
    """Round up the fraction as it is written: 0.07 of 20,000 is 1,400, which in binary is a little more."""
    return math.ceil(balance.plan_size * Decimal(str(policy.credit_reserve)))


def _cost(schedules: Sequence[SportSchedule], forecast: _Forecast) -> int:
    return sum(len(looks) * schedule.look_cost for looks, schedule in zip(forecast, schedules, strict=True))


def _results_cost(schedules: Sequence[SportSchedule], now: datetime, balance: Balance) -> int:
    """Return what the calls for results cost that are due until the credits reset."""
    due = sum(now <= at < balance.resets_at for schedule in schedules for at in schedule.results_due)
    return due * SCORES_COST


def _earliest_affordable(schedules: Sequence[SportSchedule], forecast: _Forecast, credits_left: int) -> int:
    """Return how many looks of the first schedule are among the earliest that the credits pay for."""
    in_order = merge(*([(at, position) for at in looks] for position, looks in enumerate(forecast)))
    affordable = 0
    for _, position in in_order:
        credits_left -= schedules[position].look_cost
        if credits_left < 0:
            break
        affordable += position == 0
    return affordable


def _verdict(
    forecasts: Sequence[_Forecast], affordable: int | None, look_cost: int, until: datetime, note: str
) -> Allowance:
    """Return what is left of the first schedule once the farther tiers are dropped, one for each forecast."""
    steps = [len(forecast[0]) for forecast in forecasts]
    if affordable is not None:
        steps.append(affordable)
    dropped = tuple(
        Dropped(tier, before - after, (before - after) * look_cost, note)
        for tier, (before, after) in zip((*SAMPLED, None), pairwise(steps), strict=False)
        if before > after
    )
    level = min(len(forecasts) - 1, len(SAMPLED))
    return Allowance(SAMPLED[level:], affordable, until, dropped, note)


def spendable_credits(
    balance: Balance | None, now: datetime, policy: PlannerPolicy, *, closing: bool
) -> int | None:
    """Return how many credits a call may spend now, the reserve included for closing looks; None if not known."""
    if balance is None:
        return None
    remaining = balance.plan_size if balance.resets_at <= now else balance.remaining
    return remaining if closing else max(remaining - _reserve(balance, policy), 0)


def spendable_from(balance: Balance | None, cost: int, now: datetime, policy: PlannerPolicy) -> datetime:
    """Return from when a call that may not touch the reserve can be paid: now, or when the credits reset."""
    if balance is None or balance.resets_at <= now:
        return now
    return now if balance.remaining - _reserve(balance, policy) >= cost else balance.resets_at


def credits_at_reset(balance: Balance, read_at: datetime) -> float | None:
    """Return what will be left when the credits reset if they go on as they went this month.

    Below 0 it is what will lack. None on the first day of a month: hours tell little of a month, and the
    reading may still be the old month's.

    Args:
        balance: The account's credits.
        read_at: The aware instant at which they were read.
    """
    month = read_at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    passed = read_at - month
    if passed < _DAY:
        return None
    spent = balance.plan_size - balance.remaining
    return balance.remaining - spent * ((balance.resets_at - read_at) / passed)
