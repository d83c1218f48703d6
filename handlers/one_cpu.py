"""One CPU for work and the database that it takes turns with.

To wake the other one across CPUs, as each statement does twice, may take longer than the statement itself, above
all where CPUs that idle are lent to somebody else.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def sharing_one_cpu() -> Iterator[None]:
    """Keep this thread, and the processes that it starts in the block, on one of its CPUs, where that can be done.

    Which one follows from the number of the process: two that work at the same time seldom share it.
    """
    if sys.platform != "linux":
        yield
        return
    allowed = os.sched_getaffinity(0)
    chosen = sorted(allowed)[os.getpid() % len(allowed)]
    with suppress(OSError):  # where that is refused, the work is slower, and no less right
        os.sched_setaffinity(0, {chosen})
    try:
        yield
    finally:
        with suppress(OSError):
            os.sched_setaffinity(0, allowed)
