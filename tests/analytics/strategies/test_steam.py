from datetime import timedelta

import pytest

from analytics.backtesting.board import KnownOdds
from analytics.backtesting.values import BetOpportunity, KnownQuote, LineChange, Side
from analytics.odds_math import american_to_decimal
from analytics.strategies.steam import SteamParameters, SteamStrategy
from tests.analytics.boards import decision, season

EVENT = decision()
EARLIER = EVENT.decided_at - timedelta(hours=3)
JUST_NOW = EVENT.decided_at - timedelta(minutes=5)
STANDS = (-110, -110)
FALLS = (-110, -125)
RISES = (-110, 105)


def listed(
    *moves: tuple[int, int], points: tuple[float, float] | None = None, side: Side = Side.HOME
) -> KnownOdds:
    """Return quotes of one outcome, each with its price before and now; those that differ moved just now."""
    quotes, history = [], []
    market_key = "h2h" if points is None else "totals" if side in (Side.OVER, Side.UNDER) else "spreads"
    for number, (before, now) in enumerate(moves):
        moved = before != now or points is not None
        quote = KnownQuote(
            number=number,
            bookmaker_key=f"book{number}",
            market_key=market_key,
            outcome_name=side.name.title(),
            description=None,
            side=side,
            price=now,
            decimal_odds=float(american_to_decimal(now)),
            point=None if points is None else points[1],
            odds_timestamp=JUST_NOW if moved else EARLIER,
            last_update=None,
            seen_at=EVENT.decided_at,
            source="live",
            stands_apart=False,
        )
        quotes.append(quote)
        history.append(LineChange(quote, EARLIER, before, None if points is None else points[0]))
    return KnownOdds(tuple(quotes), tuple(history))


async def followed(odds: KnownOdds, bookmakers: tuple[str, ...] = (), **parameters: float) -> list[BetOpportunity]:
    strategy = SteamStrategy(SteamParameters.model_validate(parameters))
    return await strategy.evaluate_opportunity(EVENT, odds, season(bookmakers=bookmakers))


async def test_a_bookmaker_that_lists_a_draw_does_not_lag_behind_those_that_list_none() -> None:
    known = listed(FALLS, FALLS, FALLS, (150, 150))
    apart = known.quotes[3]._replace(stands_apart=True)
    assert len(await followed(known)) == 1
    assert await followed(KnownOdds((*known.quotes[:3], apart), known.history)) == []


async def test_several_lines_of_one_bookmaker_are_one_that_moved() -> None:
    known = listed(FALLS, FALLS, FALLS, STANDS)
    moved = [quote._replace(bookmaker_key="book0") for quote in known.quotes[:3]]
    changes = [change._replace(quote=quote) for change, quote in zip(known.history, moved, strict=False)]
    odds = KnownOdds((*moved, known.quotes[3]), (*changes, known.history[3]))
    assert await followed(odds) == []
    elsewhere = [quote._replace(bookmaker_key=f"other{quote.number}") for quote in moved[1:]]
    assert len(await followed(KnownOdds((moved[0], *elsewhere, known.quotes[3]), known.history))) == 1


@pytest.mark.parametrize(
    ("moves", "taken"),
    [
        pytest.param([FALLS, FALLS, FALLS, STANDS], ["book3"], id="three fell, one stands"),
        pytest.param([FALLS, FALLS, FALLS, STANDS, (-105, -105)], ["book4"], id="the best of those that stand"),
        pytest.param([FALLS, FALLS, STANDS], [], id="two are too few"),
        pytest.param([FALLS, FALLS, FALLS], [], id="nobody stands"),
        pytest.param([FALLS, FALLS, FALLS, RISES, STANDS], [], id="one moved the other way"),
        pytest.param([RISES, RISES, RISES, STANDS], [], id="the price got better everywhere"),
        pytest.param([(-110, -111), (-110, -112), FALLS, STANDS], [], id="small moves do not count"),
    ],
)
async def test_a_laggard_is_taken_when_enough_others_moved_the_same_way(
    moves: list[tuple[int, int]], taken: list[str]
) -> None:
    assert [one.quote.bookmaker_key for one in await followed(listed(*moves))] == taken


@pytest.mark.parametrize(
    ("side", "points", "steamed"),
    [
        pytest.param(Side.HOME, (-3.0, -3.5), True, id="a favourite gives more points"),
        pytest.param(Side.AWAY, (3.5, 3.0), True, id="an underdog gets fewer"),
        pytest.param(Side.HOME, (-3.5, -3.0), False, id="a favourite gives fewer"),
        pytest.param(Side.OVER, (218.0, 219.5), True, id="an over has to pass more"),
        pytest.param(Side.OVER, (218.0, 217.0), False, id="an over has to pass less"),
        pytest.param(Side.UNDER, (218.0, 217.0), True, id="an under has to stay below less"),
    ],
)
async def test_a_point_that_gets_harder_is_a_move_towards_the_side(
    side: Side, points: tuple[float, float], steamed: bool
) -> None:
    moved = listed(STANDS, STANDS, STANDS, points=points, side=side)
    stands = moved.quotes[0]._replace(number=9, bookmaker_key="laggard", point=points[0], odds_timestamp=EARLIER)
    odds = KnownOdds((*moved.quotes, stands), moved.history)
    assert [one.quote.bookmaker_key for one in await followed(odds)] == ["laggard"] * steamed


async def test_a_move_before_the_window_is_no_steam() -> None:
    odds = listed(FALLS, FALLS, FALLS, STANDS)
    assert await followed(odds, window_minutes=4) == []
    assert len(await followed(odds, window_minutes=6)) == 1


async def test_bets_are_placed_only_where_the_run_allows() -> None:
    odds = listed(FALLS, FALLS, FALLS, STANDS, STANDS)
    (bet,) = await followed(odds, bookmakers=("book4",))
    assert bet.quote.bookmaker_key == "book4"
    assert bet.rationale == "3 bookmakers moved within 60 min"
    assert await followed(odds, bookmakers=("book0",)) == []


async def test_a_bookmaker_that_came_new_or_came_back_did_not_move() -> None:
    odds = listed(FALLS, FALLS, FALLS, STANDS)
    withdrawn = odds.history[2]._replace(price=None)
    assert await followed(KnownOdds(odds.quotes, (*odds.history[:2], withdrawn, odds.history[3]))) == []
    assert await followed(KnownOdds(odds.quotes, odds.history[:2])) == []
