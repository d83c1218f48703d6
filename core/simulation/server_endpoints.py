"""The feed's endpoints over a source: what a well-formed request is answered, and what that costs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import orjson
from aiohttp import web

from core.simulation import server_errors
from core.simulation.accounts import Account
from core.simulation.board import JsonObject
from core.simulation.server_answers import (
    bookmaker_asked,
    chosen,
    dated,
    odds_body,
    priced_event,
    returned_markets,
)
from core.simulation.server_requests import (
    OddsRequest,
    read_date_format,
    read_days_from,
    read_event_filter,
    read_event_id,
    read_odds_request,
    read_switches,
)
from core.simulation.source import FeedSource

_OK = 200
_DOWN = 503


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a body and its cost in credits; a broken answer ends in the middle of its body."""

    status: int
    body: bytes
    cost: int = 0
    broken: bool = False


class Endpoints:
    """Answer requests at an instant, raising RefusalError for what the feed refuses."""

    def __init__(self, source: FeedSource, account: Account) -> None:
        self._source = source
        self._account = account

    def sports(self, request: web.Request, at: datetime) -> Answer:
        """List the sports: those in season, or all of them."""
        read_switches(request.query)
        everything = request.query.get("all") == "true"
        return _listing(row for row in self._source.sports(at) if everything or row["active"])

    def events(self, request: web.Request, at: datetime) -> Answer:
        """List upcoming and live events, at no cost."""
        sport_key = self._sport(request, at)
        dates, which = read_date_format(request.query), read_event_filter(request.query)
        events = chosen(self._source.events(sport_key, at), which)
        return _listing(dated(event, dates) for event in events)

    def scores(self, request: web.Request, at: datetime) -> Answer:
        """List scores: 1 credit, 2 with completed games."""
        sport_key, query = self._sport(request, at), request.query
        days_from, dates, which = read_days_from(query), read_date_format(query), read_event_filter(query)
        self._account.admit()
        scores = chosen(self._source.scores(sport_key, at, days_from), which)
        return _listing((dated(row, dates) for row in scores), cost=1 if days_from is None else 2)

    def odds(self, request: web.Request, at: datetime) -> Answer:
        """List the prices of a sport: markets times regions, nothing where no event is listed."""
        sport_key, query = self._sport(request, at), request.query
        asked = read_odds_request(query, self._source.bookmaker_keys, featured_only=True)
        dates, which = read_date_format(query), read_event_filter(query)
        self._account.admit()
        board = self._source.odds(sport_key, at, self._bookmakers(asked))
        if board is None:
            return Answer(_DOWN, b"Service Unavailable")
        body, event_count = odds_body(board, asked, which, dates)
        return Answer(_OK, body, cost=len(asked.markets) * asked.region_count if event_count else 0)

    def event_odds(self, request: web.Request, at: datetime) -> Answer:
        """Give the prices of one event: markets returned times regions."""
        sport_key, event_id = self._sport(request, at), read_event_id(request.match_info["event_id"])
        asked = read_odds_request(request.query, self._source.bookmaker_keys, featured_only=False)
        dates = read_date_format(request.query)
        self._account.admit()
        listed = _by_id(self._source.events(sport_key, at), event_id)
        if listed is None:
            raise server_errors.event_not_found()
        board = self._source.odds(sport_key, at, self._bookmakers(asked))
        if board is None:
            return Answer(_DOWN, b"Service Unavailable")
        event = _by_id(board.events, event_id) or {**listed, "bookmakers": []}
        priced = priced_event(event, board, asked, dates)
        for bookmaker in priced["bookmakers"]:
            bookmaker.pop("last_update", None)
        return Answer(_OK, orjson.dumps(priced), cost=len(returned_markets(priced)) * asked.region_count)

    def _bookmakers(self, asked: OddsRequest) -> frozenset[str]:
        return frozenset(key for key in self._source.bookmaker_keys if bookmaker_asked(key, asked))

    def _sport(self, request: web.Request, at: datetime) -> str:
        sport_key = request.match_info["sport_key"]
        if all(row["key"] != sport_key for row in self._source.sports(at)):
            raise server_errors.unknown_sport()
        read_switches(request.query)
        return sport_key


def _listing(rows: Iterable[JsonObject], *, cost: int = 0) -> Answer:
    return Answer(_OK, orjson.dumps(list(rows)), cost=cost)


def _by_id(events: Iterable[JsonObject], event_id: str) -> JsonObject | None:
    return next((event for event in events if event.get("id") == event_id), None)
