"""A recording served as the feed: at any instant, what the newest answer at or before it had listed."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import orjson

from core.simulation.board import JsonObject, OddsBoard
from core.simulation.recording import RecordedAnswer, RecordingError, answers
from core.simulation.recording_facts import RecordingFacts, parse_body, sample
from core.simulation.stamps import instant_of, iso
from core.sports import usual_duration

OUTAGE_AFTER = timedelta(hours=3)
"""A recording whose newest answer is older than this had no feed: `/odds` is down."""


class FinalScore(NamedTuple):
    """The result of an event."""

    home_score: int
    away_score: int


def read_results(path: Path) -> dict[str, FinalScore]:
    """Return final scores by event id from a JSON list of rows with `id`, `home_score`, `away_score`.

    Raises:
        RecordingError: The file is missing or has another shape.
    """
    try:
        rows = orjson.loads(path.read_bytes())
        if not isinstance(rows, list):
            raise TypeError(f"a JSON {type(rows).__name__}")  # noqa: TRY301
        return {str(row["id"]): FinalScore(int(row["home_score"]), int(row["away_score"])) for row in rows}
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise RecordingError(
            f"{path}: not a list of rows with id, home_score and away_score ({type(error).__name__}: {error})"
        ) from error


@dataclass(slots=True)
class _KnownEvent:
    """An event as the answers so far last listed it: its `/events` row and its last known start."""

    row: JsonObject
    listed_start: object
    commence_time: datetime


class RecordedFeed:
    """Serve a recording; virtual time only moves forward, so the file is read once, line by line.

    An event is listed from the first answer that brings it until its last known start plus the sport's usual
    length; then `/scores` has it completed, with its result where one was given.
    """

    def __init__(
        self,
        path: Path,
        results: Mapping[str, FinalScore] | None = None,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> None:
        """Open a recording, or the part of it fetched from `start` to `end`.

        Raises:
            RecordingError: It cannot be read, or lists no event.
        """
        self.facts: RecordingFacts = sample(path)
        self._path = path
        self._results = results or {}
        self._answers: Generator[RecordedAnswer, None, None] = answers(path, start, end)
        self._ahead: RecordedAnswer | None = next(self._answers, None)
        self._board = OddsBoard([], self.facts.odds_format, b"[]")
        self._board_at: datetime | None = None
        self._asked_at: datetime | None = None
        self._known: dict[str, _KnownEvent] = {}
        self._bookmakers = frozenset(self.facts.bookmakers)
        self._length = usual_duration(self.facts.sport_key)

    @property
    def bookmaker_keys(self) -> frozenset[str]:
        """The bookmakers that the answers read so far list."""
        return self._bookmakers

    @property
    def exhausted(self) -> bool:
        """Whether the newest answer of all has been reached."""
        return self._ahead is None

    @property
    def next_at(self) -> datetime | None:
        """When the next answer was fetched that has not been reached; None after the last."""
        return self._ahead.fetched_at if self._ahead else None

    def last_completion(self, at: datetime) -> datetime | None:
        """Return when the last of the events that have started by an instant completes."""
        self._read_up_to(at)
        ends = [event.commence_time + self._length for event in self._known.values() if event.commence_time <= at]
        return max(ends, default=None)

    def sports(self, at: datetime) -> Sequence[JsonObject]:
        """Return the one sport of the recording."""
        group = self.facts.sport_key.partition("_")[0]
        return [
            {
                "key": self.facts.sport_key,
                "group": {"americanfootball": "American Football", "icehockey": "Ice Hockey"}.get(
                    group, group.title()
                ),
                "title": self.facts.sport_title,
                "description": self.facts.sport_title,
                "active": bool(self.events(self.facts.sport_key, at)),
                "has_outrights": "outrights" in self.facts.markets,
            }
        ]

    def odds(self, sport_key: str, at: datetime) -> OddsBoard | None:
        """Return the newest answer at or before an instant, empty before the first; None when it is too old."""
        self._read_up_to(at)
        if self._board_at is not None and at - self._board_at > OUTAGE_AFTER:
            return None
        return self._board

    def events(self, sport_key: str, at: datetime) -> Sequence[JsonObject]:
        """Return every event listed by an answer at or before an instant and not completed by then."""
        self._read_up_to(at)
        return [event.row for event in self._in_order() if at < event.commence_time + self._length]

    def scores(self, sport_key: str, at: datetime, days_from: int | None) -> Sequence[JsonObject]:
        """Return upcoming and live events, and those completed in the last `days_from` days."""
        self._read_up_to(at)
        since = at - timedelta(days=days_from or 0)
        return [
            self._score_row(event, at)
            for event in self._in_order()
            if at < (end := event.commence_time + self._length) or (days_from is not None and end > since)
        ]

    def close(self) -> None:
        """Close the file."""
        self._answers.close()

    def _read_up_to(self, at: datetime) -> None:
        if self._asked_at is not None and at < self._asked_at:
            raise ValueError(f"a recording is not played backwards: {at.isoformat()} is in its past")
        self._asked_at = at
        while self._ahead is not None and self._ahead.fetched_at <= at:
            answer = self._ahead
            self._ahead = next(self._answers, None)
            self._take(answer)

    def _take(self, answer: RecordedAnswer) -> None:
        events = parse_body(self._path, answer)
        self._board = OddsBoard(events, self.facts.odds_format, answer.body)
        self._board_at = answer.fetched_at
        self._bookmakers |= self._board.bookmaker_keys
        for event in events:
            self._learn(event)

    def _learn(self, event: JsonObject) -> None:
        event_id, start = event.get("id"), event.get("commence_time")
        known = self._known.get(event_id) if isinstance(event_id, str) else None
        if not isinstance(event_id, str) or (known is not None and known.listed_start == start):
            return
        try:
            commence_time = instant_of(start)
        except ValueError:
            return
        row = {
            "id": event_id,
            "sport_key": self.facts.sport_key,
            "sport_title": self.facts.sport_title,
            "commence_time": iso(commence_time),
            "home_team": event.get("home_team"),
            "away_team": event.get("away_team"),
        }
        self._known[event_id] = _KnownEvent(row, start, commence_time)

    def _in_order(self) -> list[_KnownEvent]:
        return sorted(self._known.values(), key=lambda event: event.commence_time)

    def _score_row(self, event: _KnownEvent, at: datetime) -> JsonObject:
        end = event.commence_time + self._length
        completed = at >= end
        result = self._results.get(event.row["id"]) if completed else None
        scores = result and [
            {"name": event.row["home_team"], "score": str(result.home_score)},
            {"name": event.row["away_team"], "score": str(result.away_score)},
        ]
        last_update = None if at < event.commence_time else iso(min(at, end))
        return {**event.row, "completed": completed, "scores": scores, "last_update": last_update}
