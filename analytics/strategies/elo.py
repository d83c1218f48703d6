"""Bet on a moneyline by the teams' Elo ratings, which know nothing but past results."""

from typing import ClassVar

from pydantic import Field

from analytics.backtesting.board import KnownOdds
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.values import BacktestEvent, BetOpportunity, KnownResult
from analytics.ratings import SportRatings
from analytics.strategies.base import BettingStrategy, Parameters
from analytics.strategies.moneyline import best_side, two_way_quotes


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

    def __init__(self, parameters: EloParameters | None = None) -> None:
        """Start without any result."""
        super().__init__(parameters)
        chosen = self.parameters
        self.memory: SportRatings = SportRatings(k_factor=chosen.k_factor, home_advantage=chosen.home_advantage)

    def markets(self) -> tuple[str, ...]:
        """Return the moneyline."""
        return ("h2h",)

    def learn(self, result: KnownResult) -> None:
        """Rate the teams by a result; a correction of one that was taken in changes nothing."""
        self.memory.learn(result)

    async def evaluate_opportunity(
        self, event: BacktestEvent, odds: KnownOdds, config: BacktestConfig
    ) -> list[BetOpportunity]:
        """Return the side that the ratings think most underestimated, if any."""
        quotes = two_way_quotes(event, odds)
        ratings, chosen = self.memory.of(event.sport_key), self.parameters
        known = min(ratings.games(event.home_team), ratings.games(event.away_team))
        if known < chosen.min_games:
            return []
        home = ratings.home_probability(event.home_team, event.away_team)
        return best_side(quotes, home, config, min_edge=chosen.min_edge, max_edge=chosen.max_edge)
