"""The functions that Lambda runs, one for each job and one for the heartbeat."""

import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import structlog

from core.config import load_settings
from core.errors import SecretNotWrittenError
from core.logs import configure_logging
from core.metrics import Metric, MetricsEmitter
from core.triggers.base import Trigger
from core.triggers.schedule_inputs import parse_input
from handlers import fetch_odds as fetch_odds_job
from handlers import fetch_scores as fetch_scores_job
from handlers import update_status as update_status_job
from handlers.alerting import beat_and_tell
from handlers.app import App
from handlers.jobs import Job
from handlers.measuring import run_and_measure
from handlers.runtime import Invocation, LambdaContext, lambda_entry, prepare

_log = structlog.get_logger(__name__)


def _of_job(job: Job) -> Invocation:
    """Return what the function of a job does: the run that its schedule planned, or one now of every sport.

    Every sport has its run, though one before it failed; the first failure is raised then.
    """

    async def invoke(app: App, event: object, metrics: MetricsEmitter) -> Mapping[str, Any]:
        outcomes: dict[str, str] = {}
        failures: list[Exception] = []
        for trigger in _triggers(app, job, event):
            try:
                report = await run_and_measure(app, trigger, metrics)
            except Exception as error:
                failures.append(error)
            else:
                outcomes[trigger.sport_key] = f"{report.outcome}: {report.reason}"
        if failures:
            raise failures[0]
        return outcomes

    return invoke


def _triggers(app: App, job: Job, event: object) -> list[Trigger]:
    planned = parse_input(event)
    sports = app.settings.collection.sports
    if planned is not None and planned.job == job.name and planned.sport_key in sports:
        return [planned]
    return [Trigger(job.name, sport_key, app.clock.now(), "invoked without a plan") for sport_key in sports]


async def _heartbeat(app: App, event: object, metrics: MetricsEmitter) -> Mapping[str, Any]:
    del event
    report = await beat_and_tell(app)
    metrics.emit({Metric.HEARTBEAT: 1, Metric.REPAIRS: len(report.repaired) + len(report.failed)}, job="heartbeat")
    return asdict(report)


fetch_odds = lambda_entry(_of_job(fetch_odds_job.JOB))
fetch_scores = lambda_entry(_of_job(fetch_scores_job.JOB))
update_status = lambda_entry(_of_job(update_status_job.JOB))
_beat = lambda_entry(_heartbeat)


def heartbeat(event: object, context: LambdaContext) -> Mapping[str, Any]:
    """Check the chain of triggers; before the first migration, while there is no login to do it with, say so."""
    try:
        return _beat(event, context)
    except SecretNotWrittenError as error:
        configure_logging(load_settings().logging, as_json=True, stream=sys.stdout)
        _log.warning("heartbeat.waits", reason=str(error))
        return {"waits": str(error)}


prepare()
