import pytest

from core.errors import ConfigurationError
from core.simulation.leagues import LEAGUES, League, league_of


def test_a_sport_without_a_league_is_refused_with_those_there_are() -> None:
    with pytest.raises(
        ConfigurationError, match="'curling'; there is one for basketball_nba, americanfootball_nfl"
    ):
        league_of("curling")


@pytest.mark.parametrize("league", LEAGUES.values(), ids=lambda league: league.sport_key)
def test_a_leagues_slots_fit_its_clubs(league: League) -> None:
    assert league_of(league.sport_key) is league
    assert all(0 <= slot.least <= slot.most for slot in league.slots)
    rounds = (
        [league.slots] if league.weekly else [[s for s in league.slots if s.weekday == day] for day in range(7)]
    )
    assert all(sum(slot.most for slot in slots) <= len(league.clubs) // 2 + 1 for slots in rounds)
    assert league.open_hours[0] > league.open_hours[1] > 24
