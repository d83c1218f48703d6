"""Let days of faults pass and tell what broke: `python -m tests.world [--seed N] [--worlds N] [--days N]`."""

import argparse
import asyncio
import logging
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import structlog

from core.database_url import parse_database_url
from storage import migrations
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from tests.world.chaos import Outcome, age_shares, run_chaos


def main() -> None:
    """Run the worlds, print a table, and exit with 1 where a promise was broken."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.world", description="Let days of faults pass, and tell what broke."
    )
    parser.add_argument("--seed", type=int, default=random.randrange(10_000), help="of the first world")
    parser.add_argument("--worlds", type=int, default=10, help="how many worlds, each with a seed of its own")
    parser.add_argument("--days", type=int, default=3, help="how many virtual days each")
    parser.add_argument("--rate", type=float, default=0.05, help="the share of operations that fail")
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    print(f"seed {asked.seed}: {asked.worlds} worlds of {asked.days} days, {asked.rate:.0%} of operations fail")
    begun = time.perf_counter()
    with _server() as server:
        outcomes = asyncio.run(
            _worlds(server, range(asked.seed, asked.seed + asked.worlds), asked.days, asked.rate)
        )
    _show(outcomes)
    print(f"in {time.perf_counter() - begun:.0f} s")
    sys.exit(any(broken for one in outcomes for broken in one.violations.values()))


@contextmanager
def _server() -> Iterator[EmbeddedPostgres]:
    folder = Path(tempfile.mkdtemp(prefix="linekeeper-chaos-"))
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder / "data", durable=False)
    try:
        with server.ensure_running():
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _worlds(server: EmbeddedPostgres, seeds: range, days: int, rate: float) -> list[Outcome]:
    return [await _world(server, seed, days, rate) for seed in seeds]


async def _world(server: EmbeddedPostgres, seed: int, days: int, rate: float) -> Outcome:
    name = f"world_{seed}"
    await server.create_database(name)
    database = Database(parse_database_url(server.url(name)), pooled=True)
    try:
        await migrations.upgrade(database.engine)
        return await run_chaos(seed, database, days=days, rate=rate)
    finally:
        await database.close()


def _show(outcomes: list[Outcome]) -> None:
    faults = sum((Counter(one.faults) for one in outcomes), Counter[str]())
    _table("faults injected", [(name, number) for name, number in faults.most_common()])
    kept = {name: sum(len(one.violations[name]) for one in outcomes) for name in outcomes[0].violations}
    _table("violations", list(kept.items()))
    for one in outcomes:
        for name, broken in one.violations.items():
            print(*(f"  seed {one.seed}, {name}: {what}\n" for what in broken), sep="", end="")
    looks = [timedelta(minutes=10), timedelta(minutes=35)]
    soon, closing = age_shares(outcomes, *looks)
    _table(
        "what became of it",
        [
            ("runs", sum(one.runs for one in outcomes)),
            ("triggers repaired", sum(one.repairs for one in outcomes)),
            ("games", sum(one.games for one in outcomes)),
            ("last look at most 10 min before", f"{soon:.1%}"),
            ("last look at most 35 min before", f"{closing:.1%}"),
        ],
    )


def _table(title: str, lines: list[tuple[str, object]]) -> None:
    print(f"\n{title}")
    for name, value in lines:
        print(f"  {name:<36}{value:>8}")


if __name__ == "__main__":
    main()
