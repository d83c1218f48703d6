"""The season calendar of a simulated league: who plays whom, and when."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from core.simulation.dice import dice
from core.simulation.leagues import TUESDAY, League, Slot

_WEEK = 7


class Fixture(NamedTuple):
    """A scheduled event; `commence_time` is aware, in UTC."""

    home_team: str
    away_team: str
    commence_time: datetime


def fixtures(league: League, seed: int, first: date, days: int) -> list[Fixture]:
    """Return the events of some days, local dates from `first` on, in order of their start.

    A date has the same events whatever range it is asked in; out of season there are none.
    """
    dates = [first + timedelta(days=n) for n in range(days)]
    found = [fixture for day in dates if in_season(league, day) for fixture in _day(league, seed, day)]
    return sorted(found, key=lambda fixture: (fixture.commence_time, fixture.home_team))


def in_season(league: League, day: date) -> bool:
    """Tell whether a league plays at that time of the year."""
    first, last = league.season
    month_day = day.month, day.day
    return first <= month_day <= last if first <= last else not last < month_day < first


def _day(league: League, seed: int, day: date) -> Iterator[Fixture]:
    if not league.weekly:
        yield from _round(league, dice(seed, league.sport_key, day).getrandbits(64), day, days=1)
        return
    tuesday = day - timedelta(days=(day.weekday() - TUESDAY) % _WEEK)
    week = _round(league, dice(seed, league.sport_key, tuesday).getrandbits(64), tuesday, days=_WEEK)
    yield from (fixture for fixture in week if fixture.commence_time.astimezone(league.zone).date() == day)


def _round(league: League, seed: int, first: date, *, days: int) -> Iterator[Fixture]:
    """Pair the clubs at random and deal the pairs to the slots of the days, until they run out."""
    rng = dice(seed)
    clubs = rng.sample(league.clubs, len(league.clubs))
    pairs = iter(list(zip(clubs[::2], clubs[1::2], strict=False)))
    for day in (first + timedelta(days=n) for n in range(days)):
        for slot in league.slots:
            if slot.weekday == day.weekday():
                for _ in range(rng.randint(slot.least, slot.most)):
                    pair = next(pairs, None)
                    if pair is not None:
                        yield Fixture(*pair, _start(league, slot, day))


def _start(league: League, slot: Slot, day: date) -> datetime:
    return datetime.combine(day, time(slot.hour, slot.minute), league.zone).astimezone(UTC)
