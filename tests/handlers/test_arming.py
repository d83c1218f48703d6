"""What is armed before a run, and what a turn lasts; what follows a run is told of in `test_runs`."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.triggers.base import Trigger
from handlers.arming import SHORT_TURN, arm_fallback, try_until, turn_of

Collect = Callable[..., Awaitable[Any]]
MINUTE = timedelta(minutes=1)
GAP, FALLBACK = 3 * MINUTE, 30 * MINUTE


@pytest.mark.parametrize(
    ("tier", "limit", "turn"),
    [
        pytest.param("pregame", 15 * MINUTE, 15 * MINUTE, id="a run has all the time of its invocation"),
        pytest.param(None, 2 * MINUTE, 2 * MINUTE, id="a run of no tier too"),
        pytest.param("closing", 15 * MINUTE, SHORT_TURN, id="a closing look has less than a minute"),
        pytest.param("closing", MINUTE / 2, MINUTE / 2, id="or what its invocation has"),
    ],
)
async def test_a_turn_lasts(
    collect: Collect, noon: datetime, tier: str | None, limit: timedelta, turn: timedelta
) -> None:
    app = replace((await collect()).app, run_limit=limit)
    trigger = Trigger("fetch-odds", "basketball_nba", noon, "as planned", tier)
    assert turn_of(app, trigger) == turn
    assert try_until(app, trigger) == (noon + turn if tier == "closing" else None)


async def test_the_turn_of_a_closing_look_is_over_before_a_minute_is() -> None:
    assert SHORT_TURN < MINUTE


@pytest.mark.parametrize(
    ("present", "kept"),
    [
        pytest.param(-MINUTE / 2, -MINUTE / 2, id="one whose minute is not over"),
        pytest.param(MINUTE, MINUTE, id="one that fires sooner than another could be armed"),
        pytest.param(10 * MINUTE, timedelta(0), id="but not one that has time"),
    ],
)
async def test_what_is_about_to_fire_is_not_put_off_by_another_jobs_plan(
    collect: Collect, feed: Any, noon: datetime, present: timedelta, kept: timedelta
) -> None:
    """A look is due at noon; the reading of the list that ends just then would arm it anew."""
    feed.add(noon + 5 * MINUTE)
    world = await collect()
    trigger = Trigger("fetch-odds", "basketball_nba", noon + present, "last look", "closing")
    await world.triggers.arm(trigger)
    await world.fire("update-status")
    assert (await world.armed()).at == noon + kept


@pytest.mark.parametrize(
    ("present", "soon", "kept"),
    [
        pytest.param(None, False, FALLBACK, id="nothing"),
        pytest.param(None, True, GAP, id="nothing, and it is urgent"),
        pytest.param(10 * MINUTE, False, 10 * MINUTE, id="a sooner one is left alone"),
        pytest.param(10 * MINUTE, True, GAP, id="one that is not soon enough"),
        pytest.param(2 * MINUTE, True, 2 * MINUTE, id="one that is soon enough"),
        pytest.param(40 * MINUTE, False, FALLBACK, id="a later one"),
        pytest.param(-MINUTE, False, FALLBACK, id="one of the past"),
    ],
)
async def test_a_fallback_is_armed_unless_something_sooner_is(
    collect: Collect, noon: datetime, present: timedelta | None, soon: bool, kept: timedelta
) -> None:
    world = await collect()
    trigger = Trigger("fetch-odds", "basketball_nba", noon, "as planned", "closing")
    if present is not None:
        await world.triggers.arm(replace(trigger, at=noon + present, reason="another"))
    await arm_fallback(world.app, trigger, soon=soon)
    (armed,) = await world.triggers.armed()
    assert armed.at == noon + kept
    assert armed.is_fallback == (armed.at - noon != present)
    assert armed.tier == "closing"


@pytest.mark.parametrize(
    "present",
    [
        pytest.param(timedelta(seconds=20), id="at its slot"),
        pytest.param(2 * MINUTE, id="or as soon as a schedule could be set"),
    ],
)
async def test_the_trigger_that_fired_is_no_sooner_one_though_our_clock_has_it_still_to_come(
    collect: Collect, noon: datetime, present: timedelta
) -> None:
    world = await collect()
    fired = Trigger("fetch-odds", "basketball_nba", noon + timedelta(seconds=20), "as planned", "pregame")
    await world.triggers.arm(replace(fired, at=noon + present))
    await arm_fallback(world.app, fired)
    assert (await world.armed()).at == noon + FALLBACK
