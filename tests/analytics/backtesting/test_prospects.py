"""A run that is found part by part and placed in the end is the run at once."""

import asyncio
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.board_building import Screened
from analytics.backtesting.closes import closes_of
from analytics.backtesting.config import FlatStake, FractionalKelly, PercentageStake, Sizing
from analytics.backtesting.engine import placed_rows, simulate
from analytics.backtesting.evaluating import evaluate
from analytics.backtesting.history import Score, known_results
from analytics.backtesting.known import Known, known_of
from analytics.backtesting.prospects import Part, joined, part_of, unlearned
from analytics.backtesting.result import BacktestResult, DataQuality
from analytics.backtesting.summing_up import sum_up
from analytics.backtesting.values import BacktestEvent, KnownQuote, KnownResult, Opportunities
from analytics.strategies.registry import strategy_named
from tests.analytics.boards import HOUR, TIP_OFF, Quoted, all_made, board_of, decision, h2h, history_of, season

SCORES = [(110, 100), (90, 100), None, (100, 100), (90, 100), (110, 100)]
SCORED = [(110, 100), (90, 100), (101, 100)]
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
    return known_of(all_made(board.events), histories, board, Screened(board, 0, 0, 0))


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


def idle_part(last: datetime | None) -> Part:
    nothing = frozenset[str]()
    return Part(first=None, last=last, event_ids=nothing, brought_ids=nothing, quality=DataQuality(), prospects=())


def at_once(sizing: Sizing, **changes: Any) -> BacktestResult:
    board, config = overlapping(0, len(SCORES)), season(**changes)
    found, all_known = everything(board), known(board, 0)
    simulation = simulate(all_known, found, config, sizing=sizing, strategy="all")
    closes = closes_of(board, placed_rows(found, simulation), CLOSING, config)
    return sum_up(all_known, found, simulation, closes, config, strategy="all", parameters={})


by_every_rule = pytest.mark.parametrize(
    "sizing",
    [
        pytest.param(FlatStake(amount=300), id="flat"),
        pytest.param(PercentageStake(percent=40), id="percentage"),
        pytest.param(FractionalKelly(), id="Kelly"),
        pytest.param(FractionalKelly(fraction=1, simultaneous=True), id="Kelly with what is open"),
    ],
)


@by_every_rule
@pytest.mark.parametrize("cuts", [(0, 6), (0, 2, 6), (0, 2, 4, 6)])
def test_parts_that_are_joined_are_the_run_at_once(sizing: Sizing, cuts: tuple[int, ...]) -> None:
    limited = {"bankroll": 1000, "resamples": 50, "limits": {"max_stake_percent": 60}}
    parts = [part(first, end, **limited) for first, end in pairwise(cuts)]
    reread = [Part.model_validate_json(one.model_dump_json()) for one in parts]
    found = joined(reread, season(**limited), sizing=sizing, strategy="all", parameters={})
    assert found == at_once(sizing, **limited)
    assert len(found.bets) > 0


@by_every_rule
def test_whatever_rule_sized_its_bets_a_result_becomes_json(sizing: Sizing) -> None:
    found = at_once(sizing, bankroll=1000, resamples=50)
    assert found.quality.cut_stakes > 0
    assert BacktestResult.model_validate(found.model_dump(mode="json")) == found


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


def test_an_event_that_is_decided_in_two_parts_counts_once() -> None:
    told = replace(history_of(decision(), (1, 0)), regulation=Score(1, 0))
    parts = []
    for hours in (24, 1):
        board = board_of(h2h("bovada", 110, -130), decisions=[decision(hours=hours)])
        part_known = known_of(all_made(board.events), {"event0": told}, board, Screened(board, 0, 0, 0))
        found = everything(board)
        parts.append(part_of(part_known, found, closes_of(board, found.quotes, CLOSING, season()), season()))
    quality = joined(parts, season(resamples=0), sizing=FlatStake(), strategy="all", parameters={}).quality
    assert (quality.events, quality.brought, quality.decisions) == (1, 1, 2)


def test_no_part_is_a_run_without_bets() -> None:
    found = joined([], season(), sizing=FlatStake(), strategy="all", parameters={})
    assert (found.bets, found.quality.decisions) == ((), 0)


def test_a_result_known_at_the_last_decision_was_told_before_it_and_is_not_told_again() -> None:
    results = [result for number in range(3) for result in known_results([history_of(decision(number), (1, 0))])]
    first, at, then = (
        result._replace(known_at=TIP_OFF + hours * HOUR) for hours, result in zip((-1, 0, 1), results, strict=True)
    )
    done = idle_part(TIP_OFF)
    assert unlearned([first, at, then], [done]) == [then]
    assert unlearned([first, at, then], []) == [first, at, then]


REMEMBERING: dict[str, dict[str, Any]] = {
    "elo": {"min_games": 1, "min_edge": 0, "max_edge": 9},
    "learned": {"min_games": 20, "refit_every": 12, "min_edge": 0, "max_edge": 9},
}


def priced(event: BacktestEvent) -> list[Quoted]:
    """Return a moneyline that tells the events apart."""
    home, away = h2h("bovada", 100 + 7 * (event.commence_time.hour % 11), -110)
    return [home._replace(outcome_name=event.home_team), away]


def answers(name: str, parts: list[list[BacktestEvent]], results: list[KnownResult]) -> list[Any]:
    """Return the bets of a strategy that goes on in another process after each part of the decisions."""
    memory = ""
    done: list[Part] = []
    found: list[tuple[str, KnownQuote, float]] = []
    for made in parts:
        strategy = strategy_named(name, REMEMBERING[name])
        assert strategy.memory is not None
        if memory:
            strategy.memory = type(strategy.memory).model_validate_json(memory)
        board = board_of(*map(priced, made), decisions=made)
        taken = asyncio.run(evaluate(strategy, board, season(), results=unlearned(results, done)))
        names = [board.events[event].event_id for event in board.event[taken.quotes]]
        found += zip(names, board.quotes(taken.quotes), taken.probability.tolist(), strict=True)
        done.append(idle_part(made[-1].decided_at if made else None))
        memory = strategy.memory.model_dump_json()
    return [(event_id, quote.side, probability) for event_id, quote, probability in found]


@pytest.mark.parametrize("name", REMEMBERING)
@settings(max_examples=10, deadline=None)
@given(
    cuts=st.lists(st.integers(0, 40), max_size=3).map(sorted),
    known_after=st.lists(st.integers(3, 60), min_size=40, max_size=40),
    corrected=st.sets(st.integers(0, 39), max_size=10),
)
def test_what_a_strategy_remembers_goes_on_with_the_run(
    name: str, cuts: list[int], known_after: list[int], corrected: set[int]
) -> None:
    events = [
        decision(number, TIP_OFF + 5 * HOUR * number, home_team=f"Team {number % 7}") for number in range(40)
    ]
    histories = [
        history_of(event, SCORED[number * 5 % 3], ended_after=known_after[number] * HOUR)
        for number, event in enumerate(events)
    ]
    results = known_results(histories)
    again = [results[place]._replace(known_at=results[place].known_at + 20 * HOUR) for place in corrected]
    told = sorted([*results, *again], key=lambda result: result.known_at)
    parts = [
        [one._replace(number=number) for number, one in enumerate(events[first:end])]
        for first, end in pairwise([0, *cuts, 40])
    ]
    at_once = answers(name, [events], told)
    assert at_once
    assert answers(name, parts, told) == at_once
