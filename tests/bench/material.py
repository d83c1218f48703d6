"""What is measured on: the real recording of a season where there is one, else a simulated one."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from core.simulation.market import SimulatedMarket
from core.simulation.recording_writer import RecordingWriter

CHECKOUT = Path(__file__).parents[2]
_SPORT = "americanfootball_nfl"
_SEED = 7
_FIRST = datetime(2025, 10, 2, 6, tzinfo=UTC)
_EVERY = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Material:
    """A recording with the results of its games, what to call it, and the folder of real seasons if it is one."""

    recording: Path
    results: Path
    name: str
    real: Path | None = None


def find_material(folder: Path, *, quick: bool) -> Material:
    """Return the real season, or a simulated one made in a folder: shorter where it is to be quick."""
    named = os.environ.get("LINEKEEPER_SHARED_DATA")
    shared = Path(named) if named else CHECKOUT.parent / "shared" / "data"
    recording, results = (
        shared / "recordings" / "nfl-2025-season.jsonl.xz",
        shared / "results" / "nfl-2025-scores.json",
    )
    if not quick and recording.is_file() and results.is_file():
        return Material(recording, results, "a real NFL season (September 2025 to February 2026)", shared)
    return _simulated(folder, days=1 if quick else 21)


def _simulated(folder: Path, *, days: int) -> Material:
    market = SimulatedMarket(_SEED, _SPORT, _FIRST, days + 14)
    recording, results = folder / "simulated.jsonl", folder / "results.json"
    with RecordingWriter(recording) as writer:
        for number in range(timedelta(days=days) // _EVERY):
            at = _FIRST + number * _EVERY
            writer.write(at, orjson.dumps(market.odds(_SPORT, at).events))
    rows = [
        {"id": event.event_id, "home_score": event.play.home_score, "away_score": event.play.away_score}
        for event in market.simulated_events
    ]
    results.write_bytes(orjson.dumps(rows))
    return Material(recording, results, f"a simulated market (an answer every 20 minutes, days: {days})")
