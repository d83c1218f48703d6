"""Arrays in one block of memory that all processes of a machine read, so that none has a copy of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.shared_memory import SharedMemory
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

_ALIGNMENT = 64

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class _Place:
    dtype: str
    shape: tuple[int, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class SharedHandle:
    """What another process needs to find the arrays."""

    block: str
    places: Mapping[str, _Place]


class SharedArrays:
    """Arrays copied into a block of memory that is freed at the end of a `with`: readers have to be gone then."""

    def __init__(self, arrays: Arrays) -> None:
        """Make the block and copy the arrays."""
        places, offset = {}, 0
        for name, array in arrays.items():
            places[name] = _Place(array.dtype.str, array.shape, offset)
            offset += -(-array.nbytes // _ALIGNMENT) * _ALIGNMENT
        self._block = SharedMemory(create=True, size=max(offset, 1))
        self.handle = SharedHandle(self._block.name, places)
        for name, view in _views(self._block, self.handle).items():
            view[...] = arrays[name]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._block.close()
        self._block.unlink()


class AttachedArrays:
    """The arrays of a handle, for as long as it lives; they cannot be written."""

    def __init__(self, handle: SharedHandle) -> None:
        """Find the block."""
        self._block = SharedMemory(name=handle.block)
        self.arrays: Arrays = _views(self._block, handle)
        for view in self.arrays.values():
            view.flags.writeable = False

    def close(self) -> None:
        """Let the block go; the arrays are gone with it."""
        self.arrays = {}
        self._block.close()


def _views(block: SharedMemory, handle: SharedHandle) -> dict[str, NDArray[Any]]:
    return {
        name: np.ndarray(place.shape, dtype=np.dtype(place.dtype), buffer=block.buf, offset=place.offset)
        for name, place in handle.places.items()
    }
