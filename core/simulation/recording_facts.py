"""What a recording holds: its sport and scope, read from its first answers or from all of them."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import orjson

from core.feed.markets import asked_market
from core.scope import Scope
from core.simulation.board import JsonObject, OddsBoard, OddsFormat, rows
from core.simulation.catalogue import regions_of
from core.simulation.recording import Progress, RecordedAnswer, RecordingError, answers

SAMPLE = 20
_LEAST_AMERICAN = 100


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """What a recording says of itself.

    `markets` and `bookmakers` are those listed in the answers read. `last_at` and `answer_count` are None when
    only the first answers were read.
    """

    sport_key: str
    sport_title: str
    odds_format: OddsFormat
    markets: tuple[str, ...]
    bookmakers: tuple[str, ...]
    first_at: datetime
    last_at: datetime | None
    answer_count: int | None

    @property
    def scope(self) -> Scope:
        """Return the scope that brings all that was recorded: the markets seen, at the fewest regions.

        By regions, because a bookmaker that only a later answer lists belongs to it as well.
        """
        return Scope.of(
            tuple({asked_market(market) for market in self.markets}), regions=regions_of(self.bookmakers)
        )


def describe(path: Path, progress: Progress | None = None) -> RecordingFacts:
    """Read a whole recording; raises RecordingError when it cannot be read or lists no event."""
    return _read(path, None, progress)


def sample(path: Path) -> RecordingFacts:
    """Read the first answers of a recording, and on until one lists an event; raises RecordingError as above."""
    return _read(path, SAMPLE, None)


def parse_body(path: Path, answer: RecordedAnswer) -> list[JsonObject]:
    """Return the events of a recorded answer; raises RecordingError when its body is not JSON."""
    try:
        events = orjson.loads(answer.body)
    except orjson.JSONDecodeError as error:
        raise RecordingError(f"{path}, line {answer.line_number}: the body is not JSON: {error}") from error
    return [event for event in events if isinstance(event, dict)]


@dataclass(slots=True)
class _Tally:
    """What the answers read so far hold."""

    sport: tuple[str, str] | None = None
    odds_format: OddsFormat = "american"
    markets: set[str] = field(default_factory=set)
    bookmakers: set[str] = field(default_factory=set)
    count: int = 0

    def add(self, events: list[JsonObject]) -> None:
        self.count += 1
        board = OddsBoard(events, self.odds_format)
        self.markets |= board.market_keys
        self.bookmakers |= board.bookmaker_keys
        if self.sport is None:
            self.sport = next(
                (
                    (event["sport_key"], str(event.get("sport_title", "")))
                    for event in events
                    if isinstance(event.get("sport_key"), str)
                ),
                None,
            )
        if self.odds_format == "american" and any(abs(price) < _LEAST_AMERICAN for price in _prices(events)):
            self.odds_format = "decimal"


def _read(path: Path, enough: int | None, progress: Progress | None) -> RecordingFacts:
    tally = _Tally()
    first_at = last_at = None
    complete = True
    for answer in answers(path, progress=progress):
        first_at = first_at or answer.fetched_at
        last_at = answer.fetched_at
        tally.add(parse_body(path, answer))
        if enough is not None and tally.count >= enough and tally.sport is not None:
            complete = False
            break
    if tally.sport is None or first_at is None:
        raise RecordingError(f"{path}: the recording lists no event")
    return RecordingFacts(
        sport_key=tally.sport[0],
        sport_title=tally.sport[1],
        odds_format=tally.odds_format,
        markets=tuple(sorted(tally.markets)),
        bookmakers=tuple(sorted(tally.bookmakers)),
        first_at=first_at,
        last_at=last_at if complete else None,
        answer_count=tally.count if complete else None,
    )


def _prices(events: list[JsonObject]) -> list[float]:
    return [
        outcome["price"]
        for event in events
        for bookmaker in rows(event, "bookmakers")
        for market in rows(bookmaker, "markets")
        for outcome in rows(market, "outcomes")
        if isinstance(outcome.get("price"), int | float)
    ]
