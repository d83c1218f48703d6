from multiprocessing.shared_memory import SharedMemory

import numpy as np
import pytest

from analytics.backtesting.shared_arrays import AttachedArrays, SharedArrays

ARRAYS = {
    "prices": np.array([-110, 150], dtype=np.int64),
    "points": np.array([[1.5, np.nan]]),
    "instants": np.array(["2026-01-10T20:00"], dtype="datetime64[us]"),
    "nothing": np.empty(0),
    "won": np.array([True, False]),
}


def test_a_reader_sees_the_arrays_as_they_were() -> None:
    with SharedArrays(ARRAYS) as shared:
        attached = AttachedArrays(shared.handle)
        for name, array in ARRAYS.items():
            np.testing.assert_array_equal(attached.arrays[name], array)
            assert attached.arrays[name].dtype == array.dtype
        attached.close()


def test_a_reader_cannot_write() -> None:
    with SharedArrays(ARRAYS) as shared:
        attached = AttachedArrays(shared.handle)
        with pytest.raises(ValueError, match="read-only"):
            attached.arrays["prices"][0] = 1
        attached.close()


def test_the_memory_is_free_afterwards_even_after_a_fault() -> None:
    with pytest.raises(RuntimeError), SharedArrays(ARRAYS) as shared:
        raise RuntimeError
    with pytest.raises(FileNotFoundError):
        SharedMemory(name=shared.handle.block)
