"""What backtests of real seasons are asked, and how their answers are judged."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.config import BacktestConfig, FlatStake
from analytics.backtesting.reliability import Reliability, reliability
from analytics.backtesting.result import BacktestResult, Bet
from analytics.backtesting.values import Opportunities
from analytics.strategies.base import Parameters, VectorisedStrategy

EPL: dict[str, Any] = {
    "start": "2020-08-01T00:00Z",
    "end": "2025-07-01T00:00Z",
    "sports": ["soccer_epl"],
    "sources": ["import"],
    "max_quote_age_hours": 24 * 5,
}
NFL: dict[str, Any] = {
    "start": "2025-09-01T00:00Z",
    "end": "2026-03-01T00:00Z",
    "sports": ["americanfootball_nfl"],
}
AT_THE_CLOSE = {"decide_at": [0.0]}
RICH = {"bankroll": 1e9, "sizing": FlatStake(amount=100).model_dump()}


class EveryQuote(VectorisedStrategy[Parameters]):
    """Bets on everything that is offered."""

    name: ClassVar = "every_quote"
    sizing: ClassVar = FlatStake()

    def evaluate_board(self, board: OddsBoard, config: BacktestConfig) -> Opportunities:
        """Return every row."""
        return Opportunities.of(np.arange(len(board)))


def calibration(bets: Sequence[Bet], outcome: Callable[[Bet], bool]) -> Reliability:
    """Compare the fair close of some outcomes with how often they won; pushes tell nothing."""
    told = [
        (bet.closing_probability, bet.grade == "win")
        for bet in bets
        if outcome(bet) and bet.closing_probability is not None and bet.grade in {"win", "loss"}
    ]
    return reliability([p for p, _ in told], [won for _, won in told])


def on_the_whole(found: Reliability) -> tuple[float, float]:
    """Return how many more came true than was said, and the standard error of that."""
    off = sum(one.count * (one.realised - one.predicted) for one in found.bins)
    return off, math.sqrt(sum((one.count * one.standard_error) ** 2 for one in found.bins))


def off_the_close(result: BacktestResult) -> tuple[float, float]:
    """Return by how many standard errors the bets' profit differs from what their fair close expects, and this."""
    judged = [bet for bet in result.bets if bet.clv is not None and bet.profit is not None]
    profits = np.array([(bet.profit or 0.0) / bet.stake for bet in judged])
    expected = np.array([bet.clv or 0.0 for bet in judged])
    error = float(np.std(profits, ddof=1)) / np.sqrt(len(judged))
    return float(np.mean(profits - expected) / error), float(np.mean(expected))


OUTCOMES: Mapping[str, Callable[[Bet], bool]] = {
    "home": lambda bet: bet.outcome_name == bet.home_team,
    "draw": lambda bet: bet.outcome_name == "Draw",
    "away": lambda bet: bet.outcome_name == bet.away_team,
    "over": lambda bet: bet.outcome_name == "Over",
}
