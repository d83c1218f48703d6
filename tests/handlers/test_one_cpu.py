"""One CPU for work and the database that it takes turns with."""

import os
import subprocess
import sys

import pytest

from handlers.one_cpu import sharing_one_cpu

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process choose its CPUs")


def test_what_is_started_in_the_block_shares_one_cpu_and_all_are_free_after_it() -> None:
    before = os.sched_getaffinity(0)
    with sharing_one_cpu():
        (cpu,) = os.sched_getaffinity(0)
        asked = "import os; print(*os.sched_getaffinity(0))"
        child = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert child.stdout.split() == [str(cpu)]
    assert cpu in before
    assert os.sched_getaffinity(0) == before


def test_work_that_fails_leaves_no_cpu_out() -> None:
    before = os.sched_getaffinity(0)
    with pytest.raises(ZeroDivisionError), sharing_one_cpu():
        raise ZeroDivisionError
    assert os.sched_getaffinity(0) == before
