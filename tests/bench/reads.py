"""How long `odds_at` takes on the server, for any event at any instant."""

import random
from collections.abc import Sequence
from datetime import datetime

import asyncpg
import orjson

from tests.bench.figure import Figure, percentile
from tests.bench.season import SEASON
from tests.bench.server import BenchServer

_NEW_CONNECTIONS = 20
_MOST_MEDIAN_MS = 0.5
_MOST_P99_MS = 1.5
_EXPLAIN = (
    "EXPLAIN (ANALYZE, TIMING OFF, SERIALIZE BINARY, FORMAT JSON)"
    " SELECT * FROM core_betting.odds_at('{event_id}', '{at}')"
)
_EVENTS = "SELECT id, first_seen_at, scheduled_commence_time FROM core_betting.events ORDER BY id"


async def read_figures(server: BenchServer, *, calls: int) -> list[Figure]:
    """Return how long a call takes straight after loading, and once more after ANALYZE."""
    connection = await server.connect(SEASON)
    try:
        asked = _calls(await connection.fetch(_EVENTS), calls)
        loaded = await _timed(connection, asked)
        first = [await _first_call(server, call) for call in asked[:_NEW_CONNECTIONS]]
        await connection.execute("ANALYZE")
        analyzed = await _timed(connection, asked)
    finally:
        await connection.close()
    method = (
        f"planning, execution and serialization as EXPLAIN (ANALYZE, TIMING OFF, SERIALIZE) gives them, "
        f"{calls:,} calls on one connection, events at random and instants at random from first listing to "
        f"start; the first call on a connection plans: {percentile(first, 0.5):.1f} ms"
    )
    return [_figure("straight after loading", loaded, method), _figure("after ANALYZE", analyzed, method)]


def _figure(when: str, taken: Sequence[float], method: str) -> Figure:
    median, p99 = percentile(taken, 0.5), percentile(taken, 0.99)
    return Figure(
        f"odds_at of one event, p50 / p99, {when}",
        f"{median:.2f} / {p99:.2f} ms",
        f"≤ {_MOST_MEDIAN_MS} / {_MOST_P99_MS} ms",
        median <= _MOST_MEDIAN_MS and p99 <= _MOST_P99_MS,
        method,
    )


def _calls(events: Sequence[tuple[str, datetime, datetime]], count: int) -> list[str]:
    dice = random.Random(1)
    calls = []
    for _ in range(count):
        event_id, seen_at, start = dice.choice(events)
        at = seen_at + (start - seen_at) * dice.random()
        calls.append(_EXPLAIN.format(event_id=event_id, at=at.isoformat()))
    return calls


async def _timed(connection: asyncpg.Connection, calls: Sequence[str]) -> list[float]:
    return [_milliseconds(await connection.fetchval(call)) for call in calls]


async def _first_call(server: BenchServer, call: str) -> float:
    connection = await server.connect(SEASON)
    try:
        return _milliseconds(await connection.fetchval(call))
    finally:
        await connection.close()


def _milliseconds(explained: str) -> float:
    (plan,) = orjson.loads(explained)
    serialization = plan.get("Serialization", {}).get("Time", 0.0)
    return float(plan["Planning Time"] + plan["Execution Time"] + serialization)
