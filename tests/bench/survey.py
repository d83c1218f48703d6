"""What a recording's answers hold, read from the file alone: how many prices, and the start of each event."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import orjson

from core.simulation.recording import answers


class Surveyed(NamedTuple):
    """One answer: when it was fetched, how many prices it lists, and the start that it gives for each event."""

    fetched_at: datetime
    prices: int
    starts: Mapping[str, datetime]


class LastListing(NamedTuple):
    """The last time that a recording lists an event before the start it gives, and that start."""

    fetched_at: datetime
    commence_time: datetime


def survey(recording: Path) -> list[Surveyed]:
    """Read a whole recording."""
    return [
        Surveyed(
            answer.fetched_at,
            answer.body.count(b'"price":'),
            {event["id"]: datetime.fromisoformat(event["commence_time"]) for event in orjson.loads(answer.body)},
        )
        for answer in answers(recording)
    ]


def last_listings(surveyed: Sequence[Surveyed]) -> dict[str, LastListing]:
    """Return each event's last listing before its start."""
    last: dict[str, LastListing] = {}
    for answer in surveyed:
        for event_id, commence_time in answer.starts.items():
            if answer.fetched_at < commence_time:
                last[event_id] = LastListing(answer.fetched_at, commence_time)
    return last


def run_of(surveyed: Sequence[Surveyed], *, prices: int, length: int, history: int) -> int:
    """Return where the answers begin, `length` of them in a row, whose mean count of prices is nearest to one.

    At least `history` answers come before them.
    """
    counts = [answer.prices for answer in surveyed]
    begins = range(min(history, len(counts) - length), len(counts) - length + 1)
    return min(begins, key=lambda begin: abs(sum(counts[begin : begin + length]) / length - prices))
