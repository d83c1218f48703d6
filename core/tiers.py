"""Sampling tiers by time to the start; the only place where their numbers exist."""

from bisect import bisect_left
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

_HOUR = timedelta(hours=1)


class Tier(StrEnum):
    """How near an event's start is; a nearer tier is sampled more often.

    `IN_PLAY` is never sampled on purpose: it marks the snapshots of events that had started when the answer came.
    """

    OPENING = "opening"
    EARLY = "early"
    SHARP = "sharp"
    PREGAME = "pregame"
    CLOSING = "closing"
    IN_PLAY = "in_play"


SAMPLED: tuple[Tier, ...] = (Tier.OPENING, Tier.EARLY, Tier.SHARP, Tier.PREGAME, Tier.CLOSING)
"""The tiers that are sampled, from the farthest to the nearest."""

BOUNDARIES: Mapping[Tier, timedelta] = MappingProxyType(
    {
        Tier.IN_PLAY: timedelta(0),
        Tier.CLOSING: timedelta(hours=3),
        Tier.PREGAME: timedelta(hours=12),
        Tier.SHARP: timedelta(hours=24),
        Tier.EARLY: timedelta(hours=72),
    }
)
"""How long before the start each tier begins, the nearest first; `OPENING` has no beginning."""

_BEGINS_HOURS = tuple(begins / _HOUR for begins in BOUNDARIES.values())
_IN_ORDER = (*BOUNDARIES, Tier.OPENING)

INTERVALS: Mapping[Tier, timedelta] = MappingProxyType(
    {
        Tier.OPENING: timedelta(hours=48),
        Tier.EARLY: timedelta(hours=24),
        Tier.SHARP: timedelta(hours=12),
        Tier.PREGAME: timedelta(hours=3),
        Tier.CLOSING: timedelta(minutes=30),
    }
)
"""How long a look may be ago in each sampled tier."""


def tier_at(hours_until_commence: float) -> Tier:
    """Return the tier that many hours before the start; exactly at a boundary the nearer tier holds.

    >>> tier_at(72.01), tier_at(72), tier_at(3), tier_at(0)
    (<Tier.OPENING: 'opening'>, <Tier.EARLY: 'early'>, <Tier.CLOSING: 'closing'>, <Tier.IN_PLAY: 'in_play'>)
    """
    return _IN_ORDER[bisect_left(_BEGINS_HOURS, hours_until_commence)]


def hours_until(commence_time: datetime, instant: datetime) -> float:
    """Return the hours from an instant to a start, negative after it."""
    return (commence_time - instant) / _HOUR


def tier_of(commence_time: datetime, instant: datetime) -> Tier:
    """Return the tier of an event with this start at an instant."""
    return tier_at(hours_until(commence_time, instant))
