"""The composition root: settings become what the jobs work with."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from core.clock import SystemClock
from core.config import load_settings
from core.errors import ConfigurationError
from handlers.app import open_feed
from storage.snapshots import ValidationPolicy

Collect = Callable[..., Awaitable[Any]]


async def test_the_planner_gets_the_settings_of_the_scheduler(collect: Collect) -> None:
    world = await collect(
        SCHEDULER_CLOSING_LEAD_MINUTES=10,
        SCHEDULER_MINIMUM_GAP_MINUTES=4,
        SCHEDULER_LONGEST_SLEEP_HOURS=12,
        SCHEDULER_LOOKAHEAD_DAYS=3,
        SCHEDULER_CREDIT_RESERVE=0.25,
    )
    policy = world.app.planner_policy
    assert (policy.closing_lead, policy.minimum_gap) == (timedelta(minutes=10), timedelta(minutes=4))
    assert (policy.longest_sleep, policy.lookahead) == (timedelta(hours=12), timedelta(days=3))
    assert policy.credit_reserve == 0.25


@pytest.mark.parametrize(
    ("settings", "policy"),
    [
        pytest.param({}, ValidationPolicy.MARK, id="invalid odds are marked by default"),
        pytest.param({"REJECT_INVALID_ODDS": True}, ValidationPolicy.REJECT, id="rejected where told so"),
        pytest.param({"ENABLE_VALIDATION": False}, ValidationPolicy.OFF, id="not looked for where told so"),
    ],
)
async def test_validation_is_as_the_settings_say(
    collect: Collect, settings: dict[str, bool], policy: ValidationPolicy
) -> None:
    assert (await collect(**settings)).app.validation_policy is policy


async def test_a_feed_without_a_key_is_refused_with_the_variable_and_a_way_out() -> None:
    with pytest.raises(ConfigurationError, match=r"ODDS_API_KEY is not set.*odds demo runs without"):
        async with open_feed(load_settings(), SystemClock()):
            raise AssertionError


async def test_the_feed_is_asked_with_the_key_and_at_the_address_of_the_settings(collect: Collect) -> None:
    world = await collect()
    async with open_feed(world.app.settings, world.clock) as client:
        answer = await client.events(world.feed.sport_key)
    assert (answer.status, len(world.calls("events"))) == (200, 1)
