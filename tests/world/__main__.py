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
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import structlog

from core.database_url import parse_database_url
from handlers.simulation.targets import CLOSING, FRESH, missed_targets, share_within
from storage import migrations
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from tests.world.chaos import Outcome, run_chaos
from tests.world.findings import PROMISES


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
    ages = [age for one in outcomes for age in one.ages]
    missed = missed_targets(ages, asked.rate)
    _show_faults(outcomes)
    _show_promises(outcomes)
    _show_closes(outcomes, ages, missed)
    print(f"\nin {time.perf_counter() - begun:.0f} s")
    sys.exit(bool(missed) or any(one.violations for one in outcomes))


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


def _show_faults(outcomes: list[Outcome]) -> None:
    faults = sum((Counter(one.faults) for one in outcomes), Counter[str]())
    _table(f"{faults.total():,} faults injected", faults.most_common())


def _show_promises(outcomes: list[Outcome]) -> None:
    print(f"\n{'promises':<44}{'judged':>10}{'broken':>8}")
    for name, promise in PROMISES.items():
        judged = sum(one.found[name].judged for one in outcomes)
        broken = sum(len(one.found[name]) for one in outcomes)
        print(f"  {name:<8}{promise:<34}{judged:>10,}{broken:>8,}")
    for one in outcomes:
        for name, broken_by in one.violations.items():
            print(*(f"  seed {one.seed}, {name}: {what}\n" for what in broken_by), sep="", end="")


def _show_closes(outcomes: list[Outcome], ages: list[timedelta | None], missed: tuple[str, ...]) -> None:
    _table(
        "what became of it",
        [
            ("runs", f"{sum(one.runs for one in outcomes):,}"),
            ("triggers repaired", f"{sum(one.repairs for one in outcomes):,}"),
            ("games", f"{len(ages):,}"),
            ("last look at most 10 min before", _percent(share_within(ages, FRESH))),
            ("last look at most 35 min before", _percent(share_within(ages, CLOSING))),
        ],
    )
    for what in missed:
        print(f"  broken: {what}")


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{share:.1%}"


def _table(title: str, lines: Iterable[tuple[str, object]]) -> None:
    print(f"\n{title}")
    for name, value in lines:
        print(f"  {name:<42}{value!s:>10}")


if __name__ == "__main__":
    main()
