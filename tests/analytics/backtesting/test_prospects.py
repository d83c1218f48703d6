"""A run that is found part by part and placed in the end is the run at once."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.board_building import Screened
from analytics.backtesting.closes import closes_of
from analytics.backtesting.config import FlatStake, FractionalKelly, PercentageStake, Sizing
from analytics.backtesting.decisions import Decisions, Unmade
from analytics.backtesting.engine import placed_rows, simulate
from analytics.backtesting.known import Known, known_of
from analytics.backtesting.prospects import Part, joined, part_of
from analytics.backtesting.result import BacktestResult
from analytics.backtesting.summing_up import sum_up
from analytics.backtesting.values import Opportunities
from tests.analytics.boards import HOUR, TIP_OFF, board_of, decision, h2h, history_of, season

SCORES = [(110, 100), (90, 100), None, (100, 100), (90, 100), (110, 100)]
CLOSING = board_of(*(h2h("pinnacle", -120, 105) for _ in SCORES))


def overlapping(first: int, end: int) -> OddsBoard:
    """Return some of the decisions of a run: one each two hours, each open for four."""
    made = [
        decision(number - first, TIP_OFF + 2 * number * HOUR, event_id=f"event{number}")
        for number in range(first, end)
    ]
    return board_of(*(h2h("bovada", 110 + number, -130) for number in range(first, end)), decisions=made)


def known(board: OddsBoard, first: int) -> Known:
    histories = {event.event_id: history_of(event, SCORES[first + event.number]) for event in board.events}
    decisions = Decisions(board.events, dict.fromkeys(Unmade, 0), len(board.events))
    return known_of(decisions, histories, board, Screened(board, 0, 0, 0))


def everything(board: OddsBoard) -> Opportunities:
    rows = np.arange(len(board))
    found = Opportunities.of(rows, np.where(board.side == 1, 0.55, 0.5), [f"row {row % 2}" for row in rows])
    pairs = np.where(board.event % 2 == 0, 0, -1)
    return replace(found, combination=pairs, share=np.where(pairs == 0, 0.5, 1.0))


def part(first: int, end: int, **changes: Any) -> Part:
    board = overlapping(first, end)
    found = everything(board)
    closes = closes_of(board, found.quotes, CLOSING, season(**changes))
    return part_of(known(board, first), found, closes, season(**changes))


def at_once(sizing: Sizing, **changes: Any) -> BacktestResult:
    board, config = overlapping(0, len(SCORES)), season(**changes)
    found, all_known = everything(board), known(board, 0)
    simulation = simulate(all_known, found, config, sizing=sizing, strategy="all")
    closes = closes_of(board, placed_rows(found, simulation), CLOSING, config)
    return sum_up(all_known, found, simulation, closes, config, strategy="all", parameters={})


@pytest.mark.parametrize(
    "sizing",
    [
        pytest.param(FlatStake(amount=300), id="flat"),
        pytest.param(PercentageStake(percent=40), id="percentage"),
        pytest.param(FractionalKelly(), id="Kelly"),
        pytest.param(FractionalKelly(fraction=1, simultaneous=True), id="Kelly with what is open"),
    ],
)
@pytest.mark.parametrize("cuts", [(0, 6), (0, 2, 6), (0, 2, 4, 6)])
def test_parts_that_are_joined_are_the_run_at_once(sizing: Sizing, cuts: tuple[int, ...]) -> None:
    limited = {"bankroll": 1000, "resamples": 50, "limits": {"max_stake_percent": 60}}
    parts = [part(first, end, **limited) for first, end in pairwise(cuts)]
    reread = [Part.model_validate_json(one.model_dump_json()) for one in parts]
    found = joined(reread, season(**limited), sizing=sizing, strategy="all", parameters={})
    assert found == at_once(sizing, **limited)
    assert len(found.bets) > 0


def test_decisions_without_a_bet_at_the_end_make_days_of_the_whole() -> None:
    config, later = season(resamples=50), decision(0, TIP_OFF + 240 * HOUR)
    idle = board_of(h2h("bovada", -110, -110), decisions=[later])
    nothing = Opportunities.of(np.arange(0))
    parts = [
        part(0, 2),
        part_of(known(idle, 0), nothing, closes_of(idle, nothing.quotes, CLOSING, config), config),
    ]
    found = joined(parts, config, sizing=FlatStake(), strategy="all", parameters={})
    assert found.equity[-1].day == later.decided_at.date()
    assert found.metrics.days == 11


def test_a_part_that_was_kept_without_its_last_decision_can_still_be_joined() -> None:
    kept = part(0, 2).model_dump(mode="json", exclude={"last"})
    found = joined(
        [Part.model_validate(kept)], season(resamples=50), sizing=FlatStake(), strategy="", parameters={}
    )
    assert len(found.bets) > 0


def test_no_part_is_a_run_without_bets() -> None:
    found = joined([], season(), sizing=FlatStake(), strategy="all", parameters={})
    assert (found.bets, found.quality.decisions) == ((), 0)
