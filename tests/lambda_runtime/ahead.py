"""A machine whose clock is set, by the seconds that a file tells, and whose Discord may be at another address."""

import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from mmap import mmap
from pathlib import Path
from struct import Struct

from pydantic import SecretStr

from core.clock import SystemClock
from core.discord import DiscordChannel

VARIABLE = "CLOCK_AHEAD_FILE"
DISCORD_VARIABLE = "DISCORD_IS_AT"
WEBHOOKS_AT = "https://discord.com"
_SECONDS = Struct("d")


@dataclass(frozen=True)
class AheadClock:
    """Runs as the real clock does, ahead of it by what the file says."""

    file: Path

    def now(self) -> datetime:
        """Return the present instant of the machine."""
        (seconds,) = _SECONDS.unpack_from(_shared(self.file))
        return datetime.now(UTC) + timedelta(seconds=seconds)

    def set_to(self, instant: datetime) -> None:
        """Set the clock, for every process of the machine."""
        if not self.file.exists():
            self.file.write_bytes(_SECONDS.pack(0))
        _SECONDS.pack_into(_shared(self.file), 0, (instant - datetime.now(UTC)).total_seconds())


@lru_cache(maxsize=1)
def _shared(file: Path) -> mmap:
    """Return the memory that the file is: a run asks for the time too often to read the file each time."""
    with file.open("r+b") as opened:
        return mmap(opened.fileno(), _SECONDS.size)


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
