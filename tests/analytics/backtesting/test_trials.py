from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.config import (
    BacktestConfig,
    FlatStake,
    FractionalKelly,
    Limits,
    PercentageStake,
    Sizing,
)
from analytics.backtesting.engine import simulate
from analytics.backtesting.trials import UNKNOWN_DAY, Ground, Tried, ground_of, try_parameters
from analytics.backtesting.values import Opportunities
from tests.analytics.backtesting.laboratory import ThresholdStrategy, known_season, thresholds
from tests.analytics.boards import season

KNOWN = known_season(60)
GROUND = ground_of(KNOWN)


def tried(least: float, ground: Ground = GROUND, **changes: object) -> Tried:
    (parameters,) = thresholds(least)
    return try_parameters(ThresholdStrategy(parameters), ground, season(**changes))


class Sure(ThresholdStrategy):
    """Bets with an opinion, for Kelly."""

    def evaluate_board(self, board: OddsBoard, config: BacktestConfig) -> Opportunities:
        """Return every other quote."""
        rows = np.arange(0, len(board), 2)
        return Opportunities.of(rows, np.full(len(rows), 0.6))


def test_a_ground_knows_how_each_quote_ends_and_when_that_was_known() -> None:
    assert GROUND.first_day == date(2026, 1, 10)
    assert np.isnan(GROUND.unit_profit).sum() == 0
    won = GROUND.unit_profit > 0
    np.testing.assert_allclose(GROUND.unit_profit[won], GROUND.board.decimal_odds[won] - 1)
    assert (GROUND.unit_profit[~won] == -1).all()
    assert (GROUND.settled_day >= GROUND.decided_day).all()
    assert GROUND.days == GROUND.settled_day.max() + 1


@settings(max_examples=20)
@given(st.floats(1.4, 3.4))
def test_flat_bets_bring_what_the_engine_says(least: float) -> None:
    (parameters,) = thresholds(least)
    config = season(bankroll=1_000_000)
    found = ThresholdStrategy(parameters).evaluate_board(KNOWN.board, config)
    simulation = simulate(KNOWN, found, config, sizing=FlatStake(amount=100), strategy="threshold")
    engine = sum(
        placed.stake * (sum(payment.amount for payment in simulation.settled.payments[placed.number]) - 1)
        for placed in simulation.placed
    )
    outcome = tried(least, bankroll=1_000_000)
    assert outcome.bets.sum() == len(simulation.placed)
    assert outcome.profit.sum() == pytest.approx(engine)
    assert outcome.profit.sum() == pytest.approx(outcome.known_profit.sum())
    assert outcome.bets.sum() == outcome.known_bets.sum()


@pytest.mark.parametrize(
    ("sizing", "limits", "stake"),
    [
        pytest.param(FlatStake(amount=50), {}, 50, id="the same amount"),
        pytest.param(PercentageStake(percent=2), {}, 200, id="a percentage of the starting bankroll"),
        pytest.param(PercentageStake(percent=20), {}, 500, id="the limit of a bet in percent"),
        pytest.param(FlatStake(amount=900), {"max_stake": 300}, 300, id="the limit of a bet in money"),
        pytest.param(FlatStake(amount=50), {"min_stake": 60}, 0, id="less than the least stake is no bet"),
    ],
)
def test_every_bet_is_sized_on_the_bankroll_of_the_beginning(
    sizing: Sizing, limits: dict[str, float], stake: float
) -> None:
    outcome = tried(1.0, sizing=sizing, limits=Limits(**limits))
    assert outcome.staked.sum() == pytest.approx(stake * outcome.bets.sum())
    assert (outcome.bets.sum() == 0) == (stake == 0)


def test_kelly_stakes_what_the_estimate_deserves_and_nothing_without_an_edge() -> None:
    config = season(sizing=FractionalKelly(fraction=0.25), limits=Limits(max_stake_percent=100))
    outcome = try_parameters(Sure(), GROUND, config)
    decimal = GROUND.board.decimal_odds[::2]
    deserved = 0.25 * np.maximum((0.6 * decimal - 1) / (decimal - 1), 0) * 10_000
    assert outcome.staked.sum() == pytest.approx(deserved.sum())
    assert 0 < outcome.bets.sum() < len(decimal)


def test_quotes_where_no_bets_are_placed_are_left_out() -> None:
    assert tried(1.0, bookmakers=["draftkings"]).bets.sum() == 0
    assert tried(1.0, bookmakers=["bovada"]).bets.sum() == len(GROUND.board)


def test_a_bet_without_a_result_counts_for_nothing() -> None:
    known = known_season(3)
    unplayed = replace(known.histories["event0"], statuses=())
    ground = ground_of(replace(known, histories={**known.histories, "event0": unplayed}))
    assert np.isnan(ground.unit_profit).sum() == 2
    assert (ground.settled_day == UNKNOWN_DAY).sum() == 2
    assert tried(1.0, ground).bets.sum() == 4


def test_a_board_without_decisions_has_no_days() -> None:
    assert ground_of(known_season(0)).days == 0
