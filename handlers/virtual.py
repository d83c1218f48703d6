"""The collector in a world of its own: the real jobs on a virtual clock, against a local feed server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from core.clock import VirtualClock
from core.config import load_settings
from core.errors import LinekeeperError
from core.scope import Scope
from core.simulation.server import FeedServer, serve
from core.simulation.source import FeedSource
from core.triggers.base import Trigger
from core.triggers.virtual import VirtualTriggers
from handlers.app import App, open_feed
from handlers.registry import JOBS
from handlers.runs import run_job
from handlers.settled_memory import settled_memory
from storage.database import Database

_KEY = "local-feed-key"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class VirtualCollector:
    """A collector whose time passes as fast as it can work."""

    app: App
    clock: VirtualClock
    triggers: VirtualTriggers
    server: FeedServer

    async def arm_all(self, sport_key: str) -> None:
        """Arm every job of a sport, due at once."""
        for name in JOBS:
            await self.triggers.arm(Trigger(name, sport_key, self.clock.now(), "the collector starts"))

    async def fire(self, trigger: Trigger) -> None:
        """Run what a trigger fires; a failure is in the ledger, and the chain goes on."""
        try:
            await run_job(self.app, trigger)
        except LinekeeperError as error:
            _log.debug("run.failed", job=trigger.job, reason=str(error))


@asynccontextmanager
async def virtual_collector(
    source: FeedSource,
    database: Database,
    *,
    sport_key: str,
    scope: Scope,
    start: datetime,
    plan_credits: int,
    overrides: Mapping[str, object] | None = None,
    sleep: Callable[[float], Awaitable[None]] | None = None,
) -> AsyncIterator[VirtualCollector]:
    """Yield a collector of one sport that starts at a virtual instant.

    Args:
        source: What the local feed server serves.
        database: Where to store.
        sport_key: The sport to collect.
        scope: What to ask for.
        start: The first virtual instant, aware.
        plan_credits: The size of the account's plan.
        overrides: Further settings, by the names of their variables.
        sleep: Lets virtual seconds pass, for the collector and its feed; by default the clock is moved at once.
    """
    clock = VirtualClock(start)

    async def passes(seconds: float) -> None:
        clock.advance(timedelta(seconds=seconds))

    wait, server_waits = sleep or passes, sleep or asyncio.sleep
    serving = serve(source, clock, api_key=_KEY, plan_credits=plan_credits, rate_limit=None, sleep=server_waits)
    async with serving as server:
        settings = load_settings(
            **{
                "ODDS_API_KEY": _KEY,
                "ODDS_API_BASE_URL": server.base_url,
                "ODDS_API_QUOTA": plan_credits,
                "SPORTS": sport_key,
                "MARKETS": ",".join(scope.markets),
                "BOOKMAKERS": ",".join(scope.bookmakers),
                "REGIONS": ",".join(scope.regions),
                **(overrides or {}),
            }
        )
        triggers = VirtualTriggers(clock)
        async with open_feed(settings, clock, sleep=wait, calls_per_second=1_000_000) as feed:
            app = App(settings, clock, database, feed, triggers, sleep=wait)
            with settled_memory():
                yield VirtualCollector(app, clock, triggers, server)
