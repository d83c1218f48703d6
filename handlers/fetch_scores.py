"""The job `fetch-scores`: results, cheaply: the free list tells when a game is over, then one priced call."""

from dataclasses import asdict

import structlog

from core.feed.credits import scores_cost
from core.feed.errors import FeedError
from core.feed.payloads import parse_scores
from core.feed.values import FeedAnswer
from core.planning.results import ScoresCall, plan_scores, scores_call
from core.planning.wording import counted
from core.triggers.base import Trigger
from handlers.app import App
from handlers.credits import reserved_credits
from handlers.jobs import Job, JobReport, JobRun
from handlers.keeping import keep_failure, kept
from handlers.listing import read_listing
from handlers.planning import balance_of, unfinished
from handlers.writing import writing
from storage.calls import store_call
from storage.locks import of_sport
from storage.results import ResultsReport, store_results
from storage.runs import RunOutcome
from storage.schedule import SportState, read_sport_state

NAME = "fetch-scores"

_log = structlog.get_logger(__name__)


async def fetch_scores(app: App, run: JobRun) -> JobReport:
    """Read the free list, and ask for results where a game seems to be over."""
    await read_listing(app, run)
    sport_key = run.trigger.sport_key
    async with app.database.one_by_one() as connection:
        state = await read_sport_state(connection, sport_key)
    call = scores_call(
        unfinished(state.open_events),
        sport_key=sport_key,
        now=app.clock.now(),
        last_call=state.last_scores_call,
        policy=app.planner_policy,
        balance=balance_of(state.balance, app.settings.feed.quota),
    )
    if call is None:
        return JobReport(RunOutcome.SKIPPED, "no game seems to be over", {})
    report = await ask_scores(app, run, call.days_from)
    return JobReport(RunOutcome.STORED, _reason(call), asdict(report))


async def ask_scores(app: App, run: JobRun, days_from: int) -> ResultsReport:
    """Ask for the results of the last days now, and store them.

    Raises:
        FeedError: The feed did not answer, or its answer cannot be read; what came is kept all the same.
        AnswerNotStoredError: The answer could not be stored; it is kept where that can be done.
        CreditsWithheldError: The credits left are not for this call.
    """
    cost = scores_cost(days_from)
    async with reserved_credits(app, run, cost) as reservation:
        try:
            answer = await app.feed.scores(run.trigger.sport_key, days_from=days_from, deadline=run.answer_by)
        except FeedError as error:
            await keep_failure(app, run, error, cost)
            raise
        async with kept(app, run, answer, cost):
            return await _store(app, run, answer, cost, reservation)


async def _store(app: App, run: JobRun, answer: FeedAnswer, cost: int, reservation: int) -> ResultsReport:
    scores = parse_scores(answer.body)
    set_aside = f"{counted(len(scores.malformed), 'part')} could not be read" if scores.malformed else None
    sport_key = run.trigger.sport_key
    async with writing(app, run, lock=of_sport(sport_key)) as connection:
        await store_call(
            connection,
            answer,
            expected_credits=cost,
            job_run_id=run.number,
            error=set_aside,
            reservation=reservation,
        )
        report = await store_results(
            connection, sport_key, scores, answer.received_at, job_run_id=run.number, is_locked=True
        )
    completed = [score.event.event_id for score in scores.scores if score.completed]
    _log.info(
        "scores.stored",
        job=run.trigger.job,
        sport_key=sport_key,
        event_ids=completed,
        credits_charged=answer.credits.last,
    )
    return report


async def plan_fetch_scores(app: App, state: SportState) -> Trigger:
    """Return when a game should be ending next."""
    wake = plan_scores(
        unfinished(state.open_events),
        sport_key=state.sport_key,
        now=app.clock.now(),
        last_check=state.last_runs[NAME],
        last_call=state.last_scores_call,
        policy=app.planner_policy,
        balance=balance_of(state.balance, app.settings.feed.quota),
    )
    return Trigger(NAME, state.sport_key, wake.at, wake.reason)


def _reason(call: ScoresCall) -> str:
    return f"{call.reason}; the feed is about to forget some of them" if call.last_chance else call.reason


JOB = Job(NAME, fetch_scores, plan_fetch_scores)
