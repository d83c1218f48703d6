"""Run the collector without a priced call: say what it would ask, and plan on as if it had."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from core.feed.credits import odds_cost, scores_cost
from core.planner import next_run
from core.planning.results import plan_scores, scores_call
from core.planning.values import Balance, SportSchedule, Wake
from core.triggers.base import Trigger
from handlers import fetch_odds, fetch_scores
from handlers.app import App
from handlers.planning import read_plan_input, sport_schedule, unfinished
from handlers.runs import run_job

_log = structlog.get_logger(__name__)


class DryRun:
    """Stands in for the priced jobs. The free list is read and stored as ever: without it there is no plan.

    What would have been asked is remembered here and nowhere else.
    """

    def __init__(self) -> None:
        """Start with nothing asked."""
        self._looks: dict[str, datetime] = {}
        self._score_calls: dict[str, datetime] = {}
        self._spent = 0

    async def run(self, app: App, trigger: Trigger) -> None:
        """Do what a trigger fires as far as it is free, and arm what comes next."""
        if trigger.job == fetch_odds.NAME:
            await self._fetch_odds(app, trigger.sport_key)
        elif trigger.job == fetch_scores.NAME:
            await self._fetch_scores(app, trigger.sport_key)
        else:
            await run_job(app, trigger)

    async def _fetch_odds(self, app: App, sport_key: str) -> None:
        wake = await self._next_look(app, sport_key)
        if wake.run is not None and wake.at <= app.clock.now():
            cost = odds_cost(app.settings.collection.scope)
            _log.info(
                "dry_run.would_look",
                sport_key=sport_key,
                tier=wake.run.tier.value,
                games=wake.run.upcoming,
                credits=cost,
                reason=wake.reason,
            )
            self._looks[sport_key] = app.clock.now()
            self._spent += cost
            wake = await self._next_look(app, sport_key)
        tier = None if wake.run is None else wake.run.tier.value
        await _arm(app, Trigger(fetch_odds.NAME, sport_key, wake.at, wake.reason, tier))

    async def _next_look(self, app: App, sport_key: str) -> Wake:
        state, balance, others = await read_plan_input(app, sport_key)
        own = self._with_look(sport_key, sport_schedule(state, app.settings.collection.scope))
        return next_run(
            own,
            now=app.clock.now(),
            policy=app.planner_policy,
            balance=self._after_spending(balance),
            others=self._with_looks(app, sport_key, others),
        )

    async def _fetch_scores(self, app: App, sport_key: str) -> None:
        state, balance, _ = await read_plan_input(app, sport_key)
        events, now = unfinished(state.open_events), app.clock.now()
        left = self._after_spending(balance)
        last_call = _newest(state.last_scores_call, self._score_calls.get(sport_key))
        call = scores_call(
            events, sport_key=sport_key, now=now, last_call=last_call, policy=app.planner_policy, balance=left
        )
        if call is not None:
            cost = scores_cost(call.days_from)
            _log.info(
                "dry_run.would_ask_scores",
                sport_key=sport_key,
                games=len(call.event_ids),
                credits=cost,
                reason=call.reason,
            )
            self._score_calls[sport_key] = last_call = now
            self._spent += cost
        wake = plan_scores(
            events,
            sport_key=sport_key,
            now=now,
            last_check=now,
            last_call=last_call,
            policy=app.planner_policy,
            balance=left,
        )
        await _arm(app, Trigger(fetch_scores.NAME, sport_key, wake.at, wake.reason))

    def _with_looks(self, app: App, sport_key: str, others: Sequence[SportSchedule]) -> tuple[SportSchedule, ...]:
        keys = [other for other in app.settings.collection.sports if other != sport_key]
        return tuple(self._with_look(key, schedule) for key, schedule in zip(keys, others, strict=True))

    def _with_look(self, sport_key: str, schedule: SportSchedule) -> SportSchedule:
        return replace(schedule, last_look=_newest(schedule.last_look, self._looks.get(sport_key)))

    def _after_spending(self, balance: Balance | None) -> Balance | None:
        return balance and replace(balance, remaining=max(balance.remaining - self._spent, 0))


async def _arm(app: App, trigger: Trigger) -> None:
    soonest = app.clock.now() + max(app.settings.scheduler.minimum_gap, timedelta(seconds=1))
    await app.triggers.arm(replace(trigger, at=max(trigger.at, soonest)))


def _newest(*instants: datetime | None) -> datetime | None:
    return max((instant for instant in instants if instant is not None), default=None)
