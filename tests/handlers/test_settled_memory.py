"""While much is made that lives on, the collector looks seldom; afterwards it is as it was."""

import gc
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from handlers.settled_memory import settled_memory


@pytest.fixture(autouse=True)
def thresholds() -> Iterator[tuple[int, int, int]]:
    """Yield the collector's thresholds, and leave them as they were."""
    usual = gc.get_threshold()
    gc.unfreeze()
    gc.set_threshold(700, 10, 10)
    yield (700, 10, 10)
    gc.set_threshold(*usual)


def test_the_collector_looks_seldom_and_not_at_what_lived_before(thresholds: tuple[int, int, int]) -> None:
    with settled_memory():
        assert gc.get_threshold() == (50_000, *thresholds[1:])
        assert gc.get_freeze_count() > 0
    assert (gc.get_threshold(), gc.get_freeze_count()) == (thresholds, 0)


def test_after_a_failure_it_is_as_before(thresholds: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="broken"), settled_memory():
        raise ValueError("broken")
    assert (gc.get_threshold(), gc.get_freeze_count()) == (thresholds, 0)


def test_of_blocks_that_overlap_the_last_one_puts_it_back(thresholds: tuple[int, int, int]) -> None:
    first, second = ExitStack(), ExitStack()
    first.enter_context(settled_memory())
    second.enter_context(settled_memory())
    first.close()
    assert gc.get_threshold() == (50_000, *thresholds[1:])
    second.close()
    assert gc.get_threshold() == thresholds


def test_a_collector_that_is_off_or_looks_more_seldom_stays_so() -> None:
    for usual in ((0, 10, 10), (200_000, 20, 100)):
        gc.set_threshold(*usual)
        with settled_memory():
            assert gc.get_threshold() == usual
        assert gc.get_threshold() == usual
