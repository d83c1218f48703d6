"""Starts that moved together: a glitch of the feed, or a league that put a whole day off."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.planning.unwatched import KnownStart

FEWEST = 5
SHORTEST = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class MassMove:
    """Many starts that moved in one answer; `seen_at` is aware UTC.

    `shift` is the commonest move and `most_alike` how many events made it. `undone` counts the events whose
    next move put them back, the last of them at `undone_at`.
    """

    seen_at: datetime
    events: int
    shift: timedelta
    most_alike: int
    undone: int
    undone_at: datetime | None


def mass_moves(starts: Iterable[KnownStart]) -> list[MassMove]:
    """Return where the starts of five events or more moved in one answer, the earliest first.

    A move counts where the event had not started, and moved by ten minutes or more.
    """
    histories: dict[str, list[tuple[datetime, datetime]]] = {}
    for start in sorted(starts, key=lambda start: start.seen_at):
        if start.commence_time is not None:
            histories.setdefault(start.event_id, []).append((start.seen_at, start.commence_time))
    together: dict[datetime, list[tuple[timedelta, datetime | None]]] = {}
    for history in histories.values():
        for position in range(1, len(history)):
            (_, before), (seen_at, moved) = history[position - 1 : position + 1]
            if seen_at < before and abs(moved - before) >= SHORTEST:
                following = history[position + 1 : position + 2]
                undone_at = next((at for at, start in following if start == before), None)
                together.setdefault(seen_at, []).append((moved - before, undone_at))
    return [_mass_move(seen_at, moves) for seen_at, moves in sorted(together.items()) if len(moves) >= FEWEST]


def _mass_move(seen_at: datetime, moves: list[tuple[timedelta, datetime | None]]) -> MassMove:
    shift, most_alike = Counter(shift for shift, _ in moves).most_common(1)[0]
    undone = [undone_at for _, undone_at in moves if undone_at is not None]
    return MassMove(seen_at, len(moves), shift, most_alike, len(undone), max(undone, default=None))
