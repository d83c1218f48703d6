"""A chaos run says what it cannot be asked for, before it begins."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param(["--worlds", "0"], "--worlds: a whole number is expected, 1 or more, not '0'", id="no world"),
        pytest.param(["--days", "x"], "--days: a whole number is expected, 1 or more, not 'x'", id="no number"),
        pytest.param(["--seed", "-1"], "--seed: a whole number is expected, 0 or more, not '-1'", id="negative"),
        pytest.param(["--rate", "5"], "--rate: a share of 0 to 1 is expected, not '5'", id="a percentage"),
        pytest.param(["--rate", "nan"], "--rate: a share of 0 to 1 is expected, not 'nan'", id="not a number"),
    ],
)
def test_what_no_run_can_do_is_refused_by_its_name(given: list[str], told: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.world", *given], capture_output=True, check=False, text=True
    )
    assert run.returncode == 2
    assert run.stderr.splitlines()[-1].endswith(told)
    assert run.stdout == ""
