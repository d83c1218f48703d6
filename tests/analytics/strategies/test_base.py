"""A strategy is a class with a model of parameters; the model's defaults are its own."""

from math import inf, nan

import pytest
from pydantic import Field, ValidationError

from analytics.backtesting.board import KnownOdds
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.values import BacktestEvent, BetOpportunity
from analytics.strategies.base import BettingStrategy, BookmakerKeys, Parameters


class LongshotParameters(Parameters):
    """How long a shot must be."""

    at_least: float = Field(default=5.0, gt=1, description="decimal odds")


class Longshots(BettingStrategy[LongshotParameters]):
    """Bets on what pays much."""

    name = "longshots"
    parameters_model = LongshotParameters
    seen: list[str]

    async def evaluate_opportunity(
        self, event: BacktestEvent, odds: KnownOdds, config: BacktestConfig
    ) -> list[BetOpportunity]:
        """Return the quotes that pay enough."""
        return [BetOpportunity(quote) for quote in odds.quotes if quote.decimal_odds >= self.parameters.at_least]


def test_a_strategy_has_the_parameters_it_is_given_or_those_of_its_model() -> None:
    assert Longshots().parameters.at_least == 5
    assert Longshots(LongshotParameters(at_least=8)).parameters.at_least == 8


def test_a_parameter_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        LongshotParameters.model_validate({"at_most": 3})


def test_a_least_above_its_most_is_refused_for_nothing_would_be_bet_on() -> None:
    class Between(Parameters):
        min_edge: float = 0.02
        max_edge: float | None = 0.2
        min_games: int = 10
        min_tier: str = "sharp"
        max_tier: str = "closing"

    assert Between(min_edge=0.2, min_games=99).min_edge == 0.2
    assert Between(min_edge=0.3, max_edge=None).max_edge is None
    with pytest.raises(ValidationError, match=r"min_edge 0\.3 is above max_edge 0\.2: nothing would be bet on"):
        Between(min_edge=0.3)


def test_infinity_is_no_parameter_by_default_either_for_json_has_none() -> None:
    class Unlimited(Parameters):
        max_price: float | None = inf

    assert Unlimited(max_price=None).max_price is None
    for given in ({}, {"max_price": -inf}, {"max_price": nan}):
        with pytest.raises(ValidationError, match=r"(?s)max_price.*finite number"):
            Unlimited.model_validate(given)


def test_parameters_tell_the_bookmakers_that_they_name_and_no_other_text() -> None:
    class Followed(Parameters):
        leaders: BookmakerKeys = Field(default=("pinnacle", "lowvig"), min_length=1, description="whom to follow")
        market_keys: tuple[str, ...] = ("h2h",)

    assert Followed().bookmakers_named() == {"leaders": ("pinnacle", "lowvig")}
    assert Longshots().parameters.bookmakers_named() == {}
    with pytest.raises(ValidationError):
        Followed(leaders=())


def test_a_run_begins_without_what_earlier_ones_taught() -> None:
    strategy = Longshots(LongshotParameters(at_least=8))
    strategy.seen = ["before any run"]
    for number in range(3):
        strategy.begin()
        assert strategy.seen == ["before any run"]
        strategy.seen.append(f"in run {number}")
    assert strategy.seen == ["before any run", "in run 2"]
    assert strategy.parameters.at_least == 8


def test_a_strategy_decides_an_hour_before_the_start_and_asks_for_no_history_unless_it_says_otherwise() -> None:
    assert (Longshots.decides_at, Longshots.history_hours) == ((1.0,), None)
