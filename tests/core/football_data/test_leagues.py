from core.football_data.leagues import LEAGUES
from core.sports import has_scores


def test_every_league_is_one_soccer_competition_of_the_feed() -> None:
    keys = [league.sport_key for league in LEAGUES.values()]
    assert len(set(keys)) == len(keys)
    assert all(key.startswith("soccer_") and has_scores(key) for key in keys)
