"""A strategy is held to what it was shown: it finds nothing to cheat with, and what it invents is refused."""

import asyncio
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analytics.backtesting.board import KnownOdds, OddsBoard
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.evaluating import evaluate
from analytics.backtesting.history import known_results
from analytics.backtesting.values import (
    BacktestEvent,
    BetOpportunity,
    KnownQuote,
    KnownResult,
    LineChange,
    Opportunities,
    Side,
)
from analytics.strategies.base import BettingStrategy, Parameters, VectorisedStrategy
from core.errors import StrategyError
from tests.analytics.boards import HOUR, TIP_OFF, board_of, decision, h2h, history_of, season


class OneByOne(BettingStrategy[Parameters]):
    """Answers what the test says."""

    name = "one by one"

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self._answer = answer

    async def evaluate_opportunity(
        self, event: BacktestEvent, odds: KnownOdds, config: BacktestConfig
    ) -> list[BetOpportunity]:
        """Return the test's answer."""
        found: list[BetOpportunity] = self._answer(event, odds)
        return found


class AllAtOnce(VectorisedStrategy[Parameters]):
    """Answers what the test says."""

    name = "all at once"

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self._answer = answer

    def evaluate_board(self, board: OddsBoard, config: BacktestConfig) -> Opportunities:
        """Return the test's answer."""
        found: Opportunities = self._answer(board)
        return found


@pytest.fixture
def board() -> OddsBoard:
    """Return a board of four decisions, two bookmakers each."""
    return board_of(*([*h2h("bovada", 100 + day, -120), *h2h("pinnacle", 105, -125)] for day in range(4)))


def homes(board: OddsBoard) -> Opportunities:
    return Opportunities.of(np.flatnonzero(board.side == 1))


async def test_both_forms_of_a_strategy_are_asked_for_the_same(board: OddsBoard) -> None:
    one_by_one = OneByOne(
        lambda event, odds: [BetOpportunity(quote) for quote in odds.quotes if quote.outcome_name == "Lakers"]
    )
    by_quote, by_row = (
        await evaluate(one_by_one, board, season()),
        await evaluate(AllAtOnce(homes), board, season()),
    )
    assert by_quote.quotes.tolist() == by_row.quotes.tolist() == [1, 3, 5, 7, 9, 11, 13, 15]
    assert np.isnan(by_quote.probability).all()


async def test_what_a_strategy_answers_of_a_bet_is_kept(board: OddsBoard) -> None:
    def answer(event: BacktestEvent, odds: KnownOdds) -> list[BetOpportunity]:
        return [
            BetOpportunity(odds.quotes[0], 0.6, "a hunch", combination=3, share=0.4),
            BetOpportunity(odds.quotes[1], 0.5, "its other side", combination=3, share=0.6),
        ]

    found = await evaluate(OneByOne(answer), board, season())
    assert (found.probability[0], found.combination[0], found.share[0]) == (0.6, 3, 0.4)
    assert found.rationale(2) == "a hunch"


async def test_a_better_price_than_was_quoted_is_refused(board: OddsBoard) -> None:
    def answer(event: BacktestEvent, odds: KnownOdds) -> list[BetOpportunity]:
        return [BetOpportunity(odds.quotes[0]._replace(price=900, decimal_odds=10.0))]

    with pytest.raises(StrategyError, match="one by one answered a quote that was not among those of Celtics at"):
        await evaluate(OneByOne(answer), board, season())


async def test_a_quote_of_another_decision_is_refused(board: OddsBoard) -> None:
    with pytest.raises(StrategyError, match="answer one of those it is given, unchanged"):
        await evaluate(OneByOne(lambda event, odds: [BetOpportunity(board.quote(15))]), board, season())


@pytest.mark.parametrize("rows", [[-1], [16], [4, 0]])
async def test_rows_that_are_none_or_out_of_order_are_refused(board: OddsBoard, rows: list[int]) -> None:
    answer = Opportunities.of(np.array(rows))
    with pytest.raises(StrategyError, match=r"must answer rows of the board \(0 to \d+\) in order"):
        await evaluate(AllAtOnce(lambda board: answer), board, season())


