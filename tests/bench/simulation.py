"""How long a season of the NFL takes on the virtual clock, in which five of a hundred operations fail."""

import subprocess
import sys
import time
from typing import Any

import orjson

from tests.bench.figure import Figure
from tests.bench.material import CHECKOUT
from tests.bench.server import BenchServer

_MOST_SECONDS = 120
_COMMAND = (sys.executable, "-c", "from handlers.cli.main import main; main()", "simulate", "season", "--json")


def season_figures(server: BenchServer, *, days: int | None) -> list[Figure]:
    """Return how long `odds simulate season` takes, as a command: all of the season, or its first days.

    It makes and starts a server of its own, as it does for a new user.
    """
    command = [*_COMMAND, *([] if days is None else ["--days", str(days)])]
    begun = time.perf_counter()
    ended = subprocess.run(
        command,
        cwd=server.folder,
        env={
            **server.environment,
            "PYTHONPATH": str(CHECKOUT),
            "LINEKEEPER_DATA_DIR": str(server.folder / "simulated"),
        },
        capture_output=True,
        check=True,
    )
    return [_figure(orjson.loads(ended.stdout), time.perf_counter() - begun)]


def _figure(report: dict[str, Any], seconds: float) -> Figure:
    runs, heartbeats = sum(report["runs"].values()), report["heartbeats"]
    method = (
        "odds simulate season --json as a command, from start to exit, its server included: "
        f"{runs:,} runs and {heartbeats:,} heartbeats by the production handlers, "
        f"{report['fault_rate']:.0%} of the operations failing"
    )
    return Figure(
        "a simulated season of the NFL",
        f"{seconds:.0f} s",
        f"< {_MOST_SECONDS} s",
        seconds < _MOST_SECONDS,
        method,
    )
