"""Measure the figures of the README: `python -m tests.bench [--only NAME …] [--json] [--quick]`."""

import argparse
import asyncio
import os
import sys
import time

from handlers.cli.opening import run
from handlers.cli.output import aside, print_json
from tests.bench.backtests import backtest_figures
from tests.bench.figure import Figure, table
from tests.bench.lambda_run import run_figures
from tests.bench.lambda_start import start_figures
from tests.bench.material import Material, find_material
from tests.bench.reads import read_figures
from tests.bench.real_seasons import real_figures
from tests.bench.schedule import schedule_figures
from tests.bench.season import load_season, replay_figures
from tests.bench.server import BenchServer, bench_server
from tests.bench.simulation import season_figures
from tests.bench.sizes import size_figures
from tests.bench.store import store_figures
from tests.bench.sweeps import sweep_figures
from tests.lambda_runtime.packaged import CannotBuildHereError, build_here, unpack

_OF_THE_SEASON = ("replay", "size", "read")
_OF_LAMBDA = ("cold", "warm")
_NAMES = ("store", *_OF_THE_SEASON, "schedule", "simulate", "backtest", "sweep", "real", *_OF_LAMBDA)


def main() -> None:
    """Measure, print, and exit with 1 where a figure is not reached."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description="Measure the figures of the README."
    )
    parser.add_argument(
        "--only", metavar="NAME", action="append", choices=_NAMES, help=f"any of {', '.join(_NAMES)}"
    )
    parser.add_argument("--json", action="store_true", help="print JSON in place of a table")
    parser.add_argument("--quick", action="store_true", help="two simulated days: to see that all of it runs")
    asked = parser.parse_args()
    names = tuple(asked.only or _NAMES)
    begun = time.perf_counter()
    with bench_server() as server:
        material = find_material(server.folder, quick=asked.quick)
        figures = run(_measured(server, material, names, quick=asked.quick))
    load = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    seconds = time.perf_counter() - begun
    if asked.json:
        print_json({"material": material.name, "load": load, "figures": [figure._asdict() for figure in figures]})
    else:
        sys.stdout.write(
            f"{table(figures)}\n\nMeasured on {material.name}, in {seconds:.0f} s, on {os.cpu_count()} cores"
            f" with a load average of {load}.\n"
        )
    sys.exit(any(figure.reached is False for figure in figures) and not asked.quick)


async def _measured(
    server: BenchServer, material: Material, names: tuple[str, ...], *, quick: bool
) -> list[Figure]:
    figures: list[Figure] = []
    if "store" in names:
        _say("storing answers")
        length, history = (20, 40) if quick else (200, 800)
        figures += await store_figures(server, material, length=length, history=history)
    if set(names) & set(_OF_THE_SEASON):
        _say("replaying every answer")
        replayed = await load_season(server, material)
        figures += replay_figures(replayed) if "replay" in names else []
        figures += await read_figures(server, calls=100 if quick else 2000) if "read" in names else []
        figures += await size_figures(server, material) if "size" in names else []
    if "schedule" in names:
        _say("replaying by its own schedule")
        figures += await schedule_figures(server, material)
    if "simulate" in names:
        _say("simulating a season")
        figures += await asyncio.to_thread(season_figures, server, days=1 if quick else None)
    if "sweep" in names:
        _say("sweeping parameters")
        figures += await asyncio.to_thread(sweep_figures, quick=quick)
    if "backtest" in names:
        _say("running backtests")
        figures += await backtest_figures(server, quick=quick)
    if "real" in names:
        figures += await _of_real_seasons(server, material)
    if set(names) & set(_OF_LAMBDA):
        figures += await _of_lambda(server, names, quick=quick)
    return figures


async def _of_real_seasons(server: BenchServer, material: Material) -> list[Figure]:
    """Return what backtests of real seasons say, or none where there are no real seasons, which is said."""
    if material.real is None:
        _say("not backtested, because there is no folder of real seasons here")
        return []
    _say("backtesting real seasons")
    return await real_figures(server, material.real)


async def _of_lambda(server: BenchServer, names: tuple[str, ...], *, quick: bool) -> list[Figure]:
    """Return the figures of the package, or none where it cannot be built, which is said."""
    _say("building the package")
    try:
        built = await asyncio.to_thread(build_here, "collector", server.folder / "dist")
        packaged = await asyncio.to_thread(unpack, built, server.folder / "lambda")
    except CannotBuildHereError as error:
        _say(f"not measured, because it cannot be built here: {error}")
        return []
    figures: list[Figure] = []
    if "cold" in names:
        _say("starting functions")
        figures += await start_figures(packaged, server.folder, rounds=1 if quick else 15)
    if "warm" in names:
        _say("running a warm function")
        figures += await run_figures(server, packaged, runs=3 if quick else 30)
    return figures


def _say(what: str) -> None:
    aside().print(f"{what} …", style="dim")


if __name__ == "__main__":
    main()
