"""A board is made of quotes in any order; what no bet may rest on is left out and counted."""

import random
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from analytics.backtesting.board import as_instants
from analytics.backtesting.board_building import (
    ChangeColumns,
    QuoteColumns,
    board_of_one,
    build_board,
    screen,
    with_history,
)
from analytics.backtesting.values import KnownQuote, Side
from tests.analytics.boards import (
    HOUR,
    TIP_OFF,
    Quoted,
    board_of,
    columns_of,
    decision,
    h2h,
    microseconds,
    season,
    spread,
    total,
)


def test_the_order_in_which_quotes_come_makes_no_difference() -> None:
    decisions = [decision(0), decision(1)]
    columns = columns_of(decisions, [[*h2h("pinnacle", -150, 130), *spread("bovada", -3.5)], total("bovada", 220)])
    order = list(range(len(columns.price)))
    random.Random(3).shuffle(order)
    shuffled = QuoteColumns._make([column[place] for place in order] for column in columns)
    ((one, _), (other, _)) = build_board(decisions, columns), build_board(decisions, shuffled)
    for number in range(2):
        assert one.known_odds(number) == other.known_odds(number)


def test_quotes_are_in_order_of_decision_bookmaker_market_and_outcome() -> None:
    board = board_of([*h2h("pinnacle", -150, 130), *total("bovada", 220)], h2h("bovada", 100, -120))
    names = [(quote.bookmaker_key, quote.outcome_name) for n in range(2) for quote in board.known_odds(n).quotes]
    assert names == [
        ("bovada", "Over"),
        ("bovada", "Under"),
        ("pinnacle", "Celtics"),
        ("pinnacle", "Lakers"),
        ("bovada", "Celtics"),
        ("bovada", "Lakers"),
    ]


def test_a_lay_price_is_on_no_board() -> None:
    board = board_of([Quoted("betfair_ex_eu", "h2h_lay", "Lakers", 105), *h2h("betfair_ex_eu", 100, -110)])
    assert [quote.market_key for quote in board.known_odds(0).quotes] == ["h2h", "h2h"]


def test_sides_are_told_event_by_event() -> None:
    away_there = decision(1, home_team="Celtics", away_team="Lakers")
    board = board_of(h2h("bovada", 100, -120), h2h("bovada", 100, -120), decisions=[decision(0), away_there])
    assert [board.quote(row).side for row in range(4)] == [Side.AWAY, Side.HOME, Side.HOME, Side.AWAY]


def test_a_board_of_no_quotes_is_a_board() -> None:
    board = board_of([], [])
    assert (len(board), board.known_odds(1).quotes) == (0, ())


@pytest.mark.parametrize(
    ("hours", "seen", "kept"),
    [
        pytest.param(1, timedelta(minutes=60), 1, id="two looks of the closing tier ago"),
        pytest.param(1, timedelta(minutes=61), 0, id="longer ago"),
        pytest.param(20, timedelta(hours=23), 1, id="a day ago, far from the start"),
    ],
)
def test_a_stale_quote_is_left_out_and_counted(hours: float, seen: timedelta, kept: int) -> None:
    made = [decision(0, hours=hours)]
    board, valid = build_board(made, columns_of(made, [[Quoted("bovada", "h2h", "Lakers", 100, seen=seen)]]))
    screened = screen(board, valid, season())
    assert len(screened.board) == kept
    assert (screened.stale_quotes, screened.only_stale) == (1 - kept, 1 - kept)


def test_a_price_that_stood_for_long_is_not_stale_where_a_look_just_saw_it() -> None:
    board, valid = build_board([decision(0)], columns_of([decision(0)], [h2h("bovada", 100, -120)]))
    stood = replace(board, odds_timestamp=board.seen_at - np.timedelta64(48, "h"))
    assert screen(stood, valid, season()).stale_quotes == 0


def test_an_invalid_quote_is_left_out_and_counted_unless_the_run_takes_it() -> None:
    made = [decision(0)]
    quotes = [*h2h("bovada", 100, -120), Quoted("pinnacle", "h2h", "Lakers", 50_000, is_valid=False)]
    board, valid = build_board(made, columns_of(made, [quotes]))
    screened = screen(board, valid, season())
    assert (len(screened.board), screened.invalid_quotes, screened.only_stale) == (2, 1, 0)
    assert len(screen(board, valid, season(include_invalid=True)).board) == 3


def test_a_quote_that_is_stale_and_invalid_is_counted_once() -> None:
    made = [decision(0)]
    both = [quote._replace(seen=48 * HOUR, is_valid=False) for quote in h2h("bovada", 100, -120)]
    screened = screen(*build_board(made, columns_of(made, [both])), season())
    assert (screened.stale_quotes, screened.invalid_quotes) == (2, 0)


