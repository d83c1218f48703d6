"""Every strategy is found by its name, and says what its parameters may be."""

from typing import Any

import numpy as np
import pytest

from analytics.backtesting.values import Opportunities
from analytics.strategies.base import BettingStrategy, VectorisedStrategy
from analytics.strategies.registry import STRATEGIES, strategy_named
from core.errors import ConfigurationError
from tests.analytics.boards import board_of, h2h, season, spread, total

TOGETHER = [one for one in map(strategy_named, STRATEGIES) if isinstance(one, VectorisedStrategy)]


def test_a_strategy_is_found_by_its_name_with_its_parameters() -> None:
    strategy = strategy_named("flat", {"pick": "underdog"})
    assert (strategy.name, strategy.parameters.model_dump()) == ("flat", {"market": "h2h", "pick": "underdog"})


def test_a_name_that_is_none_is_told_with_those_that_there_are() -> None:
    with pytest.raises(ConfigurationError, match="no strategy 'martingale'; the strategies are flat, "):
        strategy_named("martingale")


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        pytest.param(
            {"pic": "home"},
            r"pic: there is no such field \(it takes market, pick\)",
            id="a parameter that is none",
        ),
        pytest.param({"pick": "winner"}, "pick: input should be 'favourite'", id="a value that is none"),
    ],
)
def test_wrong_parameters_are_told(parameters: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        strategy_named("flat", parameters)


@pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=STRATEGIES.keys())
def test_every_strategy_and_parameter_is_described(strategy: type[BettingStrategy[Any]]) -> None:
    assert strategy.__doc__
    assert strategy.parameters_model.model_fields
    for name, field in strategy.parameters_model.model_fields.items():
        assert field.description, name
        assert not field.is_required(), name


@pytest.mark.parametrize("strategy", TOGETHER, ids=[one.name for one in TOGETHER])
async def test_a_vectorised_strategy_answers_alike_together_and_one_by_one(
    strategy: VectorisedStrategy[Any],
) -> None:
    rng = np.random.default_rng(5)

    def price() -> int:
        return int(rng.choice([-1, 1]) * rng.integers(101, 160))

    board = board_of(
        *(
            [
                quote
                for book in ("bovada", "draftkings", "fanduel", "betmgm", "pinnacle")
                for quote in (
                    *h2h(book, price(), price()),
                    *spread(book, -3.5, price(), price()),
                    *total(book, 220.5, price(), price()),
                )
            ]
            for _ in range(6)
        )
    )
    together: Opportunities = strategy.evaluate_board(board, season())
    alone = [
        (one.quote.number, one.probability)
        for event in board.events
        for one in await strategy.evaluate_opportunity(event, board.known_odds(event.number), season())
    ]
    assert [row for row, _ in alone] == together.quotes.tolist()
    assert len(alone) > 0
    known = [np.nan if probability is None else probability for _, probability in alone]
    assert np.allclose(known, together.probability, equal_nan=True)
