"""What a market's outcomes must look like, by its key: their names, their points, how they pair off."""

from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple

from core.feed.markets import family, is_lay, is_outright, point_is_identity

DRAW = "Draw"
OVER_UNDER = ("Over", "Under")
YES_NO = ("Yes", "No")

_CARDS_AND_CORNERS = ("", "_corners", "_cards")
_HEAD_TO_HEAD = frozenset({"h2h", "h2h_3_way", "draw_no_bet"})
_HANDICAPS = frozenset({"spreads", *(f"alternate_spreads{of}" for of in _CARDS_AND_CORNERS)})
_TOTALS = frozenset(
    {"totals", "team_totals", "alternate_team_totals", *(f"alternate_totals{of}" for of in _CARDS_AND_CORNERS)}
)


class Sides(Enum):
    """Which names a market's outcomes take."""

    TEAMS = auto()
    TEAMS_WITH_POINTS = auto()
    OVER_UNDER = auto()
    YES_NO = auto()
    UNKNOWN = auto()


class MarketRules(NamedTuple):
    """How to judge a market.

    Attributes:
        sides: Which names its outcomes take.
        one_line: A bookmaker lists one line at a time, so the point is free to move.
        needs_point: Each outcome has a point.
        refuses_point: No outcome has a point.
        needs_draw: It is complete only with the draw.
        has_lines: Its outcomes pair off into lines whose prices can be added up.
        lists_every_side: A line without one of its sides is worth an issue.
    """

    sides: Sides
    one_line: bool
    needs_point: bool
    refuses_point: bool
    needs_draw: bool
    has_lines: bool
    lists_every_side: bool


@lru_cache(maxsize=1024)
def rules_of(market_key: str, sport_key: str) -> MarketRules:
    """Return how to judge a market of a sport; of an unknown market little is asked.

    >>> rules_of("h2h", "soccer_epl").needs_draw, rules_of("h2h", "basketball_nba").needs_draw
    (True, False)
    """
    kind = family(market_key)
    sides = _sides_of(kind)
    one_line = not point_is_identity(market_key)
    has_lines = not is_lay(market_key) and not is_outright(market_key)
    return MarketRules(
        sides=sides,
        one_line=one_line,
        needs_point=sides in {Sides.TEAMS_WITH_POINTS, Sides.OVER_UNDER},
        refuses_point=sides in {Sides.TEAMS, Sides.YES_NO},
        needs_draw=kind == "h2h_3_way" or (kind == "h2h" and sport_key.startswith("soccer_")),
        has_lines=has_lines,
        lists_every_side=has_lines and one_line and sides is not Sides.UNKNOWN,
    )


def _sides_of(kind: str) -> Sides:
    if kind in _HEAD_TO_HEAD:
        return Sides.TEAMS
    if kind in _HANDICAPS:
        return Sides.TEAMS_WITH_POINTS
    if kind in _TOTALS:
        return Sides.OVER_UNDER
    return Sides.YES_NO if kind == "btts" else Sides.UNKNOWN
