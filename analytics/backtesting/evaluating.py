"""Ask a strategy what it would take, and hold it to what it was shown."""

from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from types import coroutine

import numpy as np

from analytics.backtesting.answers import check_values, wrong_with
from analytics.backtesting.board import OddsBoard
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.looking_ahead import answer, rounds_of
from analytics.backtesting.values import (
    BacktestEvent,
    BetOpportunity,
    KnownQuote,
    KnownResult,
    Opportunities,
)
from analytics.strategies.base import BettingStrategy, Parameters, VectorisedStrategy
from analytics.strategies.faults import failing_as, lent
from core.errors import StrategyError

_DECISIONS_BETWEEN_PAUSES = 16
"""How often whoever runs a backtest gets to stop it."""


async def evaluate(
    strategy: BettingStrategy[Parameters],
    board: OddsBoard,
    config: BacktestConfig,
    *,
    results: Sequence[KnownResult] = (),
    progress: Callable[[int], None] = lambda done: None,
) -> Opportunities:
    """Return what a strategy would take, in order of its decisions, at the bookmakers where bets are placed.

    Args:
        strategy: The strategy.
        board: What was known at each decision.
        config: The run.
        results: What a strategy may learn from, in order of becoming known: it is told none before that.
        progress: Is told how many decisions have been made.

    Raises:
        StrategyError: It failed, it answered what are no bets on quotes that it was shown or a probability that is
            none, it looks ahead, or it changed the config.
    """
    if isinstance(strategy, VectorisedStrategy):
        found = answer(strategy, rounds_of(board, config.seed), config)
        progress(len(board.events))
    else:
        with lent(config, strategy.name) as shown:
            found = await _one_by_one(strategy, board, shown, results, progress)
        check_values(strategy.name, found, board.event[found.quotes])
    return at_bookmakers(found, board, config)


async def _one_by_one(
    strategy: BettingStrategy[Parameters],
    board: OddsBoard,
    config: BacktestConfig,
    results: Sequence[KnownResult],
    progress: Callable[[int], None],
) -> Opportunities:
    taken: list[BetOpportunity] = []
    to_come = deque(results)
    for event, odds in zip(board.events, board.every_known_odds(), strict=True):
        with failing_as(strategy, strategy.name, f"at {_told(event)}"):
            while to_come and to_come[0].known_at <= event.decided_at:
                strategy.learn(to_come.popleft())
            answered = await strategy.evaluate_opportunity(event, odds, config) if odds.quotes else []
        taken += _checked(strategy, event, answered, odds.quotes)
        progress(event.number + 1)
        if event.number % _DECISIONS_BETWEEN_PAUSES == 0:
            await _pause()
    return Opportunities(
        quotes=np.array([one.quote.number for one in taken], dtype=np.int64),
        probability=np.array([one.probability for one in taken], dtype=np.float64),
        combination=np.array(
            [-1 if one.combination is None else one.combination for one in taken], dtype=np.int64
        ),
        share=np.array([one.share for one in taken], dtype=np.float64),
        rationales=[one.rationale for one in taken],
    )


@coroutine
def _pause() -> Generator[None, None, None]:
    """Let the event loop go round once, whichever it is: a deadline may be over."""
    yield


def _checked(
    strategy: BettingStrategy[Parameters], event: BacktestEvent, answered: object, shown: Sequence[KnownQuote]
) -> Sequence[BetOpportunity]:
    """Return what a strategy answered of a decision, once it is seen to be bets on quotes that it was shown."""
    if not isinstance(answered, list) or not all(isinstance(one, BetOpportunity) for one in answered):
        given = f"a list with {_strangers(answered)}" if isinstance(answered, list) else _kind(answered)
        wanted = "a list of BetOpportunity is expected, [] for no bet"
        raise StrategyError(f"{strategy.name} answered {given} at {_told(event)}: {wanted}")
    for one in answered:
        if one.quote not in shown:
            which = f"{one.quote.bookmaker_key}, {one.quote.outcome_name}"
            msg = f"{strategy.name} answered a quote that was not among those of {_told(event)} ({which}):"
            raise StrategyError(f"{msg} answer one of those it is given, unchanged")
        if (wrong := wrong_with(one)) is not None:
            raise StrategyError(f"{strategy.name} answered at {_told(event)} a bet with {wrong}")
    return answered


def _strangers(answered: Sequence[object]) -> str:
    return ", ".join(sorted({_kind(one) for one in answered if not isinstance(one, BetOpportunity)}))


def _kind(answered: object) -> str:
    return "None" if answered is None else type(answered).__name__


def _told(event: BacktestEvent) -> str:
    return f"{event.away_team} at {event.home_team}, decided {event.decided_at:%Y-%m-%d %H:%M} UTC"


def at_bookmakers(found: Opportunities, board: OddsBoard, config: BacktestConfig) -> Opportunities:
    """Return what is at the bookmakers where bets are placed; a combination only with all of its bets."""
    if not config.bookmakers:
        return found
    allowed = board.at_bookmakers(config.bookmakers)[found.quotes]
    if allowed.all():
        return found
    combined = found.combination >= 0
    for place in np.flatnonzero(combined & ~allowed):
        together = (board.event[found.quotes] == board.event[found.quotes[place]]) & (
            found.combination == found.combination[place]
        )
        allowed[together] = False
    kept = np.flatnonzero(allowed)
    return replace(
        found,
        quotes=found.quotes[kept],
        probability=found.probability[kept],
        combination=found.combination[kept],
        share=found.share[kept],
        rationales=[found.rationale(place) for place in kept.tolist()],
    )
