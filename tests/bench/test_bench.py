"""The bench measures everything it names, cleans up, and ends by itself; its figures are no test's business."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.bench.figure import Figure, percentile, table

CHECKOUT = Path(__file__).parents[2]
EXPECTED = (
    "store one answer",
    "replay at every snapshot",
    "memory",
    "odds_at",
    "bytes per quote seen",
    "own schedule: looks",
    "own schedule: last look to start",
    "a simulated season",
    "sets of parameters",
    "resamples",
    "backtest of a season",
)
OF_ROWS = ("store", "replay", "read", "size", "schedule", "simulate", "backtest", "sweep")
OF_LAMBDA = ("cold", "warm")


def bench(folder: Path, names: tuple[str, ...], variables: Mapping[str, str]) -> Any:
    """Return what a quick bench of some names measured; a folder is its home."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--quick", "--json", *(f"--only={name}" for name in names)],
        cwd=CHECKOUT,
        env={**variables, "HOME": str(folder), "TMPDIR": str(folder)},
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr.decode()
    if "not measured, because" in ended.stderr.decode():
        pytest.skip(ended.stderr.decode())
    return orjson.loads(ended.stdout)


def test_a_quick_bench_measures_everything_on_a_simulated_market_and_leaves_nothing(open_folder: Path) -> None:
    measured = bench(open_folder, OF_ROWS, {"PATH": "/usr/bin:/bin"})
    assert measured["material"].startswith("a simulated market")
    for name in EXPECTED:
        assert any(name in figure["what"] for figure in measured["figures"]), name
    assert list(open_folder.iterdir()) == []


@pytest.mark.slow
def test_a_quick_bench_starts_and_runs_the_package_and_leaves_nothing(open_folder: Path) -> None:
    cache = os.environ.get("UV_CACHE_DIR") or str(Path.home() / ".cache" / "uv")
    measured = bench(open_folder, OF_LAMBDA, {**os.environ, "UV_CACHE_DIR": cache})
    assert [figure["what"] for figure in measured["figures"]] == [
        "cold start of the collector",
        "warm overhead of a look",
    ]
    assert list(open_folder.iterdir()) == []


def test_a_table_says_what_is_reached_and_how_it_was_measured() -> None:
    lines = table(
        [Figure("reads", "0.4 ms", "≤ 0.5 ms", True, "by hand"), Figure("writes", "9", "≤ 8", False, "so")]
    )
    assert "| reads  | 0.4 ms | ≤ 0.5 ms | yes | 1      |" in lines
    assert "| writes | 9      | ≤ 8      | no  | 2      |" in lines
    assert lines.endswith("1. by hand.\n2. so.")


@pytest.mark.parametrize(
    ("share", "expected"), [pytest.param(0.5, 5, id="median"), pytest.param(0.99, 10, id="nearly all")]
)
def test_a_percentile_is_one_of_the_values(share: float, expected: int) -> None:
    assert percentile(range(1, 11), share) == expected
