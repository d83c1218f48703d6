"""Open what a command needs, and close it at its end: settings, log, database, feed."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Any, TypeVar

import aiohttp
import structlog
from pydantic import SecretStr

from core.clock import SystemClock
from core.config import Settings, load_settings
from core.database_url import DatabaseUrl
from core.errors import StorageError
from core.feed.client import FeedClient
from core.logs import configure_logging
from core.triggers.base import Trigger
from core.triggers.local import LocalTriggers
from handlers.app import App, open_feed
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from storage.upgrading import bring_up_to_date, known_version

DATABASE_NAME = "linekeeper"
_UNASKED = SecretStr("this-command-asks-nothing")

T = TypeVar("T")

_log = structlog.get_logger(__name__)


def read_settings(sports: Sequence[str] | None = None) -> Settings:
    """Return the settings and send the log to standard error; sports named by the user take the place of SPORTS.

    Raises:
        ConfigurationError: Some settings are wrong.
    """
    settings = load_settings(SPORTS=",".join(sports)) if sports else load_settings()
    configure_logging(settings.logging, settings.secrets())
    return settings


def embedded(settings: Settings) -> EmbeddedPostgres:
    """Return the embedded server of the settings' data folder."""
    return EmbeddedPostgres(settings.database.data_dir)


@contextmanager
def located(settings: Settings) -> Iterator[DatabaseUrl]:
    """Yield where the database is; an embedded server that does not run is started for the block."""
    url = settings.database.parsed_url
    if url is not None:
        yield url
        return
    server = embedded(settings)
    with server.ensure_running():
        yield server.address(DATABASE_NAME)


async def make_embedded(settings: Settings) -> None:
    """Make the database of collecting on the running embedded server, and its schema, where they are not there."""
    server = embedded(settings)
    await server.create_database(DATABASE_NAME)
    database = Database(server.address(DATABASE_NAME), pooled=False)
    try:
        await _prepare(database, migrate=True)
    finally:
        await database.close()


@asynccontextmanager
async def unprepared_database(settings: Settings, url: DatabaseUrl) -> AsyncIterator[Database]:
    """Yield the database whatever schema it has; the embedded one is made where it is not there."""
    if settings.database.url is None:
        await embedded(settings).create_database(DATABASE_NAME)
    database = Database(url, pooled=True, pool_size=settings.database.pool_size)
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def opened_database(settings: Settings, url: DatabaseUrl) -> AsyncIterator[Database]:
    """Yield the database with a schema that this code works with; the embedded one is made and migrated.

    Raises:
        StorageError: The database of DATABASE_URL has no schema, or an older one.
    """
    async with unprepared_database(settings, url) as database:
        await _prepare(database, migrate=settings.database.url is None)
        yield database


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


async def _prepare(database: Database, *, migrate: bool) -> None:
    if migrate:
        await bring_up_to_date(database)
    version = await known_version(database)
    if version.is_newer:
        _log.warning("schema.newer", schema=version.current, known=version.head)
    if version.is_current or version.is_newer:
        return
    where = f"database {database.url.database} at {database.url.address}"
    state = f"is at {version.current}, behind {version.head}" if version.current else "is missing"
    msg = f"the schema of {where} {state}: run `odds db migrate`"
    raise StorageError(msg)
