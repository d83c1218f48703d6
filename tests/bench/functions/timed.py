"""The function of a job, telling how much of the processor its invocation took outside of all calls.

A call is what a run asks of the feed, of the database or of AWS, from asking until it has the answer: what the
drivers compute to send it and to receive it belongs to it. All else is the run's own: reading the answer, checking
it, folding it onto what is stored, building the parameters and reading the rows of statements, planning, logs,
metrics, and the event loop. So is this stopwatch.
"""

import time
from typing import Any

import aiohttp
import asyncpg
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_connection
from sqlalchemy.ext.asyncio import AsyncConnection

from core.feed.client import FeedClient
from core.triggers.eventbridge import EventBridgeTriggers
from handlers.functions import fetch_odds
from tests.bench.stopwatch import Stopwatch

CALLS = (
    (FeedClient, ("odds", "events", "scores")),
    (aiohttp.ClientSession, ("close",)),
    (AsyncConnection, ("start", "execute", "rollback", "close")),
    (AsyncAdapt_asyncpg_connection, ("_start_transaction", "_call_and_discard")),
    (asyncpg.Connection, ("execute", "fetch")),
    (EventBridgeTriggers, ("arm", "armed")),
)
"""What asks the feed; what connects to Postgres, begins, runs statements and commits there; what arms on AWS."""


WATCH = Stopwatch()
for owner, names in CALLS:
    WATCH.watch(owner, *names)


def handler(event: object, context: Any) -> dict[str, Any]:
    """Run the job, and return what it said beside the milliseconds."""
    begun, within = time.thread_time(), WATCH.within
    said = fetch_odds(event, context)
    spent = time.thread_time() - begun
    calls = WATCH.within - within
    return {"said": dict(said), "milliseconds": (spent - calls) * 1000, "in_calls": calls * 1000}
