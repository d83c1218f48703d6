"""The board gives each decision its own quotes, as values and as arrays."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from analytics.backtesting.board import OddsBoard, as_instants
from analytics.backtesting.values import BacktestEvent, IntArray, Side
from core.tiers import Tier
from tests.analytics.boards import board_of, decision, h2h, spread

TIP_OFF = datetime(2026, 1, 10, 20, tzinfo=UTC)
SEEN_AT = TIP_OFF - timedelta(minutes=90)


@pytest.fixture
def board() -> OddsBoard:
    """Return a board of three decisions: a spread at two bookmakers, nothing, and a total."""
    decisions = tuple(
        BacktestEvent(
            number, f"event{number}", "basketball_nba", "Lakers", "Celtics", TIP_OFF, TIP_OFF - timedelta(hours=1)
        )
        for number in range(3)
    )
    count = 5
    return OddsBoard(
        events=decisions,
        event=np.array([0, 0, 0, 2, 2]),
        selection=np.arange(count),
        bookmaker=np.array([0, 0, 1, 0, 0]),
        market=np.array([0, 0, 0, 1, 1]),
        outcome=np.array([0, 1, 0, 2, 3]),
        description=np.full(count, -1),
        source=np.zeros(count, dtype=np.int64),
        side=np.array([Side.HOME, Side.AWAY, Side.HOME, Side.OVER, Side.UNDER], dtype=np.int64),
        price=np.array([-110, -110, 100, -105, -115]),
        decimal_odds=np.array([1.909, 1.909, 2.0, 1.952, 1.87]),
        point=np.array([-3.5, 3.5, -4.0, 218.0, 218.0]),
        odds_timestamp=as_instants([SEEN_AT] * count),
        last_update=as_instants([SEEN_AT, None, SEEN_AT, SEEN_AT, SEEN_AT]),
        seen_at=as_instants([SEEN_AT] * count),
        bookmaker_keys=("draftkings", "pinnacle"),
        market_keys=("spreads", "totals"),
        outcome_names=("Lakers", "Celtics", "Over", "Under"),
        descriptions=(),
        sources=("live",),
    )


def test_every_decision_has_its_own_quotes_and_one_without_any_has_none(board: OddsBoard) -> None:
    assert [len(board.known_odds(number).quotes) for number in range(3)] == [3, 0, 2]


def test_a_quote_says_by_whom_on_what_and_since_when(board: OddsBoard) -> None:
    quote = board.known_odds(0).quotes[1]
    assert (quote.number, quote.bookmaker_key, quote.outcome_name) == (1, "draftkings", "Celtics")
    assert (quote.side, quote.price, quote.point) == (Side.AWAY, -110, 3.5)
    assert (quote.odds_timestamp, quote.last_update) == (SEEN_AT, None)


def test_both_sides_of_a_spread_are_on_one_line_and_another_number_is_on_another(board: OddsBoard) -> None:
    assert board.line.tolist() == [-3.5, -3.5, -4.0, 218.0, 218.0]


def test_rows_are_found_by_market_and_bookmaker(board: OddsBoard) -> None:
    assert board.rows_of("spreads").tolist() == [0, 1, 2]
    assert board.rows_of("spreads", ["pinnacle"]).tolist() == [2]
    assert board.rows_of("h2h").tolist() == []
    assert board.rows_of("spreads", ["bovada"]).tolist() == []


def test_the_best_price_on_a_side_is_the_highest_where_asked_at_one_point(board: OddsBoard) -> None:
    odds = board.known_odds(0)
    highest, on_the_number = odds.best("spreads", Side.HOME), odds.best("spreads", Side.HOME, -3.5)
    assert highest is not None
    assert on_the_number is not None
    assert (highest.price, on_the_number.price) == (100, -110)
    assert odds.best("totals", Side.OVER) is None


@pytest.mark.parametrize(
    ("side", "by_the_rules", "apart"),
    [
        pytest.param(Side.HOME, ("bovada", -130), ("unibet_uk", 110), id="a team, after overtime or before"),
        pytest.param(Side.AWAY, ("pinnacle", 120), ("unibet_uk", 170), id="the other team"),
        pytest.param(Side.DRAW, ("betfair_ex_uk", 330), ("betfair_ex_uk", 330), id="a draw is one bet everywhere"),
    ],
)
def test_the_best_price_on_a_hockey_team_is_none_of_those_that_lose_by_a_draw(
    side: Side, by_the_rules: tuple[str, int], apart: tuple[str, int]
) -> None:
    two_ways = (*h2h("bovada", -130, 110), *h2h("pinnacle", -135, 120))
    three_ways = (*h2h("unibet_uk", 110, 170, 320), *h2h("betfair_ex_uk", 105, 165, 330))
    odds = board_of((*two_ways, *three_ways), decisions=[decision(sport_key="icehockey_nhl")]).known_odds(0)
    best = [odds.best("h2h", side), odds.best("h2h", side, apart=True)]
    assert [quote and (quote.bookmaker_key, quote.price) for quote in best] == [by_the_rules, apart]


def test_where_every_bookmaker_has_the_draw_of_the_rules_all_prices_compare() -> None:
    quotes = (*h2h("bet365", 110, 170, 320), *h2h("unibet_uk", 120, 165, 330), *h2h("bovada", 115, 160))
    odds = board_of(quotes, decisions=[decision(sport_key="soccer_epl")]).known_odds(0)
    home, away = odds.best("h2h", Side.HOME), odds.best("h2h", Side.AWAY)
    assert home is not None
    assert away is not None
    assert (home.price, away.price) == (120, 170)
    assert odds.best("h2h", Side.HOME, apart=True) is None


def test_instants_come_back_aware_and_decisions_know_their_tier(board: OddsBoard) -> None:
    assert board.known_odds(2).quotes[0].seen_at == SEEN_AT
    assert board.decided_at[0] == np.datetime64("2026-01-10T19:00")
    assert board.events[0].tier is Tier.CLOSING


def test_what_follows_from_a_board_is_made_once_and_cannot_be_written() -> None:
    board = board_of(h2h("bovada", -150, 130))
    made: list[int] = []

    def make() -> IntArray:
        made.append(1)
        return np.arange(2)

    first, second = (board.derived("places", make) for _ in range(2))
    assert first is second
    assert made == [1]
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 1
    assert board.derived(("places", 2), make) is not first


def test_only_the_newest_of_what_follows_from_a_board_is_kept() -> None:
    board = board_of(h2h("bovada", -150, 130))
    first = board.derived(0, lambda: np.arange(2))
    for number in range(1, 40):
        board.derived(number, lambda: np.arange(2))
    assert board.derived(0, lambda: np.arange(2)) is not first


def test_rows_are_told_apart_by_their_market() -> None:
    board = board_of([*h2h("bovada", -150, 130), *spread("bovada", -3.5)])
    assert board.on_markets(["h2h"]).sum() == 2
    assert board.on_markets(["totals"]).sum() == 0
    assert board.on_markets([]).all()
