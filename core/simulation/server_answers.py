"""From the rows of a source to the rows of an answer: filtered, and with prices and times in the format asked."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import orjson

from core.feed.markets import asked_market
from core.simulation.board import JsonObject, OddsBoard, OddsFormat, rows
from core.simulation.catalogue import in_regions
from core.simulation.server_requests import DateFormat, EventFilter, OddsRequest
from core.simulation.stamps import instant_of, iso

_EVEN = 2.0
_LEAST_DECIMAL = 1.0001


def odds_body(board: OddsBoard, asked: OddsRequest, which: EventFilter, dates: DateFormat) -> tuple[bytes, int]:
    """Return the body of an odds answer and how many events it has; the very bytes where nothing is filtered."""
    if board.body is not None and _brings_all(board, asked, which, dates):
        return board.body, len(board.events)
    events = [priced_event(event, board, asked, dates) for event in chosen(board.events, which)]
    return orjson.dumps(events), len(events)


def priced_event(event: JsonObject, board: OddsBoard, asked: OddsRequest, dates: DateFormat) -> JsonObject:
    """Return an event with the bookmakers and markets asked for; it is kept where none of them lists it."""
    bookmakers = [
        {**dated(bookmaker, dates), "markets": markets}
        for bookmaker in rows(event, "bookmakers")
        if bookmaker_asked(str(bookmaker.get("key")), asked)
        and (
            markets := [
                _priced_market(market, board.odds_format, asked.odds_format, dates)
                for market in rows(bookmaker, "markets")
                if asked_market(str(market.get("key"))) in asked.markets
            ]
        )
    ]
    return {**dated(event, dates), "bookmakers": bookmakers}


def american_body(board: OddsBoard) -> bytes:
    """Return the body of an answer with everything on a board, in American odds."""
    return orjson.dumps(
        [
            {
                **event,
                "bookmakers": [
                    {
                        **bookmaker,
                        "markets": [
                            _priced_market(market, board.odds_format, "american", "iso")
                            for market in rows(bookmaker, "markets")
                        ],
                    }
                    for bookmaker in rows(event, "bookmakers")
                ],
            }
            for event in board.events
        ]
    )


def chosen(events: Sequence[JsonObject], which: EventFilter) -> list[JsonObject]:
    """Return the events that pass a filter."""
    if which.is_empty:
        return list(events)
    return [event for event in events if _passes(event, which)]


def dated(row: JsonObject, dates: DateFormat) -> JsonObject:
    """Return a row with its own instants in the format asked; rows inside it keep theirs."""
    stamped = dict(row)
    for name in ("commence_time", "last_update"):
        value = stamped.get(name)
        if value is not None and isinstance(value, str) == (dates == "unix"):
            instant = instant_of(value)
            stamped[name] = int(instant.timestamp()) if dates == "unix" else iso(instant)
    return stamped


def to_american(decimal: float) -> int:
    """Return a decimal price in American odds.

    >>> to_american(1.5), to_american(2.0), to_american(2.35)
    (-200, 100, 135)
    """
    gain = max(decimal, _LEAST_DECIMAL) - 1
    return round(gain * 100) if decimal >= _EVEN else round(-100 / gain)


def to_decimal(american: float) -> float:
    """Return an American price in decimal odds, rounded as the feed rounds them.

    >>> to_decimal(-110), to_decimal(135), to_decimal(-20000)
    (1.91, 2.35, 1.005)
    """
    exact = 1 + (american / 100 if american > 0 else 100 / -american)
    return round(exact, 2) if exact > 1.01 else round(exact, 4)  # noqa: PLR2004


def _brings_all(board: OddsBoard, asked: OddsRequest, which: EventFilter, dates: DateFormat) -> bool:
    first_start = board.events[0].get("commence_time") if board.events else None
    return (
        which.is_empty
        and asked.odds_format == board.odds_format
        and (first_start is None or isinstance(first_start, str) == (dates == "iso"))
        and all(asked_market(market) in asked.markets for market in board.market_keys)
        and all(bookmaker_asked(bookmaker, asked) for bookmaker in board.bookmaker_keys)
    )


def bookmaker_asked(bookmaker_key: str, asked: OddsRequest) -> bool:
    """Tell whether a request asks for a bookmaker, by its key or by its region."""
    if asked.bookmakers:
        return bookmaker_key in asked.bookmakers
    return in_regions(bookmaker_key, asked.regions)


def _priced_market(market: JsonObject, listed: OddsFormat, asked: OddsFormat, dates: DateFormat) -> JsonObject:
    stamped = dated(market, dates)
    if listed != asked:
        convert = to_american if asked == "american" else to_decimal
        stamped["outcomes"] = [
            _repriced(outcome, convert(outcome["price"])) for outcome in rows(market, "outcomes")
        ]
    return stamped


def _repriced(outcome: JsonObject, price: float) -> JsonObject:
    return {**outcome, "price": price}


def _passes(event: JsonObject, which: EventFilter) -> bool:
    if which.event_ids and event.get("id") not in which.event_ids:
        return False
    starts: datetime = instant_of(event.get("commence_time"))
    if which.commence_from is not None and starts < which.commence_from:
        return False
    return which.commence_to is None or starts <= which.commence_to


def returned_markets(event: JsonObject) -> frozenset[str]:
    """Return the markets that an event's bookmakers list, as they are billed: lay markets ride along."""
    return frozenset(asked_market(key) for key in _market_keys(event))


def _market_keys(event: JsonObject) -> Iterable[str]:
    return (
        str(market.get("key")) for bookmaker in rows(event, "bookmakers") for market in rows(bookmaker, "markets")
    )
