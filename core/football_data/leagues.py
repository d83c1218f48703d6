"""The leagues of football-data.co.uk, as the column `Div` names them, with the feed's keys of the same."""

from typing import NamedTuple


class League(NamedTuple):
    """A league by the feed's key and name."""

    sport_key: str
    sport_title: str


LEAGUES: dict[str, League] = {
    "B1": League("soccer_belgium_first_div", "Belgium First Div"),
    "D1": League("soccer_germany_bundesliga", "Bundesliga - Germany"),
    "D2": League("soccer_germany_bundesliga2", "Bundesliga 2 - Germany"),
    "E0": League("soccer_epl", "EPL"),
    "E1": League("soccer_efl_champ", "Championship"),
    "E2": League("soccer_england_league1", "League 1"),
    "E3": League("soccer_england_league2", "League 2"),
    "F1": League("soccer_france_ligue_one", "Ligue 1 - France"),
    "F2": League("soccer_france_ligue_two", "Ligue 2 - France"),
    "G1": League("soccer_greece_super_league", "Super League - Greece"),
    "I1": League("soccer_italy_serie_a", "Serie A - Italy"),
    "I2": League("soccer_italy_serie_b", "Serie B - Italy"),
    "N1": League("soccer_netherlands_eredivisie", "Dutch Eredivisie"),
    "P1": League("soccer_portugal_primeira_liga", "Primeira Liga - Portugal"),
    "SC0": League("soccer_spl", "Premiership - Scotland"),
    "SP1": League("soccer_spain_la_liga", "La Liga - Spain"),
    "SP2": League("soccer_spain_segunda_division", "La Liga 2 - Spain"),
    "T1": League("soccer_turkey_super_league", "Turkey Super League"),
}
