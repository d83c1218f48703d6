from typing import cast

import pytest

from analytics.backtesting.evaluating import evaluate
from analytics.backtesting.values import KnownResult, Opportunities
from analytics.logistic import LogisticModel
from analytics.strategies.base import BettingStrategy, Parameters
from analytics.strategies.learned import LearnedParameters, LearnedStrategy
from analytics.strategies.registry import strategy_named
from core.errors import ConfigurationError, StrategyError
from tests.analytics.boards import TIP_OFF, season
from tests.analytics.conftest import compared_with
from tests.analytics.strategies.leagues import LATER, league

BOARD, RESULTS = league(120)
MODEL = LogisticModel(
    features=("market_log_odds", "elo_lead"),
    mean=(0, 0),
    scale=(1, 100),
    coefficients=(1, 1),
    intercept=0.5,
    games=500,
    trained_until=TIP_OFF,
)


async def found(strategy: LearnedStrategy, results: list[KnownResult] = RESULTS) -> Opportunities:
    one_of_all = cast("BettingStrategy[Parameters]", strategy)
    return await evaluate(one_of_all, BOARD, season(end="2028-01-01T00:00Z"), results=results)


def learning() -> LearnedStrategy:
    compared_with("sklearn")
    return LearnedStrategy(LearnedParameters(min_games=40, refit_every=20, max_edge=1))


async def test_it_learns_from_the_games_it_was_shown_and_bets_by_what_it_has_learned() -> None:
    strategy = learning()
    bets = await found(strategy)
    assert BOARD.event[bets.quotes].min() >= 40
    names = [BOARD.quote(int(row)).outcome_name for row in bets.quotes]
    assert names.count("Lakers") > 0.8 * len(names)
    assert strategy.model is not None
    assert strategy.model.games == 100


async def test_results_known_later_change_no_earlier_bet() -> None:
    before = await found(learning())
    turned = [
        result if number < 80 else result._replace(home_score=result.away_score, away_score=result.home_score)
        for number, result in enumerate(RESULTS)
    ]
    after = await found(learning(), turned)
    earlier = [rows.quotes[BOARD.event[rows.quotes] <= 80].tolist() for rows in (before, after)]
    assert earlier[0] == earlier[1]
    assert earlier[0]


async def test_without_results_it_never_bets() -> None:
    assert len((await found(LearnedStrategy(), [])).quotes) == 0


async def test_a_model_that_was_stored_as_json_is_applied_as_it_was() -> None:
    strategy = learning()
    await found(strategy)
    assert strategy.model is not None
    stored = strategy.model.model_copy(update={"trained_until": TIP_OFF - LATER}).model_dump_json()
    again = strategy_named("learned", {"model": stored, "max_edge": 1})
    assert isinstance(again, LearnedStrategy)
    bets = await found(again)
    assert len(bets.quotes) > 60
    assert again.model == again.parameters.model


async def test_a_model_bets_on_nothing_that_was_decided_before_it_was_trained() -> None:
    at = BOARD.events[60].decided_at
    strategy = LearnedStrategy(LearnedParameters(model=MODEL.model_copy(update={"trained_until": at}), max_edge=1))
    assert BOARD.event[(await found(strategy)).quotes].min() >= 60


def test_a_model_of_other_features_is_refused() -> None:
    other = MODEL.model_copy(update={"features": ("market_log_odds", "weather")})
    with pytest.raises(StrategyError, match="weather"):
        LearnedStrategy(LearnedParameters(model=other))


@pytest.mark.parametrize("model", ["not JSON", '{"features": []}'])
def test_a_text_that_is_no_model_is_refused_by_the_name_of_the_parameter(model: str) -> None:
    with pytest.raises(ConfigurationError, match="parameters of learned: model"):
        strategy_named("learned", {"model": model})
