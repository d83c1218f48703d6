"""Lines of a market: outcomes that exclude each other, so that their prices can be added up."""

from collections.abc import Sequence
from typing import NamedTuple

from core.feed.values import FeedEvent, FeedQuote
from storage.validation.rules import DRAW, OVER_UNDER, YES_NO, MarketRules, Sides

_LineKey = tuple[str | None, float | None, tuple[str, ...]]


class Line(NamedTuple):
    """The quotes of one line, a side each, and the sides that are not quoted.

    A total's line is one point, over and under; a spread's is the home team's point with its opposite for the away
    team; a head-to-head market is one line. Props have lines per description.
    """

    quotes: Sequence[FeedQuote]
    missing: tuple[str, ...]


def sides_of(rules: MarketRules, event: FeedEvent) -> tuple[str, ...]:
    """Return the outcome names that make a line of the market complete; none where they cannot be told."""
    if rules.sides is Sides.OVER_UNDER:
        return OVER_UNDER
    if rules.sides is Sides.YES_NO:
        return YES_NO
    if rules.sides is Sides.UNKNOWN or event.home_team is None or event.away_team is None:
        return ()
    teams = (event.home_team, event.away_team)
    return (*teams, DRAW) if rules.needs_draw else teams


def is_regular(quotes: Sequence[FeedQuote], rules: MarketRules, sides: tuple[str, ...]) -> bool:
    """Tell whether a market is one complete line of two sides, each quoted once: the usual case.

    There is nothing wrong then with its names, its points and its sides.
    """
    if len(quotes) != 2 or len(sides) != 2:  # noqa: PLR2004
        return False
    _, _, name, description, _, point, _ = quotes[0]
    _, _, other_name, other_description, _, other_point, _ = quotes[1]
    first, second = sides
    if not ((name == first and other_name == second) or (name == second and other_name == first)):
        return False
    if description != other_description:
        return False
    if not rules.needs_point:
        return point is None and other_point is None
    if point is None or other_point is None:
        return False
    return point == (-other_point if rules.sides is Sides.TEAMS_WITH_POINTS else other_point)


def lines_of(
    quotes: Sequence[FeedQuote], rules: MarketRules, event: FeedEvent, sides: tuple[str, ...]
) -> list[Line]:
    """Return the lines of one bookmaker's market; outcomes that fit no line are left out."""
    groups: dict[_LineKey, dict[str, FeedQuote]] = {}
    for quote in quotes:
        key = _line_key(quote, rules, event, sides)
        if key is not None:
            groups.setdefault(key, {})[quote.outcome_name] = quote
    return [
        Line([group[name] for name in sorted(group)], tuple(side for side in key[2] if side not in group))
        for key, group in groups.items()
    ]


def _line_key(quote: FeedQuote, rules: MarketRules, event: FeedEvent, sides: tuple[str, ...]) -> _LineKey | None:
    """Return which line a quote belongs to and the sides of that line, or None for an outcome of no line."""
    name, point = quote.outcome_name, quote.point
    if rules.sides is Sides.UNKNOWN:
        sides = next((pair for pair in (OVER_UNDER, YES_NO) if name in pair), ())
    if name not in sides and not (name == DRAW and event.home_team in sides):
        return None
    if rules.refuses_point:
        point = None
    elif rules.needs_point and point is None:
        return None
    elif rules.sides is Sides.TEAMS_WITH_POINTS and point is not None and name == event.away_team:
        point = -point
    return (quote.description, point, sides)
