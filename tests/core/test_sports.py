"""What differs from sport to sport."""

from datetime import timedelta

import pytest

from core.sports import has_scores, usual_duration


@pytest.mark.parametrize(
    ("sport_key", "minutes"),
    [
        pytest.param("americanfootball_nfl", 190, id="an exact key"),
        pytest.param("americanfootball_nfl_preseason", 190, id="a key that goes on"),
        pytest.param("americanfootball_ncaaf", 200, id="the group of an unknown league"),
        pytest.param("basketball_nba", 150, id="basketball of its own length"),
        pytest.param("baseball_mlb", 180, id="baseball"),
        pytest.param("icehockey_nhl", 160, id="ice hockey"),
        pytest.param("soccer_epl", 120, id="soccer"),
        pytest.param("cricket_test_match", 5 * 24 * 60, id="a game of days"),
        pytest.param("quidditch_world_cup", 180, id="an unknown sport"),
        pytest.param("basketballish_league", 180, id="a key that only looks alike"),
    ],
)
def test_the_longest_known_prefix_decides_the_usual_duration(sport_key: str, minutes: int) -> None:
    assert usual_duration(sport_key) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("sport_key", "covered"),
    [
        pytest.param("americanfootball_nfl", True, id="a league"),
        pytest.param("soccer_usa_mls", True, id="soccer"),
        pytest.param("mma_mixed_martial_arts", False, id="fights"),
        pytest.param("tennis_wta_wimbledon", False, id="tennis"),
        pytest.param("basketball_nba_championship_winner", False, id="futures"),
    ],
)
def test_the_feed_has_scores_of_selected_sports(sport_key: str, covered: bool) -> None:
    assert has_scores(sport_key) is covered
