"""File locks between the commands that share one embedded server: freed by the kernel when their holder ends."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PAUSE_SECONDS = 0.02


def open_lock(path: Path) -> int:
    """Return a file descriptor to lock, of a file made where absent; it is not passed on to child processes."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def take(descriptor: int, *, shared: bool = False, timeout_seconds: float = 0) -> bool:
    """Take the lock, alone or shared, and return whether that succeeded within the timeout."""
    operation = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB
    deadline = time.monotonic() + timeout_seconds
    while True:
        try:
            fcntl.flock(descriptor, operation)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(_PAUSE_SECONDS)
        else:
            return True


def is_taken(path: Path) -> bool:
    """Tell whether any process holds the lock alone."""
    if not path.exists():
        return False
    with lock_descriptor(path) as descriptor:
        return not take(descriptor, shared=True)


@contextmanager
def lock_descriptor(path: Path) -> Iterator[int]:
    """Yield a descriptor of the lock file; a lock taken with it is freed at the end."""
    descriptor = open_lock(path)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
