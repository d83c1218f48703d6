"""What a shell needs before it can run the commands that a report suggests."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

_LEFT_OUT = "# the URLs leave out your server's password: put it in where one is asked for"


def prepared(commands: Sequence[str], *, own_server: bool) -> list[str]:
    """Return the commands after what lets a shell run them.

    Args:
        commands: The commands that are suggested.
        own_server: Whether they name a database on a server of the user's own, by a URL without its password.
    """
    activation = _activation()
    first = [] if activation is None else [activation]
    return [*first, *([_LEFT_OUT] if own_server else []), *commands]


def _activation() -> str | None:
    """Return what lets a shell find `odds`; None where it does, or where no environment has it."""
    script = Path(sys.executable).with_name("activate")
    if shutil.which("odds") is not None or not script.is_file():
        return None
    inside = script.is_relative_to(Path.cwd())
    return f"source {os.path.relpath(script) if inside else script}"
