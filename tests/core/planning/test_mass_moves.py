"""Many starts that move in one answer are told as one event."""

from datetime import UTC, datetime, timedelta

import pytest

from core.planning.mass_moves import FEWEST, mass_moves
from core.planning.unwatched import KnownStart

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def first_seen(count: int, start: datetime = NOON + DAY) -> list[KnownStart]:
    return [KnownStart(NOON - DAY, f"e{number}", start) for number in range(count)]


def moved(starts: list[KnownStart], by: timedelta, at: datetime = NOON) -> list[KnownStart]:
    return [KnownStart(at, event_id, start + by) for _, event_id, start in starts if start is not None]


def test_a_glitch_of_the_feed_is_told_with_its_end() -> None:
    before = first_seen(8)
    glitch = moved(before, -HOUR)
    back = moved(glitch[:6], HOUR, at=NOON + 4 * HOUR)
    first, second = mass_moves([*back, *glitch, *before])
    assert (first.seen_at, first.events, first.shift, first.most_alike) == (NOON, 8, -HOUR, 8)
    assert (first.undone, first.undone_at) == (6, NOON + 4 * HOUR)
    assert (second.events, second.undone, second.undone_at) == (6, 0, None)


@pytest.mark.parametrize(
    ("count", "by", "start"),
    [
        pytest.param(FEWEST - 1, HOUR, NOON + DAY, id="few games"),
        pytest.param(FEWEST, timedelta(minutes=1), NOON + DAY, id="by a minute"),
        pytest.param(FEWEST, HOUR, NOON - HOUR, id="after they had started"),
        pytest.param(FEWEST, timedelta(0), NOON + DAY, id="nowhere"),
    ],
)
def test_ordinary_changes_are_no_mass_move(count: int, by: timedelta, start: datetime) -> None:
    before = first_seen(count, start)
    assert mass_moves([*before, *moved(before, by)]) == []


def test_a_cancelled_event_has_not_moved() -> None:
    before = first_seen(FEWEST)
    assert mass_moves([*before, *(KnownStart(NOON, start.event_id, None) for start in before)]) == []
