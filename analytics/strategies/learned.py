"""Bet on a moneyline by a model that learns from the results known so far: odds and ratings in, a chance out."""

from math import log
from typing import ClassVar

from pydantic import Field, field_validator

from analytics.backtesting.board import KnownOdds
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.values import BacktestEvent, BetOpportunity, KnownResult
from analytics.logistic import LogisticModel, fit_logistic
from analytics.ratings import EloRatings
from analytics.strategies.base import BettingStrategy, Parameters
from analytics.strategies.moneyline import best_side, is_two_way, market_probability
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


class LearnedStrategy(BettingStrategy[LearnedParameters]):
    """Fits a logistic regression on the log odds of the market and the teams' Elo ratings, over and over.

    It learns from games that it was shown, once their results are known, and bets with what it knows by then.
    `model` is what it has: stored as JSON and given as a parameter, it is applied without scikit-learn.
    """

    name: ClassVar = "learned"
    parameters_model: ClassVar[type[Parameters]] = LearnedParameters
    remembers: ClassVar = True

    def __init__(self, parameters: LearnedParameters | None = None) -> None:
        """Start with the model that is given, or without one."""
        super().__init__(parameters)
        self.model = self.parameters.model
        if self.model is not None and self.model.features != FEATURES:
            msg = f"the model takes {', '.join(self.model.features)}, and this strategy has {', '.join(FEATURES)}"
            raise StrategyError(msg)
        self._ratings: dict[str, EloRatings] = {}
        self._shown: dict[str, tuple[float, float]] = {}
        self._games: list[tuple[tuple[float, float], bool]] = []
        self._learned: set[str] = set()

    def markets(self) -> tuple[str, ...]:
        """Return the moneyline."""
        return ("h2h",)

    def learn(self, result: KnownResult) -> None:
        """Take in a result, and fit anew where enough have come; a correction changes nothing."""
        if result.event_id in self._learned:
            return
        self._learned.add(result.event_id)
        margin = result.home_score - result.away_score
        self._of_sport(result.sport_key).update(result.home_team, result.away_team, margin)
        features = self._shown.pop(result.event_id, None)
        if self.parameters.model is None and features is not None and margin:
            self._games.append((features, margin > 0))
            self._fit(result)

    async def evaluate_opportunity(
        self, event: BacktestEvent, odds: KnownOdds, config: BacktestConfig
    ) -> list[BetOpportunity]:
        """Return the side that the model thinks most underestimated, if any."""
        market = market_probability(odds) if is_two_way(event, odds) else None
        if market is None:
            return []
        lead = self._of_sport(event.sport_key).lead(event.home_team, event.away_team)
        features = (log(market / (1 - market)), lead)
        self._shown[event.event_id] = features
        if self.model is None or self.model.trained_until > event.decided_at:
            return []
        home = float(self.model.probability(features))
        return best_side(odds, home, config, min_edge=self.parameters.min_edge, max_edge=self.parameters.max_edge)

    def _fit(self, result: KnownResult) -> None:
        since = len(self._games) - (self.model.games if self.model else 0)
        happened = [won for _, won in self._games]
        if len(happened) < self.parameters.min_games or since < self.parameters.refit_every:
            return
        if any(happened) and not all(happened):
            self.model = fit_logistic([row for row, _ in self._games], happened, FEATURES, result.known_at)

    def _of_sport(self, sport_key: str) -> EloRatings:
        if sport_key not in self._ratings:
            self._ratings[sport_key] = EloRatings(
                k_factor=self.parameters.k_factor, home_advantage=self.parameters.home_advantage
            )
        return self._ratings[sport_key]
