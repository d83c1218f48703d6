"""Have the garbage collector look seldom, and at new objects alone, while work makes many that live on."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_MADE_BEFORE_A_COLLECTION = 50_000


@dataclass(slots=True)
class _Work:
    """How much of it goes on, and what the collector's thresholds were before."""

    count: int = 0
    usual: tuple[int, int, int] = (0, 0, 0)


_work = _Work()


@contextmanager
def settled_memory() -> Iterator[None]:
    """Spare the collector what lives already: to look at all of it again takes much of the time of such work.

    Blocks may overlap: the collector is as before once the last of them has ended. One that is off stays off.
    """
    if not _work.count:
        _work.usual = gc.get_threshold()
        gc.freeze()
        if _work.usual[0]:
            gc.set_threshold(max(_work.usual[0], _MADE_BEFORE_A_COLLECTION), *_work.usual[1:])
    _work.count += 1
    try:
        yield
    finally:
        _work.count -= 1
        if not _work.count:
            gc.set_threshold(*_work.usual)
            gc.unfreeze()
