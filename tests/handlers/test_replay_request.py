"""A request that says nothing more than which recording asks for all of it, by the collector's own schedule."""

from pathlib import Path

from handlers.replay_request import ReplayRequest


def test_by_default_a_whole_recording_is_replayed_by_the_collectors_own_schedule() -> None:
    request = ReplayRequest(Path("season.jsonl.xz"), {})
    assert (request.start, request.end, request.every_snapshot) == (None, None, False)
