"""The grades of many bets at once, as places in `GRADES`; equal to what `grade_bet` says of each."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.backtesting.grading import MARKETS, Market, draw_is_priced, is_prop
from analytics.backtesting.settlement import GRAIN, Grade
from analytics.backtesting.settlement_rules import SettlementRules
from analytics.backtesting.values import IntArray, Side
from analytics.odds_math import FloatArray

BoolArray = NDArray[np.bool_]

GRADES: tuple[Grade, ...] = tuple(Grade)
NOT_GRADED = -1
"""In place of a grade where the result does not tell."""

_WON = np.array([1, 0.5, 0, 0, 0, 0, np.nan])
_LOST = np.array([0, 0, 0, 0.5, 1, 0, np.nan])


@dataclass(frozen=True, eq=False)
class GameResults:
    """The results of the games that bets are on, one row a bet; unknown scores are NaN.

    `later` is how much later each game started than it was to when the bet was placed (`timedelta64`), `number`
    what the player did whom a bet is on, NaN where unknown, `absent` whether that one did not play.
    """

    home: FloatArray
    away: FloatArray
    regulation_home: FloatArray
    regulation_away: FloatArray
    cancelled: BoolArray
    later: NDArray[np.timedelta64]
    number: FloatArray
    absent: BoolArray


def grade_bets(
    market_key: str,
    side: IntArray,
    point: FloatArray,
    results: GameResults,
    rules: SettlementRules,
    *,
    lists_draw: BoolArray,
    team: IntArray,
) -> IntArray:
    """Return the grade of each bet on one market of one sport: its place in `GRADES`, or `NOT_GRADED`.

    Args:
        market_key: As the feed names it.
        side: The outcomes backed, shape (bets,), numbers of `Side`.
        point: Their handicaps or totals, NaN where there is none.
        results: How the games ended.
        rules: Those of the sport.
        lists_draw: Whether the bookmaker has a draw among the market's outcomes.
        team: Whose points a team total counts, a number of `Side`.
    """
    tie_loses = np.where(
        lists_draw | (side == Side.DRAW),
        draw_is_priced(market_key, rules, lists_draw=True),
        draw_is_priced(market_key, rules, lists_draw=False),
    )
    home, away = _settling_scores(results, rules, tie_loses)
    margin = home - away
    market = MARKETS.get(market_key)
    distance = np.full(len(side), np.nan)
    if market is Market.MONEYLINE:
        distance = _moneyline(side, margin, tie_loses)
    elif market is Market.SPREAD:
        distance = _own_margin(side, margin) + _on_grain(point)
    elif market is Market.TOTAL:
        distance = _direction(side, Side.OVER, Side.UNDER) * (home + away - _on_grain(point))
    elif market is Market.TEAM_TOTAL:
        scored = np.select([team == Side.HOME, team == Side.AWAY], [home, away], np.nan)
        distance = _direction(side, Side.OVER, Side.UNDER) * (scored - _on_grain(point))
    elif market is Market.BOTH_SCORE:
        distance = _direction(side, Side.YES, Side.NO) * (np.minimum(home, away) - 0.5)
    elif is_prop(market_key):
        over = _direction(side, Side.OVER, Side.UNDER) * (results.number - _on_grain(point))
        distance = np.where(np.isnan(over), _direction(side, Side.YES, Side.NO) * (results.number - 0.5), over)
    void = results.cancelled | (results.later > np.timedelta64(rules.stands_for))
    void |= results.absent & is_prop(market_key)
    return np.where(void, GRADES.index(Grade.VOID), _by_distance(distance))


def profits_per_unit(grades: IntArray, decimal: ArrayLike) -> FloatArray:
    """Return what a stake of one unit on each bet brings, less the stake; NaN where there is no grade.

    >>> won, lost = GRADES.index(Grade.WIN), GRADES.index(Grade.LOSS)
    >>> profits_per_unit(np.array([won, lost, NOT_GRADED]), [2.5, 2.5, 2.5]).tolist()
    [1.5, -1.0, nan]
    """
    return np.asarray(_WON[grades] * (np.asarray(decimal, dtype=np.float64) - 1) - _LOST[grades])


def _settling_scores(
    results: GameResults, rules: SettlementRules, prices_draw: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """Return the scores that settle, home and away, both NaN where one of them is unknown."""
    regulation = np.where(
        prices_draw,
        rules.ends_with_regulation(prices_draw=True),
        rules.ends_with_regulation(prices_draw=False),
    )
    if rules.final_is_regulation:
        regulation |= ~np.isnan(results.regulation_home + results.regulation_away)
    home = np.where(regulation, results.regulation_home, results.home)
    away = np.where(regulation, results.regulation_away, results.away)
    return home + 0 * away, away + 0 * home


def _moneyline(side: IntArray, margin: FloatArray, tie_loses: BoolArray) -> FloatArray:
    drawn = np.where(margin == 0, 1.0, np.where(np.isnan(margin), np.nan, -1.0))
    own = _own_margin(side, margin)
    return np.where(side == Side.DRAW, drawn, np.where(tie_loses & (own == 0), -1.0, own))


def _own_margin(side: IntArray, margin: FloatArray) -> FloatArray:
    return _direction(side, Side.HOME, Side.AWAY) * margin


def _direction(side: IntArray, plus: Side, minus: Side) -> FloatArray:
    return np.select([side == plus, side == minus], [1.0, -1.0], np.nan)


def _on_grain(point: FloatArray) -> FloatArray:
    return np.where(np.mod(point, GRAIN) == 0, point, np.nan)


def _by_distance(distance: FloatArray) -> IntArray:
    """Grade by how far each bet is on its winning side, where 0 is a tie with the line."""
    places = {grade: GRADES.index(grade) for grade in Grade}
    return np.select(
        [distance > GRAIN, distance > 0, distance == 0, distance < -GRAIN, distance < 0],
        [
            places[Grade.WIN],
            places[Grade.HALF_WIN],
            places[Grade.PUSH],
            places[Grade.LOSS],
            places[Grade.HALF_LOSS],
        ],
        NOT_GRADED,
    )
