from collections.abc import Callable
from typing import Any

from core.simulation.board import OddsBoard


def test_a_board_knows_its_bookmakers_and_markets(make_event: Callable[..., Any]) -> None:
    board = OddsBoard([make_event()], "american")
    assert board.bookmaker_keys == {"draftkings", "betonlineag", "pinnacle", "oldbook"}
    assert board.market_keys == {"h2h", "totals"}


def test_malformed_parts_of_a_board_are_passed_over() -> None:
    board = OddsBoard(
        [{"bookmakers": None}, {"bookmakers": ["x", {"key": "bovada", "markets": [1]}]}, {}], "american"
    )
    assert board.bookmaker_keys == {"bovada"}
    assert board.market_keys == set()
