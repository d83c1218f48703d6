"""What planning needs to know: open events, the last calls, the credits."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.database import Database
from storage.runs import RunOutcome, begin_run, finish_run
from storage.schedule import CreditBalance, ScoresRead, SportState, read_balance, read_sport_state
from storage.snapshots import Source

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
TIP_OFF = NOON + timedelta(hours=8)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SPORT = "basketball_nba"


@pytest.fixture
def state(database: Database) -> Callable[..., Awaitable[SportState]]:
    """Return what reads the state of a sport."""

    async def read(sport_key: str = SPORT, *, jobs: Sequence[str] = ()) -> SportState:
        async with database.transaction() as connection:
            return await read_sport_state(connection, sport_key, jobs=jobs)

    return read


async def test_an_unknown_sport_has_no_state(state: Any) -> None:
    assert await state() == SportState(SPORT, (), None, None, None, None)


async def test_events_that_are_not_over_are_open_in_the_order_of_their_starts(
    state: Any, listing: Any, named: Any, scores_call: Any, query: Any
) -> None:
    await listing(
        NOON,
        named("later", TIP_OFF + DAY),
        named("live", NOON - HOUR),
        named("put off"),
        named("over", NOON - 2 * HOUR),
        named("gone", TIP_OFF + 9 * DAY),
    )
    listed = (
        named("later", TIP_OFF + DAY),
        named("live", NOON - HOUR),
        named("put off", TIP_OFF + 8 * DAY),
    )
    for hour in (1, 13, 25):
        await listing(NOON + hour * HOUR, *listed)
    over = {**named("over", NOON - 2 * HOUR), "completed": True, "scores": None, "last_update": None}
    await scores_call(NOON + 26 * HOUR, over)
    assert await query("SELECT id, status FROM core_betting.events ORDER BY commence_time") == [
        ("over", "final"),
        ("live", "live"),
        ("later", "scheduled"),
        ("put off", "postponed"),
        ("gone", "cancelled"),
    ]
    assert [event.id for event in (await state()).open_events] == ["live", "later", "put off"]
    assert (await state("icehockey_nhl")).open_events == ()


async def test_the_last_look_is_the_newest_live_answer_of_the_sport(state: Any, store: Any, game: Any) -> None:
    await store(NOON + HOUR, game())
    await store(NOON, game())
    await store(NOON + 2 * HOUR, game(), source=Source.HISTORICAL)
    await store(NOON + 3 * HOUR, game(id="e2", sport_key="icehockey_nhl"), sport_key="icehockey_nhl")
    assert (await state()).planned_look == NOON + HOUR


async def test_the_last_call_for_results_counts_though_it_failed_but_was_not_read(
    state: Any, scores_call: Any
) -> None:
    await scores_call(NOON, days_from=2)
    await scores_call(NOON + HOUR, status=503, error="down")
    known = await state()
    assert known.last_scores_call == NOON + HOUR
    assert known.scores_read == ScoresRead(NOON, 2)
    assert (await state("icehockey_nhl")).last_scores_call is None


@pytest.mark.parametrize(
    ("started", "told"),
    [
        pytest.param(NOON - 2 * DAY, True, id="within the days asked for"),
        pytest.param(NOON - 2 * DAY - HOUR, False, id="before them"),
    ],
)
def test_an_answer_about_results_reaches_back_as_far_as_was_asked(started: datetime, told: bool) -> None:
    assert ScoresRead(NOON, 2).would_have(started) is told


async def test_the_balance_is_the_newest_reading_of_all_sports(
    state: Any, database: Database, scores_call: Any
) -> None:
    async with database.transaction() as connection:
        assert await read_balance(connection) is None
    await scores_call(NOON)
    async with database.transaction() as connection:
        assert await read_balance(connection) == CreditBalance(400, 100, NOON)
    assert (await state("soccer_epl")).balance == CreditBalance(400, 100, NOON)


async def test_a_failed_run_does_not_count_as_the_last(state: Any, database: Database) -> None:
    async with database.transaction() as connection:
        for hours, outcome in ((0, RunOutcome.SKIPPED), (1, RunOutcome.STORED), (2, RunOutcome.FAILED)):
            at = NOON + hours * HOUR
            number = await begin_run(
                connection, job="update-status", sport_key=SPORT, scheduled_at=at, started_at=at, reason="planned"
            )
            assert number is not None
            await finish_run(
                connection,
                number,
                finished_at=at,
                outcome=outcome,
                reason="done",
                next_run=None,
            )
    last_runs = (await state(jobs=["fetch-odds", "update-status"])).last_runs
    assert last_runs == {"fetch-odds": None, "update-status": NOON + HOUR}
