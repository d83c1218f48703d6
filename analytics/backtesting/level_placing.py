"""Place bets on a bankroll that stays as it began: a stake comes back when a run gives it back, and nothing else.

So sets of parameters differ by what they bet on and not by the order of their luck, and yet within all the limits
of a run.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.backtesting.bankroll import Bankroll, Payment
from analytics.backtesting.board import OddsBoard, as_instant
from analytics.backtesting.config import BacktestConfig, FractionalKelly, Sizing
from analytics.backtesting.placing import Candidate, Sizer, place_all
from analytics.backtesting.sizing import sizer_for
from analytics.backtesting.values import InstantArray, IntArray, Opportunities
from analytics.odds_math import FloatArray


class LevelBets(NamedTuple):
    """What is placed: places among the opportunities in order of placing, and the stake of each.

    `is_cut` tells where a limit, or the money in hand, allowed less than the sizing says.
    """

    places: IntArray
    stakes: FloatArray
    is_cut: NDArray[np.bool_]


def place_level(
    found: Opportunities,
    board: OddsBoard,
    freed_at: InstantArray,
    config: BacktestConfig,
    *,
    sizing: Sizing,
    strategy: str,
) -> LevelBets:
    """Return what is placed of opportunities: what `place_all` places, in less time where no limit binds.

    Args:
        found: What a strategy would take, in order of its decisions.
        board: The quotes.
        freed_at: When the stake of a bet on each row of the board comes back.
        config: The bankroll and the limits.
        sizing: The rule.
        strategy: The strategy's name, for errors.

    Raises:
        ConfigurationError: The rule cannot size these bets.
    """
    sizer = sizer_for(sizing, found, board.decimal_odds[found.quotes], strategy)
    each_alone = not (isinstance(sizing, FractionalKelly) and sizing.simultaneous)
    if each_alone and config.limits.max_bets_per_event is None and not np.any(found.combination >= 0):
        placed = _all_alone(len(found.quotes), sizer, config)
        if _most_open(placed, found, board, freed_at) <= config.limits.max_open_percent / 100 * config.bankroll:
            return placed
    return _one_by_one(found, board, freed_at, sizer, config)


def _all_alone(count: int, sizer: Sizer, config: BacktestConfig) -> LevelBets:
    """Return bets of which none waits for another's money, nor shares its stake."""
    limits, bankroll = config.limits, config.bankroll
    most = min(limits.max_stake or bankroll, limits.max_stake_percent / 100 * bankroll)
    wanted = np.array(sizer.stakes(range(count), bankroll, {}), dtype=np.float64)
    stakes = np.minimum(wanted, most)
    places = np.flatnonzero((stakes > 0) & (stakes >= limits.min_stake))
    return LevelBets(places, stakes[places], stakes[places] < wanted[places])


def _most_open(placed: LevelBets, found: Opportunities, board: OddsBoard, freed_at: InstantArray) -> float:
    """Return the most money that is at stake at a time."""
    rows = found.quotes[placed.places]
    decided, freed = board.decided_at[board.event[rows]], freed_at[rows]
    order = np.argsort(freed, kind="stable")
    returned = np.concatenate([[0.0], np.cumsum(placed.stakes[order])])
    before = np.searchsorted(freed[order], decided, side="right")
    return float((np.cumsum(placed.stakes) - returned[before]).max(initial=0.0))


def _one_by_one(
    found: Opportunities, board: OddsBoard, freed_at: InstantArray, sizer: Sizer, config: BacktestConfig
) -> LevelBets:
    events = [board.events[number] for number in board.event[found.quotes].tolist()]
    candidates = [
        Candidate(
            number,
            event.event_id,
            event.decided_at,
            None if combined < 0 else combined,
            share,
            (Payment(as_instant(at), 1.0),),
        )
        for number, (event, combined, share, at) in enumerate(
            zip(events, found.combination.tolist(), found.share.tolist(), freed_at[found.quotes], strict=True)
        )
    ]
    placed = place_all(candidates, sizer, config.limits, Bankroll(config.bankroll)).placed
    return LevelBets(
        np.array([one.number for one in placed], dtype=np.int64),
        np.array([one.stake for one in placed], dtype=np.float64),
        np.array([one.is_cut for one in placed], dtype=np.bool_),
    )