@pytest.mark.parametrize(
    ("bets", "told"),
    [
        pytest.param([{"probability": -0.01}], "a probability of -0.01: 0 to 1 is one", id="no probability"),
        pytest.param(
            [{"probability": "high"}],
            "at Celtics at Lakers, decided .* UTC a bet with probability 'high': a number from 0 to 1,",
            id="a text for a number",
        ),
        pytest.param([{"combination": 1}, {"combination": 1}], "shares that add up to 2", id="shares left out"),
    ],
)
async def test_a_bet_that_is_none_is_refused(board: OddsBoard, bets: list[dict[str, Any]], told: str) -> None:
    def answer(event: BacktestEvent, odds: KnownOdds) -> list[BetOpportunity]:
        return [BetOpportunity(quote, **bet) for quote, bet in zip(odds.quotes, bets, strict=False)]

    with pytest.raises(StrategyError, match=f"^one by one .*{told}"):
        await evaluate(OneByOne(answer), board, season())


async def test_a_vectorised_strategy_that_looks_at_later_decisions_is_refused(board: OddsBoard) -> None:
    def answer(board: OddsBoard) -> Opportunities:
        rows = board.rows_of("h2h", ["bovada"])
        rows = rows[board.side[rows] == Side.HOME]
        rises_next = board.decimal_odds[rows][:-1] < board.decimal_odds[rows][1:]
        return Opportunities.of(rows[:-1][rises_next])

    with pytest.raises(StrategyError, match="all at once looks ahead"):
        await evaluate(AllAtOnce(answer), board, season())


async def test_a_strategy_may_learn_from_earlier_decisions(board: OddsBoard) -> None:
    def answer(board: OddsBoard) -> Opportunities:
        so_far = np.maximum.accumulate(board.decimal_odds)
        return Opportunities.of(np.flatnonzero(board.decimal_odds >= so_far))

    assert len((await evaluate(AllAtOnce(answer), board, season())).quotes) > 0


async def test_a_result_is_told_before_the_first_decision_by_which_it_is_known_and_no_earlier(
    board: OddsBoard,
) -> None:
    first, second = (board.events[number].decided_at for number in range(2))
    known_at = (first, first + HOUR / 60, second, second + HOUR / 60)
    assert known_at[1] < board.events[0].commence_time
    results = [
        KnownResult(f"other{number}", "basketball_nba", "Bulls", "Heat", instant, 110, 100)
        for number, instant in enumerate(known_at)
    ]
    told: list[str] = []
    told_by: list[list[str]] = []

    def answer(event: BacktestEvent, odds: KnownOdds) -> list[BetOpportunity]:
        told_by.append([*told])
        return []

    strategy = OneByOne(answer)
    strategy.learn = lambda result: told.append(result.event_id)  # type: ignore[method-assign]
    await evaluate(strategy, board, season(), results=results)
    assert told_by[:2] == [["other0"], ["other0", "other1", "other2"]]


def fails(event: BacktestEvent, odds: KnownOdds) -> list[BetOpportunity]:
    raise KeyError(odds.quotes[0].outcome_name)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        pytest.param(fails, r"failed at .*: .*test_evaluating\.py, line \d+: KeyError: 'Celtics'", id="it fails"),
        pytest.param(lambda event, odds: None, "answered None at .*: a list of", id="it forgets to return"),
        pytest.param(
            lambda event, odds: odds.quotes[0], "answered KnownQuote at .*: a list of", id="it answers a quote"
        ),
        pytest.param(lambda event, odds: [odds.quotes[0]], "answered a list with KnownQuote at", id="or some"),
    ],
)
async def test_a_fault_of_a_strategy_is_told_with_the_decision(board: OddsBoard, answer: Any, told: str) -> None:
    with pytest.raises(StrategyError, match=f"^one by one {told}") as raised:
        await evaluate(OneByOne(answer), board, season())
    assert "Celtics at Lakers, decided 2026-01-10 19:00 UTC" in str(raised.value)


