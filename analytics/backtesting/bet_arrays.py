"""Settled bets as arrays, each with the day that it is drawn with when days are drawn again."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import NamedTuple

import numpy as np

from analytics.backtesting.result import Bet
from analytics.backtesting.settlement import Grade
from analytics.backtesting.values import IntArray
from analytics.odds_math import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class BetArrays:
    """Settled bets as arrays of one length; NaN is unknown.

    `day` counts from a first day (UTC) to that of the first bet on the event: bets of one event share its result,
    so those of later days are drawn with the first. `event` numbers the events,
    `combination` is that of the bet in its event, -1 for none. `stake` is what was at risk, 0 of a void bet.
    """

    day: IntArray
    event: IntArray
    combination: IntArray
    stake: FloatArray
    profit: FloatArray
    decimal_odds: FloatArray
    edge: FloatArray
    clv: FloatArray

    @property
    def ended_alike(self) -> bool:
        """Return whether none was won or none lost: draws of them have none that ended otherwise."""
        return not (np.any(self.profit > 0) and np.any(self.profit < 0))

    def at(self, places: IntArray) -> "BetArrays":
        """Return some of the bets."""
        return BetArrays(*(getattr(self, column.name)[places] for column in fields(self)))

    def by_day(self, name: str, days: int = 0) -> FloatArray:
        """Return one of the columns, or what is told from them, summed by day."""
        told = {
            "won": self.profit > 0,
            "decided": self.profit != 0,
            "clv": np.nan_to_num(self.clv),
            "beat": self.clv > 0,
            "judged": ~np.isnan(self.clv),
            "gained": np.maximum(self.profit, 0),
            "lost": -np.minimum(self.profit, 0),
            "beyond": np.where(np.isnan(self.edge), 0, self.profit - self.stake * np.nan_to_num(self.edge)),
        }
        of_bets = np.asarray(told[name] if name in told else getattr(self, name), dtype=np.float64)
        return np.bincount(self.day, weights=of_bets, minlength=days).astype(np.float64)


class BetColumns(NamedTuple):
    """Settled bets as columns of one length, with an element for each bet, as `Bet` names and holds them."""

    event_id: Sequence[str]
    decided_at: Sequence[datetime]
    combination: Sequence[int | None]
    grade: Sequence[str | None]
    stake: Sequence[float]
    profit: Sequence[float | None]
    decimal_odds: Sequence[float]
    edge: Sequence[float | None]
    clv: Sequence[float | None]


def arrays_of(bets: Sequence[Bet], first: date | None = None) -> BetArrays:
    """Return settled bets as arrays.

    Args:
        bets: The bets.
        first: The day from which days are counted; by default that of the first decision among them.
    """
    return arrays_by(BetColumns(*([getattr(bet, name) for bet in bets] for name in BetColumns._fields)), first)


def arrays_by(columns: BetColumns, first: date | None = None) -> BetArrays:
    """Return the same of bets that are given by their columns."""
    days = [decided_at.astimezone(UTC).date() for decided_at in columns.decided_at]
    begun: dict[str, date] = {}
    for event_id, day in zip(columns.event_id, days, strict=True):
        begun[event_id] = min(begun.get(event_id, day), day)
    origin = first or min(begun.values(), default=date.min)
    since = {event_id: (day - origin).days for event_id, day in begun.items()}
    numbers = {event_id: number for number, event_id in enumerate(since)}
    is_void = np.array([grade == Grade.VOID for grade in columns.grade], dtype=np.bool_)
    combination = [-1 if number is None else number for number in columns.combination]
    return BetArrays(
        day=np.array([since[event_id] for event_id in columns.event_id], dtype=np.int64),
        event=np.array([numbers[event_id] for event_id in columns.event_id], dtype=np.int64),
        combination=np.array(combination, dtype=np.int64),
        stake=np.where(is_void, 0.0, np.array(columns.stake, dtype=np.float64)),
        profit=np.array(columns.profit, dtype=np.float64),
        decimal_odds=np.array(columns.decimal_odds, dtype=np.float64),
        edge=np.array(columns.edge, dtype=np.float64),
        clv=np.array(columns.clv, dtype=np.float64),
    )


def joined(parts: Sequence[BetArrays]) -> BetArrays:
    """Return bets of the same days and events, numbered alike, as one."""
    nothing = arrays_of([])
    return BetArrays(
        *(
            np.concatenate([getattr(part, column.name) for part in (nothing, *parts)])
            for column in fields(BetArrays)
        )
    )
