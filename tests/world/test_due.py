"""The rule of looks, worked out by hand from the README's sentence."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.world.due import next_look

START = datetime(2026, 1, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("last", "due"),
    [
        pytest.param(200, 152, id="every 48 h while the start is more than 72 h away"),
        pytest.param(100, 72, id="at 72 h"),
        pytest.param(72, 48, id="then every 24 h"),
        pytest.param(40, 24, id="at 24 h"),
        pytest.param(24, 12, id="then every 12 h, which is at 12 h"),
        pytest.param(12, 9, id="then every 3 h"),
        pytest.param(5, 3, id="at 3 h"),
        pytest.param(3, 2.5, id="then every 30 min"),
        pytest.param(0.5, 1 / 12, id="and once more 5 min before the start"),
        pytest.param(1 / 12, None, id="after that not again"),
    ],
)
def test_a_look_is_due_as_the_readme_says(last: float, due: float | None) -> None:
    found = next_look(START - last * HOUR, [START])
    assert (found and found.at) == (None if due is None else START - due * HOUR)


def test_one_look_serves_every_game_and_the_first_that_is_due_decides() -> None:
    found = next_look(START - 10 * HOUR, [START, START - 8 * HOUR, START + 20 * HOUR])
    assert found is not None
    assert (found.at, found.start) == (START - 9.5 * HOUR, START - 8 * HOUR)
