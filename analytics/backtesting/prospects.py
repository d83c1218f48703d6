"""Bets that are not sized yet: a run may find them part by part, and place them all in the end."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from analytics.backtesting.bankroll import Bankroll, Payment
from analytics.backtesting.closes import Closes
from analytics.backtesting.config import BacktestConfig, Sizing, Utc
from analytics.backtesting.engine import Simulation, make_bets
from analytics.backtesting.known import Known, brought_of
from analytics.backtesting.placing import Candidate, Placed, place_all
from analytics.backtesting.result import BacktestResult, Bet, DataQuality
from analytics.backtesting.settling import settle
from analytics.backtesting.sizing import sizer_for
from analytics.backtesting.summing_up import result_of, with_placing
from analytics.backtesting.values import KnownResult, Opportunities


class Prospect(BaseModel):
    """A bet of one unit that a strategy would place, its share of a combination, and what a unit would bring."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bet: Bet
    share: float
    payments: tuple[Payment, ...]


class Part(BaseModel):
    """What one part of a run found; `first` and `last` are its decisions at both ends, None where it has none.

    `event_ids` are the events that its decisions are about, those left out too; `brought_ids` those of the decided
    ones that a file of the user's told of. Another part may have them as well.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: Utc | None
    last: Utc | None
    event_ids: frozenset[str]
    brought_ids: frozenset[str]
    quality: DataQuality
    prospects: tuple[Prospect, ...]


def part_of(known: Known, found: Opportunities, closes: Closes, config: BacktestConfig) -> Part:
    """Return what a part of a run found.

    Args:
        known: What it knew.
        found: What the strategy would take.
        closes: Those of all that it would take.
        config: The run.
    """
    settled = settle(known.board, found.quotes, known.histories)
    units = Simulation(tuple(Placed(number, 1.0, 0.0) for number in range(len(found.quotes))), settled, (), {})
    bets = make_bets(known.board, found, units, closes, config)
    made = known.decisions.made
    return Part(
        first=made[0].decided_at if made else None,
        last=made[-1].decided_at if made else None,
        event_ids=known.decisions.event_ids,
        brought_ids=brought_of(known.decisions, known.histories),
        quality=known.quality,
        prospects=tuple(
            Prospect(bet=bet, share=share, payments=payments)
            for bet, share, payments in zip(bets, found.share.tolist(), settled.payments, strict=True)
        ),
    )


def unlearned(results: Sequence[KnownResult], parts: Sequence[Part]) -> list[KnownResult]:
    """Return the results that the parts of a run so far did not tell: those known after their last decision."""
    last = max((part.last for part in parts if part.last is not None), default=None)
    return [result for result in results if last is None or result.known_at > last]


def joined(
    parts: Sequence[Part],
    config: BacktestConfig,
    *,
    sizing: Sizing,
    strategy: str,
    parameters: dict[str, Any],
) -> BacktestResult:
    """Return the result of a run by its parts in order of time: the same as of the run at once.

    Raises:
        ConfigurationError: The rule cannot size these bets.
    """
    prospects = [prospect for part in parts for prospect in part.prospects]
    bankroll = Bankroll(config.bankroll)
    decimal_odds = np.array([prospect.bet.decimal_odds for prospect in prospects], dtype=np.float64)
    sizer = sizer_for(sizing, _opportunities(prospects), decimal_odds, strategy)
    placed, unplaced = place_all(_candidates(prospects), sizer, config.limits, bankroll)
    bankroll.settle_all()
    bets = tuple(_sized(prospects[one.number].bet, one, number) for number, one in enumerate(placed))
    first: datetime = next((part.first for part in parts if part.first is not None), config.start)
    return result_of(
        bets,
        bankroll.movements,
        with_placing(_added(parts), placed, unplaced),
        config,
        first=first,
        last=max((part.last for part in parts if part.last is not None), default=first),
        strategy=strategy,
        parameters=parameters,
    )


def _opportunities(prospects: Sequence[Prospect]) -> Opportunities:
    return Opportunities(
        quotes=np.arange(len(prospects)),
        probability=np.array([prospect.bet.probability for prospect in prospects], dtype=np.float64),
        combination=np.array(
            [-1 if prospect.bet.combination is None else prospect.bet.combination for prospect in prospects],
            dtype=np.int64,
        ),
        share=np.array([prospect.share for prospect in prospects], dtype=np.float64),
    )


def _candidates(prospects: Sequence[Prospect]) -> list[Candidate]:
    return [
        Candidate(
            number,
            prospect.bet.event_id,
            prospect.bet.decided_at,
            prospect.bet.combination,
            prospect.share,
            prospect.payments,
        )
        for number, prospect in enumerate(prospects)
    ]


def _sized(unit: Bet, placed: Placed, number: int) -> Bet:
    profit = None if unit.profit is None else placed.stake * unit.profit
    return unit.model_copy(
        update={"number": number, "stake": placed.stake, "bankroll": placed.bankroll, "profit": profit}
    )


def _added(parts: Sequence[Part]) -> DataQuality:
    """Return the counts of all parts together; an event that is decided in two of them counts once."""
    total: dict[str, int] = {}
    by_source: dict[str, int] = {}
    for part in parts:
        counts = part.quality.model_dump()
        for source, count in counts.pop("by_source").items():
            by_source[source] = by_source.get(source, 0) + count
        for name, count in counts.items():
            total[name] = total.get(name, 0) + count
    events = frozenset[str]().union(*(part.event_ids for part in parts))
    brought = frozenset[str]().union(*(part.brought_ids for part in parts))
    once = {"events": len(events), "brought": len(brought)}
    return DataQuality.model_validate({**total, **once, "by_source": by_source})
