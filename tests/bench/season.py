"""The figures of a season replayed at every snapshot: how fast, in how much memory, in how many bytes."""

from tests.bench.figure import Figure
from tests.bench.material import Material
from tests.bench.replaying import DATABASE, Replayed, run_replay
from tests.bench.server import BenchServer

SEASON = "bench_season"
_LEAST_ANSWERS_A_SECOND = 60
_MOST_MEGABYTES = 300
_MOST_GROWTH = 1.1
_MEGABYTE = 1_000_000


async def load_season(server: BenchServer, material: Material) -> Replayed:
    """Replay the material at every snapshot, and keep the database as `bench_season`."""
    replayed = run_replay(server, material, every_snapshot=True)
    await server.keep(DATABASE, SEASON)
    return replayed


def replay_figures(replayed: Replayed) -> list[Figure]:
    """Return how fast the season was replayed, and in how much memory."""
    looks = replayed.report["totals"]["looks"]
    rate = looks / replayed.seconds
    count = len(replayed.memory)
    third, two_thirds, last = (replayed.memory[max(count * n // 3 - 2, 0)] / _MEGABYTE for n in (1, 2, 3))
    peak = max(replayed.memory) / _MEGABYTE
    method = (
        f"odds replay --every-snapshot --json as a command, from start to exit, parse, checks, store and report "
        f"included: {looks:,} answers in {replayed.seconds:.0f} s; memory is the command's resident set, sampled "
        f"ten times a second"
    )
    return [
        Figure(
            "replay at every snapshot",
            f"{rate:.0f} answers/s",
            f"≥ {_LEAST_ANSWERS_A_SECOND}",
            rate >= _LEAST_ANSWERS_A_SECOND,
            method,
        ),
        Figure(
            "its memory: at 1/3, at 2/3, at the end; peak",
            f"{third:.0f}, {two_thirds:.0f}, {last:.0f}; {peak:.0f} MB",
            f"constant, < {_MOST_MEGABYTES} MB",
            peak < _MOST_MEGABYTES and last <= _MOST_GROWTH * third,
            method,
        ),
    ]
