from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.simulation.calendar import fixtures, in_season
from core.simulation.leagues import LEAGUES, SUNDAY, League

NBA, NFL, EPL = (LEAGUES[key] for key in ("basketball_nba", "americanfootball_nfl", "soccer_epl"))
DATES = st.dates(date(2025, 8, 1), date(2026, 8, 1))
EASTERN = ZoneInfo("America/New_York")


@given(st.integers(), DATES, st.integers(0, 20), st.integers(0, 20), st.sampled_from([*LEAGUES.values()]))
@settings(max_examples=40)
def test_a_date_has_the_same_fixtures_in_whatever_range_it_is_asked(
    seed: int, first: date, days: int, later: int, league: League
) -> None:
    whole = fixtures(league, seed, first, days + later)
    parts = fixtures(league, seed, first, days) + fixtures(league, seed, first + timedelta(days=days), later)
    assert sorted(whole) == sorted(parts)
    assert [fixture.commence_time for fixture in whole] == sorted(fixture.commence_time for fixture in whole)


@given(st.integers(), DATES)
@settings(max_examples=40)
def test_no_club_plays_twice_in_its_round(seed: int, first: date) -> None:
    tuesday = first + timedelta(days=(1 - first.weekday()) % 7)
    for league, days in ((NBA, 1), (NFL, 7), (EPL, 7)):
        played = [club for fixture in fixtures(league, seed, tuesday, days) for club in fixture[:2]]
        assert max(Counter(played).values(), default=1) == 1


def test_a_sunday_of_the_football_season_has_its_usual_starts() -> None:
    sunday = date(2025, 10, 12)
    starts = Counter(f.commence_time.astimezone(EASTERN).strftime("%H:%M") for f in fixtures(NFL, 7, sunday, 1))
    assert sunday.weekday() == SUNDAY
    assert starts["13:00"] in {8, 9}
    assert (starts["16:05"], starts["16:25"], starts["20:20"]) == (2, 2, 1)


@pytest.mark.parametrize(
    ("sunday", "hour"), [(date(2025, 10, 26), 17), (date(2025, 11, 9), 18)], ids=["summer time", "winter time"]
)
def test_the_same_start_moves_in_utc_when_the_clocks_change(sunday: date, hour: int) -> None:
    assert fixtures(NFL, 7, sunday, 1)[0].commence_time.hour == hour


@pytest.mark.parametrize(
    ("league", "day", "plays"),
    [
        (NBA, date(2025, 10, 20), False),
        (NBA, date(2025, 10, 21), True),
        (NBA, date(2026, 4, 12), True),
        (NBA, date(2026, 4, 13), False),
        (NFL, date(2026, 1, 10), True),
        (EPL, date(2026, 7, 1), False),
    ],
)
def test_a_season_has_its_first_and_last_day(league: League, day: date, plays: bool) -> None:
    assert in_season(league, day) is plays
    if not plays:
        assert fixtures(league, 7, day, 1) == []


def test_another_seed_gives_another_calendar() -> None:
    assert fixtures(NBA, 1, date(2026, 1, 12), 7) != fixtures(NBA, 2, date(2026, 1, 12), 7)
