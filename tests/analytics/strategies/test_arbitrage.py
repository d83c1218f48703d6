from collections import Counter
from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.commission import net_of_commission
from analytics.backtesting.grading import GameResult, grade_bet
from analytics.backtesting.settlement import profit_per_unit
from analytics.backtesting.settlement_rules import RULES, Overtime, rules_of
from analytics.backtesting.values import Opportunities
from analytics.strategies.arbitrage import ArbitrageParameters, ArbitrageStrategy
from tests.analytics.boards import Quoted, board_of, decision, h2h, season, spread, total

PRICES = st.sampled_from([-300, -120, 110, 150, 300, 500])


def found(board: OddsBoard, bookmakers: tuple[str, ...] = (), **parameters: object) -> Opportunities:
    strategy = ArbitrageStrategy(ArbitrageParameters.model_validate(parameters))
    return strategy.evaluate_board(board, season(bookmakers=bookmakers))


def taken(board: OddsBoard, opportunities: Opportunities) -> list[tuple[str, str, float | None]]:
    quotes = [board.quote(row) for row in opportunities.quotes.tolist()]
    return [(quote.bookmaker_key, quote.outcome_name, quote.point) for quote in quotes]


def test_the_best_prices_of_both_sides_are_taken_with_shares_that_pay_the_same() -> None:
    board = board_of([*h2h("bovada", 120, -150), *h2h("fanduel", -140, 130), *h2h("betmgm", 110, 125)])
    bets = found(board, max_profit=0.2)
    assert taken(board, bets) == [("bovada", "Lakers", None), ("fanduel", "Celtics", None)]
    paid = bets.share * board.decimal_odds[bets.quotes]
    assert bets.share.sum() == pytest.approx(1)
    assert paid == pytest.approx(paid[0])
    assert paid[0] > 1
    assert len(set(bets.combination.tolist())) == 1
    assert bets.rationale(0) == f"an arbitrage of {paid[0] - 1:.2%}"


@pytest.mark.parametrize(
    ("quotes", "expected"),
    [
        pytest.param(
            [*spread("bovada", -3.5, home=110), *spread("fanduel", -3.5, away=105)],
            [("bovada", "Lakers", -3.5), ("fanduel", "Celtics", 3.5)],
            id="home -3.5 with away +3.5",
        ),
        pytest.param(
            [*spread("bovada", 3.5, home=110), *spread("fanduel", -3.5, away=105)], [], id="never +3.5 with +3.5"
        ),
        pytest.param(
            [*total("bovada", 218, over=110), *total("fanduel", 218, under=105)],
            [("bovada", "Over", 218), ("fanduel", "Under", 218)],
            id="over with under",
        ),
        pytest.param(
            [*total("bovada", 218, over=110), *total("fanduel", 219, under=105)], [], id="totals on other points"
        ),
        pytest.param([*h2h("bovada", -110, -110), *h2h("fanduel", -105, -105)], [], id="prices with a vig"),
        pytest.param([Quoted("bovada", "h2h", "Lakers", 400)], [], id="one side alone"),
        pytest.param([*h2h("bovada", 400, -500), *h2h("fanduel", -500, 400)], [], id="too good to be true"),
        pytest.param([*h2h("bovada", 101, -120), *h2h("fanduel", -120, 100)], [], id="too little"),
    ],
)
def test_only_real_opposites_that_bring_enough_are_an_arbitrage(
    quotes: list[Quoted], expected: list[tuple[str, str, float | None]]
) -> None:
    board = board_of(quotes)
    assert taken(board, found(board)) == expected


def test_a_market_with_a_draw_needs_all_three() -> None:
    soccer = [decision(sport_key="soccer_epl")]
    board = board_of(
        [*h2h("bovada", 210, 150, 215), *h2h("fanduel", 150, 260, 200), *h2h("betmgm", 200, 200)], decisions=soccer
    )
    assert sorted(taken(board, found(board))) == [
        ("bovada", "Draw", None),
        ("bovada", "Lakers", None),
        ("fanduel", "Celtics", None),
    ]


def test_a_bookmaker_without_the_draw_settles_a_tie_otherwise_and_is_left_out() -> None:
    hockey = [decision(sport_key="icehockey_nhl")]
    board = board_of([*h2h("bovada", 110, 230, 260), *h2h("fanduel", 300, -150)], decisions=hockey)
    assert taken(board, found(board)) == []


def test_two_ways_are_combined_though_another_bookmaker_lists_a_draw() -> None:
    hockey = [decision(sport_key="icehockey_nhl")]
    two_ways = [*h2h("fanduel", 110, -150), *h2h("betmgm", -140, 105)]
    board = board_of([*two_ways, *h2h("bovada", 150, 170, 250)], decisions=hockey)
    assert taken(board, found(board)) == [("betmgm", "Celtics", None), ("fanduel", "Lakers", None)]


