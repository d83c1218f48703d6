"""Hold a vectorised strategy to its past: what it says of a decision does not change with what comes after it."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import numpy as np

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.board_building import head
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.values import Opportunities
from analytics.strategies.base import VectorisedStrategy
from core.errors import StrategyError

_RANDOM_CUTS = 3


def beginnings(board: OddsBoard, seed: int) -> tuple[OddsBoard, ...]:
    """Return boards of the first decisions alone, the shortest first: cut in the middle, beside it, and at random.

    Two neighbouring cuts part the decisions of an event that follow one another, however regularly they come.
    """
    count = len(board.events)
    if count <= 1:
        return ()
    random = np.random.default_rng(seed).integers(1, count, _RANDOM_CUTS)
    cuts = np.unique([*random, count // 2, min(count // 2 + 1, count - 1)])
    return tuple(head(board, cut) for cut in cuts.tolist())


def answer(
    strategy: VectorisedStrategy[Any],
    board: OddsBoard,
    config: BacktestConfig,
    *,
    earlier: Sequence[OddsBoard],
) -> Opportunities:
    """Return what a vectorised strategy says of a board, once it is seen to say the same of its beginnings.

    Each is shown to a copy of the strategy that has seen nothing, the shortest first and the whole board last, so
    that nothing is remembered from later decisions.

    Args:
        strategy: The strategy; it stays as it is.
        board: The whole board.
        config: The run.
        earlier: Beginnings of the board, the shortest first.

    Raises:
        StrategyError: What it answers are no rows of the board in order of their decisions, or it looks ahead.
    """
    said = [_rows_of(deepcopy(strategy), each, config) for each in earlier]
    found = _rows_of(deepcopy(strategy), board, config)
    for each, then in zip(earlier, said, strict=True):
        if not _same(then, found, int(np.searchsorted(board.event[found.quotes], len(each.events)))):
            msg = (
                f"{strategy.name} looks ahead: without the later decisions it answers otherwise about earlier ones"
            )
            raise StrategyError(msg)
    return found


def _rows_of(strategy: VectorisedStrategy[Any], board: OddsBoard, config: BacktestConfig) -> Opportunities:
    found = strategy.evaluate_board(board, config)
    rows = found.quotes
    inside = not len(rows) or (int(rows.min()) >= 0 and int(rows.max()) < len(board))
    if not inside or np.any(np.diff(board.event[rows]) < 0):
        msg = f"{strategy.name} must answer rows of the board (0 to {len(board) - 1}) in order of their decisions"
        raise StrategyError(msg)
    return found


def _same(then: Opportunities, found: Opportunities, count: int) -> bool:
    """Tell whether the answer of then is the first ones of what is found now, reasons included."""
    columns = ("quotes", "probability", "combination", "share")
    pairs = [(getattr(then, name), getattr(found, name)[:count]) for name in columns]
    return all(np.array_equal(before, now, equal_nan=True) for before, now in pairs) and all(
        then.rationale(place) == found.rationale(place) for place in range(count)
    )
