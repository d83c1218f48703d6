"""The plan of a sport as a value that can be shown or written as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.feed.credits import odds_cost
from core.planner import plan
from core.planning.values import Balance, Dropped, PlannedRun, UpcomingEvent
from handlers.app import App
from handlers.planning import read_plan_input, sport_schedule

FIXED_SAMPLING = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class SportPlan:
    """The looks to come of one sport, with what they cost, and what the credits do not allow.

    `games` names the upcoming games by id. `fixed_sampling_looks` is how many looks sampling every half hour would
    take until the last start or the end of the plan, whichever is sooner.
    """

    sport_key: str
    now: datetime
    until: datetime
    looks: tuple[PlannedRun, ...]
    dropped: tuple[Dropped, ...]
    credits: int
    look_cost: int
    credits_note: str
    balance: Balance | None
    last_look: datetime | None
    games: Mapping[str, str]
    fixed_sampling_looks: int

    @property
    def share_of_fixed_sampling(self) -> float | None:
        """Return the looks as a fraction of those of sampling every half hour."""
        return len(self.looks) / self.fixed_sampling_looks if self.fixed_sampling_looks else None


async def read_plan(app: App, sport_key: str, days: float) -> SportPlan:
    """Return the plan of a sport for the days to come, as it would be if nothing changed."""
    now = app.clock.now()
    until = now + timedelta(days=days)
    state, balance, others = await read_plan_input(app, sport_key)
    scope = app.settings.collection.scope
    schedule = sport_schedule(state, scope)
    made = plan(schedule, now=now, until=until, policy=app.planner_policy, balance=balance, others=others)
    upcoming = [event for event in schedule.events if event.commence_time > now]
    return SportPlan(
        sport_key=sport_key,
        now=now,
        until=until,
        looks=made.runs,
        dropped=made.dropped,
        credits=sum(run.cost for run in made.runs),
        look_cost=odds_cost(scope),
        credits_note=made.credits_note,
        balance=balance,
        last_look=schedule.last_look,
        games={event.event_id: event.label for event in upcoming},
        fixed_sampling_looks=_fixed_looks(upcoming, now, until),
    )


def _fixed_looks(upcoming: list[UpcomingEvent], now: datetime, until: datetime) -> int:
    if not upcoming:
        return 0
    end = min(max(event.commence_time for event in upcoming), until)
    return -(-(end - now) // FIXED_SAMPLING)
