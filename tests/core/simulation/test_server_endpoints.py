from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

NFL = "/americanfootball_nfl"
A, B = "a" * 32, "b" * 32
NOON = datetime(2025, 9, 11, 12, tzinfo=UTC)
Opened = Callable[..., Any]


async def test_sports_list_the_sport_for_nothing(open_desk: Opened) -> None:
    async with open_desk() as desk:
        reply = await desk.ask("")
        assert reply.rows == [
            {
                "key": "americanfootball_nfl",
                "group": "American Football",
                "title": "NFL",
                "description": "NFL",
                "active": True,
                "has_outrights": False,
            }
        ]
        assert reply.cost == 0


async def test_a_sport_out_of_season_is_listed_only_among_all(open_desk: Opened) -> None:
    async with open_desk(start=NOON - timedelta(days=1)) as desk:
        assert (await desk.ask("")).rows == []
        assert [row["active"] for row in (await desk.ask("", all="true")).rows] == [False]


async def test_events_list_upcoming_and_live_for_nothing(open_desk: Opened) -> None:
    async with open_desk() as desk:
        desk.clock.advance(timedelta(hours=7))
        reply = await desk.ask(f"{NFL}/events")
        assert [row["id"] for row in reply.rows] == [A, B]
        assert reply.cost == 0
        assert [row["id"] for row in (await desk.ask(f"{NFL}/events", eventIds=B)).rows] == [B]


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ({"regions": "us"}, 1),
        ({"regions": "us", "markets": "h2h,spreads,totals"}, 3),
        ({"regions": "us,eu", "markets": "h2h,spreads,totals"}, 6),
        ({"bookmakers": "pinnacle,oldbook", "markets": "h2h,totals"}, 2),
        ({"regions": "us", "markets": "h2h,totals", "eventIds": A}, 2),
        ({"regions": "us", "eventIds": "f" * 32}, 0),
    ],
    ids=str,
)
async def test_odds_cost_markets_times_regions_whatever_the_events(
    open_desk: Opened, query: dict[str, str], cost: int
) -> None:
    async with open_desk() as desk:
        reply = await desk.ask(f"{NFL}/odds", **query)
        assert (reply.status, reply.cost) == (200, cost)
        assert desk.server.credits_used == cost


async def test_odds_without_any_event_are_free(open_desk: Opened) -> None:
    async with open_desk(start=NOON - timedelta(days=1)) as desk:
        reply = await desk.ask(f"{NFL}/odds", regions="us", markets="h2h,spreads")
        assert (reply.rows, reply.cost) == ([], 0)


async def test_the_odds_are_those_of_the_clocks_instant(open_desk: Opened) -> None:
    async with open_desk() as desk:
        assert len((await desk.ask(f"{NFL}/odds", regions="us")).rows) == 2
        desk.clock.advance(timedelta(minutes=120))
        assert (await desk.ask(f"{NFL}/odds", regions="us")).rows == []


async def test_in_an_outage_only_odds_are_down_and_cost_nothing(open_desk: Opened) -> None:
    async with open_desk() as desk:
        desk.clock.advance(timedelta(hours=5, seconds=1))
        reply = await desk.ask(f"{NFL}/odds", regions="us")
        assert (reply.status, reply.cost) == (503, 0)
        assert (await desk.ask(f"{NFL}/events/{A}/odds", regions="us")).status == 503
        assert (await desk.ask(f"{NFL}/events")).status == 200
        assert (await desk.ask(f"{NFL}/scores")).status == 200


async def test_scores_cost_one_and_two_with_completed_games(open_desk: Opened) -> None:
    async with open_desk() as desk:
        desk.clock.advance(timedelta(hours=10))
        plain = await desk.ask(f"{NFL}/scores")
        assert ([row["id"] for row in plain.rows], plain.cost) == ([B], 1)
        with_completed = await desk.ask(f"{NFL}/scores", daysFrom=3)
        assert ([row["id"] for row in with_completed.rows], with_completed.cost) == ([A, B], 2)
        assert with_completed.rows[0]["scores"] == [
            {"name": "Kings", "score": "27"},
            {"name": "Aces", "score": "20"},
        ]


async def test_the_odds_of_one_event_cost_the_markets_returned(open_desk: Opened) -> None:
    async with open_desk() as desk:
        markets = "h2h,totals,player_points,alternate_spreads"
        reply = await desk.ask(f"{NFL}/events/{A}/odds", regions="us,eu", markets=markets)
        assert reply.cost == 4
        assert reply.rows["id"] == A
        assert all("last_update" not in bookmaker for bookmaker in reply.rows["bookmakers"])
        assert all("last_update" in market for book in reply.rows["bookmakers"] for market in book["markets"])


async def test_the_odds_of_one_event_without_prices_are_free(open_desk: Opened) -> None:
    async with open_desk() as desk:
        reply = await desk.ask(f"{NFL}/events/{A}/odds", regions="us", markets="player_points")
        assert (reply.rows["bookmakers"], reply.cost) == ([], 0)
        desk.clock.advance(timedelta(hours=2))
        reply = await desk.ask(f"{NFL}/events/{A}/odds", regions="us")
        assert (reply.rows["id"], reply.rows["bookmakers"], reply.cost) == (A, [], 0)


async def test_an_event_that_is_over_is_not_found(open_desk: Opened) -> None:
    async with open_desk() as desk:
        desk.clock.advance(timedelta(hours=10))
        reply = await desk.ask(f"{NFL}/events/{A}/odds", regions="us")
        assert (reply.status, reply.error_code, reply.cost) == (404, "EVENT_NOT_FOUND", 0)


@pytest.mark.parametrize("path", ["/odds", "/events", "/scores", f"/events/{A}/odds"])
async def test_an_unknown_sport_is_refused_everywhere(open_desk: Opened, path: str) -> None:
    async with open_desk() as desk:
        reply = await desk.ask(f"/curling{path}", regions="us")
        assert (reply.status, reply.error_code, reply.cost) == (404, "UNKNOWN_SPORT", 0)


async def test_a_bookmaker_that_the_recording_lists_passes_and_a_retired_one_is_refused(open_desk: Opened) -> None:
    async with open_desk() as desk:
        assert (await desk.ask(f"{NFL}/odds", bookmakers="oldbook")).status == 200
        reply = await desk.ask(f"{NFL}/odds", bookmakers="oldbook,circasports")
        assert (reply.status, reply.error_code, reply.cost) == (422, "INVALID_BOOKMAKERS", 0)
        assert reply.rows["message"].endswith(": circasports")
