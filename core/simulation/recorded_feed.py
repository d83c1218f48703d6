"""A recording served as the feed: at any instant, what the newest answer at or before it had listed."""

from collections.abc import Collection, Generator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import orjson

from core.simulation.board import JsonObject, OddsBoard
from core.simulation.known_events import FinalScore, KnownEvents
from core.simulation.recording import Progress, RecordedAnswer, RecordingError, answers
from core.simulation.recording_facts import RecordingFacts, parse_body, sample

OUTAGE_AFTER = timedelta(hours=3)
"""A recording whose newest answer is older than this had no feed: `/odds` is down."""


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
        progress: Progress | None = None,
    ) -> None:
        """Open a recording, or the part of it fetched from `start` to `end`.

        Raises:
            RecordingError: It cannot be read, or lists no event.
        """
        self.facts: RecordingFacts = sample(path)
        self._path = path
        self._answers: Generator[RecordedAnswer, None, None] = answers(path, start, end, progress)
        self._ahead: RecordedAnswer | None = next(self._answers, None)
        self._board = OddsBoard([], self.facts.odds_format, b"[]")
        self._board_at: datetime | None = None
        self._asked_at: datetime | None = None
        self._fault: RecordingError | None = None
        self._known = KnownEvents(self.facts, results or {})
        self._bookmakers = frozenset(self.facts.bookmakers)

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

    def check(self) -> None:
        """Raise the RecordingError that ended the reading, where the server that asked has swallowed it."""
        if self._fault is not None:
            raise self._fault

    def last_completion(self, at: datetime) -> datetime | None:
        """Return when the last of the events that have started by an instant completes."""
        self._read_up_to(at)
        return self._known.last_completion(at)

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

    def odds(
        self, sport_key: str, at: datetime, bookmaker_keys: Collection[str] | None = None
    ) -> OddsBoard | None:
        """Return the newest answer at or before an instant, empty before the first; None when it is too old."""
        self._read_up_to(at)
        if self._board_at is not None and at - self._board_at > OUTAGE_AFTER:
            return None
        return self._board

    def events(self, sport_key: str, at: datetime) -> Sequence[JsonObject]:
        """Return every event listed by an answer at or before an instant and not completed by then."""
        self._read_up_to(at)
        return self._known.events(at)

    def scores(self, sport_key: str, at: datetime, days_from: int | None) -> Sequence[JsonObject]:
        """Return upcoming and live events, and those completed in the last `days_from` days."""
        self._read_up_to(at)
        return self._known.scores(at, days_from)

    def close(self) -> None:
        """Close the file."""
        self._answers.close()

    def _read_up_to(self, at: datetime) -> None:
        if self._asked_at is not None and at < self._asked_at:
            raise ValueError(f"a recording is not played backwards: {at.isoformat()} is in its past")
        self._asked_at = at
        try:
            while self._ahead is not None and self._ahead.fetched_at <= at:
                answer = self._ahead
                self._ahead = next(self._answers, None)
                self._take(answer)
        except RecordingError as error:
            self._fault = error
            raise

    def _take(self, answer: RecordedAnswer) -> None:
        """Take in an answer; one that was asked for less than the recording's scope tells of events alone."""
        events = parse_body(self._path, answer)
        if answer.scope is None or answer.scope.covers(self.facts.scope):
            self._board = OddsBoard(events, self.facts.odds_format, answer.body)
            self._board_at = answer.fetched_at
            self._bookmakers |= self._board.bookmaker_keys
        for event in events:
            self._known.learn(event)
