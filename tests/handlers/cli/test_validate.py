"""`odds validate daily`: a verdict for people, for programs, and as an exit code."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

Odds = Callable[..., Any]
HOUR = timedelta(hours=1)


@pytest.fixture
async def looked_once(
    own_database: str, collect: Callable[..., Awaitable[Any]], feed: Any, noon: datetime
) -> None:
    """Look once, at noon of 2026-01-10, at a game that starts eight hours later."""
    feed.add(noon + 8 * HOUR)
    world = await collect()
    await world.fire("update-status")
    await world.fire()


@pytest.mark.usefixtures("own_database")
def test_a_day_on_which_nothing_went_wrong_is_clean(odds: Odds) -> None:
    ran = odds("validate", "daily")
    assert (ran.exit_code, "clean" in ran.out) == (0, True)
    assert odds("validate", "daily", "--json").json["is_clean"] is True


@pytest.mark.usefixtures("looked_once")
async def test_a_day_with_gaps_ends_with_three(odds: Odds, loop_free: Any) -> None:
    ran = await loop_free(odds, "validate", "daily", "--date", "2026-01-10")
    assert ran.exit_code == 3
    assert "something is wrong" in ran.out
    assert "never ran" in ran.out
    assert "started without a look in its last three hours" in ran.out.replace("\n", " ")
    assert max(map(len, ran.out.splitlines())) <= 80
    report = json.loads((await loop_free(odds, "validate", "daily", "--date", "2026-01-10", "--json")).out)
    assert report["day"] == "2026-01-10"
    assert report["is_clean"] is False
    assert len(report["findings"]["without_closing"]) == 1
