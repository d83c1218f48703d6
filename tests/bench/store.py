"""How long storing one answer takes, against copying every quote into a narrow table."""

import gc
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from statistics import median
from typing import NamedTuple

from core.database_url import parse_database_url
from core.feed.payloads import parse_odds
from core.feed.values import CreditReading, FeedAnswer, OddsAnswer
from core.scope import Scope
from core.simulation.recording import RecordedAnswer, answers
from core.simulation.recording_facts import sample
from storage.calls import store_call
from storage.database import Database
from storage.ingestion import store_odds
from storage.snapshots import Origin
from tests.bench.baseline import Baseline
from tests.bench.figure import Figure
from tests.bench.material import Material
from tests.bench.replaying import DATABASE, run_replay
from tests.bench.server import BenchServer
from tests.bench.survey import run_of, survey

_MOST = 2.0
_QUOTES = 1000
_WARM_UP = 10
_KINDS = ("bench_store", "bench_store_kept")
_INSTANT = timedelta(microseconds=1)


class _Window(NamedTuple):
    """Answers in a row, and the stretch of the recording before them that the databases hold already."""

    sport_key: str
    scope: Scope
    measured: Sequence[tuple[RecordedAnswer, OddsAnswer]]
    history_from: datetime
    history_count: int


async def store_figures(server: BenchServer, material: Material, *, length: int, history: int) -> list[Figure]:
    """Return what storing one answer takes, as a multiple of the baseline; statements prepared or not."""
    window = _window(material, length, history)
    first_at = window.measured[0][0].fetched_at
    run_replay(server, material, every_snapshot=True, start=window.history_from, end=first_at - _INSTANT)
    for name in _KINDS:
        await server.postgres.recreate_database(name, template=DATABASE)
    taken = await _measure(server, window)
    quotes = median(sum(len(odds.quotes) for odds in answer.events) for _, answer in window.measured)
    method = (
        f"{length} answers in a row of about {quotes:.0f} quotes, after {window.history_count} earlier ones; raw "
        f"JSON, changes, call and ledger in one transaction, checks included, against one that copies (asyncpg's "
        f"COPY) the same quotes into (selection, instant, price, point, last_update) with a primary key and as "
        f"long a history, and inserts the same JSON into a plain table; each answer all ways in turn, medians, "
        f"connected and parsed before, each commit as durable as the server makes it"
    )
    return [
        _figure("statements not kept", taken["bench_store"], taken["baseline"], method),
        _figure("statements kept prepared", taken["bench_store_kept"], taken["baseline"], method),
    ]


def _figure(how: str, taken: Sequence[float], baseline: Sequence[float], method: str) -> Figure:
    ours, theirs = median(taken), median(baseline)
    return Figure(
        f"store one answer, {how}",
        f"{ours / theirs:.2f} x ({ours * 1000:.1f} against {theirs * 1000:.1f} ms)",
        f"≤ {_MOST:g} x",
        ours / theirs <= _MOST,
        method,
    )


def _window(material: Material, length: int, history: int) -> _Window:
    surveyed = survey(material.recording)
    begin = run_of(surveyed, prices=_QUOTES, length=length, history=history)
    facts = sample(material.recording)
    first, last = surveyed[begin].fetched_at, surveyed[begin + length - 1].fetched_at
    measured = [(answer, parse_odds(answer.body)) for answer in answers(material.recording, first, last)]
    held = min(history, begin)
    return _Window(facts.sport_key, facts.scope, measured, surveyed[begin - held].fetched_at, held)


async def _measure(server: BenchServer, window: _Window) -> dict[str, list[float]]:
    """Return the seconds of each way to store, answer by answer."""
    taken: dict[str, list[float]] = {"baseline": [], **{name: [] for name in _KINDS}}
    async with AsyncExitStack() as stack:
        connection = await server.connect(_KINDS[0])
        stack.push_async_callback(connection.close)
        baseline = Baseline(connection)
        await baseline.prepare(_QUOTES)
        databases = {
            name: await stack.enter_async_context(_opened(server, name, kept=name == "bench_store_kept"))
            for name in _KINDS
        }
        gc.collect()
        gc.freeze()
        for number, (recorded, answer) in enumerate(window.measured):
            rows = baseline.rows(answer.events, recorded.fetched_at)
            ways: dict[str, Callable[[], Awaitable[None]]] = {
                "baseline": partial(baseline.store, rows, answer.events, recorded.fetched_at),
                **{
                    name: partial(_store, database, window, recorded, answer)
                    for name, database in databases.items()
                },
            }
            names = [*ways]
            turn = number % len(names)
            for name in names[turn:] + names[:turn]:
                gc.collect()
                begun = time.perf_counter()
                await ways[name]()
                taken[name].append(time.perf_counter() - begun)
    return {name: seconds[_WARM_UP:] for name, seconds in taken.items()}


@asynccontextmanager
async def _opened(server: BenchServer, name: str, *, kept: bool) -> AsyncIterator[Database]:
    url = parse_database_url(server.postgres.url(name))
    database = Database(url, pooled=True, prepared_statements=kept)
    try:
        yield database
    finally:
        await database.close()


async def _store(database: Database, window: _Window, recorded: RecordedAnswer, answer: OddsAnswer) -> None:
    """Store an answer as the job `fetch-odds` does."""
    call = FeedAnswer(
        endpoint=f"/v4/sports/{window.sport_key}/odds",
        parameters={"markets": ",".join(window.scope.markets), "regions": ",".join(window.scope.regions)},
        status=200,
        headers={"content-type": "application/json"},
        body=recorded.body,
        credits=CreditReading(remaining=90_000, used=10_000, last=3),
        received_at=recorded.fetched_at,
        duration_ms=120.0,
    )
    async with database.transaction() as connection:
        await store_call(connection, call, expected_credits=3, job_run_id=None)
        await store_odds(connection, window.sport_key, answer, Origin(recorded.fetched_at, window.scope))
