"""A market has a draw to bet on by the rules of the sport, or because its bookmaker lists one."""

import pytest

from analytics.backtesting.draws import has_draw_by_the_rules, lists_draw, stands_apart
from tests.analytics.boards import board_of, decision, h2h, spread


@pytest.mark.parametrize(
    ("sport_key", "market_key", "by_the_rules"),
    [
        pytest.param("icehockey_nhl", "h2h", False, id="hockey goes on until somebody wins"),
        pytest.param("icehockey_nhl", "h2h_3_way", True, id="but not in three ways"),
        pytest.param("soccer_epl", "h2h", True, id="soccer"),
    ],
)
def test_bookmakers_that_list_a_draw_stand_apart_where_the_rules_have_none(
    sport_key: str, market_key: str, by_the_rules: bool
) -> None:
    quotes = [*h2h("bovada", 110, 230, 260), *h2h("pinnacle", -110, 100)]
    board = board_of(
        [*(quoted._replace(market_key=market_key) for quoted in quotes), *spread("bovada", -1.5)],
        decisions=[decision(sport_key=sport_key)],
    )
    of_h2h = board.market == board.market_keys.index(market_key)
    listed = of_h2h & board.at_bookmakers(["bovada"])
    assert lists_draw(board).tolist() == listed.tolist()
    assert has_draw_by_the_rules(board).tolist() == (of_h2h & by_the_rules).tolist()
    assert stands_apart(board).tolist() == (listed & (not by_the_rules)).tolist()


def test_nothing_stands_apart_on_an_empty_board() -> None:
    assert len(stands_apart(board_of([]))) == 0
