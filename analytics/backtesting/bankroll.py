"""Money over time: a stake leaves at the decision and comes back when the result is known.

Bets that overlap cannot spend money not yet won, and no stake exceeds what is in hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from typing import NamedTuple


class Payment(NamedTuple):
    """What a unit staked brings at an instant: the return when the result is known, later its corrections.

    `known` is False of a stake that comes back because no result is known by then.
    """

    at: datetime
    amount: float
    known: bool = True


class Movement(NamedTuple):
    """Money moved at an instant (aware UTC): what is in hand and at stake after it."""

    at: datetime
    in_hand: float
    open_stakes: float


class _Due(NamedTuple):
    at: datetime
    number: int
    amount: float
    freed: float
    known: bool


@dataclass(slots=True)
class Bankroll:
    """Money in hand and at stake; what is still to come is known to it and to nobody else."""

    in_hand: float
    open_stakes: float = 0.0
    movements: list[Movement] = field(default_factory=list)
    _due: list[_Due] = field(default_factory=list)
    _payment_count: int = 0
    _open_count: int = 0

    @property
    def total(self) -> float:
        """Return the money in hand and at stake: an open bet counts at its stake."""
        return self.in_hand + self.open_stakes

    def settle_all(self) -> None:
        """Take in what becomes due until the last result is known: a stake that comes back after that is open."""
        known = [due.at for due in self._due if due.known]
        if known:
            self.settle_until(max(known))

    def settle_until(self, instant: datetime) -> None:
        """Take in what has become due by an instant."""
        while self._due and self._due[0].at <= instant:
            due = heappop(self._due)
            self.in_hand += due.amount
            self._free(due.freed)
            self.movements.append(Movement(due.at, self.in_hand, self.open_stakes))

    def place(self, at: datetime, stake: float, payments: Sequence[Payment]) -> None:
        """Put money on a bet; its first payment frees the stake.

        Raises:
            ValueError: The stake is not positive, or more than what is in hand.
        """
        if not 0 < stake <= self.in_hand:
            msg = f"a stake is above 0 and at most the {self.in_hand:g} in hand, not {stake:g}"
            raise ValueError(msg)
        self.in_hand -= stake
        self.open_stakes += stake
        self._open_count += 1
        self.movements.append(Movement(at, self.in_hand, self.open_stakes))
        for place, payment in enumerate(payments):
            self._payment_count += 1
            freed = 0.0 if place else stake
            amount = payment.amount * stake
            heappush(self._due, _Due(payment.at, self._payment_count, amount, freed, payment.known))

    def _free(self, stake: float) -> None:
        """Take a stake off those that are open, if it is one; nothing is left of the last, rounding neither."""
        if stake:
            self._open_count -= 1
            self.open_stakes = max(self.open_stakes - stake, 0.0) if self._open_count else 0.0
