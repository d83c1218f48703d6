"""Bet on a moneyline by a model that learns from the results known so far: odds and ratings in, a chance out."""

from math import log
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from analytics.backtesting.board import KnownOdds
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.values import BacktestEvent, BetOpportunity, KnownResult
from analytics.logistic import LogisticModel, fit_logistic
from analytics.ratings import SportRatings
from analytics.strategies.base import BettingStrategy, Parameters
from analytics.strategies.moneyline import best_side, market_probability, two_way_quotes
from core.errors import StrategyError

FEATURES = ("market_log_odds", "elo_lead")


class LearnedParameters(Parameters):
    """A model to apply, or how to learn one; and how much better a price must be."""

    model: LogisticModel | None = Field(
        default=None, description="a fitted model as JSON; without one it learns during the run (scikit-learn)"
    )
    min_games: int = Field(default=200, ge=20, description="results before the first bet")
    refit_every: int = Field(default=50, ge=1, description="results between two fits")
    k_factor: float = Field(default=20, gt=0, le=200, description="how far a result moves an Elo rating at most")
    home_advantage: float = Field(default=50, ge=0, le=400, description="rating points for playing at home")
    min_edge: float = Field(default=0.03, ge=0, description="least expected profit per unit")
    max_edge: float = Field(default=0.3, gt=0, description="most: a larger one is rather an error in the model")

    @field_validator("model", mode="before")
    @classmethod
    def _reads_json(cls, value: object) -> object:
        return LogisticModel.model_validate_json(value) if isinstance(value, str) else value


class LearnedMemory(BaseModel):
    """What it has learned: ratings, the features of games without a result yet, those with one, and the model."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    ratings: SportRatings
    shown: dict[str, tuple[float, float]] = {}
    games: list[tuple[tuple[float, float], bool]] = []
    model: LogisticModel | None


class LearnedStrategy(BettingStrategy[LearnedParameters]):
    """Fits a logistic regression on the log odds of the market and the teams' Elo ratings, over and over.

    It learns from games that it was shown, once their results are known, and bets with what it knows by then.
    `model` is what it has: stored as JSON and given as a parameter, it is applied without scikit-learn.
    """

    name: ClassVar = "learned"
    parameters_model: ClassVar[type[Parameters]] = LearnedParameters

    def __init__(self, parameters: LearnedParameters | None = None) -> None:
        """Start with the model that is given, or without one."""
        super().__init__(parameters)
        chosen, given = self.parameters, self.parameters.model
        if given is not None and given.features != FEATURES:
            msg = f"the model takes {', '.join(given.features)}, and this strategy has {', '.join(FEATURES)}"
            raise StrategyError(msg)
        ratings = SportRatings(k_factor=chosen.k_factor, home_advantage=chosen.home_advantage)
        self.memory: LearnedMemory = LearnedMemory(ratings=ratings, model=given)

    @property
    def model(self) -> LogisticModel | None:
        """Return the model that it has by now."""
        return self.memory.model

    def markets(self) -> tuple[str, ...]:
        """Return the moneyline."""
        return ("h2h",)

    def learn(self, result: KnownResult) -> None:
        """Take in a result, and fit anew where enough have come; a correction changes nothing."""
        if not self.memory.ratings.learn(result):
            return
        margin = result.home_score - result.away_score
        features = self.memory.shown.pop(result.event_id, None)
        if self.parameters.model is None and features is not None and margin:
            self.memory.games.append((features, margin > 0))
            self._fit(result)

    async def evaluate_opportunity(
        self, event: BacktestEvent, odds: KnownOdds, config: BacktestConfig
    ) -> list[BetOpportunity]:
        """Return the side that the model thinks most underestimated, if any."""
        quotes = two_way_quotes(event, odds)
        market = market_probability(quotes)
        if market is None:
            return []
        lead = self.memory.ratings.of(event.sport_key).lead(event.home_team, event.away_team)
        features = (log(market / (1 - market)), lead)
        self.memory.shown[event.event_id] = features
        if self.model is None or self.model.trained_until > event.decided_at:
            return []
        home = float(self.model.probability(features))
        return best_side(
            quotes, home, config, min_edge=self.parameters.min_edge, max_edge=self.parameters.max_edge
        )

    def _fit(self, result: KnownResult) -> None:
        games = self.memory.games
        since = len(games) - (self.model.games if self.model else 0)
        happened = [won for _, won in games]
        if len(happened) < self.parameters.min_games or since < self.parameters.refit_every:
            return
        if any(happened) and not all(happened):
            self.memory.model = fit_logistic([row for row, _ in games], happened, FEATURES, result.known_at)
