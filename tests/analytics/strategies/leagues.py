"""A league whose home teams are known to be strong, as strategies that learn from results meet it."""

from datetime import timedelta

import numpy as np

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.history import known_results
from analytics.backtesting.values import KnownResult
from tests.analytics.boards import HOUR, TIP_OFF, board_of, decision, h2h, history_of


def league(games: int, *, home_wins: float = 0.75, seed: int = 1) -> tuple[OddsBoard, list[KnownResult]]:
    """Return games at even prices, twelve hours apart, that the home team wins more often; and their results."""
    rng = np.random.default_rng(seed)
    made = [decision(number, TIP_OFF + 12 * HOUR * number) for number in range(games)]
    board = board_of(*(h2h("bovada", 100, 100) for _ in made), decisions=made)
    scores = [(110, 100) if won else (100, 110) for won in rng.random(games) < home_wins]
    histories = [history_of(one, score) for one, score in zip(made, scores, strict=True)]
    return board, known_results(histories)


LATER = timedelta(days=3650)
