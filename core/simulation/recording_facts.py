"""What a recording holds: its sport and scope, read from its first answers."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import orjson

from core.feed.markets import asked_market
from core.scope import Scope
from core.simulation.board import JsonObject, OddsBoard, OddsFormat, rows
from core.simulation.catalogue import regions_of
from core.simulation.recording import RecordedAnswer, RecordingError, answers

SAMPLE = 20
_LEAST_AMERICAN = 100


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """What a recording says of itself.

    `markets` and `bookmakers` are those listed in the answers read; `recorded_scope` is the widest that they say
    they were asked with, None where they do not say.
    """

    sport_key: str
    sport_title: str
    odds_format: OddsFormat
    markets: tuple[str, ...]
    bookmakers: tuple[str, ...]
    first_at: datetime
    recorded_scope: Scope | None = None

    @property
    def scope(self) -> Scope:
        """Return the scope that brings all that was recorded: as recorded, else the markets seen at few regions.

        By regions, because a bookmaker that only a later answer lists belongs to it as well.
        """
        if self.recorded_scope is not None:
            return self.recorded_scope
        return Scope.of(
            tuple({asked_market(market) for market in self.markets}), regions=regions_of(self.bookmakers)
        )

    def with_listed(self, markets: Collection[str], bookmakers: Collection[str]) -> "RecordingFacts":
        """Return the facts once an answer has listed these markets and bookmakers too."""
        if set(markets) <= set(self.markets) and set(bookmakers) <= set(self.bookmakers):
            return self
        return replace(
            self,
            markets=tuple(sorted({*self.markets, *markets})),
            bookmakers=tuple(sorted({*self.bookmakers, *bookmakers})),
        )


def sample(path: Path) -> RecordingFacts:
    """Read the first answers of a recording, and on until one lists an event.

    Raises:
        RecordingError: It cannot be read, or lists no event.
    """
    tally = _Tally()
    first_at = None
    for answer in answers(path):
        first_at = first_at or answer.fetched_at
        tally.add(parse_body(path, answer), answer.scope)
        if tally.count >= SAMPLE and tally.sport is not None:
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
        recorded_scope=max(tally.scopes, key=_width, default=None),
    )


def _width(scope: Scope) -> int:
    return len(scope.markets) * (len(scope.bookmakers) + 100 * len(scope.regions))


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
    scopes: set[Scope] = field(default_factory=set)
    count: int = 0

    def add(self, events: list[JsonObject], scope: Scope | None) -> None:
        self.count += 1
        if scope is not None:
            self.scopes.add(scope)
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


def _prices(events: list[JsonObject]) -> list[float]:
    return [
        outcome["price"]
        for event in events
        for bookmaker in rows(event, "bookmakers")
        for market in rows(bookmaker, "markets")
        for outcome in rows(market, "outcomes")
        if isinstance(outcome.get("price"), int | float)
    ]
