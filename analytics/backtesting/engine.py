"""From what a strategy would take to bets: sized, placed, settled, and judged by the close."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan
from typing import NamedTuple

import numpy as np

from analytics.backtesting.bankroll import Bankroll, Movement
from analytics.backtesting.board import OddsBoard
from analytics.backtesting.board_building import take
from analytics.backtesting.closes import Closes
from analytics.backtesting.config import BacktestConfig, Sizing
from analytics.backtesting.fair import fair_probabilities
from analytics.backtesting.known import Known
from analytics.backtesting.placing import Candidate, Placed, Unplaced, place_all
from analytics.backtesting.result import Bet
from analytics.backtesting.settling import Settled, settle
from analytics.backtesting.sizing import sizer_for
from analytics.backtesting.values import BacktestEvent, IntArray, KnownQuote, Opportunities
from analytics.closing_value import closing_line_value
from analytics.odds_math import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Simulation:
    """What became of opportunities: those placed in order of time, how all end, how the money moved.

    `unplaced` counts the others by why they were not placed.
    """

    placed: tuple[Placed, ...]
    settled: Settled
    movements: tuple[Movement, ...]
    unplaced: Mapping[Unplaced, int]


def simulate(
    known: Known, found: Opportunities, config: BacktestConfig, *, sizing: Sizing, strategy: str
) -> Simulation:
    """Return what becomes of opportunities.

    Args:
        known: What was known at each decision, and became known of the games.
        found: What a strategy would take.
        config: The money at the beginning and the limits.
        sizing: The rule.
        strategy: The strategy's name, for errors.

    Raises:
        ConfigurationError: The rule cannot size these bets.
    """
    board = known.board
    settled = settle(board, found.quotes, known.histories)
    sizer = sizer_for(sizing, found, board.decimal_odds[found.quotes], strategy)
    bankroll = Bankroll(config.bankroll)
    placed, unplaced = place_all(candidates(board, found, settled), sizer, config.limits, bankroll)
    bankroll.settle_all()
    return Simulation(placed, settled, tuple(bankroll.movements), unplaced)


def candidates(board: OddsBoard, found: Opportunities, settled: Settled) -> list[Candidate]:
    """Return opportunities as bets to place, in their order."""
    events = [board.events[number] for number in board.event[found.quotes].tolist()]
    return [
        Candidate(number, event.event_id, event.decided_at, None if combined < 0 else combined, share, payments)
        for number, (event, combined, share, payments) in enumerate(
            zip(events, found.combination.tolist(), found.share.tolist(), settled.payments, strict=True)
        )
    ]


def placed_rows(found: Opportunities, simulation: Simulation) -> IntArray:
    """Return the rows of the board that were bet on, in order of placing."""
    return found.quotes[[one.number for one in simulation.placed]] if simulation.placed else found.quotes[:0]


def make_bets(
    board: OddsBoard, found: Opportunities, simulation: Simulation, closes: Closes, config: BacktestConfig
) -> tuple[Bet, ...]:
    """Return the bets that were placed, with everything known of them.

    Args:
        board: What was known at each decision.
        found: What the strategy would take.
        simulation: What became of it.
        closes: Those of the placed bets, in order of placing.
        config: Whose odds are fair, and how their vig is taken out.
    """
    return judged_by(closes, placed_bets(board, found, simulation, config))


def placed_bets(
    board: OddsBoard, found: Opportunities, simulation: Simulation, config: BacktestConfig
) -> tuple[Bet, ...]:
    """Return the same without what their closes say."""
    rows = placed_rows(found, simulation)
    places = np.array([one.number for one in simulation.placed], dtype=np.int64)
    columns = (
        simulation.placed,
        [board.events[number] for number in board.event[rows].tolist()],
        board.quotes(rows),
        found.combination[places].tolist(),
        found.probability[places].tolist(),
        _fair(board, rows, config).tolist(),
    )
    taken = map(_Taken._make, zip(*columns, strict=True))
    return tuple(_bet(number, one, found, simulation.settled) for number, one in enumerate(taken))


def judged_by(closes: Closes, bets: tuple[Bet, ...]) -> tuple[Bet, ...]:
    """Return bets, in the order of their closes, with what these say."""
    by_price = closing_line_value([bet.decimal_odds for bet in bets], closes.probability)
    value = np.where(np.isnan(by_price), closes.moved_value, by_price)
    columns = (closes.price, closes.point, closes.probability, value)
    return tuple(
        bet.model_copy(
            update={
                "closing_price": price or None,
                "closing_point": _known(point),
                "closing_probability": _known(probability),
                "clv": _known(clv),
            }
        )
        for bet, price, point, probability, clv in zip(bets, *(each.tolist() for each in columns), strict=True)
    )


def _fair(board: OddsBoard, rows: IntArray, config: BacktestConfig) -> FloatArray:
    """Return the fair probability of each row, looking at the markets and decisions that were bet on alone."""
    wanted = np.isin(board.market, np.unique(board.market[rows])) & np.isin(
        board.event, np.unique(board.event[rows])
    )
    looked_at = np.flatnonzero(wanted)
    part = board if wanted.all() else take(board, looked_at)
    fair = fair_probabilities(part, config.fair_bookmakers, config.devig_method)
    return np.asarray(fair[np.searchsorted(looked_at, rows)])


class _Taken(NamedTuple):
    """A quote that was bet on, -1 and NaN being none."""

    placed: Placed
    event: BacktestEvent
    quote: KnownQuote
    combination: int
    probability: float
    fair: float


def _bet(number: int, taken: _Taken, found: Opportunities, settled: Settled) -> Bet:
    placed, event, quote, combination, estimate, fair = taken
    probability, grade = _known(estimate), settled.grades[placed.number]
    brought = sum([payment.amount for payment in settled.payments[placed.number]])
    return Bet(
        number=number,
        event_id=event.event_id,
        sport_key=event.sport_key,
        home_team=event.home_team,
        away_team=event.away_team,
        commence_time=event.commence_time,
        decided_at=event.decided_at,
        tier=event.tier,
        bookmaker_key=quote.bookmaker_key,
        market_key=quote.market_key,
        outcome_name=quote.outcome_name,
        description=quote.description,
        point=quote.point,
        price=quote.price,
        decimal_odds=quote.decimal_odds,
        odds_timestamp=quote.odds_timestamp,
        seen_at=quote.seen_at,
        quote_age=event.decided_at - quote.seen_at,
        source=quote.source,
        rationale=found.rationale(placed.number),
        combination=None if combination < 0 else combination,
        probability=probability,
        fair_probability=_known(fair),
        edge=None if probability is None else probability * quote.decimal_odds - 1,
        stake=placed.stake,
        bankroll=placed.bankroll,
        grade=grade,
        settled_at=settled.settled_at[placed.number],
        profit=None if grade is None else placed.stake * (brought - 1),
        closing_price=None,
        closing_point=None,
        closing_probability=None,
        clv=None,
    )


def _known(value: float) -> float | None:
    return None if isnan(value) else value
