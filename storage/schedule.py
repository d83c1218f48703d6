"""What planning needs to know: the events that are not over, and what was done last."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from core.scope import Scope
from core.triggers.base import BY_HAND
from storage.statements import fetch, run

_OF_CALLS = 9
_OF_BALANCE = 3
"""How many columns of a sport's state tell of calls and runs, and of the balance; those of the events follow."""

_CREDITS = (
    "SELECT remaining, used, recorded_at FROM operational.credit_ledger WHERE remaining IS NOT NULL"
    " ORDER BY recorded_at DESC, id DESC LIMIT 1"
)


class CreditBalance(NamedTuple):
    """The account as the newest answer's headers gave it, at an aware UTC instant."""

    remaining: int
    used: int | None
    recorded_at: datetime


class ScoresRead(NamedTuple):
    """The newest answer about results that could be read: its instant, and how many days it reached back."""

    at: datetime
    days: int

    def would_have(self, commence_time: datetime) -> bool:
        """Tell whether an event of this start, completed by then, would have been in it."""
        return self.at - timedelta(days=self.days) <= commence_time


class OpenEvent(NamedTuple):
    """What planning needs to know of an event that is not over; its start is aware UTC.

    `absent_looks` counts how often in a row the free list has not named it.
    """

    id: str
    sport_title: str
    home_team: str | None
    away_team: str | None
    commence_time: datetime
    absent_looks: int


class LookByHand(NamedTuple):
    """The newest look that a user asked for since the last planned one: its instant, and what it asked for."""

    at: datetime
    scope: Scope


class SportState(NamedTuple):
    """The events of a sport that are not over, and when it was last looked at; instants are aware UTC.

    `planned_look` is the newest look that was not asked for by hand. `last_scores_call` is when results were last
    asked for, whatever came of it. `last_runs` tells of each job that was named when it last began a run that did
    not fail, the present one included.
    """

    sport_key: str
    open_events: tuple[OpenEvent, ...]
    planned_look: datetime | None
    look_by_hand: LookByHand | None
    last_scores_call: datetime | None
    scores_read: ScoresRead | None
    last_runs: Mapping[str, datetime | None] = MappingProxyType({})
    balance: CreditBalance | None = None

    def last_look(self, scope: Scope) -> datetime | None:
        """Return when all that a plan asks for was last looked at: by plan, or by a user who asked for no less.

        A planned look counts whatever it asked for: where the feed refused some of it, asking again is no use.
        """
        by_hand = self.look_by_hand
        looks = [self.planned_look, by_hand.at if by_hand and by_hand.scope.covers(scope) else None]
        return max((at for at in looks if at is not None), default=None)


def scores_endpoint(sport_key: str) -> str:
    """Return the endpoint by which answers about a sport's results are logged."""
    return f"/v4/sports/{sport_key}/scores"


async def read_sport_state(connection: AsyncConnection, sport_key: str, *, jobs: Sequence[str] = ()) -> SportState:
    """Return what is known of a sport's events, those that start before 2200, and of the last calls about it.

    The events are in the order of their starts.

    Args:
        connection: To read by.
        sport_key: The sport.
        jobs: Those whose last runs for the sport are wanted.
    """
    parameters = {
        "sport_key": sport_key,
        "scores_endpoint": scores_endpoint(sport_key),
        "by_hand": BY_HAND,
        "jobs": jobs,
    }
    ((*told,),) = await run(connection, "read_sport_state", parameters)
    planned_look, by_hand_at, *asked_for, last_scores_call, scores_read_at, days, last = told[:_OF_CALLS]
    remaining, *reading = told[_OF_CALLS : _OF_CALLS + _OF_BALANCE]
    columns = [column or () for column in told[_OF_CALLS + _OF_BALANCE :]]
    events = tuple(map(OpenEvent._make, zip(*columns, strict=True)))
    scores_read = None if scores_read_at is None else ScoresRead(scores_read_at, days)
    by_hand = None if by_hand_at is None else LookByHand(by_hand_at, Scope(*map(tuple, asked_for)))
    balance = None if remaining is None else CreditBalance(remaining, *reading)
    last_runs = dict(zip(jobs, last or (), strict=True))
    return SportState(sport_key, events, planned_look, by_hand, last_scores_call, scores_read, last_runs, balance)


async def read_balance(connection: AsyncConnection) -> CreditBalance | None:
    """Return the newest reading of the account's credits; None before the first answer."""
    rows = await fetch(connection, _CREDITS, {})
    return CreditBalance(*rows[0]) if rows else None
