"""From a market as the feed names it and a game's result to the grade of a bet, one at a time."""

from datetime import timedelta
from enum import Enum, auto
from typing import NamedTuple

from analytics.backtesting.settlement import (
    GRAIN,
    Grade,
    grade_draw,
    grade_moneyline,
    grade_prop,
    grade_spread,
    grade_total,
)
from analytics.backtesting.settlement_rules import SettlementRules
from analytics.backtesting.values import Side
from core.feed.markets import family


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
_SIDES = {
    Market.MONEYLINE: (Side.HOME, Side.AWAY, Side.DRAW),
    Market.SPREAD: (Side.HOME, Side.AWAY),
    Market.TOTAL: (Side.OVER, Side.UNDER),
    Market.TEAM_TOTAL: (Side.OVER, Side.UNDER),
    Market.BOTH_SCORE: (Side.YES, Side.NO),
}
_PROPS = ("player_", "batter_", "pitcher_")
_PROP_SIDES = (Side.OVER, Side.UNDER, Side.YES, Side.NO)


class GameResult(NamedTuple):
    """How a game ended, as far as it is known: the final scores, and those of regulation time.

    `later` is how much later it started than it was to when the bet was placed.
    """

    home: int | None = None
    away: int | None = None
    regulation_home: int | None = None
    regulation_away: int | None = None
    cancelled: bool = False
    later: timedelta = timedelta(0)

    @property
    def is_told(self) -> bool:
        """Tell whether more is known than that the game is over: a score, or why there is none."""
        scores = (self.home, self.away, self.regulation_home, self.regulation_away)
        return self.cancelled or any(score is not None for score in scores)


class PlayerNumber(NamedTuple):
    """How often a player did what a market is about; None of one who did not play."""

    number: int | None


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
    player: PlayerNumber | None = None,
) -> Grade | None:
    """Grade a bet on a game by its result, or return None where the result does not tell.

    That is so for an unknown score or number of a player, a market of a period or a whole field, a point that is
    missing or no multiple of a quarter, and a bet on regulation time where only the final score is known: grading
    those that a margin or a tie happens to tell would leave out the others by how they ended.

    Args:
        market_key: As the feed names it.
        side: The outcome backed.
        point: Its handicap or total.
        result: How the game ended.
        rules: Those of the sport.
        lists_draw: Whether the bookmaker has a draw among the market's outcomes.
        team: Whose points a team total counts, home or away.
        player: What the player did whom a bet is on; None where that is unknown.

    >>> from analytics.backtesting.settlement_rules import rules_of
    >>> grade_bet("spreads", Side.AWAY, 7.5, GameResult(25, 20), rules_of("americanfootball_nfl"))
    <Grade.WIN: 'win'>
    """
    if result.cancelled or rules.moved_too_far(result.later):
        return Grade.VOID
    if is_prop(market_key):
        return None if player is None else _prop(side, point, player.number)
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


def is_prop(market_key: str) -> bool:
    """Tell whether a market is of what a player does, by its key.

    >>> is_prop("player_points_alternate"), is_prop("batter_home_runs"), is_prop("team_totals")
    (True, True, False)
    """
    return market_key.startswith(_PROPS)


def draw_is_priced(market_key: str, rules: SettlementRules, *, lists_draw: bool) -> bool:
    """Tell whether a draw is among the outcomes of a moneyline, so that the bets on both teams lose by it.

    Moneylines of a period are as those of the game.

    >>> from analytics.backtesting.settlement_rules import rules_of
    >>> draw_is_priced("h2h", rules_of("soccer_epl"), lists_draw=False)
    True
    >>> draw_is_priced("draw_no_bet", rules_of("soccer_epl"), lists_draw=False)
    False
    """
    kind = family(market_key)
    return kind == "h2h_3_way" or (kind == "h2h" and (rules.tie_loses or lists_draw))


def why_not_graded(market_key: str, side: Side, point: float | None, rules: SettlementRules) -> str:
    """Return why a known result does not grade a bet: what is wrong with the bet, else what is not known.

    >>> from analytics.backtesting.settlement_rules import rules_of
    >>> why_not_graded("player_points", Side.OVER, 24.5, rules_of("basketball_nba"))
    "the player's number is not known"
    """
    wrong = _wrong_with(market_key, side, point)
    if wrong is not None:
        return wrong
    if is_prop(market_key):
        return "the player's number is not known"
    if rules.ends_with_regulation(prices_draw=draw_is_priced(market_key, rules, lists_draw=side is Side.DRAW)):
        return "the score of regulation time is not known"
    if rules.ends_with_regulation(prices_draw=draw_is_priced(market_key, rules, lists_draw=True)):
        return "the score that settles it is not known: that of regulation time where a draw is priced"
    return "the result came without what settles it"


def _wrong_with(market_key: str, side: Side, point: float | None) -> str | None:
    """Return why no result grades a bet, None where one could."""
    market = MARKETS.get(market_key)
    if market is None and not is_prop(market_key):
        return "no final score settles this market"
    if side not in (_PROP_SIDES if market is None else _SIDES[market]):
        return "its outcome is none that this market is settled on"
    by_point = side in (Side.OVER, Side.UNDER) or market is Market.SPREAD
    return "its point cannot be graded" if by_point and (point is None or point % GRAIN) else None


def _prop(side: Side, point: float | None, number: int | None) -> Grade | None:
    if number is None:
        return Grade.VOID
    if side is Side.YES or side is Side.NO:
        return grade_prop(number, None, side)
    if point is None or point % GRAIN or (side is not Side.OVER and side is not Side.UNDER):
        return None
    return grade_prop(number, point, side)


def _settling_score(result: GameResult, rules: SettlementRules, *, prices_draw: bool) -> _Score | None:
    home, away = result.regulation_home, result.regulation_away
    told = rules.final_is_regulation and home is not None and away is not None
    if not (told or rules.ends_with_regulation(prices_draw=prices_draw)):
        home, away = result.home, result.away
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
