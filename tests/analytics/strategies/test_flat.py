"""The yardstick: one bet a decision on the pick, at the best price."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from analytics.backtesting.board import OddsBoard
from analytics.strategies.flat import FlatParameters, FlatStrategy, Pick
from tests.analytics.boards import Quoted, board_of, decision, h2h, season, spread, total


def picked(board: OddsBoard, pick: Pick, market: str = "h2h", **changes: object) -> list[tuple[str, str, int]]:
    strategy = FlatStrategy(FlatParameters(market=market, pick=pick))
    found = strategy.evaluate_board(board, season(**changes))
    quotes = [board.quote(int(row)) for row in found.quotes]
    return [(quote.outcome_name, quote.bookmaker_key, quote.price) for quote in quotes]


BOARD = board_of(
    [*h2h("bovada", -150, 130), *h2h("pinnacle", -145, 125), *spread("bovada", -3.5), *total("bovada", 220.5)],
    h2h("bovada", 210, -250),
)


@pytest.mark.parametrize(
    ("pick", "market", "bets"),
    [
        pytest.param(
            "favourite", "h2h", [("Lakers", "pinnacle", -145), ("Celtics", "bovada", -250)], id="favourites"
        ),
        pytest.param("underdog", "h2h", [("Celtics", "bovada", 130), ("Lakers", "bovada", 210)], id="underdogs"),
        pytest.param("home", "h2h", [("Lakers", "pinnacle", -145), ("Lakers", "bovada", 210)], id="home teams"),
        pytest.param("away", "spreads", [("Celtics", "bovada", -110)], id="away teams with their points"),
        pytest.param("over", "totals", [("Over", "bovada", -110)], id="overs"),
        pytest.param("draw", "h2h", [], id="no draws where there are none"),
        pytest.param("over", "player_points", [], id="nothing of a market that nobody quotes"),
    ],
)
def test_the_pick_is_bet_at_the_best_price(pick: Pick, market: str, bets: list[tuple[str, str, int]]) -> None:
    assert picked(BOARD, pick, market) == bets


HOCKEY = board_of(
    [*h2h("bovada", -150, 130), *h2h("pinnacle", -145, 125), *h2h("unibet", 110, 230, 310)],
    decisions=[decision(sport_key="icehockey_nhl")],
)


@pytest.mark.parametrize(
    ("pick", "bets"),
    [
        pytest.param("favourite", [("Lakers", "pinnacle", -145)], id="two ways, for most quote them"),
        pytest.param("draw", [("Draw", "unibet", 310)], id="the draw where it is listed"),
    ],
)
def test_in_hockey_a_team_in_two_ways_and_one_in_three_are_not_one_bet(
    pick: Pick, bets: list[tuple[str, str, int]]
) -> None:
    assert picked(HOCKEY, pick) == bets


def test_bets_are_at_the_bookmakers_of_the_run() -> None:
    assert picked(BOARD, "favourite", bookmakers=["bovada"]) == [
        ("Lakers", "bovada", -150),
        ("Celtics", "bovada", -250),
    ]


def test_a_price_on_a_point_that_few_quote_is_not_compared_with_those_on_the_main_line() -> None:
    alternate = spread("betmgm", -9.5, home=250, away=-400)
    board = board_of([*spread("bovada", -3.5), *spread("pinnacle", -3.5, home=-115, away=-105), *alternate])
    assert picked(board, "home", "spreads") == [("Lakers", "bovada", -110)]
    assert picked(board, "favourite", "spreads") == [("Lakers", "bovada", -110)]


@pytest.mark.parametrize(
    ("point", "home", "away", "favourite"),
    [
        pytest.param(-6.5, -105, -115, "Lakers", id="though its price is the higher one"),
        pytest.param(7.5, -110, -110, "Celtics", id="though the prices are the same"),
        pytest.param(0, -105, -115, "Celtics", id="but by the price where none gives any"),
    ],
)
def test_the_favourite_of_spreads_gives_points(point: float, home: int, away: int, favourite: str) -> None:
    board = board_of(spread("bovada", point, home=home, away=away))
    assert [name for name, _, _ in picked(board, "favourite", "spreads")] == [favourite]
    assert [name for name, _, _ in picked(board, "underdog", "spreads")] != [favourite]


def test_a_game_with_one_side_alone_has_no_favourite() -> None:
    assert picked(board_of([Quoted("bovada", "h2h", "Lakers", -150)]), "favourite") == []


def test_it_reads_its_market_alone() -> None:
    assert FlatStrategy(FlatParameters(market="totals", pick="over")).markets() == ("totals",)


def test_a_pick_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError, match="favourite"):
        FlatParameters.model_validate({"pick": "winner"})


prices = st.integers(100, 900) | st.integers(-900, -101)


@given(games=st.lists(st.lists(st.tuples(prices, prices), max_size=3), min_size=1, max_size=4))
async def test_a_decision_alone_is_decided_as_among_others(games: list[list[tuple[int, int]]]) -> None:
    board = board_of(
        *([quote for n, game in enumerate(games_of) for quote in h2h(f"book{n}", *game)] for games_of in games)
    )
    strategy = FlatStrategy()
    together = strategy.evaluate_board(board, season()).quotes.tolist()
    alone = [
        one.quote.number
        for event in board.events
        for one in await strategy.evaluate_opportunity(event, board.known_odds(event.number), season())
    ]
    assert alone == together
    assert np.all(np.diff(board.event[together]) > 0)
