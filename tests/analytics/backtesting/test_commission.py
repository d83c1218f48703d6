"""An exchange keeps a share of winnings: what a bet brings, deserves and is expected to bring is after it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.backtesting.board_building import screen
from analytics.backtesting.closes import closes_of, closing_decisions
from analytics.backtesting.commission import USUAL_PERCENT, net_of_commission
from analytics.backtesting.engine import placed_rows, simulate
from analytics.backtesting.fair import own_probabilities
from analytics.backtesting.known import Known, known_of
from analytics.backtesting.result import BacktestResult
from analytics.backtesting.summing_up import sum_up
from analytics.backtesting.values import Opportunities
from analytics.devig import DevigMethod
from analytics.strategies.registry import strategy_named
from tests.analytics.boards import all_made, board_of, decision, h2h, history_of, season

BOOKMAKER, EXCHANGE = "pinnacle", "betfair_ex_uk"
HOME_WINS, AWAY_WINS = (100, 90), (90, 100)
KELLY = {"kind": "kelly", "fraction": 1}


def known(score: tuple[int, int], **changes: Any) -> Known:
    """Return one game, +110 and -120 at an exchange, whose score is known."""
    event = decision()
    board = board_of(h2h(EXCHANGE, 110, -120), decisions=[event])
    screened = screen(board, np.ones(len(board), dtype=np.bool_), season(**changes))
    return known_of(all_made([event]), {event.event_id: history_of(event, score)}, board, screened)


def backing_home(score: tuple[int, int], **changes: Any) -> BacktestResult:
    """Return what backing the home team with a chance of 60 % brings."""
    asked = season(**{"sizing": {"kind": "flat", "amount": 100}, "resamples": 0, **changes})
    run = known(score, **changes)
    row = next(quote.number for quote in run.board.known_odds(0).quotes if quote.outcome_name == "Lakers")
    found = Opportunities.of(np.array([row]), np.array([0.6]))
    assert asked.sizing is not None
    simulation = simulate(run, found, asked, sizing=asked.sizing, strategy="home")
    rows = placed_rows(found, simulation)
    closing = board_of(h2h(EXCHANGE, 110, -120), decisions=closing_decisions(run.decisions.made, run.histories))
    closes = closes_of(run.board, rows, closing, asked)
    return sum_up(run, found, simulation, closes, asked, strategy="home", parameters={})


@pytest.mark.parametrize(
    ("score", "commission", "profit"),
    [
        pytest.param(HOME_WINS, {}, 104.5, id="five percent of 110 won, unless told otherwise"),
        pytest.param(HOME_WINS, {EXCHANGE: 2}, 107.8, id="two percent for who pays two"),
        pytest.param(HOME_WINS, {EXCHANGE: 0}, 110.0, id="nothing for who pays none"),
        pytest.param(AWAY_WINS, {}, -100.0, id="nothing of a lost bet"),
        pytest.param((90, 90), {}, 0.0, id="nothing of a stake that comes back"),
    ],
)
def test_an_exchange_keeps_its_share_of_what_is_won(
    score: tuple[int, int], commission: dict[str, float], profit: float
) -> None:
    result = backing_home(score, commission=commission)
    assert result.metrics.profit == pytest.approx(profit)
    assert result.metrics.final_bankroll == pytest.approx(10_000 + profit)


def test_edge_closing_value_and_kelly_stake_are_after_commission() -> None:
    (bet,) = backing_home(HOME_WINS, sizing=KELLY, limits={"max_stake_percent": 100}).bets
    assert bet.price == 110
    assert bet.decimal_odds == pytest.approx(2.045)
    assert bet.edge == pytest.approx(0.6 * 2.045 - 1)
    assert bet.closing_probability is not None
    assert bet.clv == pytest.approx(bet.closing_probability * 2.045 - 1)
    assert bet.stake == pytest.approx(10_000 * (0.6 * 2.045 - 1) / 1.045)


def test_a_fair_probability_is_of_the_odds_as_quoted() -> None:
    board = known(HOME_WINS).board
    quoted = known(HOME_WINS, commission={EXCHANGE: 0}).board
    assert np.array_equal(
        own_probabilities(board, DevigMethod.POWER), own_probabilities(quoted, DevigMethod.POWER)
    )


async def test_an_arbitrage_that_commission_eats_is_none() -> None:
    board = board_of([*h2h(BOOKMAKER, 102, -130), *h2h(EXCHANGE, -130, 102)])
    strategy = strategy_named("arbitrage", {})
    config = season()
    found = strategy.evaluate_board(net_of_commission(board, {}), config)  # type: ignore[attr-defined]
    after = strategy.evaluate_board(net_of_commission(board, config.commission), config)  # type: ignore[attr-defined]
    assert (len(found.quotes), len(after.quotes)) == (2, 0)
    event, odds = board.events[0], net_of_commission(board, config.commission).known_odds(0)
    assert await strategy.evaluate_opportunity(event, odds, config) == []


@given(
    price=st.one_of(st.integers(100, 100_000), st.integers(-100_000, -100)),
    percent=st.floats(0, 99),
    key=st.sampled_from([*USUAL_PERCENT, BOOKMAKER]),
)
def test_only_winnings_pay_commission_and_only_where_one_is_taken(price: int, percent: float, key: str) -> None:
    board = board_of(h2h(key, price, 100))
    net = net_of_commission(board, {EXCHANGE: percent})
    share = percent / 100 if key == EXCHANGE else 0.0
    assert net.decimal_odds - 1 == pytest.approx((board.decimal_odds - 1) * (1 - share))
    assert np.array_equal(net.price, board.price)
