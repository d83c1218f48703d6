"""What is promised of the closes of a season in which at most five of a hundred operations fail."""

from collections.abc import Sequence
from datetime import timedelta

FRESH = timedelta(minutes=10)
CLOSING = timedelta(minutes=35)
FAULTS_BORNE = 0.05
"""The share of operations that may fail while the promises of the closes hold."""

FRESH_SHARE = 0.95
_MANY = 40
"""Of fewer games than this, one late start can be more than the share that may be late."""

_ROUNDING = 1e-9


def share_within(ages: Sequence[timedelta | None], limit: timedelta) -> float | None:
    """Return which share of games was last looked at so long before the start at most; None without a game.

    Args:
        ages: How long before its start each game was last looked at; None where it never was.
        limit: The longest time that counts.
    """
    if not ages:
        return None
    return sum(age is not None and age <= limit for age in ages) / len(ages)


def missed_targets(
    ages: Sequence[timedelta | None],
    fault_rate: float,
    *,
    began_early: int = 0,
    late_starts: int | None = None,
) -> tuple[str, ...]:
    """Return which promises of the closes were not kept; none is made where more fails than `FAULTS_BORNE`.

    Every game has a look at most 35 minutes before its start, and 95 of 100 have one at most 10 minutes before:
    of fewer than 40 games, those of one start may be without, whom one look serves. Those that began before their
    last look was due, and had none then, do not count for this: nobody could have looked.

    Args:
        ages: How long before its start each game was last looked at; None where it never was.
        fault_rate: The share of operations that fail.
        began_early: How many games began before their last look was to come.
        late_starts: How many starts the others have that were last looked at too early; by default one each.

    >>> missed_targets([timedelta(minutes=5), timedelta(minutes=50)], 0.05)
    ('1 of 2 games had no look in the 35 min before the start',)
    """
    if fault_rate > FAULTS_BORNE:
        return ()
    missed = []
    late, stale, of = _beyond(ages, CLOSING), _beyond(ages, FRESH) - began_early, len(ages) - began_early
    if late:
        missed.append(f"{late} of {len(ages)} games had no look in the 35 min before the start")
    starts = stale if late_starts is None else late_starts
    is_excused = of < _MANY and starts <= 1
    if stale > int(of * (1 - FRESH_SHARE) + _ROUNDING) and not is_excused:
        missed.append(f"{stale} of {of} games had no look in the 10 min before the start")
    return tuple(missed)


def _beyond(ages: Sequence[timedelta | None], limit: timedelta) -> int:
    return sum(age is None or age > limit for age in ages)
