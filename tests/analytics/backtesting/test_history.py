"""What was known of an event at an instant, and what became known of its result after a bet."""

from dataclasses import replace
from datetime import timedelta

import pytest

from analytics.backtesting.grading import GameResult
from analytics.backtesting.history import EventHistory, StartKnown, StatusKnown, known_results
from tests.analytics.boards import HOUR, TIP_OFF, decision, history_of

ENDED = TIP_OFF + 3 * HOUR
PLAYED = history_of(decision(), (110, 100))


def results(history: EventHistory) -> list[tuple[timedelta, GameResult]]:
    """Return what became known after a bet an hour before the start, and how long after the start."""
    return [(known.known_at - TIP_OFF, known.result) for known in history.results(TIP_OFF - HOUR, TIP_OFF)]


def with_statuses(*statuses: StatusKnown) -> EventHistory:
    return replace(PLAYED, statuses=(*PLAYED.statuses, *statuses))


def test_a_result_counts_from_when_it_became_known() -> None:
    assert results(PLAYED) == [(3 * HOUR, GameResult(110, 100))]
    assert results(history_of(decision())) == []


def test_a_correction_comes_after_the_first_result() -> None:
    corrected = with_statuses(StatusKnown(ENDED + HOUR, "final", 110, 112))
    assert results(corrected) == [(3 * HOUR, GameResult(110, 100)), (4 * HOUR, GameResult(110, 112))]


def test_a_cancelled_game_has_a_result_and_a_live_one_has_none() -> None:
    live = StatusKnown(TIP_OFF, "live", 20, 18)
    cancelled = StatusKnown(TIP_OFF + 2 * HOUR, "cancelled", None, None)
    history = replace(PLAYED, statuses=(PLAYED.statuses[0], live, cancelled))
    assert results(history) == [(2 * HOUR, GameResult(cancelled=True))]


def test_what_was_known_before_the_bet_is_no_result_of_it() -> None:
    withdrawn = StatusKnown(TIP_OFF - 9 * HOUR, "cancelled", None, None)
    listed_again = StatusKnown(TIP_OFF - 8 * HOUR, "scheduled", None, None)
    history = replace(PLAYED, statuses=(withdrawn, listed_again, *PLAYED.statuses[1:]))
    assert results(history) == [(3 * HOUR, GameResult(110, 100))]


def test_a_move_counts_from_the_start_known_at_the_bet_to_the_one_known_with_the_result() -> None:
    put_off = StartKnown(TIP_OFF - HOUR / 2, TIP_OFF + 2 * HOUR)
    long_after = StartKnown(ENDED + HOUR, TIP_OFF + 50 * HOUR)
    history = replace(PLAYED, starts=(*PLAYED.starts, put_off, long_after))
    assert results(history) == [(3 * HOUR, GameResult(110, 100, later=2 * HOUR))]


def test_a_game_that_starts_earlier_than_known_is_not_moved_later() -> None:
    earlier = StartKnown(TIP_OFF - HOUR / 2, TIP_OFF - HOUR / 4)
    assert results(replace(PLAYED, starts=(*PLAYED.starts, earlier))) == [(3 * HOUR, GameResult(110, 100))]


@pytest.mark.parametrize(
    ("seen", "known"),
    [
        pytest.param(-HOUR / 2, timedelta(0), id="seen before the old start: void from that start on"),
        pytest.param(5 * HOUR, 5 * HOUR, id="seen after the old start: void when it was seen"),
    ],
)
@pytest.mark.parametrize("score", [None, (110, 100)], ids=["never played", "played at last"])
def test_a_game_put_off_beyond_the_rule_is_void_when_the_move_is_known(
    seen: timedelta, known: timedelta, score: tuple[int, int] | None
) -> None:
    history = history_of(decision(), score, ended_after=63 * 24 * HOUR)
    put_off = replace(history, starts=(*history.starts, StartKnown(TIP_OFF + seen, TIP_OFF + 1440 * HOUR)))
    assert results(put_off) == [(known, GameResult(later=1440 * HOUR))]


def test_a_game_put_off_and_brought_back_before_its_start_stands() -> None:
    moves = [StartKnown(TIP_OFF - HOUR / 2, TIP_OFF + 99 * HOUR), StartKnown(TIP_OFF - HOUR / 4, TIP_OFF)]
    assert results(replace(PLAYED, starts=(*PLAYED.starts, *moves))) == [(3 * HOUR, GameResult(110, 100))]


def test_a_bet_that_is_void_stays_so_when_the_game_is_brought_back_later() -> None:
    moves = [StartKnown(TIP_OFF - HOUR / 2, TIP_OFF + 99 * HOUR), StartKnown(TIP_OFF + HOUR, TIP_OFF)]
    put_off = replace(PLAYED, starts=(*PLAYED.starts, *moves))
    assert results(put_off) == [(timedelta(0), GameResult(later=99 * HOUR))]


def test_a_cancellation_that_is_taken_back_is_no_result() -> None:
    cancelled = StatusKnown(TIP_OFF + HOUR, "cancelled", None, None)
    listed_again = StatusKnown(TIP_OFF + 2 * HOUR, "scheduled", None, None)
    history = replace(PLAYED, statuses=(PLAYED.statuses[0], cancelled, listed_again, *PLAYED.statuses[1:]))
    assert results(history) == [(3 * HOUR, GameResult(110, 100))]


def test_a_final_status_without_scores_is_a_result_only_where_no_other_has_them() -> None:
    unscored = StatusKnown(TIP_OFF + 2 * HOUR, "final", None, None)
    known_later = replace(PLAYED, statuses=(PLAYED.statuses[0], unscored, *PLAYED.statuses[1:]))
    assert results(known_later) == [(3 * HOUR, GameResult(110, 100))]
    assert results(replace(PLAYED, statuses=(PLAYED.statuses[0], unscored))) == [(2 * HOUR, GameResult())]


def test_the_status_is_the_one_known_at_the_instant() -> None:
    assert PLAYED.status_at(ENDED) == "final"
    assert PLAYED.status_at(TIP_OFF) == "scheduled"
    assert PLAYED.status_at(TIP_OFF - 900 * HOUR) is None


def test_the_start_that_counts_in_the_end_is_the_newest() -> None:
    moved = replace(PLAYED, starts=(*PLAYED.starts, StartKnown(TIP_OFF, TIP_OFF + HOUR)))
    assert moved.started_at == TIP_OFF + HOUR


def test_results_come_in_the_order_in_which_they_became_known_with_their_corrections() -> None:
    first, second = decision(0), decision(1, TIP_OFF + HOUR)
    corrected = history_of(second, (90, 100), ended_after=HOUR)
    correction = StatusKnown(TIP_OFF + 9 * HOUR, "final", 91, 100)
    corrected = replace(corrected, statuses=(*corrected.statuses, correction))
    found = known_results([history_of(first, (110, 100)), corrected, history_of(decision(2))])
    assert [(result.event_id, result.home_score) for result in found] == [
        ("event1", 90),
        ("event0", 110),
        ("event1", 91),
    ]
