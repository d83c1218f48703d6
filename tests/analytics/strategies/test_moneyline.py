import pytest

from analytics.backtesting.board import KnownOdds
from analytics.backtesting.values import KnownQuote
from analytics.strategies.moneyline import best_side, market_probability, two_way_quotes
from tests.analytics.boards import Quoted, board_of, decision, h2h, season, spread


def known(*quotes: Quoted) -> KnownOdds:
    return board_of(quotes).known_odds(0)


def moneyline(*quotes: Quoted, sport_key: str = "basketball_nba") -> list[KnownQuote]:
    return two_way_quotes(decision(sport_key=sport_key), known(*quotes))


def test_bookmakers_that_list_a_draw_have_no_two_way_moneyline_and_the_others_have() -> None:
    found = moneyline(*h2h("bovada", -110, -110), *h2h("unibet_uk", 150, 180, 220), *spread("bovada", -3.5))
    assert [(quote.bookmaker_key, quote.market_key) for quote in found] == [("bovada", "h2h")] * 2


def test_a_sport_with_a_draw_to_bet_on_has_no_two_way_moneyline() -> None:
    assert moneyline(*h2h("bovada", 140, 220), sport_key="soccer_epl") == []


def test_the_market_is_the_mean_of_bookmakers_that_quote_both_teams() -> None:
    lone = Quoted("betmgm", "h2h", "Lakers", 500)
    quotes = moneyline(*h2h("bovada", -110, -110), *h2h("fanduel", -200, 170), lone)
    fair = (1 / 1.5) / (1 / 1.5 + 1 / 2.7)
    assert market_probability(quotes) == pytest.approx((0.5 + fair) / 2)
    assert market_probability(moneyline(lone)) is None


@pytest.mark.parametrize(
    ("home_probability", "bookmakers", "taken"),
    [
        pytest.param(0.6, [], [("fanduel", "Lakers")], id="the home team at its best price"),
        pytest.param(0.4, [], [("bovada", "Celtics")], id="the away team at its best price"),
        pytest.param(0.6, ["bovada"], [("bovada", "Lakers")], id="only where bets are placed"),
        pytest.param(0.5, [], [], id="no edge"),
        pytest.param(0.9, [], [], id="an edge too large to be true"),
    ],
)
def test_the_side_with_the_larger_edge_is_taken(
    home_probability: float, bookmakers: list[str], taken: list[tuple[str, str]]
) -> None:
    quotes = moneyline(*h2h("bovada", -110, -110), *h2h("fanduel", -105, -115))
    found = best_side(quotes, home_probability, season(bookmakers=bookmakers), min_edge=0.05, max_edge=0.4)
    assert [(one.quote.bookmaker_key, one.quote.outcome_name) for one in found] == taken


def test_the_reason_tells_price_chance_and_edge() -> None:
    (found,) = best_side(moneyline(*h2h("bovada", 100, -120)), 0.55, season(), min_edge=0, max_edge=1)
    assert found.rationale == "2.000 for a chance of 55.0%: an edge of 10.0%"
    assert found.probability == pytest.approx(0.55)
