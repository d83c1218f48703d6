"""Triggers on the machine's own event loop."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from core.triggers.base import Trigger, TriggerBackend
from core.triggers.local import LocalTriggers

NFL = "americanfootball_nfl"
SOON = timedelta(milliseconds=50)
LATER = timedelta(hours=1)


def trigger(ahead: timedelta, job: str = "fetch-odds", sport_key: str = NFL) -> Trigger:
    return Trigger(job, sport_key, datetime.now(UTC) + ahead, "because")


class Recorder:
    """What fired; `fail` makes runs raise, `last` holds them for a while."""

    def __init__(self) -> None:
        self.fired: asyncio.Queue[Trigger] = asyncio.Queue()
        self.ended: list[str] = []
        self.fail = False
        self.last = 0.0

    async def fire(self, trigger: Trigger) -> None:
        """Take note of a trigger, as a run of its job."""
        await self.fired.put(trigger)
        if self.fail:
            msg = "the feed is down"
            raise ConnectionError(msg)
        await asyncio.sleep(self.last)
        self.ended.append(trigger.job)

    async def next(self) -> Trigger:
        """Return the next trigger that fires, within seconds."""
        return await asyncio.wait_for(self.fired.get(), timeout=5)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
async def triggers(recorder: Recorder) -> AsyncIterator[LocalTriggers]:
    local = LocalTriggers(recorder.fire)
    await local.start()
    yield local
    await local.stop()


async def test_a_trigger_fires_at_its_instant_and_is_no_longer_armed(
    triggers: LocalTriggers, recorder: Recorder
) -> None:
    backend: TriggerBackend = triggers
    armed = trigger(SOON)
    await backend.arm(armed)
    assert await backend.armed() == [armed]
    assert await recorder.next() == armed
    assert datetime.now(UTC) >= armed.at
    assert await backend.armed() == []


async def test_a_trigger_long_past_fires_at_once(triggers: LocalTriggers, recorder: Recorder) -> None:
    past = trigger(timedelta(days=-3))
    await triggers.arm(past)
    assert await recorder.next() == past


async def test_triggers_armed_before_the_start_fire_once_it_has_started(recorder: Recorder) -> None:
    local = LocalTriggers(recorder.fire)
    sooner, later = trigger(timedelta(days=-1)), trigger(LATER)
    for each in (later, sooner):
        await local.arm(each)
    assert await local.armed() == [sooner]
    await local.start()
    assert await recorder.next() == sooner
    assert await local.armed() == []
    await local.stop()


async def test_arming_replaces_the_trigger_of_the_same_job_and_sport_alone(triggers: LocalTriggers) -> None:
    first, second, other = trigger(LATER), trigger(2 * LATER), trigger(3 * LATER, sport_key="basketball_nba")
    for each in (first, other, second):
        await triggers.arm(each)
    assert await triggers.armed() == [second, other]


async def test_a_disarmed_trigger_is_forgotten(triggers: LocalTriggers) -> None:
    await triggers.arm(trigger(LATER))
    await triggers.disarm("fetch-odds", NFL)
    await triggers.disarm("fetch-odds", NFL)
    assert await triggers.armed() == []


async def test_a_run_may_arm_its_own_successor_even_at_once(recorder: Recorder) -> None:
    successor = trigger(timedelta(0))

    async def rearm(fired: Trigger) -> None:
        if fired != successor:
            await local.arm(successor)
        await asyncio.sleep(0.1)
        await recorder.fire(fired)

    local = LocalTriggers(rearm)
    await local.start()
    first = trigger(timedelta(0))
    await local.arm(first)
    assert [await recorder.next(), await recorder.next()] == [first, successor]
    await local.stop()


async def test_a_run_that_raises_ends_alone(triggers: LocalTriggers, recorder: Recorder) -> None:
    recorder.fail = True
    await triggers.arm(trigger(timedelta(0)))
    await recorder.next()
    recorder.fail = False
    await triggers.arm(trigger(timedelta(0), "fetch-scores"))
    assert (await recorder.next()).job == "fetch-scores"


async def test_stopping_lets_a_running_run_end(recorder: Recorder) -> None:
    recorder.last = 0.2
    local = LocalTriggers(recorder.fire)
    await local.start()
    await local.arm(trigger(timedelta(0)))
    await recorder.next()
    await local.stop()
    assert recorder.ended == ["fetch-odds"]


async def test_stopping_cancels_what_outlasts_the_grace_and_fires_nothing_more(recorder: Recorder) -> None:
    recorder.last = 30
    local = LocalTriggers(recorder.fire)
    await local.start()
    await local.arm(trigger(timedelta(0)))
    await recorder.next()
    await local.arm(trigger(SOON, "update-status"))
    await local.stop(grace=timedelta(milliseconds=100))
    await asyncio.sleep(0.1)
    assert recorder.ended == []
    assert recorder.fired.empty()


async def test_a_trigger_is_fired_at_once_beside_what_is_armed(
    triggers: LocalTriggers, recorder: Recorder
) -> None:
    armed, late = trigger(LATER), trigger(-LATER)
    await triggers.arm(armed)
    await triggers.fire(late)
    assert await recorder.next() == late
    assert await triggers.armed() == [armed]


async def test_a_fired_run_is_let_end_when_the_process_stops(recorder: Recorder) -> None:
    local = LocalTriggers(recorder.fire)
    await local.start()
    recorder.last = 0.1
    await local.fire(trigger(-LATER))
    await recorder.next()
    await local.stop()
    assert recorder.ended == ["fetch-odds"]
