"""The bankroll by day: money in hand and at stake at the end of each, days on which nothing moved included."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from analytics.backtesting.bankroll import Movement
from analytics.backtesting.metrics import drawdowns
from analytics.backtesting.result import Bet, EquityDay

_DAY = timedelta(days=1)
_DIGITS = 9


def equity_by_day(
    bankroll: float, first: datetime, last: datetime, movements: Sequence[Movement], bets: Sequence[Bet]
) -> tuple[EquityDay, ...]:
    """Return the end of each day (UTC), from that of the first decision to that of the last decision or movement.

    Args:
        bankroll: The money at the beginning.
        first: The first decision of the run, whether it placed a bet or not.
        last: The last one, likewise.
        movements: How the money moved, in order of time.
        bets: The bets, whose settling the days count.
    """
    ends: dict[date, Movement] = {_day(movement.at): movement for movement in movements}
    profits: defaultdict[date, float] = defaultdict(float)
    counts: defaultdict[date, int] = defaultdict(int)
    for bet in bets:
        if bet.settled_at is not None and bet.profit is not None:
            profits[_day(bet.settled_at)] += bet.profit
            counts[_day(bet.settled_at)] += 1
    days = _days(_day(first), max([_day(last), *ends]))
    stands: list[tuple[float, float]] = []
    in_hand, at_stake = bankroll, 0.0
    for day in days:
        if day in ends:
            in_hand, at_stake = ends[day].in_hand, ends[day].open_stakes
        stands.append((in_hand + at_stake, round(at_stake, _DIGITS) + 0.0))
    falls = drawdowns([bankroll, *(total for total, _ in stands)])[1:].tolist()
    return tuple(
        EquityDay(
            day=day, bankroll=total, open_stakes=at_stake, profit=profits[day], bets=counts[day], drawdown=fall
        )
        for day, (total, at_stake), fall in zip(days, stands, falls, strict=True)
    )


def _day(instant: datetime) -> date:
    return instant.astimezone(UTC).date()


def _days(first: date, last: date) -> list[date]:
    return [first + number * _DAY for number in range((last - first).days + 1)]
