"""From what a strategy would take to bets: sized, placed, settled, and judged by the close."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan
from typing import NamedTuple

import numpy as np

from analytics.backtesting.bankroll import Bankroll, Movement
from analytics.backtesting.bet_arrays import BetArrays, BetColumns, arrays_by
from analytics.backtesting.board import OddsBoard
from analytics.backtesting.board_building import take
from analytics.backtesting.closes import Closes
from analytics.backtesting.config import BacktestConfig, Sizing
from analytics.backtesting.fair import fair_probabilities
from analytics.backtesting.known import Known
from analytics.backtesting.numbering import numbered_through_the_run
from analytics.backtesting.placing import Candidate, Placed, Unplaced, place_all
from analytics.backtesting.result import Bet
from analytics.backtesting.settlement import Grade
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

    def profits(self) -> list[float | None]:
        """Return what each placed bet brought, less its stake; None without a grade."""
        grades, payments = self.settled.grades, self.settled.payments
        return [
            None
            if grades[one.number] is None
            else one.stake * (sum([payment.amount for payment in payments[one.number]]) - 1)
            for one in self.placed
        ]


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


def arrays_at_risk(board: OddsBoard, found: Opportunities, simulation: Simulation) -> BetArrays:
    """Return the placed bets that are graded and not void as arrays, without what their closes say."""
    grades = simulation.settled.grades
    profits = zip(simulation.placed, simulation.profits(), strict=True)
    at_risk = [(one, profit) for one, profit in profits if grades[one.number] not in (None, Grade.VOID)]
    places = np.array([one.number for one, _ in at_risk], dtype=np.int64)
    rows = found.quotes[places]
    combination = numbered_through_the_run(found.combination[places], board.event[rows])
    events = [board.events[number] for number in board.event[rows].tolist()]
    unknown = [None] * len(at_risk)
    return arrays_by(
        BetColumns(
            event_id=[event.event_id for event in events],
            decided_at=[event.decided_at for event in events],
            combination=[None if number < 0 else number for number in combination.tolist()],
            grade=[grades[one.number] for one, _ in at_risk],
            stake=[one.stake for one, _ in at_risk],
            profit=[profit for _, profit in at_risk],
            decimal_odds=board.decimal_odds[rows].tolist(),
            edge=unknown,
            clv=unknown,
        )
    )


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
    rows = placed_rows(found, simulation)
    places = np.array([one.number for one in simulation.placed], dtype=np.int64)
    by_price = closing_line_value(board.decimal_odds[rows], closes.probability)
    columns = (
        simulation.placed,
        [board.events[number] for number in board.event[rows].tolist()],
        board.quotes(rows),
        found.combination[places].tolist(),
        found.probability[places].tolist(),
        _fair(board, rows, config).tolist(),
        simulation.profits(),
        closes.price.tolist(),
        closes.point.tolist(),
        closes.probability.tolist(),
        np.where(np.isnan(by_price), closes.moved_value, by_price).tolist(),
    )
    taken = map(_Taken._make, zip(*columns, strict=True))
    return tuple(_bet(number, one, found, simulation.settled) for number, one in enumerate(taken))


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
    """A quote that was bet on, with its close: -1 is no combination, 0 no closing price, NaN nothing known."""

    placed: Placed
    event: BacktestEvent
    quote: KnownQuote
    combination: int
    probability: float
    fair: float
    profit: float | None
    closing_price: int
    closing_point: float
    closing_probability: float
    clv: float


def _bet(number: int, taken: _Taken, found: Opportunities, settled: Settled) -> Bet:
    placed, event, quote = taken[:3]
    probability = _known(taken.probability)
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
        combination=None if taken.combination < 0 else taken.combination,
        probability=probability,
        fair_probability=_known(taken.fair),
        edge=None if probability is None else probability * quote.decimal_odds - 1,
        stake=placed.stake,
        bankroll=placed.bankroll,
        grade=settled.grades[placed.number],
        settled_at=settled.settled_at[placed.number],
        profit=taken.profit,
        closing_price=taken.closing_price or None,
        closing_point=_known(taken.closing_point),
        closing_probability=_known(taken.closing_probability),
        clv=_known(taken.clv),
    )


def _known(value: float) -> float | None:
    return None if isnan(value) else value
