"""A chaos run that is stopped leaves nothing behind."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.embedded import EmbeddedPostgres
from tests.world.own_server import FOLDER

pytestmark = pytest.mark.slow
PATIENCE_SECONDS = 120


@pytest.fixture
def place() -> Iterator[Path]:
    """Yield a folder for temporary files that Postgres may enter, whoever runs it."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def begun(place: Path) -> subprocess.Popen[bytes]:
    """Return a chaos run once its Postgres takes connections."""
    command = [sys.executable, "-m", "tests.world", "--worlds", "1", "--days", "9", "--sequences", "0"]
    run = subprocess.Popen(command, env={**os.environ, "TMPDIR": str(place)}, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not any(server_in(folder).running for folder in place.glob(f"{FOLDER}{run.pid}-*")):
        assert run.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return run


def server_in(folder: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder / "data")


def test_a_run_that_is_stopped_takes_its_files_with_it_and_those_of_one_that_was_killed(place: Path) -> None:
    killed = begun(place)
    killed.kill()
    killed.wait(PATIENCE_SECONDS)
    (left,) = place.iterdir()
    for number in (signal.SIGTERM, signal.SIGINT):
        run = begun(place)
        assert not left.exists()
        run.send_signal(number)
        run.wait(PATIENCE_SECONDS)
        assert list(place.iterdir()) == []
