"""What changed: the fold that turns snapshots of an event into one row per price change.

The rows of an event are a pure function of its pre-start snapshots in order of time, and of nothing else. Storing
an answer folds it onto the rows that are there; rebuilding folds all snapshots again and gives the same rows.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple, cast

import orjson

from core.feed.markets import point_is_identity
from core.feed.values import EventOdds, FeedQuote
from core.scope import Scope

_SelectionFields = tuple[str, str, str, str | None, float | None]


class SelectionKey(NamedTuple):
    """One outcome at one bookmaker within an event; `line` is set where a market lists several lines at once."""

    bookmaker_key: str
    market_key: str
    outcome_name: str
    description: str | None
    line: float | None


class Head(NamedTuple):
    """The newest stored quote of a selection; a price of None says that the bookmaker has withdrawn it."""

    price: int | None
    point: float | None
    last_update: datetime | None
    odds_timestamp: datetime


class Change(NamedTuple):
    """A row to store: the selection's price from this snapshot on, or None where it was withdrawn."""

    key: SelectionKey
    price: int | None
    point: float | None
    last_update: datetime | None
    note: str | None


def selection_key(quote: FeedQuote) -> SelectionKey:
    """Return which selection of its event a quote prices."""
    line = quote.point if point_is_identity(quote.market_key) else None
    return SelectionKey(quote.bookmaker_key, quote.market_key, quote.outcome_name, quote.description, line)


def listing_digest(odds: EventOdds) -> str:
    """Return sixteen hex digits that are the same for the same bookmakers and prices in the same order.

    Of `last_update` only its absence counts: the feed refreshes it while nothing changes.
    """
    keys = [bookmaker.bookmaker_key for bookmaker in odds.bookmakers]
    undated = [index for index, quote in enumerate(odds.quotes) if quote.last_update is None]
    offers = [quote[:6] for quote in odds.quotes]
    return blake2b(orjson.dumps([keys, undated, offers]), digest_size=8).hexdigest()


class RegionMemory:
    """Which bookmakers earlier snapshots of one event brought, by the region that was asked.

    A request by region names no bookmakers, so its answer proves absent only those that an earlier answer with a
    region in common listed.
    """

    def __init__(self, bookmakers_by_region: Mapping[str, Collection[str]] | None = None) -> None:
        """Start from what is already known of the event."""
        self._known = {region: set(keys) for region, keys in (bookmakers_by_region or {}).items()}

    def covers(self, scope: Scope, bookmaker_key: str) -> bool:
        """Tell whether an answer to the scope would list the bookmaker if it offered anything."""
        if scope.bookmakers:
            return bookmaker_key in scope.bookmakers
        return any(bookmaker_key in self._known.get(region, ()) for region in scope.regions)

    def learn(self, scope: Scope, bookmaker_keys: Collection[str]) -> Iterator[tuple[str, str]]:
        """Remember what a snapshot listed; yield each (region, bookmaker) that is new."""
        for region in scope.regions:
            known = self._known.setdefault(region, set())
            for key in sorted(set(bookmaker_keys) - known):
                known.add(key)
                yield region, key


def changes(
    quotes: tuple[FeedQuote, ...],
    scope: Scope,
    heads: Mapping[SelectionKey, Head],
    memory: RegionMemory,
    notes: Mapping[int, str],
    *,
    reject_invalid: bool,
) -> list[Change]:
    """Return the rows that a snapshot adds to its event, in the order of their selections.

    A quote is compared by price and point alone: the feed refreshes `last_update` while nothing changes. A
    selection that the scope covers and the snapshot does not list is withdrawn.

    Args:
        quotes: What the snapshot lists.
        scope: What was asked for.
        heads: The newest row of every selection of the event, before this snapshot.
        memory: What earlier snapshots of the event brought by region.
        notes: Why a quote is invalid, by its index in `quotes`.
        reject_invalid: Treat an invalid quote as not listed.
    """
    # A plain tuple equals the SelectionKey of the same fields and is much cheaper to make.
    by_selection = cast("Mapping[_SelectionFields, Head]", heads)
    listed: set[_SelectionFields] = set()
    changed: list[Change] = []
    for index, quote in enumerate(quotes):
        note = notes.get(index) if notes else None
        if note is not None and reject_invalid:
            continue
        bookmaker_key, market_key, name, description, price, point, last_update = quote
        line = point if point_is_identity(market_key) else None
        key = (bookmaker_key, market_key, name, description, line)
        listed.add(key)
        head = by_selection.get(key)
        if head is None or head.price != price or head.point != point:
            changed.append(Change(selection_key(quote), price, point, last_update, note))
    for key, head in heads.items():
        if head.price is None or key in listed:
            continue
        if scope.asks_market(key.market_key) and memory.covers(scope, key.bookmaker_key):
            changed.append(Change(key, None, None, None, None))
    changed.sort(key=_order)
    return changed


def _order(change: Change) -> tuple[str, str, str, str, float]:
    key = change.key
    return (key.bookmaker_key, key.market_key, key.outcome_name, key.description or "", key.line or 0.0)
