"""How bets on each sport are settled: the only place where such rules exist.

They are customary house rules; a bookmaker's own may differ, above all in how long bets on a moved game stand.

Bets on soccer are settled after 90 minutes, and the feed has one score of a game, which may hold what came after.
It does not tell the games that went on, and to grade only those that cannot have would leave out the drawn ones.
So a competition is graded whole or not at all: it is a cup, and not graded by that score, where more than one game
in fifteen of a season may go on to extra time or a shoot-out. All others are leagues. In the play-offs of these
(some 30 of 540 games of an MLS season, 5 of 557 of an English Championship, 12 of 204 European qualifiers for a
World Cup) a goal of extra time may grade a bet: a run that ends before them has none of these.

Two more limits are known, for the score is all that is told. A baseball game that rain ends early voids totals and
run lines, and is graded here (some 3 of 1,000 MLB games). Extra time of a knock-out game of rugby union or
handball, whose bets end with 80 or 60 minutes, counts here: a run that ends before the knock-outs has none.

Where a user brings the score of regulation time, bets that end with it are settled by that: on cups, on a priced
draw, and on those games of a league that went on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from functools import cache
from types import MappingProxyType


class Overtime(StrEnum):
    """What a final score says of regulation time."""

    NONE = "none"
    """A game ends with regulation time."""
    COUNTS = "counts"
    """Overtime is part of the game for every market but those that price a draw: they end with regulation."""
    NEVER_COUNTS = "never_counts"
    """Overtime may follow, if only in some games of the sport, and every market ends with regulation time."""


@dataclass(frozen=True, slots=True)
class SettlementRules:
    """The rules of one sport.

    `tie_loses` says that a moneyline has a draw to bet on even where a bookmaker lists none; elsewhere a tie gives
    the stakes on a two-way moneyline back. Bets stand on a game that starts up to `stands_for` later than it was
    to when they were placed, and are void beyond.
    """

    tie_loses: bool = False
    overtime: Overtime = Overtime.COUNTS
    stands_for: timedelta = timedelta(hours=24)

    def ends_with_regulation(self, *, prices_draw: bool) -> bool:
        """Tell whether a market's bets are settled by a score that may differ from the final one."""
        return self.overtime is Overtime.NEVER_COUNTS or (self.overtime is Overtime.COUNTS and prices_draw)

    @property
    def final_is_regulation(self) -> bool:
        """Tell whether a final score is that of regulation time, where no other is known."""
        return self.overtime is Overtime.NONE

    def moved_too_far(self, later: timedelta) -> bool:
        """Tell whether a start moved that much later after the bet makes it void."""
        return later > self.stands_for


FALLBACK = SettlementRules()
"""What holds for a sport that is not in the table."""

_LEAGUE_SOCCER = SettlementRules(tie_loses=True, overtime=Overtime.NONE, stands_for=timedelta(hours=48))
_CUP_SOCCER = replace(_LEAGUE_SOCCER, overtime=Overtime.NEVER_COUNTS)
_LEAGUES_NAMED_LIKE_CUPS = (
    "soccer_fifa_world_cup_qualifiers_europe",
    "soccer_fifa_world_cup_qualifiers_south_america",
)
_CUPS = (
    "soccer_africa_cup_of_nations",
    "soccer_concacaf_champions_cup",
    "soccer_concacaf_gold_cup",
    "soccer_concacaf_leagues_cup",
    "soccer_conmebol_copa_america",
    "soccer_conmebol_copa_libertadores",
    "soccer_conmebol_copa_sudamericana",
    "soccer_england_efl_cup",
    "soccer_fa_cup",
    "soccer_fifa_club_world_cup",
    "soccer_fifa_world_cup",
    "soccer_france_coupe_de_france",
    "soccer_germany_dfb_pokal",
    "soccer_italy_coppa_italia",
    "soccer_spain_copa_del_rey",
    "soccer_uefa_champs_league",
    "soccer_uefa_europa_conference_league",
    "soccer_uefa_europa_league",
    "soccer_uefa_european_championship",
    "soccer_uefa_nations_league",
    "soccer_uefa_super_cup",
)

RULES: Mapping[str, SettlementRules] = MappingProxyType(
    {
        "americanfootball": SettlementRules(stands_for=timedelta(hours=72)),
        "aussierules": SettlementRules(overtime=Overtime.NONE),
        "basketball": SettlementRules(stands_for=timedelta(hours=48)),
        "handball": SettlementRules(tie_loses=True, overtime=Overtime.NONE, stands_for=timedelta(hours=48)),
        "icehockey": SettlementRules(stands_for=timedelta(hours=48)),
        "rugbyleague": SettlementRules(),
        "rugbyunion": SettlementRules(overtime=Overtime.NONE),
        "soccer": _LEAGUE_SOCCER,
        **dict.fromkeys(_CUPS, _CUP_SOCCER),
        **dict.fromkeys(_LEAGUES_NAMED_LIKE_CUPS, _LEAGUE_SOCCER),
    }
)
"""The rules by sport key, or by what a key begins with."""


@cache
def rules_of(sport_key: str) -> SettlementRules:
    """Return the rules of a sport: those of the longest known key that begins its key.

    >>> rules_of("soccer_epl").tie_loses, rules_of("basketball_nba").tie_loses
    (True, False)
    >>> rules_of("soccer_fa_cup").overtime, rules_of("curling").stands_for == timedelta(hours=24)
    (<Overtime.NEVER_COUNTS: 'never_counts'>, True)
    """
    parts = sport_key.split("_")
    prefixes = ("_".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((RULES[prefix] for prefix in prefixes if prefix in RULES), FALLBACK)
