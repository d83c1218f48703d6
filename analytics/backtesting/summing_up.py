"""A run, summed up: its bets, their figures with what is unsure about them, and what the data allowed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from analytics.backtesting.bankroll import Movement
from analytics.backtesting.breakdowns import break_down
from analytics.backtesting.closes import Closes
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.engine import Simulation, make_bets
from analytics.backtesting.equity import equity_by_day
from analytics.backtesting.known import Known
from analytics.backtesting.measuring import Luck, measure
from analytics.backtesting.placing import Placed, Unplaced
from analytics.backtesting.result import BacktestResult, Bet, DataQuality
from analytics.backtesting.values import Opportunities


def sum_up(
    known: Known,
    found: Opportunities,
    simulation: Simulation,
    closes: Closes,
    config: BacktestConfig,
    *,
    strategy: str,
    parameters: dict[str, Any],
    luck: Callable[[], Luck] | None = None,
) -> BacktestResult:
    """Return the result of a run.

    Args:
        known: What it knew.
        found: What the strategy would take.
        simulation: What became of it.
        closes: Those of the placed bets, in order of placing.
        config: What it was asked to do, with nothing left to the strategy.
        strategy: The strategy's name.
        parameters: Its parameters, as JSON holds them.
        luck: Returns what luck explains of the bets, where that is being worked out already.
    """
    bets = make_bets(known.board, found, simulation, closes, config)
    made = known.decisions.made
    return result_of(
        bets,
        simulation.movements,
        with_placing(known.quality, simulation.placed, simulation.unplaced),
        config,
        first=made[0].decided_at if made else config.start,
        last=made[-1].decided_at if made else config.start,
        strategy=strategy,
        parameters=parameters,
        luck=luck,
    )


def _numbered(bets: Iterable[Bet]) -> Iterator[Bet]:
    """Yield bets with the combinations numbered through the run: a strategy numbers those of a decision."""
    numbers: dict[tuple[str, datetime, int], int] = {}
    for bet in bets:
        if bet.combination is None:
            yield bet
            continue
        of_run = numbers.setdefault((bet.event_id, bet.decided_at, bet.combination), len(numbers))
        yield bet.model_copy(update={"combination": of_run})


def with_placing(quality: DataQuality, placed: Iterable[Placed], unplaced: Mapping[Unplaced, int]) -> DataQuality:
    """Return what the data allowed with the bets whose stake was cut, and those not placed, counted by reason."""
    not_placed = {reason.value: count for reason, count in unplaced.items()}
    return quality.model_copy(update={**not_placed, "cut_stakes": sum(one.is_cut for one in placed)})


def result_of(
    bets: tuple[Bet, ...],
    movements: Sequence[Movement],
    quality: DataQuality,
    config: BacktestConfig,
    *,
    first: datetime,
    last: datetime,
    strategy: str,
    parameters: dict[str, Any],
    luck: Callable[[], Luck] | None = None,
) -> BacktestResult:
    """Return the result of a run by its bets, in order of placing.

    Args:
        bets: The bets.
        movements: How they moved the money.
        quality: What the data allowed, but for what the bets tell.
        config: What the run was asked to do.
        first: Its first decision.
        last: Its last decision.
        strategy: The strategy's name.
        parameters: Its parameters, as JSON holds them.
        luck: Returns what luck explains of its bets, where that is being worked out already.
    """
    bets = tuple(_numbered(bets))
    equity = equity_by_day(config.bankroll, first, last, movements, bets)
    counted = {
        "ungraded": sum(bet.grade is None and bet.settled_at is None for bet in bets),
        "untold": sum(bet.grade is None and bet.settled_at is not None for bet in bets),
        "unclosed": sum(bet.clv is None for bet in bets),
        "moved": sum(bet.clv_by == "moved number" for bet in bets),
    }
    with ThreadPoolExecutor(1) as beside:
        breakdowns = beside.submit(break_down, bets, config)
        metrics = measure(bets, equity, config, luck)
    return BacktestResult(
        strategy=strategy,
        parameters=parameters,
        config=config,
        quality=quality.model_copy(update=counted),
        metrics=metrics,
        breakdowns=breakdowns.result(),
        equity=equity,
        bets=bets,
    )
