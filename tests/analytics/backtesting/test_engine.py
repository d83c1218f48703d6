"""From opportunities to bets: sized, placed in order of time, settled, and judged."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analytics.backtesting.bet_arrays import arrays_of
from analytics.backtesting.board import OddsBoard
from analytics.backtesting.board_building import Screened
from analytics.backtesting.closes import Closes, closes_of
from analytics.backtesting.config import FlatStake, FractionalKelly, Sizing
from analytics.backtesting.engine import arrays_at_risk, make_bets, placed_rows, simulate
from analytics.backtesting.history import StatusKnown
from analytics.backtesting.known import Known, known_of
from analytics.backtesting.placing import Unplaced
from analytics.backtesting.result import Bet
from analytics.backtesting.values import Opportunities, Side
from tests.analytics.boards import (
    HOUR,
    TIP_OFF,
    all_made,
    board_of,
    decision,
    h2h,
    history_of,
    season,
    spread,
    total,
)


def known(board: OddsBoard, *scores: tuple[int, int] | None) -> Known:
    histories = {
        event.event_id: history_of(event, score) for event, score in zip(board.events, scores, strict=True)
    }
    return known_of(all_made(board.events), histories, board, Screened(board, 0, 0, 0))


def run(
    board: OddsBoard, found: Opportunities, *scores: tuple[int, int] | None, sizing: Sizing, **changes: Any
) -> tuple[Bet, ...]:
    config = season(**changes)
    simulation = simulate(known(board, *scores), found, config, sizing=sizing, strategy="flat")
    closes = closes_of(board, placed_rows(found, simulation), board, config)
    return make_bets(board, found, simulation, closes, config)


def homes(board: OddsBoard, probability: float = np.nan) -> Opportunities:
    rows = np.flatnonzero(board.side == Side.HOME)
    return Opportunities.of(rows, np.full(len(rows), probability), "at home")


def test_a_bet_holds_what_was_known_what_was_staked_and_how_it_ended() -> None:
    board = board_of([*h2h("bovada", 120, -140), *h2h("pinnacle", 110, -120)])
    ours = homes(board, 0.5)
    best = Opportunities.of(ours.quotes[:1], ours.probability[:1], "at home")
    (bet,) = run(board, best, (110, 100), sizing=FractionalKelly(fraction=1), limits={"max_stake_percent": 100})
    assert (bet.outcome_name, bet.price, bet.probability, bet.rationale) == ("Lakers", 120, 0.5, "at home")
    assert bet.edge == pytest.approx(0.1)
    assert bet.stake == pytest.approx(10_000 * 0.1 / 1.2)
    assert bet.grade == "win"
    assert bet.profit == pytest.approx(bet.stake * 1.2)
    assert (bet.settled_at, bet.bankroll) == (TIP_OFF + 3 * HOUR, 10_000)
    assert bet.fair_probability == bet.closing_probability == pytest.approx(0.468, abs=0.01)
    assert bet.clv == pytest.approx(2.2 * (bet.closing_probability or 0) - 1)


def test_the_age_of_a_quote_is_since_a_look_last_saw_it_however_long_its_price_stood() -> None:
    board = board_of(h2h("bovada", 120, -140))
    stood = replace(board, odds_timestamp=board.seen_at - np.timedelta64(9, "h"))
    (bet,) = run(stood, homes(stood), (110, 100), sizing=FlatStake())
    assert (bet.quote_age, bet.seen_at - bet.odds_timestamp) == (HOUR / 6, 9 * HOUR)


def test_what_is_fair_of_a_bet_does_not_hang_on_the_markets_beside_it() -> None:
    beside = [*h2h("pinnacle", 110, -120), *total("pinnacle", 220.5)]
    board = board_of([*beside, *spread("pinnacle", -3.5)], [*beside, *spread("pinnacle", -1.5)])
    alone = board_of(spread("pinnacle", -3.5), spread("pinnacle", -1.5))
    rows = [np.flatnonzero((each.side == Side.HOME) & ~np.isnan(each.point)) for each in (board, alone)]
    bets, same = (
        run(each, Opportunities.of(homes), None, None, sizing=FlatStake())
        for each, homes in zip((board, alone), rows, strict=True)
    )
    assert [bet.fair_probability for bet in bets] == [bet.fair_probability for bet in same]
    assert all(bet.fair_probability == pytest.approx(0.5) for bet in bets)


def test_each_bet_has_its_own_close() -> None:
    board, config = board_of([*h2h("bovada", 120, -140), *h2h("pinnacle", 110, -120)]), season()
    found = homes(board)
    simulation = simulate(known(board, (110, 100)), found, config, sizing=FlatStake(), strategy="flat")
    nothing = make_bets(board, found, simulation, Closes.unknown(2), config)
    told = ("closing_price", "closing_point", "closing_probability", "clv")
    assert [getattr(bet, name) for bet in nothing for name in told] == [None] * 8
    bets = make_bets(board, found, simulation, closes_of(board, found.quotes, board, config), config)
    assert [bet.closing_price for bet in bets] == [120, 110]
    assert [bet.model_dump(exclude={*told}) for bet in bets] == [
        bet.model_dump(exclude={*told}) for bet in nothing
    ]
    assert Bet.model_validate_json(bets[0].model_dump_json()) == bets[0]


def test_what_was_at_risk_is_the_bets_that_are_graded_and_not_void() -> None:
    """Two decisions about one event, and combinations that a strategy numbers alike at both."""
    of_event = [0, 1, 0, 3, 4, 5]
    games = [
        decision(number, TIP_OFF + number * HOUR, event_id=f"event{event}")
        for number, event in enumerate(of_event)
    ]
    board = board_of(*(h2h("bovada", 120, -140) for _ in games), decisions=games)
    rows = np.arange(len(board))
    combination = np.where(np.isin(board.event, [0, 2, 5]), 7, -1)
    found = replace(Opportunities.of(rows), combination=combination, share=np.where(combination < 0, 1, 0.5))
    scores: dict[str, tuple[int, int] | None] = {"event1": (0, 1), "event3": None}
    histories = {one.event_id: history_of(one, scores.get(one.event_id, (1, 0))) for one in games}
    called_off = StatusKnown(games[4].commence_time, "cancelled", None, None)
    histories["event4"] = replace(histories["event4"], statuses=(called_off,))
    all_known = known_of(all_made(board.events), histories, board, Screened(board, 0, 0, 0))
    config = season(limits={"max_stake_percent": 5})
    simulation = simulate(all_known, found, config, sizing=FlatStake(), strategy="both")
    bets = make_bets(board, found, simulation, Closes.unknown(len(simulation.placed)), config)
    at_risk = [bet for bet in bets if bet.grade not in (None, "void")]
    arrays, theirs = arrays_at_risk(board, found, simulation), arrays_of(at_risk)
    assert {bet.grade for bet in bets} == {"win", "loss", "void", None}
    assert 0 < len(at_risk) < len(bets) == len(rows)
    for name in ("day", "event", "stake", "profit", "decimal_odds"):
        np.testing.assert_array_equal(getattr(arrays, name), getattr(theirs, name), err_msg=name)
    together = [None if bet.combination is None else bet.decided_at for bet in at_risk]
    numbers = arrays.combination.tolist()
    assert [number < 0 for number in numbers] == [at is None for at in together]
    assert len(set(zip(numbers, together, strict=True))) == len(set(numbers)) == len(set(together)) == 4


def test_profits_and_the_bankroll_agree() -> None:
    board = board_of(*(h2h("bovada", 120, -140) for _ in range(5)))
    bets = run(board, homes(board), (1, 0), (0, 1), (1, 1), None, (1, 0), sizing=FlatStake(amount=100))
    assert [bet.profit for bet in bets] == [pytest.approx(120), -100, 0, None, pytest.approx(120)]
    assert [bet.bankroll for bet in bets] == pytest.approx([10_000, 10_120, 10_020, 10_020, 10_020])


def test_what_is_not_placed_is_no_bet() -> None:
    board = board_of(h2h("bovada", 120, -140), h2h("bovada", 120, -140))
    poor = {"bankroll": 100, "limits": {"max_stake_percent": 100, "min_stake": 50}}
    bets = run(board, homes(board), None, (1, 0), sizing=FlatStake(amount=60), **poor)
    assert [(bet.number, bet.event_id) for bet in bets] == [(0, "event0")]


def test_an_outage_of_scores_locks_no_money_for_good_and_what_it_keeps_from_betting_is_counted() -> None:
    board = board_of(*(h2h("bovada", -110, -110) for _ in range(20)))
    scores = [None] * 6 + [(110, 100)] * 14
    config = season(bankroll=500, limits={"max_stake_percent": 100})
    found = simulate(known(board, *scores), homes(board), config, sizing=FlatStake(amount=100), strategy="flat")
    assert [one.number for one in found.placed] == [0, 1, 2, 3, 4, *range(6, 20)]
    assert found.unplaced == {Unplaced.NO_MONEY: 1}


def test_a_run_without_opportunities_has_no_bets() -> None:
    board = board_of([])
    assert run(board, homes(board), None, sizing=FlatStake()) == ()
