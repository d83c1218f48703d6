"""What `odds status quota` tells, as a value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.feed.credits import odds_cost
from core.planning.credits import allowance
from core.planning.values import Balance, Dropped
from handlers.app import App
from handlers.planning import balance_of, sport_schedule
from storage.credits import DaySpending, read_spending
from storage.schedule import CreditBalance, read_balance, read_sport_state

SPENDING_SHOWN_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class QuotaReport:
    """The account, what it spent, and what the known games will need.

    `reading` is what the newest answer's headers told, None before the first; `balance` what it means for the
    plan. `dropped` is what the credits do not allow until they reset, by sport.
    """

    now: datetime
    reading: CreditBalance | None
    balance: Balance | None
    look_cost: int
    spending: tuple[DaySpending, ...]
    forecast: str
    dropped: Mapping[str, tuple[Dropped, ...]]


async def read_quota(app: App) -> QuotaReport:
    """Return what is left, what was spent in the last two weeks, and what is needed until the reset."""
    now, scope = app.clock.now(), app.settings.collection.scope
    async with app.database.transaction() as connection:
        reading = await read_balance(connection)
        spending = await read_spending(connection, now - SPENDING_SHOWN_FOR)
        schedules = {
            sport_key: sport_schedule(await read_sport_state(connection, sport_key), scope)
            for sport_key in app.settings.collection.sports
        }
    balance = balance_of(reading, app.settings.feed.quota)
    allowed = {
        sport_key: allowance(
            [schedule, *(other for key, other in schedules.items() if key != sport_key)],
            now,
            app.planner_policy,
            balance,
        )
        for sport_key, schedule in schedules.items()
    }
    return QuotaReport(
        now=now,
        reading=reading,
        balance=balance,
        look_cost=odds_cost(scope),
        spending=tuple(spending),
        forecast=next(iter(allowed.values())).note,
        dropped={sport_key: each.dropped for sport_key, each in allowed.items()},
    )
