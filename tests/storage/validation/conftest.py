"""One game, Celtics at Lakers, as the feed would list it, with one thing changed at a time."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from core.feed.values import EventOdds, FeedBookmaker, FeedEvent, FeedQuote
from core.quotes import Head, SelectionKey
from core.scope import Scope
from storage.validation.listing import Listing, arrange

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
LAKERS, CELTICS = "Los Angeles Lakers", "Boston Celtics"
EVENT = FeedEvent("e1", "basketball_nba", "NBA", datetime(2026, 1, 10, 20, tzinfo=UTC), LAKERS, CELTICS)
SCOPE = Scope.of(["h2h", "spreads", "totals"], regions=["us"])


@pytest.fixture
def noon() -> datetime:
    """Return the instant of the snapshot and, unless changed, of every last update."""
    return NOON


@pytest.fixture
def event() -> FeedEvent:
    """Return the game: Celtics at Lakers."""
    return EVENT


@pytest.fixture
def quote() -> Callable[..., FeedQuote]:
    """Return a maker of quotes: FanDuel's -110 on the Lakers at noon, with changes."""

    def make(**changes: Any) -> FeedQuote:
        return FeedQuote("fanduel", "h2h", LAKERS, None, -110, None, NOON)._replace(**changes)

    return make


@pytest.fixture
def listing() -> Callable[..., Listing]:
    """Return a maker of listings: the game at noon with some quotes, nothing stored before, with changes."""

    def make(
        *quotes: FeedQuote,
        scope: Scope = SCOPE,
        heads: Mapping[SelectionKey, Head] | None = None,
        bookmakers: tuple[str, ...] | None = None,
        **changes: Any,
    ) -> Listing:
        keys = dict.fromkeys(quote.bookmaker_key for quote in quotes) if bookmakers is None else bookmakers
        listed = tuple(FeedBookmaker(key, key.title()) for key in keys)
        odds = EventOdds(EVENT._replace(**changes), listed, quotes, "{}")
        return arrange(odds, snapshot_time=NOON, scope=scope, heads=heads or {})

    return make
