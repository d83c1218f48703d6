"""How a bet ends: the grade of each kind of bet, and what a unit staked on it brings.

Points are per outcome, as the feed gives them: home -3.5 and away +3.5 are two outcomes. A point on a quarter
makes two bets, each with half of the stake, on the numbers a quarter below and above.
"""

from enum import StrEnum
from typing import Literal, assert_never

from analytics.backtesting.values import Side

GRAIN = 0.25
"""What every point is a multiple of."""


class Grade(StrEnum):
    """How a bet ends."""

    WIN = "win"
    HALF_WIN = "half_win"
    PUSH = "push"
    HALF_LOSS = "half_loss"
    LOSS = "loss"
    VOID = "void"


def grade_moneyline(margin: int, *, tie_loses: bool = False) -> Grade:
    """Grade a bet on a team to win.

    Args:
        margin: The backed team's score less its opponent's.
        tie_loses: Whether the market has a draw to bet on; where it has none, a tie gives the stake back.

    >>> grade_moneyline(0), grade_moneyline(0, tie_loses=True)
    (<Grade.PUSH: 'push'>, <Grade.LOSS: 'loss'>)
    """
    if margin == 0:
        return Grade.LOSS if tie_loses else Grade.PUSH
    return Grade.WIN if margin > 0 else Grade.LOSS


def grade_draw(margin: int) -> Grade:
    """Grade a bet on a draw.

    >>> grade_draw(0), grade_draw(-1)
    (<Grade.WIN: 'win'>, <Grade.LOSS: 'loss'>)
    """
    return Grade.WIN if margin == 0 else Grade.LOSS


def grade_spread(margin: int, point: float) -> Grade:
    """Grade a bet on a team with a handicap.

    Args:
        margin: The backed team's score less its opponent's.
        point: The points added to the backed team, as -3.5 for a favourite.

    Raises:
        ValueError: The point is no multiple of a quarter.

    >>> grade_spread(-5, 7.5), grade_spread(3, -3), grade_spread(1, -0.75)
    (<Grade.WIN: 'win'>, <Grade.PUSH: 'push'>, <Grade.HALF_WIN: 'half_win'>)
    """
    return _by_distance(margin + _on_grain(point))


def grade_total(scored: float, point: float, side: Literal[Side.OVER, Side.UNDER]) -> Grade:
    """Grade a bet on whether a number passes a point: the points of a game or of a team.

    Raises:
        ValueError: The point is no multiple of a quarter.

    >>> grade_total(218, 218, Side.OVER), grade_total(3, 2.75, Side.OVER), grade_total(2, 2.5, Side.UNDER)
    (<Grade.PUSH: 'push'>, <Grade.HALF_WIN: 'half_win'>, <Grade.WIN: 'win'>)
    """
    beyond = scored - _on_grain(point)
    return _by_distance(beyond if side is Side.OVER else -beyond)


def grade_prop(number: int, point: float | None, side: Literal[Side.OVER, Side.UNDER, Side.YES, Side.NO]) -> Grade:
    """Grade a bet on what a player does.

    Args:
        number: How often the player did it.
        point: The line of an over or under; a bet on whether the player does it at all has none.
        side: The outcome backed.

    Raises:
        ValueError: The point is no multiple of a quarter, or an over or under has none.

    >>> grade_prop(27, 26.5, Side.OVER), grade_prop(0, None, Side.NO), grade_prop(6, 6, Side.UNDER)
    (<Grade.WIN: 'win'>, <Grade.WIN: 'win'>, <Grade.PUSH: 'push'>)
    """
    if side is Side.YES or side is Side.NO:
        return Grade.WIN if (number > 0) is (side is Side.YES) else Grade.LOSS
    if point is None:
        raise ValueError(f"a bet on {side.name.lower()} needs the point that it is over or under")
    return grade_total(number, point, side)


def profit_per_unit(grade: Grade, decimal: float) -> float:
    """Return what a stake of one unit brings, less the stake.

    Half a win pays on half of the stake and gives the other half back.

    >>> [profit_per_unit(grade, 1.9) for grade in (Grade.WIN, Grade.PUSH, Grade.HALF_LOSS, Grade.LOSS)]
    [0.8999999999999999, 0.0, -0.5, -1.0]
    """
    match grade:
        case Grade.WIN:
            return decimal - 1
        case Grade.HALF_WIN:
            return (decimal - 1) / 2
        case Grade.PUSH | Grade.VOID:
            return 0.0
        case Grade.HALF_LOSS:
            return -0.5
        case Grade.LOSS:
            return -1.0
        case _:
            assert_never(grade)


def _on_grain(point: float) -> float:
    if point % GRAIN != 0:
        raise ValueError(f"{point:g} is no point to grade: points are multiples of {GRAIN}")
    return point


def _by_distance(distance: float) -> Grade:
    """Grade by how far a bet is on its winning side, where 0 is a tie with the line."""
    if abs(distance) > GRAIN:
        return Grade.WIN if distance > 0 else Grade.LOSS
    if distance == 0:
        return Grade.PUSH
    return Grade.HALF_WIN if distance > 0 else Grade.HALF_LOSS
