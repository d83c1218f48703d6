import pytest

from core.simulation.catalogue import BOOKMAKERS, FEATURED_MARKETS, REGIONS, in_regions, is_market


def test_the_regions_are_the_feeds() -> None:
    assert set(REGIONS) == {"us", "us2", "us_dfs", "us_ex", "uk", "eu", "fr", "se", "au"}


@pytest.mark.parametrize("key", ["circasports", "caesars", "bet365", "superbook"])
def test_retired_and_imagined_bookmakers_are_unknown(key: str) -> None:
    assert key not in BOOKMAKERS


@pytest.mark.parametrize(
    "key", ["pinnacle", "draftkings", "fanduel", "betmgm", "williamhill_us", "betrivers", "bovada"]
)
def test_the_bookmakers_asked_by_default_are_known(key: str) -> None:
    assert key in BOOKMAKERS


@pytest.mark.parametrize(
    "key",
    [
        "h2h_q1",
        "team_totals_h2",
        "totals_1st_5_innings",
        "btts",
        "alternate_totals_cards",
        "player_points",
        "batter_hits",
    ],
)
def test_markets_of_single_events_are_known_but_not_featured(key: str) -> None:
    assert is_market(key)
    assert key not in FEATURED_MARKETS


@pytest.mark.parametrize("key", ["moneyline", "h2h_q5", "spreads_", "", "totals_2nd_5_innings"])
def test_other_keys_are_no_markets(key: str) -> None:
    assert not is_market(key)


def test_a_bookmaker_of_two_regions_comes_with_either() -> None:
    assert in_regions("betonlineag", ("eu",))
    assert in_regions("betonlineag", ("us",))
    assert not in_regions("pinnacle", ("us", "uk"))
