"""A machine whose clock is set, by the seconds that a file tells, and whose Discord may be at another address."""

import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from pydantic import SecretStr

from core.clock import SystemClock
from core.discord import DiscordChannel

VARIABLE = "CLOCK_AHEAD_FILE"
DISCORD_VARIABLE = "DISCORD_IS_AT"
WEBHOOKS_AT = "https://discord.com"


@dataclass(frozen=True)
class AheadClock:
    """Runs as the real clock does, ahead of it by what the file says."""

    file: Path

    def now(self) -> datetime:
        """Return the present instant of the machine."""
        found = os.stat(self.file)  # noqa: PTH116
        return datetime.now(UTC) + _ahead(self.file, found.st_ino, found.st_mtime_ns)

    def set_to(self, instant: datetime) -> None:
        """Set the clock, for every process of the machine."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(str((instant - datetime.now(UTC)).total_seconds()))
        fresh.replace(self.file)


@lru_cache(maxsize=1)
def _ahead(file: Path, _inode: int, _written_ns: int) -> timedelta:
    """Return what the file says, read once a version: a run asks for the time too often to read it each time."""
    return timedelta(seconds=float(file.read_text()))


def main() -> None:
    """Run Lambda's runtime client on such a machine."""
    from awslambdaric.__main__ import main as run  # noqa: PLC0415

    clock = AheadClock(Path(os.environ[VARIABLE]))
    setattr(SystemClock, "now", lambda _self: clock.now())  # noqa: B010
    if origin := os.environ.get(DISCORD_VARIABLE):
        _move_discord(origin)
    run(sys.argv)


def _move_discord(origin: str) -> None:
    """Post at an origin on loopback what goes to Discord."""
    make = DiscordChannel.__init__

    def made(self: DiscordChannel, webhook_url: SecretStr) -> None:
        address = webhook_url.get_secret_value().replace(WEBHOOKS_AT, origin)
        make(self, SecretStr(address), loopback_origin=origin)

    setattr(DiscordChannel, "__init__", made)  # noqa: B010


if __name__ == "__main__":
    main()
