"""Bet on a moneyline by the teams' Elo ratings, which know nothing but past results."""

from typing import ClassVar

from pydantic import Field

from analytics.backtesting.board import KnownOdds
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.values import BacktestEvent, BetOpportunity, KnownResult
from analytics.ratings import EloRatings
from analytics.strategies.base import BettingStrategy, Parameters
from analytics.strategies.moneyline import best_side, is_two_way


class EloParameters(Parameters):
    """How ratings move, and how much better a price must be."""

    k_factor: float = Field(default=20, gt=0, le=200, description="how far a result moves a rating at most")
    home_advantage: float = Field(default=50, ge=0, le=400, description="rating points for playing at home")
    min_games: int = Field(default=10, ge=1, description="results of both teams before they are bet on")
    min_edge: float = Field(default=0.05, ge=0, description="least expected profit per unit")
    max_edge: float = Field(default=0.5, gt=0, description="most: a larger one is rather an error in the ratings")


class EloStrategy(BettingStrategy[EloParameters]):
    """Rates teams by the results known so far, and takes the best price of a side that it thinks too high.

    Markets with a draw are left out: a rating says who wins, not how often nobody does.
    """

    name: ClassVar = "elo"
    parameters_model: ClassVar[type[Parameters]] = EloParameters
    remembers: ClassVar = True

    def __init__(self, parameters: EloParameters | None = None) -> None:
        """Start without any result."""
        super().__init__(parameters)
        self._ratings: dict[str, EloRatings] = {}
        self._learned: set[str] = set()

    def markets(self) -> tuple[str, ...]:
        """Return the moneyline."""
        return ("h2h",)

    def learn(self, result: KnownResult) -> None:
        """Rate the teams by a result; a correction of one that was taken in changes nothing."""
        if result.event_id not in self._learned:
            self._learned.add(result.event_id)
            ratings = self._of_sport(result.sport_key)
            ratings.update(result.home_team, result.away_team, result.home_score - result.away_score)

    async def evaluate_opportunity(
        self, event: BacktestEvent, odds: KnownOdds, config: BacktestConfig
    ) -> list[BetOpportunity]:
        """Return the side that the ratings think most underestimated, if any."""
        ratings, chosen = self._of_sport(event.sport_key), self.parameters
        known = min(ratings.games(event.home_team), ratings.games(event.away_team))
        if known < chosen.min_games or not is_two_way(event, odds):
            return []
        home = ratings.home_probability(event.home_team, event.away_team)
        return best_side(odds, home, config, min_edge=chosen.min_edge, max_edge=chosen.max_edge)

    def _of_sport(self, sport_key: str) -> EloRatings:
        if sport_key not in self._ratings:
            self._ratings[sport_key] = EloRatings(
                k_factor=self.parameters.k_factor, home_advantage=self.parameters.home_advantage
            )
        return self._ratings[sport_key]
