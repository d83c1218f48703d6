"""Fair probabilities come of complete markets alone: of the first sharp bookmaker on the line, else of all."""

import numpy as np
import pytest

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.fair import (
    complete_markets,
    consensus,
    fair_probabilities,
    own_probabilities,
    same_bets,
    sharp_probabilities,
)
from analytics.backtesting.values import Side
from analytics.devig import DevigMethod, no_vig
from analytics.odds_math import american_to_decimal
from tests.analytics.boards import Quoted, board_of, decision, h2h, spread, total

POWER = DevigMethod.POWER


def of(board: OddsBoard, values: np.ndarray, bookmaker_key: str, side: Side) -> list[float]:
    """Return the values of a bookmaker's quotes on a side."""
    return [
        round(float(values[row]), 6)
        for row in range(len(board))
        if board.quote(row).bookmaker_key == bookmaker_key and board.side[row] == side
    ]


def fair(*prices: int) -> list[float]:
    return [round(value, 6) for value in no_vig(american_to_decimal(prices), POWER).tolist()]


def test_a_market_is_complete_with_both_sides_on_one_line() -> None:
    board = board_of(
        [*h2h("bovada", -150, 130), *spread("bovada", -3.5), *total("bovada", 220.5), *total("pinnacle", 221)]
    )
    pairs, triples = complete_markets(board)
    sides = [[Side(board.side[row]).name for row in rows] for rows in pairs]
    assert sorted(sides) == [["HOME", "AWAY"], ["HOME", "AWAY"], ["OVER", "UNDER"], ["OVER", "UNDER"]]
    assert len(triples) == 0


@pytest.mark.parametrize(
    "quotes",
    [
        pytest.param([Quoted("bovada", "h2h", "Lakers", -150)], id="one side alone"),
        pytest.param(
            [
                Quoted("bovada", "spreads", "Lakers", -110, -3.5),
                Quoted("bovada", "spreads", "Celtics", -110, 4.5),
            ],
            id="sides on two lines",
        ),
        pytest.param(
            [Quoted("bovada", "h2h", "Lakers", -150), Quoted("pinnacle", "h2h", "Celtics", 130)],
            id="sides at two bookmakers",
        ),
        pytest.param(
            [
                Quoted("bovada", "player_points", "Over", -110, 20.5, "Davis"),
                Quoted("bovada", "player_points", "Under", -110, 20.5, "James"),
            ],
            id="sides of two players",
        ),
    ],
)
def test_what_is_no_complete_market_has_no_fair_probability(quotes: list[Quoted]) -> None:
    assert np.isnan(fair_probabilities(board_of(quotes), ["bovada"], POWER)).all()


def test_a_three_way_market_needs_its_draw_where_the_sport_has_one() -> None:
    soccer = [decision(sport_key="soccer_epl")]
    board = board_of([*h2h("bovada", 150, 180, 220), *h2h("pinnacle", 155, 175)], decisions=soccer)
    pairs, triples = complete_markets(board)
    assert (len(pairs), len(triples)) == (0, 1)
    own = own_probabilities(board, POWER)
    assert of(board, own, "bovada", Side.DRAW) == [fair(150, 180, 220)[2]]
    assert np.isnan(of(board, own, "pinnacle", Side.HOME)).all()
    assert of(board, fair_probabilities(board, [], POWER), "pinnacle", Side.HOME) == [fair(150, 180, 220)[0]]


@pytest.mark.parametrize(
    "named", [("pinnacle",), ("unibet", "pinnacle"), ("nobody",)], ids=["one", "two", "one without odds"]
)
def test_the_probabilities_of_some_bookmakers_are_those_among_all_and_no_others(named: tuple[str, ...]) -> None:
    in_two_ways = [*h2h("pinnacle", -110, 100), *h2h("draftkings", -105, -105), *total("pinnacle", 5.5)]
    games = [decision(number, sport_key="icehockey_nhl") for number in range(2)]
    board = board_of(in_two_ways, [*in_two_ways, *h2h("unibet", 145, 155, 310)], decisions=games)
    among_all = np.where(board.at_bookmakers(named), own_probabilities(board, POWER), np.nan)
    np.testing.assert_array_equal(own_probabilities(board, POWER, named), among_all)
    assert np.isnan(among_all).all() == (named == ("nobody",))


