"""A database in which games were collected: looks at odds and results, each at its own instant."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from core.feed.payloads import parse_odds, parse_scores
from core.scope import Scope
from storage.ingestion import store_odds
from storage.results import store_results
from storage.snapshots import Origin, Source

SPORT = "basketball_nba"
SCOPE = Scope.of(["h2h", "spreads", "totals"], regions=["us"])
NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
TIP_OFF = datetime(2026, 1, 10, 20, tzinfo=UTC)

Offer = int | tuple[int, float] | tuple[int, float, str]
"""A price, with a point, and a player."""
Markets = Mapping[str, Mapping[str, Offer]]


class Seen(NamedTuple):
    """One game as one answer lists it: Celtics at Lakers, with the markets of each bookmaker."""

    event_id: str
    bookmakers: Mapping[str, Markets]
    commence_time: datetime = TIP_OFF


class Scored(NamedTuple):
    """One game as a scores answer lists it, completed."""

    event_id: str
    home_score: int
    away_score: int
    commence_time: datetime = TIP_OFF


async def look(
    connection: AsyncConnection,
    at: datetime,
    *games: Seen,
    source: Source = Source.LIVE,
    sport_key: str = SPORT,
) -> None:
    """Store an odds answer received at an instant."""
    body = orjson.dumps([_listed(game, sport_key, at) for game in games])
    await store_odds(connection, sport_key, parse_odds(body), Origin(at, SCOPE, source=source))


async def score(connection: AsyncConnection, at: datetime, *games: Scored, sport_key: str = SPORT) -> None:
    """Store a scores answer received at an instant."""
    rows = [
        {
            **_named(game.event_id, game.commence_time, sport_key),
            "completed": True,
            "scores": [
                {"name": "Lakers", "score": str(game.home_score)},
                {"name": "Celtics", "score": str(game.away_score)},
            ],
            "last_update": at,
        }
        for game in games
    ]
    await store_results(connection, sport_key, parse_scores(orjson.dumps(rows)), at)


def h2h(home: int, away: int) -> Markets:
    """Return a moneyline."""
    return {"h2h": {"Lakers": home, "Celtics": away}}


async def season(connection: AsyncConnection, *, days: int = 5, first: datetime = TIP_OFF) -> None:
    """Store one game a day: looks 6 h, 65 min and 5 min before its start at two bookmakers, and its result."""
    for day in range(days):
        start = first + timedelta(days=day)
        event_id = f"event{day}"
        for before, drift in ((timedelta(hours=6), 0), (timedelta(minutes=65), 5), (timedelta(minutes=5), 10)):
            prices = {"draftkings": h2h(-150 - drift, 130), "pinnacle": h2h(-155 - drift, 140 + drift)}
            await look(connection, start - before, Seen(event_id, prices, start))
        won = day % 3 != 0
        await score(connection, start + timedelta(hours=3), Scored(event_id, 110 if won else 100, 105, start))


def _listed(game: Seen, sport_key: str, at: datetime) -> dict[str, Any]:
    return {
        **_named(game.event_id, game.commence_time, sport_key),
        "bookmakers": [
            {
                "key": key,
                "title": key.title(),
                "markets": [
                    {"key": market, "last_update": at, "outcomes": _outcomes(outcomes)}
                    for market, outcomes in markets.items()
                ],
            }
            for key, markets in game.bookmakers.items()
        ],
    }


def _outcomes(outcomes: Mapping[str, Offer]) -> Sequence[Mapping[str, Any]]:
    return [
        {"name": name, **dict(zip(("price", "point", "description"), price, strict=False))}
        if isinstance(price, tuple)
        else {"name": name, "price": price}
        for name, price in outcomes.items()
    ]


def _named(event_id: str, commence_time: datetime, sport_key: str) -> dict[str, Any]:
    return {
        "id": event_id,
        "sport_key": sport_key,
        "sport_title": "NBA",
        "commence_time": commence_time,
        "home_team": "Lakers",
        "away_team": "Celtics",
    }
