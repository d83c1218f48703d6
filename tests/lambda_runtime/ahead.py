"""A machine whose clock is set: by the seconds that a file tells."""

import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.clock import SystemClock

VARIABLE = "CLOCK_AHEAD_FILE"


@dataclass(frozen=True)
class AheadClock:
    """Runs as the real clock does, ahead of it by what the file says."""

    file: Path

    def now(self) -> datetime:
        """Return the present instant of the machine."""
        return datetime.now(UTC) + timedelta(seconds=float(self.file.read_text()))

    def set_to(self, instant: datetime) -> None:
        """Set the clock, for every process of the machine."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(str((instant - datetime.now(UTC)).total_seconds()))
        fresh.replace(self.file)


def main() -> None:
    """Run Lambda's runtime client on such a machine."""
    from awslambdaric.__main__ import main as run  # noqa: PLC0415

    clock = AheadClock(Path(os.environ[VARIABLE]))
    setattr(SystemClock, "now", lambda _self: clock.now())  # noqa: B010
    run(sys.argv)


if __name__ == "__main__":
    main()
