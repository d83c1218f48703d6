"""Settled bets as arrays, each with the day that it is drawn with when days are drawn again."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date

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


def arrays_of(bets: Sequence[Bet], first: date | None = None) -> BetArrays:
    """Return settled bets as arrays.

    Args:
        bets: The bets.
        first: The day from which days are counted; by default that of the first decision among them.
    """
    begun: dict[str, date] = {}
    for bet in bets:
        day = bet.decided_at.astimezone(UTC).date()
        begun[bet.event_id] = min(begun.get(bet.event_id, day), day)
    origin = first or min(begun.values(), default=date.min)

    def column(name: str) -> FloatArray:
        return np.array([getattr(bet, name) for bet in bets], dtype=np.float64)

    return BetArrays(
        day=np.array([(begun[bet.event_id] - origin).days for bet in bets], dtype=np.int64),
        event=_numbered(bet.event_id for bet in bets),
        combination=np.array([-1 if bet.combination is None else bet.combination for bet in bets], dtype=np.int64),
        stake=np.array([0.0 if bet.grade == Grade.VOID else bet.stake for bet in bets], dtype=np.float64),
        profit=column("profit"),
        decimal_odds=column("decimal_odds"),
        edge=column("edge"),
        clv=column("clv"),
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


def _numbered(keys: Iterable[Hashable]) -> IntArray:
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)
