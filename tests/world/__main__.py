"""Let days of faults pass, and deaths and trouble of every kind, and tell what broke: `python -m tests.world`."""

import argparse
import asyncio
import logging
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta

import structlog

from core.database_url import parse_database_url
from handlers.simulation.season_report import late_starts
from handlers.simulation.targets import CLOSING, FRESH, missed_targets, share_within
from storage import migrations
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from tests.world.chaos import Outcome, run_chaos, unjudged
from tests.world.databases import Fresh, copies_of
from tests.world.findings import PROMISES, Findings
from tests.world.own_server import own_server
from tests.world.trouble import deaths_of_heartbeats, deaths_of_runs, sequences_of_trouble

_TEMPLATE = "world"


def main() -> None:
    """Run the worlds, print a table, and exit with 1 where a promise was broken, or was not put to the test."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.world", description="Let days of faults pass, and tell what broke."
    )
    some, any_number = _whole_number(least=1), _whole_number(least=0)
    parser.add_argument("--seed", type=any_number, default=random.randrange(10_000), help="of the first world")
    parser.add_argument("--worlds", type=some, default=10, help="how many worlds, each with a seed of its own")
    parser.add_argument("--days", type=some, default=3, help="how many virtual days each")
    parser.add_argument("--rate", type=_share, default=0.05, help="the share of operations that fail, up to 1")
    parser.add_argument(
        "--sequences", type=any_number, default=30, help="how many sequences of trouble; 0: no deaths either"
    )
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    worlds = f"{asked.worlds} worlds of {asked.days} days"
    print(f"seed {asked.seed}: {worlds}, {asked.rate:.0%} of operations fail", flush=True)
    begun = time.perf_counter()
    with own_server() as server:
        asyncio.run(_make_template(server))
        fresh = copies_of(_TEMPLATE, server)
        seeds = range(asked.seed, asked.seed + asked.worlds)
        outcomes = asyncio.run(_worlds(fresh, seeds, asked.days, asked.rate))
        ages = [age for one in outcomes for age in one.ages]
        worse = [late for one in outcomes for late in one.worse]
        early, starts = sum(late.began_at is not None for late in worse), late_starts(worse)
        missed = missed_targets(ages, asked.rate, began_early=early, late_starts=starts)
        unknown = unjudged(outcomes)
        _show_faults(outcomes)
        _show_promises(outcomes, unknown)
        _show_closes(outcomes, ages, missed)
        sys.stdout.flush()
        troubles: dict[str, Findings] = {}
        if asked.sequences:
            troubles = _troubles(server, fresh, asked.seed, asked.sequences)
            _show_troubles(troubles)
    print(f"\nin {time.perf_counter() - begun:.0f} s")
    broken = any(one.violations for one in outcomes) or any(troubles.values())
    sys.exit(bool(missed or unknown) or broken)


def _whole_number(*, least: int) -> Callable[[str], int]:
    def number(given: str) -> int:
        if given.isdecimal() and int(given) >= least:
            return int(given)
        msg = f"a whole number is expected, {least} or more, not {given!r}"
        raise argparse.ArgumentTypeError(msg)

    return number


def _share(given: str) -> float:
    with suppress(ValueError):
        if 0 <= float(given) <= 1:
            return float(given)
    msg = f"a share of 0 to 1 is expected, not {given!r}"
    raise argparse.ArgumentTypeError(msg)


async def _make_template(server: EmbeddedPostgres) -> None:
    await server.create_database(_TEMPLATE)
    database = Database(parse_database_url(server.url(_TEMPLATE)), pooled=True)
    try:
        await migrations.upgrade(database.engine)
    finally:
        await database.close()


async def _worlds(fresh: Fresh, seeds: range, days: int, rate: float) -> list[Outcome]:
    return [await _world(fresh, seed, days, rate) for seed in seeds]


async def _world(fresh: Fresh, seed: int, days: int, rate: float) -> Outcome:
    async with fresh() as database:
        return await run_chaos(seed, database, days=days, rate=rate)


def _troubles(server: EmbeddedPostgres, fresh: Fresh, seed: int, sequences: int) -> dict[str, Findings]:
    return {
        "a run dies at each of its steps": asyncio.run(deaths_of_runs(fresh)),
        "a heartbeat dies at each of its steps": asyncio.run(deaths_of_heartbeats(fresh)),
        "any sequence of trouble": sequences_of_trouble(server, _TEMPLATE, seed, sequences),
    }


def _show_faults(outcomes: list[Outcome]) -> None:
    faults = sum((Counter(one.faults) for one in outcomes), Counter[str]())
    _table(f"{faults.total():,} faults injected", faults.most_common())


def _show_promises(outcomes: list[Outcome], unknown: list[str]) -> None:
    print(f"\n{'promises':<44}{'judged':>10}{'broken':>8}")
    for name, promise in PROMISES.items():
        judged = sum(one.found[name].judged for one in outcomes)
        broken = sum(len(one.found[name]) for one in outcomes)
        print(f"  {name:<8}{promise:<34}{judged:>10,}{broken:>8,}")
    for one in outcomes:
        for name, broken_by in one.violations.items():
            print(*(f"  seed {one.seed}, {name}: {what}\n" for what in broken_by), sep="", end="")
    for promise in unknown:
        print(f"  not put to the test, for which it takes more --worlds: {promise}")


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


def _show_troubles(troubles: dict[str, Findings]) -> None:
    print(f"\n{'one by one':<44}{'judged':>10}{'broken':>8}")
    for name, found in troubles.items():
        print(f"  {name:<42}{found.judged:>10,}{len(found):>8,}")
        print(*(f"  {what}\n" for what in found), sep="", end="")


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{share:.1%}"


def _table(title: str, lines: Iterable[tuple[str, object]]) -> None:
    print(f"\n{title}")
    for name, value in lines:
        print(f"  {name:<42}{value!s:>10}")


if __name__ == "__main__":
    main()
