import pytest

from core.feed.markets import asked_market, family, is_lay, is_outright, point_is_identity


@pytest.mark.parametrize(
    ("market_key", "expected"),
    [
        ("h2h", "h2h"),
        ("h2h_lay", "h2h"),
        ("outrights_lay", "outrights"),
        ("spreads_h1", "spreads"),
        ("totals_q4", "totals"),
        ("h2h_3_way_p2", "h2h_3_way"),
        ("totals_1st_5_innings", "totals"),
        ("alternate_spreads_q1", "alternate_spreads"),
        ("player_points_q1", "player_points_q1"),
        ("a_market_of_tomorrow", "a_market_of_tomorrow"),
    ],
)
def test_the_family_is_the_market_without_period_and_lay(market_key: str, expected: str) -> None:
    assert family(market_key) == expected


@pytest.mark.parametrize(
    ("market_key", "expected"),
    [
        pytest.param("h2h", False, id="a winner has no point"),
        pytest.param("spreads", False, id="one line that moves"),
        pytest.param("totals_h2", False, id="one line of a period"),
        pytest.param("team_totals", False, id="one line a team"),
        pytest.param("alternate_totals", True, id="several lines at once"),
        pytest.param("player_points", True, id="a prop may have several lines"),
        pytest.param("a_market_of_tomorrow", True, id="an unknown market loses no line"),
    ],
)
def test_the_point_counts_where_a_market_may_list_several_lines(market_key: str, expected: bool) -> None:
    assert point_is_identity(market_key) is expected


def test_lay_markets_come_along_with_their_own() -> None:
    assert (asked_market("h2h_lay"), asked_market("outrights_lay")) == ("h2h", "outrights")
    assert is_lay("h2h_lay")
    assert not is_lay("h2h")


def test_an_outright_market_is_one_to_lay_too() -> None:
    assert is_outright("outrights")
    assert is_outright("outrights_lay")
    assert not is_outright("h2h")