async def test_a_fault_of_a_vectorised_strategy_is_told(board: OddsBoard) -> None:
    with pytest.raises(
        StrategyError, match=r"^all at once failed on a board of \d decisions: .*ZeroDivisionError"
    ):
        await evaluate(AllAtOnce(lambda board: 1 // 0), board, season())
    with pytest.raises(StrategyError, match="answered NoneType of a board: Opportunities is expected"):
        await evaluate(AllAtOnce(lambda board: None), board, season())


async def test_a_run_can_be_stopped_between_decisions() -> None:
    board = board_of(*(h2h("bovada", 100, -120) for _ in range(100)))
    asked: list[int] = []

    def answer(event: BacktestEvent, odds: KnownOdds) -> list[BetOpportunity]:
        asked.append(event.number)
        return []

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await evaluate(OneByOne(answer), board, season())
    assert len(asked) < 100


async def test_nobody_can_write_on_the_board(board: OddsBoard) -> None:
    def answer(board: OddsBoard) -> Opportunities:
        board.decimal_odds[0] = 100.0
        return homes(board)

    with pytest.raises(StrategyError, match="ValueError: assignment destination is read-only"):
        await evaluate(AllAtOnce(answer), board, season())


async def test_bets_are_placed_at_the_bookmakers_of_the_run_alone(board: OddsBoard) -> None:
    found = await evaluate(AllAtOnce(homes), board, season(bookmakers=["pinnacle"]))
    assert {board.quote(row).bookmaker_key for row in found.quotes} == {"pinnacle"}
    assert len(found.quotes) == 4


async def test_a_combination_with_a_bet_elsewhere_is_left_out_whole(board: OddsBoard) -> None:
    def answer(board: OddsBoard) -> Opportunities:
        rows = np.array([0, 3, 4, 5])
        return replace(Opportunities.of(rows), combination=np.zeros(4, dtype=np.int64), share=np.full(4, 0.5))

    found = await evaluate(OneByOneBoard(answer), board, season(bookmakers=["bovada"]))
    assert found.quotes.tolist() == [4, 5]


class OneByOneBoard(AllAtOnce):
    """Answers of whole boards alone, so that asking for half of one changes nothing."""

    def evaluate_board(self, board: OddsBoard, config: BacktestConfig) -> Opportunities:
        """Return what of the test's answer is on the board."""
        found = super().evaluate_board(board, config)
        kept = found.quotes < len(board)
        return replace(
            found,
            quotes=found.quotes[kept],
            probability=found.probability[kept],
            combination=found.combination[kept],
            share=found.share[kept],
        )


async def test_progress_is_told_decision_by_decision(board: OddsBoard) -> None:
    told: list[int] = []
    await evaluate(OneByOne(lambda event, odds: []), board, season(), progress=told.append)
    assert told == [1, 2, 3, 4]


async def test_a_run_without_decisions_finds_nothing() -> None:
    empty = board_of(decisions=[])
    assert len((await evaluate(AllAtOnce(homes), empty, season())).quotes) == 0
    assert len((await evaluate(OneByOne(lambda event, odds: []), empty, season())).quotes) == 0


def test_what_a_strategy_sees_holds_no_result() -> None:
    seen = {*BacktestEvent._fields, *KnownQuote._fields, *LineChange._fields}
    seen |= {*KnownOdds.__dataclass_fields__, *OddsBoard.__dataclass_fields__}
    telling = ("score", "result", "status", "final", "grade")
    assert not [name for name in seen if any(word in name for word in telling)]


async def test_a_decision_without_odds_is_asked_of_nobody() -> None:
    board = board_of(h2h("bovada", 100, -120), [])
    found = await evaluate(OneByOne(lambda event, odds: [BetOpportunity(odds.quotes[0])]), board, season())
    assert found.quotes.tolist() == [0]


async def test_a_strategy_is_told_each_result_before_the_first_decision_after_it_was_known() -> None:
    decisions = [decision(number, TIP_OFF + number * 24 * HOUR) for number in range(3)]
    board = board_of(*(h2h("bovada", -110, -110) for _ in decisions), decisions=decisions)
    told: list[str] = []

    class Learner(OneByOne):
        def learn(self, result: KnownResult) -> None:
            told.append(result.event_id)

    def answer(event: BacktestEvent, odds: KnownOdds) -> list[BetOpportunity]:
        told.append(f"decision {event.number}")
        return []

    results = known_results([history_of(one, (110, 100)) for one in decisions])
    await evaluate(Learner(answer), board, season(), results=results)
    assert told == ["decision 0", "event0", "decision 1", "event1", "decision 2"]
