"""Matches as the answers that the feed would have given: before a match, at its close, and of its result.

A file gives no instants. The site says that it takes the prices before a match on Friday by 17:00 UK time for the
weekend, and on Tuesday by 13:00 for midweek: they count as known at these, the latest, instants. A close is the
last price before the start: it counts as known a minute before.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

import orjson

from core.feed.prices import american_of_decimal
from core.football_data.cells import LOCAL, local_instant
from core.football_data.columns import Moment, Side
from core.football_data.values import FootballDataFile, Match, Offer
from core.sports import usual_duration

CLOSE_LEAD = timedelta(minutes=1)
"""How long before the start a closing price counts as known."""

_TUESDAY, _FRIDAY = 1, 4
_TAKEN_AT = {_TUESDAY: time(13), _FRIDAY: time(17)}


class ImportedAnswer(NamedTuple):
    """A body of the feed's form, of odds or of scores, and the aware UTC instant from which on it was known."""

    at: datetime
    holds_scores: bool
    body: bytes


def answers_of(file: FootballDataFile) -> list[ImportedAnswer]:
    """Return the answers that bring a file's matches, in order of time; those of one instant are one answer."""
    by_instant: dict[tuple[datetime, bool], list[dict[str, Any]]] = defaultdict(list)
    for match in file.matches:
        for at, holds_scores, fields in _of_match(file, match):
            by_instant[at, holds_scores].append(fields)
    return [
        ImportedAnswer(at, holds_scores, orjson.dumps(events))
        for (at, holds_scores), events in sorted(by_instant.items(), key=lambda item: item[0])
    ]


def taken_before(start: datetime) -> datetime:
    """Return the last Tuesday or Friday afternoon before the close of a match that starts then, in UTC.

    >>> from datetime import UTC
    >>> taken_before(datetime(2024, 8, 17, 11, 30, tzinfo=UTC)).isoformat()
    '2024-08-16T16:00:00+00:00'
    """
    day = start.astimezone(LOCAL).date()
    while True:
        at = _TAKEN_AT.get(day.weekday())
        if at is not None and (taken := local_instant(day, at)) < start - CLOSE_LEAD:
            return taken
        day -= timedelta(days=1)


def _of_match(file: FootballDataFile, match: Match) -> Iterator[tuple[datetime, bool, dict[str, Any]]]:
    event = {
        "id": match.event_id,
        "sport_key": file.league.sport_key,
        "sport_title": file.league.sport_title,
        "commence_time": _iso(match.commence_time),
        "home_team": match.home_team,
        "away_team": match.away_team,
    }
    instants = {
        Moment.BEFORE: taken_before(match.commence_time),
        Moment.CLOSE: match.commence_time - CLOSE_LEAD,
    }
    origin = {"file": file.name, "line": match.line}
    for moment, at in instants.items():
        if match.offers[moment]:
            bookmakers = list(_bookmakers(match, match.offers[moment], at))
            yield at, False, {**event, "bookmakers": bookmakers, "imported_from": origin}
    over = match.commence_time + usual_duration(file.league.sport_key)
    scores = [
        {"name": match.home_team, "score": str(match.home_score)},
        {"name": match.away_team, "score": str(match.away_score)},
    ]
    yield over, True, {**event, "completed": True, "scores": scores, "last_update": _iso(over)}


def _bookmakers(match: Match, offers: Iterable[Offer], at: datetime) -> Iterator[dict[str, Any]]:
    listed: dict[tuple[str, str], dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for offer in offers:
        bookmaker = offer.column.bookmaker
        outcome = _outcome(match, offer)
        listed[bookmaker.key, bookmaker.title][offer.column.market_key].append(outcome)
    for (key, title), markets in listed.items():
        yield {
            "key": key,
            "title": title,
            "last_update": _iso(at),
            "markets": [
                {"key": market_key, "last_update": _iso(at), "outcomes": outcomes}
                for market_key, outcomes in markets.items()
            ],
        }


def _outcome(match: Match, offer: Offer) -> dict[str, Any]:
    """Return an outcome with its American price, and beside it the price as the file has it."""
    names = {Side.HOME: match.home_team, Side.AWAY: match.away_team}
    outcome = {
        "name": names.get(offer.column.side, offer.column.side.value),
        "price": american_of_decimal(offer.decimal_odds),
        "decimal_odds": offer.decimal_odds,
    }
    return outcome if offer.point is None else {**outcome, "point": offer.point}


def _iso(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")
