"""A state machine of trouble: what hypothesis does to a world, in any order, and what must hold all the while."""

import asyncio
import random
import uuid
from collections.abc import Awaitable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.database_url import parse_database_url
from core.errors import DatabaseUnreachableError
from core.simulation.faults import Fault
from core.simulation.market import SimulatedMarket
from core.simulation.mishaps import FEED_FAULTS
from core.simulation.uncertain_scheduler import Moods
from core.triggers.base import Trigger
from handlers.registry import JOBS
from handlers.simulation.process import Disturb, Step, die_at, leave_alone
from handlers.simulation.world import World, open_world
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from tests.wire.wire import Wire, number, wire_to
from tests.world import checks, spending, stored
from tests.world.findings import Findings
from tests.world.moving import MovingMarket
from tests.world.sweeps import SPORT, START, verdict

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAYS = 4
CALM = 4 * HOUR
RECOVERY = 90 * MINUTE
"""How long after the last trouble a closing look may still be missed."""

OLDEST_CLOSE = 35 * MINUTE

shares = st.sampled_from([0.0, 0.0, 0.2, 0.5, 1.0])
moods = st.builds(Moods, twice=shares, never=shares, throttled=shares, applied_then_failed=shares)
waits = st.integers(1, 90).map(lambda minutes: minutes * MINUTE)
endpoints = st.sampled_from(["odds", "events", "scores"])
T = TypeVar("T")