def test_two_teams_without_their_draw_are_no_arbitrage_for_both_lose_by_it() -> None:
    soccer = [decision(sport_key="soccer_epl")]
    board = board_of([*h2h("bovada", -1000, 700), *h2h("fanduel", -1200, 2000)], decisions=soccer)
    assert taken(board, found(board)) == []


@st.composite
def markets(draw: st.DrawFn) -> list[Quoted]:
    """Draw what three bookmakers quote on a game: moneylines with and without a draw, handicaps and totals."""
    quotes: list[Quoted] = []
    for bookmaker_key in ("bovada", "fanduel", "betmgm"):
        moneyline = h2h(bookmaker_key, draw(PRICES), draw(PRICES), draw(st.none() | PRICES))
        point = draw(st.sampled_from([-1.0, -0.75, -0.5, -0.25, 0.0, 0.25]))
        quotes += [quoted._replace(market_key=draw(st.sampled_from(["h2h", "h2h_3_way"]))) for quoted in moneyline]
        quotes += spread(bookmaker_key, point, draw(PRICES), draw(PRICES))
        quotes += total(bookmaker_key, 2.5 + point, draw(PRICES), draw(PRICES))
    return quotes


def results(overtime: Overtime) -> Iterator[GameResult]:
    """Yield how a game may end, in regulation time or, where the sport has that, after it."""
    for home, away, more in product(range(4), range(4), ((0, 0), (1, 0), (0, 1))):
        if more == (0, 0) or (home == away and overtime is not Overtime.NONE):
            yield GameResult(home + more[0], away + more[1], home, away)


@given(sport_key=st.sampled_from([*RULES, "curling"]), quotes=markets())
def test_the_bets_of_an_arbitrage_cover_every_result_that_the_rules_of_the_sport_know(
    sport_key: str, quotes: list[Quoted]
) -> None:
    board = board_of(quotes, decisions=[decision(sport_key=sport_key)])
    keys = ("h2h", "h2h_3_way", "spreads", "totals")
    bets, rules = found(board, market_keys=keys, min_profit=1e-6, max_profit=10), rules_of(sport_key)
    with_draw = {(one.bookmaker_key, one.market_key) for one in quotes if one.outcome_name == "Draw"}
    for result in results(rules.overtime):
        brought = np.zeros(len(board))
        for place, quote in enumerate(board.quotes(bets.quotes)):
            lists_draw = (quote.bookmaker_key, quote.market_key) in with_draw
            grade = grade_bet(quote.market_key, quote.side, quote.point, result, rules, lists_draw=lists_draw)
            assert grade is not None
            unit = profit_per_unit(grade, quote.decimal_odds)
            brought[bets.combination[place]] += bets.share[place] * unit
        assert brought.min(initial=0) >= -1e-9


def test_every_decision_has_its_own_combinations_in_order() -> None:
    arbitrage = [*h2h("bovada", 110, -150), *h2h("fanduel", -140, 105)]
    both = [*arbitrage, *total("bovada", 218, over=110), *total("fanduel", 218, under=105)]
    board = board_of(both, h2h("bovada", -110, -110), arbitrage)
    bets = found(board)
    assert board.event[bets.quotes].tolist() == [0, 0, 0, 0, 2, 2]
    combinations = Counter(zip(board.event[bets.quotes].tolist(), bets.combination.tolist(), strict=True))
    assert combinations == {(0, 1): 2, (0, 2): 2, (2, 1): 2}


def test_bets_are_placed_only_where_the_run_allows() -> None:
    board = board_of([*h2h("bovada", 120, -150), *h2h("fanduel", -140, 130)])
    assert taken(board, found(board, bookmakers=("bovada",))) == []


def test_a_better_price_where_no_bets_are_placed_hides_no_arbitrage() -> None:
    board = board_of([*h2h("bovada", 110, -150), *h2h("fanduel", -140, 105), *h2h("betmgm", 115, -150)])
    assert taken(board, found(board, bookmakers=("bovada", "fanduel"))) == [
        ("bovada", "Lakers", None),
        ("fanduel", "Celtics", None),
    ]


def test_what_an_arbitrage_brings_is_after_commission() -> None:
    board = board_of([*h2h("bovada", 105, -150), *h2h("smarkets", -140, 100)])
    assert len(found(board).quotes) == 2
    assert len(found(net_of_commission(board, {"smarkets": 4})).quotes) == 0


def test_an_empty_board_has_none() -> None:
    assert len(found(board_of([])).quotes) == 0
