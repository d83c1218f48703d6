"""Which mishaps kept a game's last look from coming in time: traced from the runs that met them, not guessed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.simulation.mishaps import NEVER_FIRES, Mishap
from handlers import fetch_odds
from handlers.simulation.world import Beat, Invocation

_EARLY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class History:
    """What failed in a world: looks, heartbeats, and triggers of looks that never fired."""

    looks: Sequence[Invocation]
    beats: Sequence[Beat]
    unfired: Sequence[Mishap]


def history_of(invocations: Iterable[Invocation], beats: Iterable[Beat], mishaps: Iterable[Mishap]) -> History:
    """Return what may have kept looks from coming: failed runs, failed heartbeats, triggers that never fired."""
    return History(
        looks=[one for one in invocations if one.trigger.job == fetch_odds.NAME and one.error is not None],
        beats=[beat for beat in beats if beat.error is not None],
        unfired=[mishap for mishap in mishaps if mishap.kind == NEVER_FIRES and mishap.job == fetch_odds.NAME],
    )


def causes(history: History, due: datetime, start: datetime) -> tuple[Mishap, ...]:
    """Return what kept a look that was due at an instant from coming before a start, in order of time.

    Those are the mishaps of every run that was to look and failed, of heartbeats that failed and so mended
    nothing, and the triggers of looks that never fired. A run that failed without a mishap explains nothing: that
    would be a fault of the collector's own.
    """
    since = due - _EARLY
    found = [
        *(mishap for one in history.looks if since <= one.began <= start for mishap in one.mishaps),
        *(mishap for beat in history.beats if since <= beat.at <= start for mishap in beat.mishaps),
        *(mishap for mishap in history.unfired if since <= mishap.at <= start),
    ]
    return tuple(sorted(set(found)))