@pytest.mark.parametrize("sharp", [(), ("pinnacle",), ("unibet",)], ids=["nobody", "in two ways", "in three ways"])
def test_in_hockey_the_draw_of_one_bookmaker_says_nothing_of_the_two_ways_of_others(
    sharp: tuple[str, ...],
) -> None:
    hockey = [decision(sport_key="icehockey_nhl")]
    two_ways = [*h2h("pinnacle", -110, 100), *h2h("draftkings", -105, -105)]
    alone, both = (
        board_of(quotes, decisions=hockey) for quotes in (two_ways, [*two_ways, *h2h("unibet", 145, 155, 310)])
    )
    before, now = (fair_probabilities(board, sharp, POWER) for board in (alone, both))
    for bookmaker_key in ("pinnacle", "draftkings"):
        assert of(both, now, bookmaker_key, Side.HOME) == of(alone, before, bookmaker_key, Side.HOME)
    assert of(both, now, "unibet", Side.HOME) == [fair(145, 155, 310)[0]]


@pytest.mark.parametrize(
    ("sport_key", "market_key", "complete"),
    [
        pytest.param("soccer_epl", "h2h", 0, id="soccer has a draw, though nobody's is known"),
        pytest.param("soccer_epl", "h2h_h1", 0, id="a half of it too"),
        pytest.param("handball_germany_bundesliga", "h2h", 0, id="so has handball"),
        pytest.param("soccer_epl", "draw_no_bet", 1, id="a draw gives these stakes back"),
        pytest.param("icehockey_nhl", "h2h", 1, id="somebody wins in overtime"),
        pytest.param("icehockey_nhl", "h2h_3_way", 0, id="not in sixty minutes"),
        pytest.param("basketball_nba", "h2h_q1", 1, id="a level quarter gives the stakes back"),
    ],
)
def test_two_teams_are_a_whole_market_only_where_the_rules_have_no_draw_to_bet_on(
    sport_key: str, market_key: str, complete: int
) -> None:
    quotes = [quoted._replace(market_key=market_key) for quoted in h2h("pinnacle", 140, 220)]
    board = board_of(quotes, decisions=[decision(sport_key=sport_key)])
    pairs, _ = complete_markets(board)
    assert len(pairs) == complete
    assert np.isnan(fair_probabilities(board, ["pinnacle"], POWER)).sum() == 2 - 2 * complete


def test_a_quote_is_judged_by_the_first_sharp_bookmaker_on_its_line() -> None:
    board = board_of(
        [
            *spread("bovada", -3.5, -105, -115),
            *spread("pinnacle", -3.5, -120, 100),
            *spread("lowvig", -4, -110, -110),
        ]
    )
    judged = fair_probabilities(board, ["lowvig", "pinnacle"], POWER)
    assert of(board, judged, "bovada", Side.HOME) == [fair(-120, 100)[0]]
    assert of(board, judged, "bovada", Side.AWAY) == [fair(-120, 100)[1]]
    assert of(board, judged, "lowvig", Side.HOME) == [0.5]


def test_of_two_sharp_bookmakers_on_a_line_the_one_that_is_named_first_counts() -> None:
    board = board_of([*h2h("bovada", -105, -115), *h2h("lowvig", 100, -120), *h2h("pinnacle", -150, 130)])
    for first, second, price in (("pinnacle", "lowvig", (-150, 130)), ("lowvig", "pinnacle", (100, -120))):
        for judged in (fair_probabilities, sharp_probabilities):
            said = judged(board, [first, second], POWER)
            assert of(board, said, "bovada", Side.HOME) == pytest.approx([fair(*price)[0]], abs=1e-6)


