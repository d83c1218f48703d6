from datetime import UTC, datetime, timedelta
from time import perf_counter

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ConfigurationError
from core.simulation.leagues import LEAGUES
from core.simulation.market import SimulatedMarket

NBA = "basketball_nba"
START = datetime(2026, 1, 12, 18, tzinfo=UTC)
MINUTES = st.integers(0, 14 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))


def market(seed: int = 7, sport_key: str = NBA) -> SimulatedMarket:
    return SimulatedMarket(seed, sport_key, START, 14)


def everything(source: SimulatedMarket, at: datetime) -> bytes:
    key = source.league.sport_key
    return orjson.dumps(
        [source.sports(at), source.odds(key, at).events, source.events(key, at), source.scores(key, at, 3)]
    )


@given(st.lists(MINUTES, min_size=2, max_size=4), st.sampled_from(sorted(LEAGUES)))
@settings(max_examples=15, deadline=None)
def test_the_same_seed_and_instant_give_the_same_bytes_whatever_was_asked_before(
    looks: list[datetime], sport_key: str
) -> None:
    first = market(sport_key=sport_key)
    seen = [everything(first, at) for at in looks]
    assert [everything(market(sport_key=sport_key), at) for at in looks] == seen


@given(MINUTES, st.sampled_from(sorted(LEAGUES)))
@settings(max_examples=25, deadline=None)
def test_what_has_prices_is_listed_and_what_is_listed_has_a_score_row(at: datetime, sport_key: str) -> None:
    source = market(sport_key=sport_key)
    events = {row["id"]: row for row in source.events(sport_key, at)}
    for row in source.odds(sport_key, at).events:
        assert row.pop("bookmakers")
        assert events[row["id"]] == row
    scores = {row["id"]: row for row in source.scores(sport_key, at, None)}
    assert scores.keys() == events.keys()
    assert not any(row["completed"] for row in scores.values())


@given(MINUTES, st.sampled_from(sorted(LEAGUES)), st.sets(st.sampled_from(sorted(market().bookmaker_keys))))
@settings(max_examples=25, deadline=None)
def test_asked_for_some_bookmakers_it_lists_the_same_events_with_the_same_prices_of_these(
    at: datetime, sport_key: str, keys: set[str]
) -> None:
    source = market(sport_key=sport_key)
    assert source.odds(sport_key, at, keys).events == [
        {**event, "bookmakers": [row for row in event["bookmakers"] if row["key"] in keys]}
        for event in source.odds(sport_key, at).events
    ]


def test_every_event_that_starts_is_final_in_the_end_with_both_scores() -> None:
    source = market()
    seen: dict[str, dict[str, object]] = {}
    for day in range(40):
        for row in source.scores(NBA, START + timedelta(days=day), 3):
            if row["completed"]:
                seen[row["id"]] = row
    started = {one.event_id for one in source.simulated_events if one.life.started is not None}
    assert set(seen) <= started
    in_range = [
        one for one in source.simulated_events if one.life.completed and one.life.completed > START.timestamp()
    ]
    assert {one.event_id for one in in_range} <= seen.keys()
    assert all(len(row["scores"]) == 2 for row in seen.values())  # type: ignore[arg-type]


def test_completed_games_leave_the_scores_after_the_days_asked() -> None:
    source = market()
    at = START + timedelta(days=6)
    counts = [len([row for row in source.scores(NBA, at, days) if row["completed"]]) for days in (1, 2, 3)]
    assert 0 < counts[0] < counts[1] < counts[2]
    assert not [row for row in source.scores(NBA, at, None) if row["completed"]]


def test_upcoming_and_live_rows_have_the_feeds_shape() -> None:
    source = market()
    rows = source.scores(NBA, START + timedelta(hours=7), None)
    upcoming = [row for row in rows if row["scores"] is None]
    live = [row for row in rows if row["scores"] is not None]
    assert upcoming
    assert live
    assert all(row["last_update"] is None for row in upcoming)
    for row in live:
        assert [score["name"] for score in row["scores"]] == [row["home_team"], row["away_team"]]
        assert all(isinstance(score["score"], str) for score in row["scores"])


def test_out_of_season_the_sport_is_inactive() -> None:
    source = SimulatedMarket(7, NBA, datetime(2026, 7, 1, tzinfo=UTC), 30)
    assert source.events(NBA, datetime(2026, 7, 10, tzinfo=UTC)) == []
    assert source.sports(datetime(2026, 7, 10, tzinfo=UTC))[0]["active"] is False


def test_a_sport_that_is_not_simulated_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="curling"):
        market(sport_key="curling")


def test_most_prices_stand_still_between_two_looks() -> None:
    source = market()
    before, after = (prices(source, START + timedelta(days=2, minutes=minutes)) for minutes in (0, 30))
    both = before.keys() & after.keys()
    changed = sum(before[key] != after[key] for key in both) / len(both)
    assert 0 < changed < 0.25


@pytest.mark.slow
def test_a_look_at_twelve_games_is_a_matter_of_milliseconds() -> None:
    source, took = market(), []
    for n in range(30):
        began = perf_counter()
        board = source.odds(NBA, START + timedelta(days=3, minutes=20 * n))
        took.append((perf_counter() - began) / max(1, len(board.events)) * 12)
    assert sorted(took)[15] < 0.03


def prices(source: SimulatedMarket, at: datetime) -> dict[tuple[str, str, str, str], tuple[int, float | None]]:
    return {
        (row["id"], book["key"], listed["key"], outcome["name"]): (outcome["price"], outcome.get("point"))
        for row in source.odds(NBA, at).events
        for book in row["bookmakers"]
        for listed in book["markets"]
        for outcome in listed["outcomes"]
    }
