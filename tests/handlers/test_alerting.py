"""What a person is told of runs and heartbeats."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from core.alerts import Alert, AlertKind, AlertLimiter, AlertManager, Severity
from core.errors import LinekeeperError
from core.redaction import Redactor
from core.simulation.faults import Fault
from core.triggers.base import Trigger
from handlers.alerting import beat_and_tell, run_and_tell
from handlers.app import App
from handlers.runs import run_job
from storage.runs import RunOutcome
from storage.statements import fetch
from tests.handlers.conftest import NOON


class Told:
    """A channel that keeps what it is told."""

    def __init__(self) -> None:
        self.alerts: list[Alert] = []

    async def send(self, alert: Alert) -> None:
        """Keep an alert."""
        self.alerts.append(alert)

    @property
    def kinds(self) -> list[AlertKind]:
        """Return the kinds told, in order."""
        return [alert.kind for alert in self.alerts]


@pytest.fixture
def told() -> Told:
    return Told()


def telling(world: Any, told: Told) -> App:
    """Return the world's app with alerts on."""
    manager = AlertManager([told], limiter=AlertLimiter(world.clock), redactor=Redactor(()))
    app: App = replace(world.app, alerts=manager)
    return app


def trigger(world: Any, job: str) -> Trigger:
    return Trigger(job, world.feed.sport_key, world.clock.now(), "as planned")


async def test_a_good_run_tells_nothing(
    collect: Callable[..., Awaitable[Any]], feed: Any, noon: datetime, told: Told
) -> None:
    feed.add(noon + timedelta(hours=2))
    world = await collect()
    await run_and_tell(telling(world, told), trigger(world, "fetch-odds"))
    assert told.alerts == []


async def test_a_good_run_stays_one_though_the_database_refuses_to_tell_of_it(
    collect: Callable[..., Awaitable[Any]], told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(connection: AsyncConnection) -> None:
        await fetch(connection, "SELECT 1 / 0", {})

    world = await collect()
    monkeypatch.setattr("handlers.alerting.read_balance", refused)
    report = await run_and_tell(telling(world, told), trigger(world, "update-status"))
    assert report.outcome is RunOutcome.STORED
    assert told.alerts == []


async def test_a_failed_run_is_told_with_its_reason_and_raised(
    collect: Callable[..., Awaitable[Any]], feed: Any, noon: datetime, told: Told
) -> None:
    feed.add(noon + timedelta(hours=2))
    world = await collect()
    world.server.inject(*[Fault("events", status=503)] * 3)
    with pytest.raises(LinekeeperError):
        await run_and_tell(telling(world, told), trigger(world, "update-status"))
    assert told.kinds == [AlertKind.RUN_FAILED]
    assert "503" in told.alerts[0].text
    assert (told.alerts[0].job, told.alerts[0].sport_key) == ("update-status", world.feed.sport_key)


@pytest.mark.parametrize(
    ("left", "is_low"),
    [
        pytest.param(53, False, id="one more look is paid without the reserve of 50"),
        pytest.param(52, True, id="the next look of 3 credits would take from it"),
        pytest.param(39, True, id="a closing look has taken from it"),
    ],
)
async def test_credits_that_pay_for_closing_looks_alone_are_told(
    collect: Callable[..., Awaitable[Any]], feed: Any, told: Told, left: int, is_low: bool
) -> None:
    feed.add(NOON + timedelta(minutes=5))
    world = await collect(plan_credits=500, markets=("h2h", "spreads", "totals"))
    world.server.account.charge(500 - 3 - left)
    await run_and_tell(telling(world, told), trigger(world, "fetch-odds"))
    assert told.kinds == [AlertKind.LOW_CREDITS] * is_low
    assert all(f"{left} of 500 credits are left" in alert.text for alert in told.alerts)


async def test_a_game_that_started_without_a_look_is_told_as_a_missed_close(
    collect: Callable[..., Awaitable[Any]], feed: Any, noon: datetime, told: Told
) -> None:
    feed.add(noon + timedelta(minutes=1))
    world = await collect()
    app = telling(world, told)
    await run_and_tell(app, trigger(world, "update-status"))
    world.clock.advance(timedelta(minutes=5))
    await run_and_tell(app, trigger(world, "update-status"))
    assert told.kinds == [AlertKind.MISSED_CLOSE]


async def test_errors_in_the_data_are_told(
    collect: Callable[..., Awaitable[Any]], feed: Any, noon: datetime, told: Told
) -> None:
    feed.add(noon + timedelta(hours=2), prices=(-20_000, 15_000))
    world = await collect()
    await run_and_tell(telling(world, told), trigger(world, "fetch-odds"))
    assert AlertKind.QUALITY_ERRORS in told.kinds


async def test_a_broken_chain_is_told_once_it_is_mended(
    collect: Callable[..., Awaitable[Any]], feed: Any, told: Told
) -> None:
    world = await collect()
    app = telling(world, told)
    report = await beat_and_tell(app)
    assert len(report.repaired) == 3
    assert told.kinds == [AlertKind.BROKEN_CHAIN]
    assert told.alerts[0].severity is Severity.WARNING

    async def run(fired: Trigger) -> None:
        await run_job(app, fired)

    await world.triggers.run_until(world.clock.now(), run)
    assert (await beat_and_tell(app)).repaired == ()
    assert told.kinds == [AlertKind.BROKEN_CHAIN]


async def test_nothing_is_told_while_alerts_are_off(collect: Callable[..., Awaitable[Any]], feed: Any) -> None:
    world = await collect()
    assert world.app.alerts is None
    assert (await beat_and_tell(world.app)).repaired != ()
