"""The bookmakers and the market keys that the feed knows, by region and by endpoint."""

import re
from collections.abc import Iterable

_US = "betonlineag betmgm betrivers betus bovada draftkings fanatics fanduel lowvig mybookieag williamhill_us"
_US2 = "ballybet betanysports betparx espnbet fliff hardrockbet hardrockbet_az hardrockbet_fl hardrockbet_oh rebet"
_US_DFS = "betr_us_dfs pick6 prizepicks underdog"
_US_EX = "betopenly kalshi novig polymarket prophetx"
_UK = (
    "betfair_ex_uk betfair_sb_uk betfred_uk betvictor betway boylesports casumo coral grosvenor ladbrokes_uk "
    "leovegas livescorebet matchbook paddypower skybet smarkets sport888 unibet_uk virginbet williamhill"
)
_EU = (
    "betanysports betclic_fr betfair_ex_eu betonlineag betsson betvictor codere_it coolbet everygame gtbets "
    "leovegas_se marathonbet matchbook mybookieag nordicbet onexbet parionssport_fr pinnacle pmu_fr sport888 "
    "suprabets tipico_de unibet_fr unibet_it unibet_nl unibet_se williamhill winamax_de winamax_fr"
)
_FR = "betclic_fr netbet_fr pmu_fr unibet_fr winamax_fr"
_SE = (
    "atg_se betinia_se betmgm_se betsson campobet_se expekt_se hajper_se leovegas_se mrgreen_se nordicbet "
    "sport888_se svenskaspel_se unibet_se"
)
_AU = (
    "bet365_au betfair_ex_au betr_au betright dabble_au ladbrokes_au neds playup pointsbetau sportsbet tab "
    "tabtouch unibet"
)

REGIONS: dict[str, frozenset[str]] = {
    region: frozenset(keys.split())
    for region, keys in {
        "us": _US,
        "us2": _US2,
        "us_dfs": _US_DFS,
        "us_ex": _US_EX,
        "uk": _UK,
        "eu": _EU,
        "fr": _FR,
        "se": _SE,
        "au": _AU,
    }.items()
}
BOOKMAKERS: frozenset[str] = frozenset().union(*REGIONS.values())
FEATURED_MARKETS = frozenset({"h2h", "spreads", "totals", "outrights"})

_GAME = r"(h2h|h2h_3_way|spreads|alternate_spreads|totals|alternate_totals|team_totals|alternate_team_totals)"
_MARKET = re.compile(
    rf"{_GAME}(_(q[1-4]|h[12]|p[123]|1st_[1357]_innings))?"
    r"|outrights|btts|draw_no_bet|double_chance"
    r"|alternate_(spreads|totals)_(corners|cards)"
    r"|(player|batter|pitcher)_[a-z0-9_]+"
)


def is_market(market_key: str) -> bool:
    """Tell whether the feed has such a market anywhere.

    >>> is_market("spreads_h1"), is_market("player_points"), is_market("moneyline")
    (True, True, False)
    """
    return _MARKET.fullmatch(market_key) is not None


def in_regions(bookmaker_key: str, regions: tuple[str, ...]) -> bool:
    """Tell whether a request by region brings the bookmaker; one of no known region is always brought.

    >>> in_regions("pinnacle", ("us",)), in_regions("betonlineag", ("us",)), in_regions("retired", ("us",))
    (False, True, True)
    """
    return bookmaker_key not in BOOKMAKERS or any(bookmaker_key in REGIONS[region] for region in regions)


def regions_of(bookmaker_keys: Iterable[str]) -> tuple[str, ...]:
    """Return few regions that together bring all of the bookmakers, `us` where none of them is of a known region.

    >>> regions_of(["draftkings", "fanduel"]), regions_of(["draftkings", "pinnacle"]), regions_of(["circasports"])
    (('us',), ('eu', 'us'), ('us',))
    """
    missing = set(bookmaker_keys) & BOOKMAKERS
    chosen: list[str] = []
    while missing:
        region = max(REGIONS, key=lambda name: len(REGIONS[name] & missing))
        chosen.append(region)
        missing -= REGIONS[region]
    return tuple(sorted(chosen)) or ("us",)
