"""The bench measures everything it names, cleans up, and ends by itself; its figures are no test's business."""

import subprocess
import sys
from pathlib import Path

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
)


def test_a_quick_bench_measures_everything_on_a_simulated_market_and_leaves_nothing(open_folder: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--quick", "--json"],
        cwd=CHECKOUT,
        env={"PATH": "/usr/bin:/bin", "HOME": str(open_folder), "TMPDIR": str(open_folder)},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr.decode()
    measured = orjson.loads(ended.stdout)
    assert measured["material"].startswith("a simulated market")
    for name in EXPECTED:
        assert any(name in figure["what"] for figure in measured["figures"]), name
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
