"""Open what a command needs, and close it at its end: settings, log, database, feed."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

import aiohttp
from pydantic import SecretStr

from core.clock import SystemClock
from core.config import Settings, load_settings
from core.database_url import DatabaseUrl
from core.feed.client import FeedClient
from core.logs import configure_logging
from core.triggers.base import Trigger
from core.triggers.local import LocalTriggers
from handlers.app import App, open_feed
from handlers.named_database import located, opened_database
from storage.database import Database

_UNASKED = SecretStr("this-command-asks-nothing")

T = TypeVar("T")


def read_settings(sports: Sequence[str] | None = None) -> Settings:
    """Return the settings and send the log to standard error; sports named by the user take the place of SPORTS.

    Raises:
        ConfigurationError: Some settings are wrong.
    """
    settings = load_settings(SPORTS=",".join(sports)) if sports else load_settings()
    configure_logging(settings.logging, settings.secrets())
    return settings


def run(work: Coroutine[Any, Any, T]) -> T:
    """Return what the work brings, done by the faster event loop where there is one.

    Most of what a command does with a database is round trips: a season has a hundred thousand of them.

    Before Python 3.13 a runner spells out what its work returns, to nobody: of a backtest every bet, for longer
    than deciding them took.
    """
    brought: list[T] = []

    async def keep() -> None:
        brought.append(await work)

    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(keep())
    return brought[0]


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes the event loop; None for the one of Python itself."""
    if sys.platform == "win32":
        return None
    from uvloop import new_event_loop  # noqa: PLC0415

    return new_event_loop


def with_database(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    """Return what the work brings, done with the database open."""

    async def done(url: DatabaseUrl) -> T:
        async with opened_database(settings, url) as database:
            return await work(database)

    with located(settings) as url:
        return run(done(url))


def with_app(settings: Settings, work: Callable[[App], Awaitable[T]], *, asks_feed: bool) -> T:
    """Return what the work brings, done with an app whose triggers never fire.

    Raises:
        ConfigurationError: The feed is to be asked, and ODDS_API_KEY is not set.
    """

    async def done() -> T:
        async with AsyncExitStack() as stack:
            clock = SystemClock()
            opening = open_feed(settings, clock) if asks_feed else _unasked_feed(settings)
            feed = await stack.enter_async_context(opening)
            url = stack.enter_context(located(settings))
            database = await stack.enter_async_context(opened_database(settings, url))
            return await work(App(settings, clock, database, feed, LocalTriggers(_never)))

    return run(done())


@asynccontextmanager
async def _unasked_feed(settings: Settings) -> AsyncIterator[FeedClient]:
    """Yield a feed for work that only plans, which needs no key."""
    async with aiohttp.ClientSession() as session:
        yield FeedClient(session, _UNASKED, base_url=settings.feed.base_url, clock=SystemClock())


async def _never(_trigger: Trigger) -> None:
    msg = "a command that runs once fires no triggers"
    raise RuntimeError(msg)
