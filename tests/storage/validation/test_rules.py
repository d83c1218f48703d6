import pytest

from storage.validation.rules import Sides, rules_of


@pytest.mark.parametrize(
    ("market_key", "sides"),
    [
        pytest.param("h2h", Sides.TEAMS, id="head to head"),
        pytest.param("h2h_lay", Sides.TEAMS, id="its lay market"),
        pytest.param("h2h_3_way_p1", Sides.TEAMS, id="three ways, first period"),
        pytest.param("spreads_h1", Sides.TEAMS_WITH_POINTS, id="a half's spread"),
        pytest.param("alternate_spreads_corners", Sides.TEAMS_WITH_POINTS, id="corners handicap"),
        pytest.param("alternate_team_totals", Sides.OVER_UNDER, id="alternate team totals"),
        pytest.param("totals_1st_5_innings", Sides.OVER_UNDER, id="five innings' total"),
        pytest.param("btts", Sides.YES_NO, id="both teams to score"),
        pytest.param("double_chance", Sides.UNKNOWN, id="double chance overlaps"),
        pytest.param("player_points", Sides.UNKNOWN, id="props"),
        pytest.param("market_of_next_year", Sides.UNKNOWN, id="a market nobody knows yet"),
    ],
)
def test_the_key_tells_which_names_a_market_takes(market_key: str, sides: Sides) -> None:
    assert rules_of(market_key, "basketball_nba").sides is sides


@pytest.mark.parametrize(
    ("market_key", "sport_key", "needed"),
    [
        pytest.param("h2h", "soccer_epl", True, id="soccer"),
        pytest.param("h2h_h1", "soccer_epl", True, id="a half of soccer"),
        pytest.param("h2h", "icehockey_nhl", False, id="hockey with overtime"),
        pytest.param("h2h_3_way", "icehockey_nhl", True, id="hockey in regulation"),
        pytest.param("draw_no_bet", "soccer_epl", False, id="draw no bet"),
        pytest.param("spreads", "soccer_epl", False, id="a handicap"),
    ],
)
def test_the_sport_tells_whether_a_draw_is_a_side(market_key: str, sport_key: str, needed: bool) -> None:
    assert rules_of(market_key, sport_key).needs_draw is needed