@pytest.mark.parametrize(
    ("sport_key", "market_key", "kept"),
    [
        pytest.param("icehockey_nhl", "h2h", [], id="what is left would look like a bet that overtime decides"),
        pytest.param("icehockey_nhl", "h2h_3_way", [Side.AWAY, Side.HOME], id="it is never one in three ways"),
        pytest.param("soccer_epl", "h2h", [Side.AWAY, Side.HOME], id="nor in soccer"),
    ],
)
@pytest.mark.parametrize(("is_valid", "seen"), [(False, HOUR / 6), (True, 48 * HOUR)], ids=["invalid", "stale"])
def test_a_draw_that_is_left_out_takes_along_what_reads_otherwise_without_it(
    sport_key: str, market_key: str, kept: list[Side], is_valid: bool, seen: timedelta
) -> None:
    quotes = [quoted._replace(market_key=market_key) for quoted in h2h("bovada", 110, 230, 260)]
    made = [decision(sport_key=sport_key)]
    draw = quotes[2]._replace(is_valid=is_valid, seen=seen)
    board, valid = build_board(made, columns_of(made, [[*quotes[:2], draw]]))
    screened = screen(board, valid, season())
    assert screened.board.side.tolist() == kept
    assert screened.stale_quotes + screened.invalid_quotes == 3 - len(kept)


@pytest.mark.parametrize(
    ("sport_key", "market_key", "left"),
    [
        pytest.param("icehockey_nhl", "h2h", 2, id="what it leaves behind would look like two ways"),
        pytest.param("icehockey_nhl", "h2h_3_way", 4, id="not where the market is of three"),
        pytest.param("soccer_epl", "h2h", 4, id="nor in soccer"),
    ],
)
def test_a_draw_that_was_withdrawn_takes_along_what_reads_otherwise_without_it(
    sport_key: str, market_key: str, left: int
) -> None:
    quotes = [*h2h("bovada", 110, 230, 260), *h2h("pinnacle", -110, 100)]
    made = [decision(sport_key=sport_key)]
    columns = columns_of(made, [[quoted._replace(market_key=market_key) for quoted in quotes]])
    withdrawn = [
        None if name == "Draw" else price for name, price in zip(columns.outcome_name, columns.price, strict=True)
    ]
    board, valid = build_board(made, columns._replace(price=withdrawn))
    assert (len(board), len(valid), Side.DRAW in board.side) == (left, left, False)
    assert [*map(board.bookmaker_keys.__getitem__, board.bookmaker)][-2:] == ["pinnacle"] * 2


@pytest.mark.parametrize("price", [50, -50, 0, 1, -99])
@pytest.mark.parametrize("taken", [True, False], ids=["a run that takes invalid ones", "a run that does not"])
def test_a_price_that_no_american_odds_can_have_is_left_out_by_every_run(price: int, taken: bool) -> None:
    made = [decision(0)]
    quotes = [*h2h("bovada", 100, -120), Quoted("pinnacle", "h2h", "Lakers", price, is_valid=False)]
    board, valid = build_board(made, columns_of(made, [quotes]))
    screened = screen(board, valid, season(include_invalid=taken, commission={"pinnacle": 2}))
    assert ([*screened.board.price], screened.invalid_quotes) == ([-120, 100], 1)


def test_the_board_of_one_decision_has_its_quotes_in_their_order() -> None:
    board = board_of([], [*spread("pinnacle", -3.5), *h2h("bovada", 100, -120)])
    quotes = board.known_odds(1).quotes
    alone = board_of_one(board.events[1], quotes)

    def but_for_its_place(quote: KnownQuote) -> KnownQuote:
        return quote._replace(number=0)

    assert [*map(but_for_its_place, alone.known_odds(0).quotes)] == [*map(but_for_its_place, quotes)]
    assert alone.decided_at[0] == board.decided_at[1]


def test_a_change_to_a_price_that_no_american_odds_can_have_is_left_out() -> None:
    prices = [110, 50, 0, None, -110]
    told = with_history(
        board_of(h2h("bovada", 100, -120)),
        ChangeColumns(
            decision=[0] * 5,
            selection_id=[0] * 5,
            odds_timestamp=[microseconds(TIP_OFF - hours * HOUR) for hours in (9, 8, 7, 6, 5)],
            price=prices,
            point=[None] * 5,
        ),
    )
    assert [change.price for change in told.known_odds(0).history] == [110, None, -110]


def test_the_history_of_a_quote_is_found_by_its_selection_and_that_of_others_is_left_out() -> None:
    board = board_of(h2h("bovada", 100, -120), h2h("bovada", 105, -125))
    instants = [microseconds(TIP_OFF - hours * HOUR) for hours in (5, 4, 3, 2, 2)]
    told = with_history(
        board,
        ChangeColumns(
            decision=[0, 0, 0, 1, 1],
            selection_id=[0, 0, 77, 0, 2],
            odds_timestamp=instants,
            price=[110, None, 300, 300, 105],
            point=[None] * 5,
        ),
    )
    (first, withdrawn) = told.known_odds(0).history
    assert (first.quote.outcome_name, first.price, withdrawn.price) == ("Lakers", 110, None)
    assert first.odds_timestamp == TIP_OFF - 5 * HOUR
    assert [change.price for change in told.known_odds(1).history] == [105]
    assert told.history is not None
    assert told.history.odds_timestamp[0] == as_instants([TIP_OFF - 5 * HOUR])[0]
    assert np.all(np.diff(told.history.quote) >= 0)
    assert board.known_odds(0).history == ()
