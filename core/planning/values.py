"""What the planner is given and what it gives back; instants are aware UTC."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from core.tiers import Tier

_LATEST_BEFORE_START = timedelta(minutes=2)


class UpcomingEvent(NamedTuple):
    """An event that the planner may look at; `label` is how a person knows it (`Bills at Texans`)."""

    event_id: str
    commence_time: datetime
    label: str


@dataclass(frozen=True, slots=True)
class PlannerPolicy:
    """The user's choices about when to look.

    `credit_reserve` is the fraction of the plan's credits that only looks of the closing tier may spend.
    """

    closing_lead: timedelta = timedelta(minutes=5)
    minimum_gap: timedelta = timedelta(minutes=3)
    longest_sleep: timedelta = timedelta(hours=24)
    lookahead: timedelta = timedelta(days=7)
    credit_reserve: float = 0.1

    @property
    def tolerance(self) -> timedelta:
        """Return how far a look may stray from its due time so that one look serves several events.

        The minimum gap, but never so much that a look meant for `closing_lead` before a start would come within
        two minutes of it, because triggers may fire a minute late.
        """
        return max(min(self.minimum_gap, self.closing_lead - _LATEST_BEFORE_START), timedelta(0))


@dataclass(frozen=True, slots=True)
class SportSchedule:
    """The known schedule of one sport.

    `last_look` is the instant of the newest answered priced call, which served every event of the sport by asking
    for all that a look asks for; None before the first. `look_cost` is in credits.
    `results_due` are the instants at which results are to be asked for, by a priced call each, as far as the
    starts tell.
    """

    events: tuple[UpcomingEvent, ...]
    last_look: datetime | None
    look_cost: int
    results_due: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Balance:
    """The account's credits as last read.

    From `resets_at` (`reset_after` of the reading's instant) the reading says nothing any more.
    """

    remaining: int
    plan_size: int
    resets_at: datetime


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """A priced look to come: when, why, for which events it is due, and its cost in credits.

    `tier` is the nearest tier among the events it is due for. `upcoming` counts the events within the lookahead,
    which all get a snapshot from the one call.
    """

    at: datetime
    tier: Tier
    reason: str
    event_ids: tuple[str, ...]
    upcoming: int
    cost: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """Looks left out until the credits reset; `tier` is None for the last looks before starts."""

    tier: Tier | None
    looks: int
    cost: int
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The looks to come in order of time, what was left out, and a sentence about the credits."""

    runs: tuple[PlannedRun, ...]
    dropped: tuple[Dropped, ...]
    credits_note: str


@dataclass(frozen=True, slots=True)
class Wake:
    """When a job runs next, and why; `run` is the priced look planned then, None where only free calls are."""

    at: datetime
    reason: str
    run: PlannedRun | None = None
