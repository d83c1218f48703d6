"""What a warm run of a look costs besides waiting: for the feed, for Postgres and for AWS."""

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from moto.server import ThreadedMotoServer

from core.database_url import parse_database_url
from core.simulation.market import SimulatedMarket
from core.simulation.server import serve
from storage import migrations
from storage.database import Database
from tests.bench.figure import Figure
from tests.bench.server import BenchServer
from tests.lambda_runtime.ahead import AheadClock
from tests.lambda_runtime.packaged import Packaged
from tests.lambda_runtime.stack import KEY_PARAMETER, URL_PARAMETERS, Stack

_MOST_MS = 15
_SPORT, _DATABASE, _API_KEY = "basketball_nba", "bench_lambda", "key-of-the-bench"
_START = datetime(2027, 1, 15, 20, tzinfo=UTC)
_FUNCTIONS = Path(__file__).parent / "functions"


async def run_figures(server: BenchServer, packaged: Packaged, *, runs: int) -> list[Figure]:
    """Return the time that an invocation computes by itself, in a process that has run before."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    aws = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    await asyncio.to_thread(aws.start)
    await server.postgres.recreate_database(_DATABASE)
    url = server.postgres.url(_DATABASE)
    database = Database(parse_database_url(url), pooled=False)
    clock = AheadClock(server.folder / "ahead")
    clock.set_to(_START)
    try:
        await migrations.upgrade(database.engine)
        market = SimulatedMarket(7, _SPORT, _START, days=runs)
        async with serve(market, clock, api_key=_API_KEY, rate_limit=None) as feed:
            stack = Stack(
                "http://{}:{}".format(*aws.get_host_and_port()),
                feed,
                clock,
                database,
                server.folder,
                _SPORT,
                {KEY_PARAMETER: _API_KEY, f"{URL_PARAMETERS}/collector": url},
                packaged=packaged,
                python_path=(_FUNCTIONS,),
            )
            try:
                return [_figure(await _looks(stack, runs))]
            finally:
                await stack.stop()
    finally:
        await database.close()
        await asyncio.to_thread(aws.stop)


def _figure(taken: list[float]) -> Figure:
    method = (
        f"{len(taken)} looks in a row that were due and stored, in one process by awslambdaric from the unpacked "
        "zip, at a simulated league; median of the processor time of the invocation's thread outside of the calls "
        "that ask the feed, the database and EventBridge Scheduler, each from asking until it has the answer"
    )
    ours = median(taken)
    return Figure("warm overhead of a look", f"{ours:.1f} ms", f"≤ {_MOST_MS} ms", ours <= _MOST_MS, method)


async def _looks(stack: Stack, runs: int) -> list[float]:
    function = stack.another("timed.handler")
    answer = await function.invoke(stack.planned("fetch-odds"))
    taken = []
    for _ in range(runs):
        assert answer.error is None, answer.error
        stack.clock.set_to(stack.armed()["fetch-odds"])
        answer = await function.invoke(stack.input_of("fetch-odds"))
        if answer.payload["said"][_SPORT].startswith("stored"):
            taken.append(answer.payload["milliseconds"])
    return taken
