"""`core_betting.odds_at` for many events at once, each as of its own instant, as columns: row for row the same.

But for withdrawn draws, which are told too.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import compress, product
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from core.feed.markets import asked_market
from storage.statements import run
from storage.validation.rules import DRAW

_LIVE = "live"
_Looks = dict[str, dict[int, list[tuple[frozenset[tuple[str, str]], int]]]]
"""By source and number of an instant: the bookmakers with the markets that a snapshot looked at, and its time."""

_FOUND = (
    "number",
    "selection_id",
    "bookmaker_key",
    "market_key",
    "outcome_name",
    "description",
    "line",
    "price",
    "point",
    "odds_timestamp",
    "last_update",
    "is_valid",
    "source",
)
_IDENTITY = ("number", "bookmaker_key", "market_key", "outcome_name", "description", "line")


class KnownQuoteColumns(NamedTuple):
    """Quotes known at the instants asked for, as columns of one length in no order.

    `number` is the place of the instant among those asked for. Instants are microseconds since 1970 in UTC. A draw
    that the bookmaker had withdrawn by then is among them, without a price: what it left behind looks like a
    market of two ways.
    """

    number: Sequence[int]
    selection_id: Sequence[int]
    bookmaker_key: Sequence[str]
    market_key: Sequence[str]
    outcome_name: Sequence[str]
    description: Sequence[str | None]
    price: Sequence[int | None]
    point: Sequence[float | None]
    odds_timestamp: Sequence[int]
    last_update: Sequence[int | None]
    seen_at: Sequence[int]
    is_valid: Sequence[bool]
    source: Sequence[str]


async def read_odds_at_many(
    connection: AsyncConnection,
    event_ids: Sequence[str],
    instants: Sequence[datetime],
    *,
    sources: Sequence[str] = (_LIVE,),
    bookmakers: Sequence[str] = (),
    also: Sequence[Sequence[str]] = (),
    markets: Sequence[str] = (),
) -> KnownQuoteColumns:
    """Return the odds of events as we knew them, each at its own instant; after a start, the close.

    Args:
        connection: An open connection; one snapshot of the database where the odds must not change in between.
        event_ids: The events; one may be asked for at several instants.
        instants: An instant for each, aware.
        sources: Which snapshots to read; where several know a selection, the one that saw it last.
        bookmakers: Whose odds; none means everybody's.
        also: Whose odds of each event besides; by default nobody's.
        markets: Which markets; none means all.
    """
    asked = {"event_ids": list(event_ids), "instants": list(instants), "sources": list(sources)}
    looks = await run(connection, "read_looks_at_many", asked)
    filters = {
        "bookmakers": list(bookmakers),
        "also": [",".join(keys) for keys in also],
        "markets": list(markets),
    }
    ((*found,),) = await run(connection, "read_quotes_at_many", {**asked, **filters})
    columns = _columns(found, source=sources, market_key=markets, line=(None,))
    columns["seen_at"] = _seen_at(columns, looks)
    told = zip(columns["price"], columns["outcome_name"], strict=True)
    kept = [price is not None or outcome_name == DRAW for price, outcome_name in told]
    if len(sources) > 1:
        chosen = _newest_source(columns)
        kept = [known and row in chosen for row, known in enumerate(kept)]
    if not all(kept):
        columns = {name: list(compress(column, kept)) for name, column in columns.items()}
    return KnownQuoteColumns(*(columns[name] for name in KnownQuoteColumns._fields))


def _columns(found: Sequence[Any], **same: Sequence[str | None]) -> dict[str, Sequence[Any]]:
    """Return the columns by name; one that did not come is the same for all quotes."""
    columns = dict(zip(_FOUND, found, strict=True))
    count = len(columns["number"] or ())
    return {name: column or list(same.get(name, ())[:1]) * count for name, column in columns.items()}


def _looks(rows: Iterable[Any], market_keys: Iterable[str]) -> _Looks:
    """Return what the newest snapshots of each source looked at, of these markets."""
    asked = {market_key: asked_market(market_key) for market_key in market_keys}
    pairs: dict[tuple[tuple[str, ...], tuple[str, ...]], frozenset[tuple[str, str]]] = {}
    looks: _Looks = {}
    for number, source, markets, bookmakers, snapshot_time in rows:
        scope = (tuple(bookmakers), tuple(markets))
        if scope not in pairs:
            looked_at = [market_key for market_key, of in asked.items() if of in markets]
            pairs[scope] = frozenset(product(bookmakers, looked_at))
        looks.setdefault(source, {}).setdefault(number, []).append((pairs[scope], snapshot_time))
    return looks


def _seen_at(columns: dict[str, Sequence[Any]], rows: Iterable[Any]) -> list[int]:
    looks = _looks(rows, set(columns["market_key"]))
    quotes = zip(
        *(columns[name] for name in ("number", "source", "bookmaker_key", "market_key", "odds_timestamp")),
        strict=True,
    )
    seen_at = []
    for number, source, bookmaker_key, market_key, since in quotes:
        seen = since
        for looked_at, snapshot_time in looks.get(source, {}).get(number, ()):
            if snapshot_time > seen and (bookmaker_key, market_key) in looked_at:
                seen = snapshot_time
        seen_at.append(seen)
    return seen_at


def _newest_source(columns: dict[str, Sequence[Any]]) -> set[int]:
    """Return the rows that count: of each selection the one of the source that saw it last, else live."""
    newest: dict[tuple[Any, ...], tuple[tuple[int, bool, str], int]] = {}
    identities = zip(*(columns[name] for name in _IDENTITY), strict=True)
    seen = zip(identities, columns["seen_at"], columns["source"], strict=True)
    for row, (identity, seen_at, source) in enumerate(seen):
        candidate = ((-seen_at, source != _LIVE, source), row)
        newest[identity] = min(newest.get(identity, candidate), candidate)
    return {row for _, row in newest.values()}
