"""Hold a vectorised strategy to its past: what it says of a decision does not change with what comes after it."""

from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.backtesting.answers import check_arrays, check_values
from analytics.backtesting.board import OddsBoard
from analytics.backtesting.board_building import part
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.values import IntArray, Opportunities
from analytics.strategies.base import VectorisedStrategy
from analytics.strategies.faults import failing_as, lent
from core.errors import StrategyError

_RANDOM_CUTS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Round:
    """The decisions of a board that are each their event's first, or second, and so on.

    `board` has those alone, `rows` are theirs on the whole board, and `earlier` are beginnings of `board`, the
    shortest first.
    """

    board: OddsBoard
    rows: IntArray
    earlier: tuple[OddsBoard, ...]


def rounds_of(board: OddsBoard, seed: int) -> tuple[Round, ...]:
    """Return the rounds of a board, so that no strategy is shown what an event's quotes are at its next decision.

    The beginnings of each are drawn by the seed.
    """
    seen: Counter[str] = Counter()
    turns = np.zeros(len(board.events), dtype=np.int64)
    for place, event in enumerate(board.events):
        turns[place] = seen[event.event_id]
        seen[event.event_id] += 1
    made = []
    for turn in range(int(turns.max(initial=0)) + 1):
        rows = np.flatnonzero(turns[board.event] == turn)
        alone = part(board, np.flatnonzero(turns == turn), rows) if np.any(turns != turn) else board
        made.append(Round(alone, rows, beginnings(alone, seed)))
    return tuple(made)


def beginnings(board: OddsBoard, seed: int) -> tuple[OddsBoard, ...]:
    """Return boards of the first decisions alone, the shortest first: cut in the middle, beside it, at random.

    Each ends before a decision with quotes: the others tell nothing, so to leave them out would show nothing.
    """
    quoted = np.unique(board.event)
    count = len(quoted)
    if count <= 1:
        return ()
    random = np.random.default_rng(seed).integers(1, count, _RANDOM_CUTS)
    cuts = quoted[np.unique([*random, count // 2, min(count // 2 + 1, count - 1)])]
    return tuple(part(board, np.arange(cut), np.arange(int(board.bounds[cut]))) for cut in cuts.tolist())


def answer(
    strategy: VectorisedStrategy[Any],
    rounds: Sequence[Round],
    config: BacktestConfig,
    *,
    cut: int | None = None,
) -> Opportunities:
    """Return what a vectorised strategy says of a board, round by round, in order of the decisions.

    It must say the same of a round's beginnings. Each is shown to a copy of the strategy that has seen nothing,
    the shortest first and the whole round last, so that nothing is remembered from later decisions.

    Args:
        strategy: The strategy; it stays as it is.
        rounds: Those of the board.
        config: The run.
        cut: Which beginning of each round, counted around, it must say the same of; None for all of them.

    Raises:
        StrategyError: It fails, what it answers are no bets on rows of a board in order of their decisions, it
            looks ahead, or it changes the config.
    """
    with lent(config, strategy.name) as shown:
        said = [_of_round(strategy, each, shown, cut) for each in rounds]
    for found, each in zip(said, rounds, strict=True):
        check_values(strategy.name, found, each.board.event[found.quotes])
    return said[0] if len(said) == 1 else _merged(said, rounds)


def _of_round(
    strategy: VectorisedStrategy[Any], asked: Round, config: BacktestConfig, cut: int | None
) -> Opportunities:
    earlier = asked.earlier
    if cut is not None and earlier:
        earlier = (earlier[cut % len(earlier)],)
    said = [_rows_of(deepcopy(strategy), each, config) for each in earlier]
    found = _rows_of(deepcopy(strategy), asked.board, config)
    for each, then in zip(earlier, said, strict=True):
        if not _same(then, found, int(np.searchsorted(asked.board.event[found.quotes], len(each.events)))):
            msg = (
                f"{strategy.name} looks ahead: without the later decisions it answers otherwise about earlier ones"
            )
            raise StrategyError(msg)
    return found


def _merged(said: Sequence[Opportunities], rounds: Sequence[Round]) -> Opportunities:
    """Return what was said of every round, in order of the decisions: by rows, for those of one are neighbours."""
    starts = [
        each.rows[each.board.bounds[each.board.event[found.quotes]]]
        for found, each in zip(said, rounds, strict=True)
    ]
    order = np.argsort(np.concatenate(starts), kind="stable")
    rationales = [found.rationale(place) for found in said for place in range(len(found.quotes))]
    quotes = [each.rows[found.quotes] for found, each in zip(said, rounds, strict=True)]
    return Opportunities(
        quotes=np.concatenate(quotes)[order],
        probability=np.concatenate([found.probability for found in said])[order],
        combination=np.concatenate([found.combination for found in said])[order],
        share=np.concatenate([found.share for found in said])[order],
        rationales=[rationales[place] for place in order.tolist()],
    )


def _rows_of(strategy: VectorisedStrategy[Any], board: OddsBoard, config: BacktestConfig) -> Opportunities:
    with failing_as(strategy, strategy.name, f"on a board of {len(board.events):,} decisions"):
        found = strategy.evaluate_board(board, config)
    if not isinstance(found, Opportunities):
        msg = f"{strategy.name} answered {type(found).__name__} of a board: Opportunities is expected"
        raise StrategyError(msg)
    check_arrays(strategy.name, found)
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
    return all(np.array_equal(before, now, equal_nan=True) for before, now in pairs) and _same_reasons(
        then, found, count
    )


def _same_reasons(then: Opportunities, found: Opportunities, count: int) -> bool:
    if isinstance(then.rationales, str) and isinstance(found.rationales, str):
        return not count or then.rationales == found.rationales
    return all(then.rationale(place) == found.rationale(place) for place in range(count))
