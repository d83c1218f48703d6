"""A result holds the run whole: what was asked, what the data allowed, what came of it."""

from datetime import timedelta
from typing import Any

import numpy as np

from analytics.backtesting.bet_arrays import arrays_of
from analytics.backtesting.board_building import Screened
from analytics.backtesting.closes import closes_of
from analytics.backtesting.config import FlatStake, PercentageStake
from analytics.backtesting.engine import arrays_at_risk, placed_rows, simulate
from analytics.backtesting.known import known_of
from analytics.backtesting.measuring import luck_of
from analytics.backtesting.result import BacktestResult, DataQuality
from analytics.backtesting.summing_up import result_of, sum_up
from analytics.backtesting.values import Opportunities
from tests.analytics.boards import all_made, board_of, decision, h2h, history_of, season
from tests.analytics.results import FIRST, make_bet

LATER = FIRST + timedelta(hours=3)


def test_combinations_are_numbered_through_the_run() -> None:
    """A strategy numbers those of each decision: two decisions about an event may have the same number."""
    bets = [
        make_bet(number, event_id=event_id, decided_at=decided_at, combination=combination)
        for number, (event_id, decided_at, combination) in enumerate(
            [
                ("a", FIRST, 4),
                ("a", FIRST, 4),
                ("a", FIRST, None),
                ("a", LATER, 4),
                ("a", LATER, 4),
                ("b", LATER, 4),
            ]
        )
    ]
    config = season(resamples=100)
    asked: dict[str, Any] = {"first": FIRST, "last": LATER, "strategy": "x", "parameters": {}}
    whole = result_of(tuple(bets), [], DataQuality(), config, **asked)
    assert [bet.combination for bet in whole.bets] == [0, 0, None, 1, 1, 2]
    luck = luck_of(arrays_of(whole.bets), config)
    assert result_of(tuple(bets), [], DataQuality(), config, **asked, luck=lambda: luck) == whole


def test_a_result_counts_the_bets_whose_stakes_were_cut() -> None:
    board = board_of(*(h2h("bovada", 120, -140) for _ in range(3)))
    histories = {event.event_id: history_of(event, (1, 0)) for event in board.events}
    known = known_of(all_made(board.events), histories, board, Screened(board, 0, 0, 0))
    found, config = Opportunities.of(np.array([1, 3, 5])), season(resamples=0)
    sizing = PercentageStake(percent=10)
    simulation = simulate(known, found, config, sizing=sizing, strategy="flat")
    closes = closes_of(board, placed_rows(found, simulation), board, config)
    result = sum_up(known, found, simulation, closes, config, strategy="flat", parameters={})
    assert [round(bet.stake / bet.bankroll, 9) for bet in result.bets] == [0.05, 0.05, 0.05]
    assert result.quality.cut_stakes == 3


def test_a_result_counts_what_has_no_grade_or_no_close_and_adds_up() -> None:
    cup = decision(4, sport_key="soccer_fa_cup")
    games = [*map(decision, range(4)), cup]
    board = board_of(*(h2h("bovada", 120, -140) for _ in games), decisions=games)
    scores = [(1, 0), (0, 1), None, (1, 0), (3, 0)]
    histories = {
        event.event_id: history_of(event, score) for event, score in zip(board.events, scores, strict=True)
    }
    known = known_of(all_made(board.events), histories, board, Screened(board, 0, 0, 0))
    config = season(resamples=50)
    found = Opportunities.of(np.array([1, 3, 5, 7, 9]))
    simulation = simulate(known, found, config, sizing=FlatStake(), strategy="flat")
    closing = board_of(h2h("bovada", 115, -135))
    closes = closes_of(board, placed_rows(found, simulation), closing, config)
    result = sum_up(known, found, simulation, closes, config, strategy="flat", parameters={"pick": "home"})
    assert (result.quality.ungraded, result.quality.untold, result.quality.unclosed) == (1, 1, 4)
    assert (len(result.bets), result.metrics.bets, result.quality.cut_stakes) == (5, 3, 0)
    assert result.equity[-1].bankroll == config.bankroll + result.metrics.profit
    assert (result.equity[0].day, result.equity[-1].open_stakes) == (board.events[0].decided_at.date(), 100)
    assert BacktestResult.model_validate_json(result.model_dump_json()) == result
    luck = luck_of(arrays_at_risk(board, found, simulation), config)
    asked: dict[str, Any] = {"strategy": "flat", "parameters": {"pick": "home"}}
    assert sum_up(known, found, simulation, closes, config, **asked, luck=lambda: luck) == result
