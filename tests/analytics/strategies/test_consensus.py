"""A price is taken where enough other bookmakers together say that it pays too much."""

from analytics.backtesting.board import OddsBoard
from analytics.strategies.consensus import ConsensusParameters, ConsensusStrategy
from tests.analytics.boards import Quoted, board_of, h2h, season

FOUR = ("betmgm", "draftkings", "fanduel", "pinnacle")


def taken(board: OddsBoard, **parameters: object) -> list[tuple[str, str]]:
    strategy = ConsensusStrategy(ConsensusParameters.model_validate(parameters))
    found = strategy.evaluate_board(board, season())
    quotes = [board.quote(int(row)) for row in found.quotes]
    return [(quote.bookmaker_key, quote.outcome_name) for quote in quotes]


def others(count: int) -> list[Quoted]:
    return [quote for key in FOUR[:count] for quote in h2h(key, -110, -110)]


def test_a_price_far_above_what_the_others_think_is_taken() -> None:
    assert taken(board_of([*others(4), *h2h("bovada", 110, -140)])) == [("bovada", "Lakers")]


def test_fewer_bookmakers_than_asked_for_make_no_consensus() -> None:
    board = board_of([*others(3), *h2h("bovada", 110, -140)])
    assert taken(board) == []
    assert taken(board, min_bookmakers=3) == [("bovada", "Lakers")]


def test_a_bookmakers_own_opinion_is_no_part_of_the_consensus_about_it() -> None:
    board = board_of([*others(4), *h2h("bovada", 200, -260)])
    found = ConsensusStrategy(ConsensusParameters(max_edge=1)).evaluate_board(board, season())
    of_bovada = [board.quote(int(row)).bookmaker_key == "bovada" for row in found.quotes]
    assert found.probability[of_bovada].tolist() == [0.5]


def test_it_reads_its_markets_alone() -> None:
    assert ConsensusStrategy(ConsensusParameters(market_keys=("totals",))).markets() == ("totals",)


def test_of_a_board_with_more_it_bets_on_its_markets_alone() -> None:
    board = board_of([*others(4), *h2h("bovada", 110, -140)])
    assert taken(board, market_keys=["h2h"]) == [("bovada", "Lakers")]
    assert taken(board, market_keys=["spreads"]) == []
