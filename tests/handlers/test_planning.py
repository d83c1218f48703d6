"""From what is stored to what the planner takes."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.planning.values import Balance
from core.scope import Scope
from handlers.planning import balance_of, label, read_plan_input, sport_schedule, unfinished
from storage.schedule import CreditBalance

Collect = Callable[..., Awaitable[Any]]
HOUR = timedelta(hours=1)
FEBRUARY = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reading", "balance"),
    [
        pytest.param((400, 100), (400, 500), id="the plan's size is what the headers add up to"),
        pytest.param((19_000, 1_000), (19_000, 20_000), id="whatever the setting says"),
        pytest.param((400, None), (400, 900), id="the setting where they do not tell"),
    ],
)
def test_the_balance_is_what_the_headers_say(
    noon: datetime, reading: tuple[int, int | None], balance: tuple[int, int]
) -> None:
    assert balance_of(CreditBalance(*reading, noon), 900) == Balance(*balance, FEBRUARY)


def test_without_a_reading_there_is_no_balance() -> None:
    assert balance_of(None, 500) is None


async def test_open_events_become_a_schedule_with_the_price_of_a_look(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    soon, later = feed.add(noon + 2 * HOUR), feed.add(noon + 9 * HOUR)
    feed.add(noon - HOUR)
    world = await collect()
    await world.fire()
    state, balance, others = await read_plan_input(world.app, feed.sport_key)
    schedule = sport_schedule(state, Scope.of(["h2h", "totals"], regions=["us", "eu"]))
    assert (schedule.last_look, schedule.look_cost, others) == (noon, 4, ())
    assert [(event.event_id, event.label) for event in schedule.events[1:]] == [
        (soon.event_id, "Away 1 at Home 1"),
        (later.event_id, "Away 2 at Home 2"),
    ]
    assert [at - noon for at in schedule.results_due] == [1.5 * HOUR, 4.5 * HOUR, 11.5 * HOUR]
    assert balance == Balance(499, 500, FEBRUARY)


async def test_an_event_that_has_left_the_list_is_unfinished_and_not_listed(
    collect: Collect, feed: Any, noon: datetime
) -> None:
    gone = feed.add(noon - 3 * HOUR)
    feed.add(noon - HOUR)
    world = await collect()
    await world.fire("update-status")
    gone.listed = False
    await world.fire_after(HOUR, "update-status")
    state, _, _ = await read_plan_input(world.app, feed.sport_key)
    assert [(event.event_id, event.listed) for event in unfinished(state.open_events)] == [
        (gone.event_id, False),
        (feed.games[1].event_id, True),
    ]


async def test_other_sports_spend_the_same_balance(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect(SPORTS="basketball_nba,icehockey_nhl,soccer_epl")
    await world.fire("update-status")
    _, _, others = await read_plan_input(world.app, "soccer_epl")
    assert [len(other.events) for other in others] == [1, 0]


async def test_an_outright_is_known_by_its_title(collect: Collect, feed: Any, noon: datetime) -> None:
    feed.add(noon + 2 * HOUR)
    world = await collect()
    await world.fire("update-status")
    state, _, _ = await read_plan_input(world.app, feed.sport_key)
    (event,) = state.open_events
    assert label(event) == "Away 1 at Home 1"
    assert label(event._replace(home_team=None, away_team=None, sport_title="NBA Winner")) == "NBA Winner"