def test_where_no_sharp_bookmaker_is_on_the_line_all_that_are_count_alike() -> None:
    board = board_of([*h2h("bovada", -150, 130), *h2h("fanduel", -160, 140), *h2h("draftkings", -140, 125)])
    judged = fair_probabilities(board, ["pinnacle"], POWER)
    mean = np.mean([fair(-150, 130)[0], fair(-160, 140)[0], fair(-140, 125)[0]])
    assert of(board, judged, "bovada", Side.HOME) == pytest.approx([mean], abs=1e-6)


@pytest.mark.parametrize(
    ("sharp_lines", "is_left"),
    [
        pytest.param([*spread("pinnacle", -4.5)], True, id="it quotes another number"),
        pytest.param([*spread("pinnacle", -4.5), *spread("lowvig", -5)], True, id="they quote two others"),
        pytest.param([*spread("pinnacle", -4.5)[:1]], False, id="its market on another number is incomplete"),
        pytest.param([*total("pinnacle", 220.5)], False, id="it quotes another market"),
        pytest.param([*spread("pinnacle", -2.5), *spread("pinnacle", -4.5)], False, id="it lists several numbers"),
        pytest.param([*spread("betmgm", -4.5)], False, id="only others quote another number"),
    ],
)
def test_a_number_that_the_sharp_bookmakers_have_left_is_not_fair_by_those_who_still_quote_it(
    sharp_lines: list[Quoted], is_left: bool
) -> None:
    board = board_of([*spread("bovada", -3, -110, -110), *spread("fanduel", -3, -120, 100), *sharp_lines])
    judged = fair_probabilities(board, ["pinnacle", "lowvig"], POWER)
    expected = np.nan if is_left else (0.5 + fair(-120, 100)[0]) / 2
    assert of(board, judged, "bovada", Side.HOME) == pytest.approx([expected], abs=1e-6, nan_ok=True)


def test_a_player_is_judged_by_all_where_the_sharp_one_quotes_another_player() -> None:
    def points(bookmaker_key: str, point: float, player: str) -> list[Quoted]:
        return [Quoted(bookmaker_key, "player_points", side, -110, point, player) for side in ("Over", "Under")]

    board = board_of([*points("bovada", 20.5, "Davis"), *points("bovada", 25.5, "James")])
    sharp = board_of(
        [*points("bovada", 20.5, "Davis"), *points("bovada", 25.5, "James"), *points("pinnacle", 23.5, "Davis")]
    )
    assert fair_probabilities(board, ["pinnacle"], POWER).tolist() == [0.5] * 4
    judged = fair_probabilities(sharp, ["pinnacle"], POWER)
    told = {
        (quote.description, quote.point): value
        for quote, value in zip(sharp.quotes(np.arange(6)), judged, strict=True)
    }
    assert told["James", 25.5] == told["Davis", 23.5] == 0.5
    assert np.isnan(told["Davis", 20.5])


def test_each_decision_is_judged_by_its_own_quotes() -> None:
    board = board_of(h2h("pinnacle", -150, 130), h2h("pinnacle", 200, -240))
    assert of(board, fair_probabilities(board, ["pinnacle"], POWER), "pinnacle", Side.HOME) == [
        fair(-150, 130)[0],
        fair(200, -240)[0],
    ]


def test_the_same_bet_is_the_same_outcome_on_the_same_line_at_the_same_decision() -> None:
    board = board_of(
        [*spread("bovada", -3.5), *spread("pinnacle", -3.5), *spread("lowvig", -4)], spread("bovada", -3.5)
    )
    assert len(set(same_bets(board).tolist())) == 6


def test_a_consensus_is_the_mean_of_what_is_known() -> None:
    values = np.array([0.5, 0.6, np.nan, np.nan])
    assert consensus(values, np.array([0, 0, 0, 1])).tolist()[:3] == pytest.approx([0.55] * 3)
    assert np.isnan(consensus(values, np.array([0, 0, 0, 1]))[3])


def test_a_board_without_quotes_has_no_probabilities() -> None:
    assert fair_probabilities(board_of([]), ["pinnacle"], POWER).tolist() == []
