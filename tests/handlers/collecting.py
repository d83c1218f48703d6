"""The command `odds scheduler start` as a process of its own."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable
from pathlib import Path

from core.simulation.server import FeedServer

PATIENCE_SECONDS = 40
_COMMAND = (sys.executable, "-c", "from handlers.cli.main import main; main()", "scheduler", "start")


class Collector:
    """One process that collects one sport of a feed on this machine."""

    def __init__(self, server: FeedServer, sport_key: str, database_url: str, folder: Path, backend: str) -> None:
        self.log = folder / "collector.log"
        self.process: Process | None = None
        self._folder = folder
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "ODDS_API_KEY": "k",
            "ODDS_API_BASE_URL": server.base_url,
            "DATABASE_URL": database_url,
            "SCHEDULER_BACKEND": backend,
            "SPORTS": sport_key,
            "BOOKMAKERS": "draftkings,fanduel",
            "MARKETS": "h2h",
        }

    async def start(self) -> None:
        """Start the process."""
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *_COMMAND,
                env=self._environment,
                cwd=self._folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def end(self, number: signal.Signals = signal.SIGKILL) -> int:
        """Send the process a signal, if it is there, and return its exit code once it has ended."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await self.process.wait()

    async def until(self, condition: Callable[[], Awaitable[bool]]) -> None:
        """Wait until a condition holds while the process lives."""
        assert self.process is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await condition():
                assert self.process.returncode is None, self.log.read_text()
                await asyncio.sleep(0.05)
