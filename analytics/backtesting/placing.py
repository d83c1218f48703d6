"""Place what a strategy would take: sized by the run's rule, cut by its limits and by the money in hand."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple, Protocol

from analytics.backtesting.bankroll import Bankroll, Payment
from analytics.backtesting.config import Limits

_ROUNDING = 1e-9


class Candidate(NamedTuple):
    """A bet that a strategy would place. Sizing does not see `payments`: what the bankroll gets for it, and when.

    Candidates of one event and instant with the same `combination` are placed together or not at all.
    """

    number: int
    event_id: str
    decided_at: datetime
    combination: int | None
    share: float
    payments: Sequence[Payment]


class Placed(NamedTuple):
    """A bet that was placed: its candidate's number, its stake, and the money in hand and at stake before.

    `is_cut` says that a limit, or the money in hand, allowed less than the sizing says.
    """

    number: int
    stake: float
    bankroll: float
    is_cut: bool = False


class Unplaced(StrEnum):
    """Why a bet that a strategy would place is none, by the name of its count in the data quality."""

    UNWANTED = "unwanted"
    TOO_SMALL = "too_small"
    NO_MONEY = "no_money"
    EVENT_FULL = "event_full"


class Placing(NamedTuple):
    """The bets that were placed, in that order, and how many were not, by reason."""

    placed: tuple[Placed, ...]
    unplaced: Mapping[Unplaced, int]


class Sizer(Protocol):
    """Says what a bet deserves, limits aside."""

    def stakes(self, numbers: Sequence[int], bankroll: float, open_stakes: Mapping[int, float]) -> Sequence[float]:
        """Return the stakes of the candidates with these numbers, decided at one instant; 0 or less is no bet.

        `open_stakes` are those of candidates that were placed before and whose result is not known yet.
        """
        ...

    def combined(self, bankroll: float) -> float:
        """Return the stake of a combination, all its bets together."""
        ...


def place_all(candidates: Iterable[Candidate], sizer: Sizer, limits: Limits, bankroll: Bankroll) -> Placing:
    """Place what can be placed, one instant after the other.

    What is due by an instant is in hand before a stake leaves at it.

    Args:
        candidates: What a strategy would take, in order of its decisions.
        sizer: The run's rule.
        limits: What no stake passes.
        bankroll: The money; it is left with what is still at stake.
    """
    placed: list[Placed] = []
    unplaced: Counter[Unplaced] = Counter()
    ends: dict[int, tuple[datetime, float]] = {}
    bets_on: Counter[str] = Counter()
    for at, decided in groupby(candidates, key=lambda candidate: candidate.decided_at):
        bankroll.settle_until(at)
        together = list(decided)
        ends = {number: end for number, end in ends.items() if end[0] > at}
        open_stakes = {number: stake for number, (_, stake) in ends.items()}
        wanted = _wanted(together, sizer, bankroll.total, open_stakes)
        for unit in _units(together):
            if limits.max_bets_per_event and bets_on[unit[0].event_id] + len(unit) > limits.max_bets_per_event:
                unplaced[Unplaced.EVENT_FULL] += len(unit)
                continue
            total = bankroll.total
            allowed = _allowed(unit, wanted, limits, bankroll)
            if isinstance(allowed, Unplaced):
                unplaced[allowed] += len(unit)
                continue
            for candidate, stake in zip(unit, allowed, strict=True):
                bankroll.place(at, stake, candidate.payments)
                bets_on[candidate.event_id] += 1
                is_cut = stake < (1 - _ROUNDING) * wanted[candidate.number]
                placed.append(Placed(candidate.number, stake, total, is_cut))
                ends[candidate.number] = candidate.payments[0].at, stake
    return Placing(tuple(placed), unplaced)


def _wanted(
    together: Sequence[Candidate], sizer: Sizer, bankroll: float, open_stakes: Mapping[int, float]
) -> dict[int, float]:
    """Return what each candidate deserves, by its number."""
    singles = [candidate.number for candidate in together if candidate.combination is None]
    wanted = dict(zip(singles, sizer.stakes(singles, bankroll, open_stakes), strict=True))
    if len(singles) < len(together):
        combined = sizer.combined(bankroll)
        legs = [candidate for candidate in together if candidate.combination is not None]
        wanted |= {candidate.number: candidate.share * combined for candidate in legs}
    return wanted


def _units(together: Sequence[Candidate]) -> Iterator[Sequence[Candidate]]:
    """Yield what is placed at once: single bets, and whole combinations."""
    combinations: dict[tuple[str, int], list[Candidate]] = {}
    for candidate in together:
        if candidate.combination is not None:
            combinations.setdefault((candidate.event_id, candidate.combination), []).append(candidate)
    for candidate in together:
        if candidate.combination is None:
            yield (candidate,)
        elif whole := combinations.pop((candidate.event_id, candidate.combination), None):
            yield whole


def _allowed(
    unit: Sequence[Candidate], wanted: dict[int, float], limits: Limits, bankroll: Bankroll
) -> Sequence[float] | Unplaced:
    """Return the stakes of bets placed at once, all cut in the same proportion, or why one of them is too low."""
    stakes = [wanted[candidate.number] for candidate in unit]
    if min(stakes) <= 0:
        return Unplaced.UNWANTED
    total = bankroll.total
    most_each = min(limits.max_stake or total, limits.max_stake_percent / 100 * total)
    most_together = min(bankroll.in_hand, limits.max_open_percent / 100 * total - bankroll.open_stakes)
    cut = min(1.0, most_each / max(stakes))
    if cut * min(stakes) < limits.min_stake:
        return Unplaced.TOO_SMALL
    cut = min(cut, most_together / sum(stakes))
    allowed = _out_of(bankroll.in_hand, [stake * cut for stake in stakes])
    return allowed if 0 < min(allowed) >= limits.min_stake else Unplaced.NO_MONEY


def _out_of(in_hand: float, stakes: Sequence[float]) -> Sequence[float]:
    """Return stakes that are taken from the money in hand one after the other, rounded so that it suffices."""
    taken = []
    for stake in stakes:
        taken.append(min(stake, in_hand))
        in_hand -= taken[-1]
    return taken
