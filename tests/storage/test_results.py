"""Results: stored once, corrected by new facts, and never taken for what they are not."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.results import ResultsReport

Query = Callable[..., Awaitable[list[tuple[Any, ...]]]]
Named = Callable[..., dict[str, Any]]
Scores = Callable[..., Awaitable[ResultsReport]]

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
TIP_OFF = NOON + timedelta(hours=8)
HOUR = timedelta(hours=1)
RESULT = "SELECT status, home_score, away_score, completed_at FROM core_betting.events"
HISTORY = "SELECT status, home_score, away_score, reason FROM core_betting.event_status_changes ORDER BY id"


@pytest.fixture
def scored(named: Named) -> Callable[..., dict[str, Any]]:
    """Return a maker of rows of a scores answer: a result of 110-100, with changes."""

    def make(
        event_id: str = "e1", home: int | None = 110, away: int | None = 100, **changes: Any
    ) -> dict[str, Any]:
        scores = None
        if home is not None and away is not None:
            scores = [{"name": "Lakers", "score": str(home)}, {"name": "Celtics", "score": str(away)}]
        return {**named(event_id), "completed": True, "scores": scores, "last_update": TIP_OFF, **changes}

    return make


async def test_a_result_makes_a_game_final(
    listing: Any, named: Named, scores_call: Scores, scored: Named, query: Query
) -> None:
    await listing(NOON, named("e1"))
    report = await scores_call(TIP_OFF + 3 * HOUR, scored())
    assert report == ResultsReport(named=1, completed=1, newly_final=1, corrected=0, malformed=0)
    assert await query(RESULT) == [("final", 110, 100, TIP_OFF + 3 * HOUR)]
    assert await query(HISTORY) == [
        ("scheduled", None, None, "listed with a start to come"),
        ("final", 110, 100, "the scores say it is completed"),
    ]


async def test_the_same_result_again_is_no_news(scores_call: Scores, scored: Named, query: Query) -> None:
    await scores_call(TIP_OFF + 3 * HOUR, scored())
    history = await query(HISTORY)
    report = await scores_call(TIP_OFF + 4 * HOUR, scored())
    assert (report.completed, report.newly_final, report.corrected) == (1, 0, 0)
    assert await query(HISTORY) == history
    assert await query(RESULT) == [("final", 110, 100, TIP_OFF + 3 * HOUR)]


async def test_a_corrected_result_is_a_new_fact_beside_the_old_one(
    scores_call: Scores, scored: Named, query: Query
) -> None:
    await scores_call(TIP_OFF + 3 * HOUR, scored())
    report = await scores_call(TIP_OFF + 20 * HOUR, scored(away=101))
    assert (report.newly_final, report.corrected) == (0, 1)
    assert await query(RESULT) == [("final", 110, 101, TIP_OFF + 3 * HOUR)]
    assert (await query(HISTORY))[-2:] == [
        ("final", 110, 100, "the scores say it is completed"),
        ("final", 110, 101, "the result was corrected from 110-100 to 110-101"),
    ]


async def test_the_result_of_a_game_never_seen_before_is_stored_with_the_game(
    scores_call: Scores, scored: Named, query: Query
) -> None:
    report = await scores_call(TIP_OFF + 3 * HOUR, scored("unseen"))
    assert report.newly_final == 1
    assert await query("SELECT id, home_team, status, home_score FROM core_betting.events") == [
        ("unseen", "Lakers", "final", 110)
    ]


async def test_a_live_score_is_no_result(scores_call: Scores, scored: Named, query: Query) -> None:
    report = await scores_call(TIP_OFF + HOUR, scored(completed=False, home=50, away=40))
    assert (report.completed, report.newly_final) == (0, 0)
    assert await query(RESULT) == [("live", 50, 40, None)]


async def test_a_live_score_is_taken_away_when_the_result_is_never_had(
    listing: Any, named: Named, scores_call: Scores, scored: Named, query: Query
) -> None:
    await listing(TIP_OFF + HOUR, named("e1"))
    await scores_call(TIP_OFF + HOUR, scored(completed=False, home=50, away=40))
    for hour in (3, 30, 80):
        await listing(TIP_OFF + hour * HOUR)
    assert await query(RESULT) == [("final", None, None, None)]
    assert (await query(HISTORY))[-1][:3] == ("final", None, None)


async def test_a_result_that_comes_after_all_counts_as_new(
    listing: Any, named: Named, scores_call: Scores, scored: Named, query: Query
) -> None:
    await listing(TIP_OFF + HOUR, named("e1"))
    for hour in (3, 30, 80):
        await listing(TIP_OFF + hour * HOUR)
    report = await scores_call(TIP_OFF + 81 * HOUR, scored())
    assert (report.newly_final, report.corrected) == (1, 0)
    assert await query(RESULT) == [("final", 110, 100, TIP_OFF + 81 * HOUR)]


async def test_a_completed_game_without_scores_is_final_and_gets_them_later(
    scores_call: Scores, scored: Named, query: Query
) -> None:
    await scores_call(TIP_OFF + 3 * HOUR, scored(home=None))
    assert await query(RESULT) == [("final", None, None, TIP_OFF + 3 * HOUR)]
    await scores_call(TIP_OFF + 4 * HOUR, scored())
    assert await query(RESULT) == [("final", 110, 100, TIP_OFF + 3 * HOUR)]


async def test_an_answer_without_scores_erases_no_result(scores_call: Scores, scored: Named, query: Query) -> None:
    await scores_call(TIP_OFF + 3 * HOUR, scored())
    for row in (scored(home=None), scored(completed=False, home=None), scored(completed=False, home=1, away=2)):
        await scores_call(TIP_OFF + 4 * HOUR, row)
    assert await query(RESULT) == [("final", 110, 100, TIP_OFF + 3 * HOUR)]


async def test_a_cancelled_game_that_was_played_after_all_is_final(
    listing: Any, named: Named, scores_call: Scores, scored: Named, query: Query
) -> None:
    await listing(NOON - 30 * HOUR, named("e1"))
    for hour in (29, 15, 5):
        await listing(NOON - hour * HOUR)
    assert (await query(RESULT))[0][0] == "cancelled"
    await scores_call(TIP_OFF + 3 * HOUR, scored())
    assert await query(RESULT) == [("final", 110, 100, TIP_OFF + 3 * HOUR)]


async def test_a_game_that_has_left_the_list_does_not_come_back_by_its_score(
    listing: Any, named: Named, scores_call: Scores, scored: Named, query: Query
) -> None:
    await listing(NOON, named("e1"))
    await listing(TIP_OFF + 3 * HOUR)
    await scores_call(TIP_OFF + 3 * HOUR, scored(completed=False, home=99, away=98))
    assert await query("SELECT absent_looks, absent_since FROM core_betting.events") == [(1, TIP_OFF + 3 * HOUR)]


async def test_a_row_that_cannot_be_read_is_logged_while_the_others_are_stored(
    scores_call: Scores, scored: Named, query: Query
) -> None:
    report = await scores_call(TIP_OFF + 3 * HOUR, scored("e1", completed="perhaps"), scored("e2"))
    assert (report.named, report.newly_final, report.malformed) == (1, 1, 1)
    assert await query("SELECT id FROM core_betting.events") == [("e2",)]
    ((event_id, issue_type, path),) = await query(
        "SELECT event_id, issue_type, path FROM operational.data_quality_logs"
    )
    assert (event_id, issue_type, path) == ("e1", "malformed", "$[*].completed")


async def test_a_start_that_the_scores_rewrite_is_kept_as_history(
    listing: Any, named: Named, scores_call: Scores, scored: Named, query: Query
) -> None:
    """At the start the feed rewrites it to when the game really began; the scheduled one stays."""
    await listing(NOON, named("e1"))
    began = TIP_OFF + timedelta(minutes=9)
    await scores_call(TIP_OFF + 3 * HOUR, scored(commence_time=began))
    assert await query("SELECT commence_time, scheduled_commence_time FROM core_betting.events") == [
        (began, TIP_OFF)
    ]
    assert len(await query("SELECT 1 FROM core_betting.commence_time_changes")) == 2
