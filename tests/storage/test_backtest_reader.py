"""What a backtest reads of games: every start, status and score with the instant at which it became known."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.backtest_reader import BacktestReader, EventHistoryRow
from storage.database import Database
from storage.ingestion import IngestionReport
from storage.listings import ListingReport
from storage.results import ResultsReport

Game = Callable[..., dict[str, Any]]
Store = Callable[..., Awaitable[IngestionReport]]
Listing = Callable[..., Awaitable[ListingReport]]
ScoresCall = Callable[..., Awaitable[ResultsReport | None]]
Histories = Callable[..., Awaitable[list[EventHistoryRow]]]

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
TIP_OFF = datetime(2026, 1, 10, 20, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def histories(database: Database) -> Histories:
    """Return what reads the games that were ever to start between two instants, by default on the day."""

    async def read(
        first: datetime = NOON, last: datetime = NOON + 24 * HOUR, **options: Any
    ) -> list[EventHistoryRow]:
        async with database.transaction() as connection:
            return await BacktestReader(connection).get_event_histories(first, last, **options)

    return read


async def test_a_game_comes_with_all_that_became_known_of_it(
    store: Store, game: Game, scores_call: ScoresCall, named: Game, histories: Histories
) -> None:
    await store(NOON, game())
    await store(NOON + HOUR, game(commence_time=TIP_OFF + HOUR))
    scores = [{"name": "Lakers", "score": "110"}, {"name": "Celtics", "score": "104"}]
    ended_at = TIP_OFF + 4 * HOUR
    completed = named("e1", TIP_OFF + HOUR, completed=True, scores=scores, last_update=ended_at)
    await scores_call(ended_at, completed)
    (row,) = await histories()
    assert (row.event_id, row.sport_key, row.home_team, row.away_team) == (
        "e1",
        "basketball_nba",
        "Lakers",
        "Celtics",
    )
    assert [*zip(row.starts_seen_at, row.commence_times, strict=True)] == [
        (NOON, TIP_OFF),
        (NOON + HOUR, TIP_OFF + HOUR),
    ]
    known = zip(row.statuses_changed_at, row.statuses, row.home_scores, row.away_scores, strict=True)
    assert [*known] == [(NOON, "scheduled", None, None), (ended_at, "final", 110, 104)]


@pytest.mark.parametrize(
    ("between", "found"),
    [
        pytest.param((TIP_OFF, TIP_OFF), 1, id="the start that it was first given"),
        pytest.param((TIP_OFF + HOUR, TIP_OFF + HOUR), 1, id="the start it was moved to"),
        pytest.param((TIP_OFF + 2 * HOUR, TIP_OFF + 3 * HOUR), 0, id="neither"),
    ],
)
async def test_a_game_is_found_by_any_start_that_it_ever_had(
    store: Store, game: Game, histories: Histories, between: tuple[datetime, datetime], found: int
) -> None:
    await store(NOON, game())
    await store(NOON + HOUR, game(commence_time=TIP_OFF + HOUR))
    assert len(await histories(*between)) == found


async def test_only_games_of_the_sports_asked_for_and_with_teams_are_read(
    store: Store, game: Game, histories: Histories
) -> None:
    await store(NOON, game(), game(id="outright", home_team=None, away_team=None))
    await store(NOON, game(id="e2", sport_key="icehockey_nhl"), sport_key="icehockey_nhl")
    assert [row.event_id for row in await histories()] == ["e1", "e2"]
    assert [row.event_id for row in await histories(sports=["icehockey_nhl"])] == ["e2"]


async def test_changes_of_lines_are_those_of_the_time_before_the_instant_and_what_stood_when_it_began(
    database: Database, store: Store, game: Game
) -> None:
    for hours, price in [(0, -110), (1, -120), (2, None), (3, -130)]:
        await store(NOON + hours * HOUR, game({"fanduel": {"h2h": {"Lakers": price}} if price else {}}))
    async with database.transaction() as connection:
        reader = BacktestReader(connection)
        instants = [NOON + 2 * HOUR, NOON + 3 * HOUR]
        changes = await reader.get_line_changes(["e1", "e1"], instants, 2 * HOUR)
        known = await reader.get_odds_at_times(["e1"], [NOON])
        assert [*zip(changes.number, changes.price, strict=True)] == [
            *((0, price) for price in (-110, -120, None)),
            *((1, price) for price in (-120, None, -130)),
        ]
        assert set(changes.selection_id) == set(known.selection_id)
        assert changes.odds_timestamp[1] == (NOON + HOUR - EPOCH) // timedelta(microseconds=1)
        days_later = await reader.get_line_changes(["e1"], [NOON + 99 * HOUR], HOUR)
        assert days_later.price == [-130]
        before_any = await reader.get_line_changes(["e1"], [NOON - HOUR], HOUR)
        assert before_any.price == []
        assert (await reader.get_line_changes(["e1"], instants[:1], 2 * HOUR, markets=["totals"])).price == []
        assert (await reader.get_line_changes(["e1"], instants, HOUR, sources=["import"])).price == []


async def test_the_odds_of_many_events_are_read_at_once(database: Database, store: Store, game: Game) -> None:
    await store(
        NOON, game({"fanduel": {"h2h": {"Lakers": -110}}}), game({"fanduel": {"h2h": {"Lakers": 140}}}, id="e2")
    )
    async with database.transaction() as connection:
        known = await BacktestReader(connection).get_odds_at_times(["e2", "e1"], [NOON, NOON])
    assert sorted(zip(known.number, known.price, strict=True)) == [(0, 140), (1, -110)]
