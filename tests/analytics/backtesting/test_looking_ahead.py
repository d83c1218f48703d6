"""A strategy that says otherwise of a decision once it has seen what comes after it is refused."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.board_building import ChangeColumns, with_history
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.looking_ahead import answer, rounds_of
from analytics.backtesting.values import IntArray, Opportunities
from analytics.strategies.base import Parameters, VectorisedStrategy
from core.errors import StrategyError
from tests.analytics.boards import HOUR, TIP_OFF, board_of, decision, h2h, season

Answer = Callable[[OddsBoard], Opportunities]


def twice_decided() -> OddsBoard:
    """Return games decided a day and an hour before their start: by then the home team is dearer or cheaper."""
    starts = [TIP_OFF + 24 * HOUR * day for day in range(6)]
    made = [
        decision(start=start, hours=hours, event_id=f"game{day}")
        for day, start in enumerate(starts)
        for hours in (24, 1)
    ]
    in_order = [each._replace(number=number) for number, each in enumerate(sorted(made, key=lambda one: one[6]))]
    early, cheaper, dearer = h2h("bovada", 100, 100), h2h("bovada", 120, -140), h2h("bovada", -140, 120)
    late = [dearer if number % 4 else cheaper for number in range(len(in_order))]
    prices = [early if each.hours_before > 2 else late[each.number] for each in in_order]
    return board_of(*prices, decisions=in_order)


BOARD = twice_decided()
ONCE = board_of(*(h2h("bovada", 120 + 20 * (day % 3), -140 + 10 * (day % 3)) for day in range(8)))
"""Games decided once, whose prices go up and down from one to the next."""


def shortened(board: OddsBoard) -> IntArray:
    """Return the quotes whose price is lower when their event is decided again: what nobody can know."""
    last = {
        (board.events[event].event_id, side): odds
        for event, side, odds in zip(
            board.event.tolist(), board.side.tolist(), board.decimal_odds.tolist(), strict=True
        )
    }
    return np.array(
        [
            row
            for row in range(len(board))
            if last[board.events[board.event[row]].event_id, int(board.side[row])] < board.decimal_odds[row]
        ],
        dtype=np.int64,
    )


def cheaper_next(board: OddsBoard) -> IntArray:
    """Return the quotes of a side that costs less at the next game: what nobody can know."""
    return np.flatnonzero(board.decimal_odds[:-2] < board.decimal_odds[2:])


class Says(VectorisedStrategy[Parameters]):
    """Answers what the test says."""

    name = "oracle"

    def __init__(self, says: Answer) -> None:
        super().__init__()
        self._says = says

    def evaluate_board(self, board: OddsBoard, config: BacktestConfig) -> Opportunities:
        """Return the test's answer."""
        return self._says(board)


class Remembers(VectorisedStrategy[Parameters]):
    """Keeps what it found on the first board that it is shown, and answers it ever after."""

    name = "oracle"
    kept: IntArray | None = None

    def evaluate_board(self, board: OddsBoard, config: BacktestConfig) -> Opportunities:
        """Return what was kept, as far as the board goes."""
        if self.kept is None:
            self.kept = cheaper_next(board)
        return Opportunities.of(self.kept[self.kept < len(board)])


def ask(strategy: VectorisedStrategy[Parameters], board: OddsBoard = BOARD, seed: int = 0) -> Opportunities:
    return answer(strategy, rounds_of(board, seed), season())


def test_a_later_price_of_the_same_game_is_not_there_to_bet_by() -> None:
    assert len(shortened(BOARD)) > 0
    assert len(ask(Says(lambda board: Opportunities.of(shortened(board)))).quotes) == 0


@pytest.mark.parametrize("seed", range(5))
def test_who_bets_by_a_price_of_a_later_game_is_refused(seed: int) -> None:
    with pytest.raises(StrategyError, match="oracle looks ahead"):
        ask(Says(lambda board: Opportunities.of(cheaper_next(board))), ONCE, seed)


@pytest.mark.parametrize("seed", range(5))
def test_who_does_so_is_refused_where_few_decisions_have_quotes(seed: int) -> None:
    quoted = [h2h("bovada", 120 + 20 * (day % 3), -140 + 10 * (day % 3)) for day in range(8)]
    sparse = board_of(*quoted, *[[]] * 200)
    with pytest.raises(StrategyError, match="oracle looks ahead"):
        ask(Says(lambda board: Opportunities.of(cheaper_next(board))), sparse, seed)


