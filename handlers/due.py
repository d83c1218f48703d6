"""What is to run next, of every job and sport: by the ledger where a run is overdue, else by the plan."""

import structlog

from core.errors import LinekeeperError
from core.triggers.base import Trigger
from handlers.app import App
from handlers.arming import is_waited_for
from handlers.planning import read_state
from handlers.registry import JOBS, job_named
from storage.pending import overdue_runs, retry_to_come

_log = structlog.get_logger(__name__)


async def due_triggers(app: App) -> list[Trigger]:
    """Return the next run of every job of every sport of the settings, the earliest first.

    A job whose plan breaks in a way that nobody foresaw keeps no other from its own: it is logged and left out.
    """
    triggers = []
    for sport_key in app.settings.collection.sports:
        for job in JOBS:
            try:
                triggers.append(await next_trigger(app, job, sport_key))
            except LinekeeperError:
                raise
            except Exception:
                _log.exception("plan.broke", job=job, sport_key=sport_key)
    return sorted(triggers, key=lambda trigger: (trigger.at, trigger.sport_key, trigger.job))


async def next_trigger(app: App, job: str, sport_key: str) -> Trigger:
    """Return the next run of a job, planned from what is known now.

    Where a run was planned for an instant that has passed, never ran, and is still called for, it is that run: it
    keeps its slot, so that the ledger tells how late it came. A failure is followed by the retry that it planned.
    """
    planned = await job_named(job).plan(app, await read_state(app, sport_key))
    now = app.clock.now()  # after planning, which takes time: what is due is planned for the instant it was asked
    if planned.at > now:
        return planned
    async with app.database.one_by_one() as connection:
        overdue = await overdue_runs(connection, now)
        retry = await retry_to_come(connection, job, sport_key, now)
    if retry is not None and await is_waited_for(app, retry):
        return retry
    return overdue.get((job, sport_key), planned)
