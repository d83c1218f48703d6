"""From a market as the feed names it and a game's result to the grade of a bet, one at a time."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import NamedTuple

from analytics.backtesting.settlement import (
    GRAIN,
    Grade,
    grade_draw,
    grade_moneyline,
    grade_spread,
    grade_total,
)
from analytics.backtesting.settlement_rules import SettlementRules
from analytics.backtesting.values import Side


class Market(Enum):
    """A kind of market that a game's scores settle."""

    MONEYLINE = auto()
    SPREAD = auto()
    TOTAL = auto()
    TEAM_TOTAL = auto()
    BOTH_SCORE = auto()


MARKETS = {
    "h2h": Market.MONEYLINE,
    "h2h_3_way": Market.MONEYLINE,
    "draw_no_bet": Market.MONEYLINE,
    "spreads": Market.SPREAD,
    "alternate_spreads": Market.SPREAD,
    "totals": Market.TOTAL,
    "alternate_totals": Market.TOTAL,
    "team_totals": Market.TEAM_TOTAL,
    "alternate_team_totals": Market.TEAM_TOTAL,
    "btts": Market.BOTH_SCORE,
}
"""The markets of the feed that a game's scores settle, by their key."""


@dataclass(frozen=True, slots=True)
class GameResult:
    """How a game ended, as far as it is known: the final scores, and those of regulation time.

    `later` is how much later it started than it was to when the bet was placed.
    """

    home: int | None = None
    away: int | None = None
    regulation_home: int | None = None
    regulation_away: int | None = None
    cancelled: bool = False
    later: timedelta = timedelta(0)


class _Score(NamedTuple):
    """The score that settles a bet."""

    home: int
    away: int

    @property
    def margin(self) -> int:
        return self.home - self.away


def grade_bet(
    market_key: str,
    side: Side,
    point: float | None,
    result: GameResult,
    rules: SettlementRules,
    *,
    lists_draw: bool = False,
    team: Side = Side.OTHER,
) -> Grade | None:
    """Grade a bet on a game by its result, or return None where the result does not tell.

    That is so for an unknown score, a market of a period or a whole field, one of a player, whose
    numbers are not collected, a point that is missing or no
    multiple of a quarter, and a bet on regulation time where only the final score is known: grading those that a
    margin or a tie happens to tell would leave out the others by how they ended.

    Args:
        market_key: As the feed names it.
        side: The outcome backed.
        point: Its handicap or total.
        result: How the game ended.
        rules: Those of the sport.
        lists_draw: Whether the bookmaker has a draw among the market's outcomes.
        team: Whose points a team total counts, home or away.

    >>> from analytics.backtesting.settlement_rules import rules_of
    >>> grade_bet("spreads", Side.AWAY, 7.5, GameResult(25, 20), rules_of("americanfootball_nfl"))
    <Grade.WIN: 'win'>
    """
    if result.cancelled or rules.moved_too_far(result.later):
        return Grade.VOID
    tie_loses = draw_is_priced(market_key, rules, lists_draw=lists_draw or side is Side.DRAW)
    score = _settling_score(result, rules, prices_draw=tie_loses)
    market = MARKETS.get(market_key)
    if market is None or score is None:
        return None
    if market is Market.MONEYLINE:
        return _moneyline(side, score.margin, tie_loses=tie_loses)
    if market is Market.BOTH_SCORE:
        return _both_score(side, score)
    return _by_point(market, side, point, score, team)


def draw_is_priced(market_key: str, rules: SettlementRules, *, lists_draw: bool) -> bool:
    """Tell whether a draw is among the outcomes of a moneyline, so that the bets on both teams lose by it.

    >>> from analytics.backtesting.settlement_rules import rules_of
    >>> draw_is_priced("h2h", rules_of("soccer_epl"), lists_draw=False)
    True
    >>> draw_is_priced("draw_no_bet", rules_of("soccer_epl"), lists_draw=False)
    False
    """
    if market_key == "h2h":
        return rules.tie_loses or lists_draw
    return market_key == "h2h_3_way"


def _settling_score(result: GameResult, rules: SettlementRules, *, prices_draw: bool) -> _Score | None:
    home, away = result.home, result.away
    if rules.ends_with_regulation(prices_draw=prices_draw):
        home, away = result.regulation_home, result.regulation_away
    return None if home is None or away is None else _Score(home, away)


def _moneyline(side: Side, margin: int, *, tie_loses: bool) -> Grade | None:
    if side is Side.DRAW:
        return grade_draw(margin)
    own = _own_margin(side, margin)
    return None if own is None else grade_moneyline(own, tie_loses=tie_loses)


def _by_point(market: Market, side: Side, point: float | None, score: _Score, team: Side) -> Grade | None:
    if point is None or point % GRAIN:
        return None
    if market is Market.SPREAD:
        own = _own_margin(side, score.margin)
        return None if own is None else grade_spread(own, point)
    scored = _scored(score, market, team)
    if scored is None or (side is not Side.OVER and side is not Side.UNDER):
        return None
    return grade_total(scored, point, side)


def _own_margin(side: Side, margin: int) -> int | None:
    return {Side.HOME: margin, Side.AWAY: -margin}.get(side)


def _scored(score: _Score, market: Market, team: Side) -> int | None:
    if market is Market.TEAM_TOTAL:
        return {Side.HOME: score.home, Side.AWAY: score.away}.get(team)
    return score.home + score.away


def _both_score(side: Side, score: _Score) -> Grade | None:
    if side is not Side.YES and side is not Side.NO:
        return None
    both = score.home > 0 and score.away > 0
    return Grade.WIN if both is (side is Side.YES) else Grade.LOSS
