"""The events of a recording as far as they are known: listed until their usual end, then completed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from core.simulation.board import JsonObject
from core.simulation.recording_facts import RecordingFacts
from core.simulation.stamps import instant_of, iso
from core.sports import usual_duration


class FinalScore(NamedTuple):
    """The result of an event."""

    home_score: int
    away_score: int


@dataclass(slots=True)
class _KnownEvent:
    """An event as the answers so far last listed it: its `/events` row and its last known start."""

    row: JsonObject
    listed_start: object
    commence_time: datetime


class KnownEvents:
    """What the answers read so far tell of events, as rows of `/events` and `/scores`.

    An event is listed from the first answer that brings it until its last known start plus the sport's usual
    length; then it is completed, with its result where one was given.
    """

    def __init__(self, facts: RecordingFacts, results: Mapping[str, FinalScore]) -> None:
        """Begin without any event; `results` are the final scores by event id."""
        self._facts = facts
        self._results = results
        self._known: dict[str, _KnownEvent] = {}
        self._length = usual_duration(facts.sport_key)

    def learn(self, event: JsonObject) -> None:
        """Take in an event of an answer; one without a usable id or start is passed over."""
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
            "sport_key": self._facts.sport_key,
            "sport_title": self._facts.sport_title,
            "commence_time": iso(commence_time),
            "home_team": event.get("home_team"),
            "away_team": event.get("away_team"),
        }
        self._known[event_id] = _KnownEvent(row, start, commence_time)

    def last_completion(self, at: datetime) -> datetime | None:
        """Return when the last of the events that have started by an instant completes."""
        ends = [event.commence_time + self._length for event in self._known.values() if event.commence_time <= at]
        return max(ends, default=None)

    def events(self, at: datetime) -> list[JsonObject]:
        """Return the rows of every known event not completed by an instant, the earliest start first."""
        return [event.row for event in self._in_order() if at < event.commence_time + self._length]

    def scores(self, at: datetime, days_from: int | None) -> list[JsonObject]:
        """Return the rows of upcoming and live events, and of those completed in the last `days_from` days."""
        since = at - timedelta(days=days_from or 0)
        return [
            self._score_row(event, at)
            for event in self._in_order()
            if at < (end := event.commence_time + self._length) or (days_from is not None and end > since)
        ]

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