@pytest.mark.parametrize("seed", range(5))
def test_to_remember_an_earlier_answer_does_not_help(seed: int) -> None:
    with pytest.raises(StrategyError, match="oracle looks ahead"):
        ask(Remembers(), ONCE, seed)


def everything(board: OddsBoard) -> Opportunities:
    return Opportunities.of(np.arange(len(board)), np.full(len(board), 0.5), "all")


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(lambda board: {"probability": np.full(len(board), 1 / (1 + len(board)))}, id="its chance"),
        pytest.param(lambda board: {"combination": np.full(len(board), len(board))}, id="its combination"),
        pytest.param(lambda board: {"share": np.full(len(board), 1 / (1 + len(board)))}, id="its share"),
        pytest.param(lambda board: {"rationales": f"one of {len(board)}"}, id="its reason"),
    ],
)
def test_nothing_that_is_said_of_a_bet_may_depend_on_what_comes_after_it(
    told: Callable[[OddsBoard], dict[str, object]],
) -> None:
    def says(board: OddsBoard) -> Opportunities:
        return replace(everything(board), **told(board))  # type: ignore[arg-type]

    with pytest.raises(StrategyError, match="oracle looks ahead"):
        ask(Says(says))


def test_who_says_the_same_is_believed_and_left_as_it_was() -> None:
    strategy = Remembers()
    assert len(ask(Says(everything)).quotes) == len(BOARD)
    assert len(ask(strategy, board_of(h2h("bovada", 120, -140))).quotes) == 0
    assert strategy.kept is None


def test_beginnings_come_shortest_first_and_part_neighbouring_decisions() -> None:
    (only,) = rounds_of(ONCE, 3)
    lengths = [len(each.events) for each in only.earlier]
    assert lengths == sorted(lengths)
    assert {4, 5} <= set(lengths)
    assert max(lengths) < len(ONCE.events)
    assert [each.earlier for each in rounds_of(board_of([]), 3)] == [()]


def said_in_full(board: OddsBoard) -> Opportunities:
    """Return every quote with what tells it from the others, its decision's number apart."""
    told = [
        f"{board.events[event].event_id} at {price}" for event, price in zip(board.event, board.price, strict=True)
    ]
    found = Opportunities.of(np.arange(len(board)), 1 / board.decimal_odds, told)
    prices, implied = (np.bincount(board.event, weights=each) for each in (abs(board.price), found.probability))
    return replace(
        found,
        combination=prices[board.event].astype(np.int64),
        share=found.probability / implied[board.event],
    )


def test_what_is_said_in_rounds_comes_in_order_of_the_decisions() -> None:
    found, whole = ask(Says(said_in_full)), said_in_full(BOARD)
    for name in ("quotes", "probability", "combination", "share"):
        assert getattr(found, name).tolist() == getattr(whole, name).tolist()
    assert list(found.rationales) == list(whole.rationales)


def test_no_board_that_is_shown_has_two_decisions_of_one_event_or_a_way_to_a_larger_board() -> None:
    changes = ChangeColumns(
        decision=BOARD.event.tolist(),
        selection_id=BOARD.selection.tolist(),
        odds_timestamp=[0] * len(BOARD),
        price=BOARD.price.tolist(),
        point=[None] * len(BOARD),
    )
    board = with_history(BOARD, changes)
    for asked in rounds_of(board, 0):
        for shown in (asked.board, *asked.earlier):
            assert len({event.event_id for event in shown.events}) == len(shown.events)
            assert [event.number for event in shown.events] == list(range(len(shown.events)))
            assert shown.history is not None
            assert shown.history.price.tolist() == shown.price[shown.history.quote].tolist()
            arrays = [*vars(shown).values(), *vars(shown.history).values()]
            assert all(array.base is None for array in arrays if isinstance(array, np.ndarray))


def test_rows_out_of_order_are_refused_on_any_board() -> None:
    with pytest.raises(StrategyError, match="in order of their decisions"):
        ask(Says(lambda board: Opportunities.of(np.arange(len(board))[::-1])))
