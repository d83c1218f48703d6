"""From what is stored to what the planner takes."""

from collections.abc import Sequence

from core.feed.credits import odds_cost
from core.planning.credits import reset_after
from core.planning.results import UnfinishedEvent, results_due
from core.planning.values import Balance, SportSchedule, UpcomingEvent
from core.scope import Scope
from handlers.app import App
from storage.schedule import CreditBalance, OpenEvent, SportState, read_sport_state

_PLANNED_FROM_LAST_RUN = ("update-status", "fetch-scores")


def label(event: OpenEvent) -> str:
    """Return how a person knows an event."""
    if event.away_team is None or event.home_team is None:
        return event.sport_title
    return f"{event.away_team} at {event.home_team}"


def sport_schedule(state: SportState, scope: Scope) -> SportSchedule:
    """Return a sport's schedule as the planner takes it."""
    events = tuple(UpcomingEvent(event.id, event.commence_time, label(event)) for event in state.open_events)
    results = results_due((event.commence_time for event in state.open_events), state.sport_key)
    return SportSchedule(events, state.last_look(scope), odds_cost(scope), results)


def unfinished(events: Sequence[OpenEvent]) -> tuple[UnfinishedEvent, ...]:
    """Return the events without a result as the planner takes them."""
    return tuple(
        UnfinishedEvent(event.id, event.commence_time, label(event), listed=event.absent_looks == 0)
        for event in events
    )


def balance_of(reading: CreditBalance | None, quota: int) -> Balance | None:
    """Return the account's balance; the plan's size is what the headers add up to, else the setting."""
    if reading is None:
        return None
    plan_size = quota if reading.used is None else reading.remaining + reading.used
    return Balance(reading.remaining, plan_size, reset_after(reading.recorded_at))


async def read_state(app: App, sport_key: str) -> SportState:
    """Return what is known of a sport, the last runs of the jobs that plan by these included."""
    async with app.database.one_by_one() as connection:
        return await read_sport_state(connection, sport_key, jobs=_PLANNED_FROM_LAST_RUN)


async def read_others(app: App, sport_key: str) -> tuple[SportSchedule, ...]:
    """Return the schedules of the other sports, which spend the same credits."""
    others = [other for other in app.settings.collection.sports if other != sport_key]
    if not others:
        return ()
    async with app.database.one_by_one() as connection:
        states = [await read_sport_state(connection, other) for other in others]
    return tuple(sport_schedule(state, app.settings.collection.scope) for state in states)


async def read_plan_input(
    app: App, sport_key: str
) -> tuple[SportState, Balance | None, tuple[SportSchedule, ...]]:
    """Return a sport's state, the balance, and the schedules of the other sports that spend it."""
    state = await read_state(app, sport_key)
    return state, balance_of(state.balance, app.settings.feed.quota), await read_others(app, sport_key)
