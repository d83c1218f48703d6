"""Run the real command `odds replay`, and watch how long it takes and how much memory."""

import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import psutil

from tests.bench.material import CHECKOUT, Material
from tests.bench.server import BenchServer

DATABASE = "linekeeper_replay"
_COMMAND = (sys.executable, "-c", "from handlers.cli.main import main; main()", "replay")
_SAMPLE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Replayed:
    """A replay that has ended: its report, its seconds from start to exit, its memory on the way in bytes."""

    report: dict[str, Any]
    seconds: float
    memory: Sequence[int]


def run_replay(
    server: BenchServer,
    material: Material,
    *,
    every_snapshot: bool = False,
    start: datetime | None = None,
    end: datetime | None = None,
) -> Replayed:
    """Replay the material, or the part of it from `start` to `end`, into the database `linekeeper_replay`."""
    command = [*_COMMAND, str(material.recording), "--scores", str(material.results), "--json"]
    command += ["--every-snapshot"] if every_snapshot else []
    command += ["--from", start.isoformat()] if start else []
    command += ["--to", end.isoformat()] if end else []
    environment = {**server.environment, "PYTHONPATH": str(CHECKOUT)}
    output = server.folder / "report.json"
    begun = time.perf_counter()
    with output.open("wb") as stream:
        process = psutil.Popen(command, stdout=stream, env=environment, cwd=server.folder)
        try:
            memory = _watched(process)
        finally:
            with suppress(psutil.NoSuchProcess):
                process.terminate()
            process.wait()
    seconds = time.perf_counter() - begun
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Replayed(orjson.loads(output.read_bytes()), seconds, memory)


def _watched(process: psutil.Popen) -> list[int]:
    """Return the resident memory of a process, sample by sample, once it has ended."""
    samples: list[int] = []
    while process.poll() is None:
        with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            samples.append(process.memory_info().rss)
        time.sleep(_SAMPLE_SECONDS)
    return samples
