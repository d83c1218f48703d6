"""What the feed says, as frozen values; `core/feed/payloads.py` makes them from bytes."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class FeedSport(NamedTuple):
    """A sport that the feed offers."""

    sport_key: str
    group: str
    title: str
    active: bool
    has_outrights: bool


class FeedEvent(NamedTuple):
    """A game as the feed names it; an outright market has no teams."""

    event_id: str
    sport_key: str
    sport_title: str
    commence_time: datetime
    home_team: str | None
    away_team: str | None


class FeedBookmaker(NamedTuple):
    """A bookmaker listed for an event."""

    bookmaker_key: str
    title: str


class FeedQuote(NamedTuple):
    """One bookmaker's price on one outcome.

    `price` is American odds. `last_update` is when the feed last refreshed the market, not when the price changed.
    """

    bookmaker_key: str
    market_key: str
    outcome_name: str
    description: str | None
    price: int
    point: float | None
    last_update: datetime | None


class EventOdds(NamedTuple):
    """One event of an odds answer: its bookmakers, its quotes in feed order, and its JSON text."""

    event: FeedEvent
    bookmakers: tuple[FeedBookmaker, ...]
    quotes: tuple[FeedQuote, ...]
    raw: str

    @property
    def newest_last_update(self) -> datetime | None:
        """Return the newest refresh time among the quotes."""
        instants = {quote.last_update for quote in self.quotes}
        return max((instant for instant in instants if instant is not None), default=None)


class FeedScore(NamedTuple):
    """One row of a scores answer; the scores are None until the game has any."""

    event: FeedEvent
    completed: bool
    home_score: int | None
    away_score: int | None
    last_update: datetime | None


class Malformed(NamedTuple):
    """A part of an answer that does not fit the contract and was set aside.

    `path` is its JSON path (`$[3].bookmakers[0].markets[1].outcomes[0].price`), `fragment` its raw JSON, cut to
    2,000 characters.
    """

    path: str
    reason: str
    fragment: str
    event_id: str | None


class OddsAnswer(NamedTuple):
    """An odds answer: what could be read, and what was set aside."""

    events: tuple[EventOdds, ...]
    malformed: tuple[Malformed, ...]


class EventsAnswer(NamedTuple):
    """An events answer: what could be read, and what was set aside."""

    events: tuple[FeedEvent, ...]
    malformed: tuple[Malformed, ...]


class ScoresAnswer(NamedTuple):
    """A scores answer: what could be read, and what was set aside."""

    scores: tuple[FeedScore, ...]
    malformed: tuple[Malformed, ...]


class CreditReading(NamedTuple):
    """The account's credits as an answer's headers gave them; None where a header was absent."""

    remaining: int | None
    used: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class FeedAnswer:
    """One answer as it came: the body's bytes (decompressed) and everything safe to keep beside them.

    `endpoint` is the path with its arguments filled in and without query (`/v4/sports/basketball_nba/odds`);
    `parameters` and `headers` never hold the key. `received_at` is aware UTC.
    """

    endpoint: str
    parameters: dict[str, str]
    status: int
    headers: dict[str, str]
    body: bytes
    credits: CreditReading
    received_at: datetime
    duration_ms: float
