"""What is promised of the closes, and when it counts as broken."""

from datetime import timedelta

import pytest

from handlers.simulation.targets import FRESH, missed_targets, share_within

FIVE, TWENTY, FORTY = (timedelta(minutes=minutes) for minutes in (5, 20, 40))


def test_a_game_that_was_never_looked_at_is_within_no_limit() -> None:
    assert share_within([FIVE, TWENTY, None, FIVE], FRESH) == 0.5
    assert share_within([], FRESH) is None


@pytest.mark.parametrize("age", [pytest.param(FORTY, id="too old"), pytest.param(None, id="none at all")])
def test_one_game_without_a_look_in_35_minutes_breaks_a_promise(age: timedelta | None) -> None:
    assert missed_targets([*[FIVE] * 99, age], 0.05) == (
        "1 of 100 games had no look in the 35 min before the start",
    )


@pytest.mark.parametrize(
    ("games", "stale", "is_kept"),
    [
        pytest.param(100, 5, True, id="five of a hundred"),
        pytest.param(100, 6, False, id="six of a hundred"),
        pytest.param(59, 2, True, id="two of 59"),
        pytest.param(59, 3, False, id="three of 59"),
        pytest.param(8, 1, True, id="one of few"),
        pytest.param(8, 2, False, id="two of few"),
        pytest.param(0, 0, True, id="no game"),
    ],
)
def test_five_of_a_hundred_games_may_have_no_look_in_the_last_10_minutes(
    games: int, stale: int, is_kept: bool
) -> None:
    missed = missed_targets([FIVE] * (games - stale) + [TWENTY] * stale, 0.05)
    assert missed == (() if is_kept else (f"{stale} of {games} games had no look in the 10 min before the start",))


def test_a_game_that_began_before_its_last_look_was_due_breaks_no_promise_of_that_look() -> None:
    ages = [*[FIVE] * 29, TWENTY, TWENTY]
    assert missed_targets(ages, 0.05, began_early=1) == ()
    assert missed_targets([*ages, TWENTY], 0.05, began_early=1) == (
        "2 of 31 games had no look in the 10 min before the start",
    )
    assert missed_targets([*[FIVE] * 29, FORTY], 0.05, began_early=1) == (
        "1 of 30 games had no look in the 35 min before the start",
    )


def test_games_of_one_start_stand_or_fall_together() -> None:
    ages = [*[FIVE] * 20, TWENTY, TWENTY, TWENTY]
    assert missed_targets(ages, 0.05, late_starts=1) == ()
    assert missed_targets(ages, 0.05, late_starts=2) == (
        "3 of 23 games had no look in the 10 min before the start",
    )
    assert missed_targets([*ages, TWENTY], 0.05, began_early=1, late_starts=1) == ()


def test_of_forty_games_and_more_five_of_a_hundred_hold_for_those_of_one_start_too() -> None:
    assert missed_targets([*[FIVE] * 36, *[TWENTY] * 3], 0.05, late_starts=1) == ()
    assert missed_targets([*[FIVE] * 37, *[TWENTY] * 3], 0.05, late_starts=1) == (
        "3 of 40 games had no look in the 10 min before the start",
    )


def test_nothing_is_promised_of_closes_where_more_fails_than_five_of_a_hundred() -> None:
    assert missed_targets([FORTY] * 10, 0.06) == ()