class TroubledWorld(RuleBasedStateMachine):
    """A world to which trouble comes in any order, and whose promises hold at every step."""

    def __init__(self, server: EmbeddedPostgres, template: str) -> None:
        super().__init__()
        self._server = server
        self._template = template
        self._database = f"machine_{uuid.uuid4().hex}"
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._deaths: list[int] = []
        self._database_is_away = False
        self._spent_by_others = False
        self._refilled = False
        self.source = MovingMarket(SimulatedMarket(7, SPORT, START, DAYS))
        self.world, self.wire = self._run(self._open())

    @rule(wait=waits)
    def time_passes(self, wait: timedelta) -> None:
        """Let what falls due happen; every other rule does so too, once it has made its trouble."""
        self._run(self.world.run_for(wait))

    @rule(moods=moods, wait=waits, lasts=st.booleans())
    def the_scheduler_is_moody(self, moods: Moods, wait: timedelta, lasts: bool) -> None:
        """Let triggers fire twice or never, and calls fail before or after they took effect."""
        self.world.scheduler.moods = moods
        self.time_passes(wait)
        if not lasts:
            self.world.scheduler.moods = Moods()

    @rule(name=st.sampled_from(sorted(FEED_FAULTS)), times=st.integers(1, 9), wait=waits)
    def the_feed_fails(self, name: str, times: int, wait: timedelta) -> None:
        """Let the next answers be bad ones."""
        self.world.server.inject(*[FEED_FAULTS[name]] * times)
        self.time_passes(wait)

    @rule(endpoint=endpoints, body=st.sampled_from([b"", b"[{}]", b"{", b"[1]"]), wait=waits)
    def an_answer_is_odd(self, endpoint: str, body: bytes, wait: timedelta) -> None:
        """Let one answer be none."""
        self.world.server.inject(Fault(endpoint, body=body))
        self.time_passes(wait)

    @rule(wait=waits)
    def the_database_is_away(self, wait: timedelta) -> None:
        """Let no transaction begin for a while."""
        self._database_is_away = True
        self.time_passes(wait)
        self._database_is_away = False

    @rule(message=st.integers(1, 60), answered=st.booleans(), wait=waits)
    def a_connection_is_cut(self, message: int, answered: bool, wait: timedelta) -> None:
        """Cut the wire to the database at one of the coming messages, before or after the server has it."""
        setattr(self.wire, "cut_after" if answered else "cut_before", number(message))
        self.time_passes(wait)

    @rule(step=st.integers(1, 60), wait=waits)
    def a_process_dies(self, step: int, wait: timedelta) -> None:
        """Let the next process die at one of its steps, if it comes that far."""
        self._deaths.append(step)
        self.time_passes(wait)

    @rule(age=st.integers(1, 8), wait=waits)
    def a_trigger_is_delivered_again(self, age: int, wait: timedelta) -> None:
        """Let the platform invoke once more what it invoked before."""
        if past := self.world.invocations[-age:]:
            self._run(self.world.invoke(past[0].trigger))
        self.time_passes(wait)

    @rule(by=st.sampled_from([-3, -1, 1, 3, 30]), wait=waits)
    def a_game_is_moved(self, by: int, wait: timedelta) -> None:
        """Move a game that does not start soon, to an earlier or a later hour."""
        now = self.world.clock.now()
        soonest = now + (4 - min(by, 0)) * HOUR
        if far := [game for game in self.source.starts(now) if game[0] > soonest]:
            start, event_id = far[0]
            self.source.move(event_id, start + by * HOUR, at=now)
        self.time_passes(wait)

    @rule(wait=waits, lasts=st.booleans())
    def somebody_else_spends_the_credits(self, wait: timedelta, lasts: bool) -> None:
        """Leave the account without a credit, and perhaps give the whole plan back after a while."""
        self._spent_by_others = True
        self.world.server.account.used = self.world.server.account.plan_credits
        self.time_passes(wait)
        if not lasts:
            self._refill()

    @invariant()
    def nothing_promised_of_the_chain_is_broken(self) -> None:
        """Judge what needs no database."""
        _none(checks.c1_a_trigger_always_exists(self.world))
        _none(checks.c2_a_slot_fetches_once_per_attempt(self.world))
        if not self._refilled:
            _none(spending.q3_no_tight_loop(self.world))

    def teardown(self) -> None:
        """End the trouble, let the world go on, judge all of it, and forget it."""
        try:
            _none(
                [
                    f"{name}: {what}"
                    for name, broken in self._run(self._broken_at_last()).items()
                    for what in broken
                ]
            )
        finally:
            self._run(self._close())
            self._runner.close()

    async def _broken_at_last(self) -> dict[str, list[str]]:
        """Return what is broken once the trouble has been over for a while."""
        self._deaths.clear()
        self.wire.mend()
        self.world.scheduler.moods = Moods()
        self._refill()
        self.world.server.forget_faults()
        ended = self.world.clock.now()
        await self.world.run_for(CALM)
        found = await verdict(self.world)
        if self._refilled:
            del found["Q3"]  # what was refused may be asked for again at once
        for job in JOBS:
            found["C1"].judge(job in self.world.scheduler.pending(), f"{job} is not armed at the end")
        found["C4"] = await self._looked_at(ended + RECOVERY)
        for job in JOBS:
            await self.world.invoke(Trigger(job, SPORT, self.world.clock.now(), "one more"))
        found["D5"].include(await stored.d5_every_run_ended(self.world))
        return {name: list(broken) for name, broken in found.items() if broken}

    async def _looked_at(self, since: datetime) -> Findings:
        """Judge of the games that started since an instant whether they were looked at shortly before."""
        closes = await stored.query(
            self.world,
            "SELECT events.id, events.commence_time, max(snapshots.snapshot_time) FROM core_betting.events"
            " LEFT JOIN raw_data.odds_snapshots AS snapshots ON snapshots.event_id = events.id"
            " AND snapshots.snapshot_time < events.commence_time"
            " WHERE events.commence_time BETWEEN :since AND :until AND events.status IN ('live', 'final')"
            " GROUP BY events.id",
            since=since,
            until=self.world.clock.now(),
        )
        found = Findings()
        for event, start, look in closes:
            found.judge(
                look is not None and start - look <= OLDEST_CLOSE,
                f"{event} of {start:%H:%M} was last looked at {look and start - look} before",
            )
        return found

    def _refill(self) -> None:
        """Give the whole plan back, where somebody else spent it."""
        if self._spent_by_others:
            self._refilled = True
            self.world.server.account.used = 0

    def _disturbance(self) -> Disturb:
        dies = die_at(self._deaths.pop(0)) if self._deaths else leave_alone

        async def disturb(step: Step) -> None:
            if self._database_is_away and step.name == "transaction: begins":
                raise DatabaseUnreachableError("the database cannot be reached")
            await dies(step)

        return disturb

    async def _open(self) -> tuple[World, Wire]:
        random.seed(0)  # the feed client's waits between attempts
        await self._server.create_database(self._database, template=self._template)
        url = parse_database_url(self._server.url(self._database))
        wire = await self._stack.enter_async_context(wire_to(url.port))
        database = Database(replace(url, port=wire.port), pooled=True)
        self._stack.push_async_callback(database.close)
        world = await self._stack.enter_async_context(open_world(self.source, database, start=START))
        world.disturbance = self._disturbance
        await world.beat()
        await world.run_for(HOUR)
        return world, wire

    async def _close(self) -> None:
        await self._stack.aclose()
        await self._server.drop_database(self._database)

    def _run(self, work: Coroutine[Any, Any, T] | Awaitable[T]) -> T:
        async def awaited() -> T:
            return await work

        return self._runner.run(awaited())


def _none(broken: list[str]) -> None:
    """Fail with what is broken, where anything is."""
    assert not broken, "\n".join(broken)
