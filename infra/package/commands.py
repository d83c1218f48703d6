"""Run the tools that a build is made with."""

import subprocess
from collections.abc import Mapping
from pathlib import Path


def ran(*command: str | Path, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Return how a command ended and what it wrote; one that is not there ended with 127."""
    try:
        return subprocess.run(command, capture_output=True, check=False, text=True, env=environment)  # noqa: S603
    except OSError as error:
        return subprocess.CompletedProcess(command, 127, "", str(error))
