"""Take in answers that were paid for and that the database did not take, as the log told them: each once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from core.feed.errors import FeedError
from core.feed.failures import failure_of
from core.feed.lost_answers import LostAnswer
from core.feed.payloads import parse_odds, parse_scores
from core.feed.values import FeedAnswer
from core.planning.wording import counted
from core.scope import Scope
from core.triggers.base import BY_HAND
from handlers.app import App
from storage.calls import is_logged, store_call
from storage.ingestion import store_odds
from storage.results import store_missing_results
from storage.runs import RunOutcome, begin_run, finish_run
from storage.snapshots import Origin, ValidationPolicy


@dataclass(frozen=True, slots=True)
class LostAnswerReport:
    """What a lost answer brought; snapshots, quotes and results count what was not there before.

    `is_new` tells whether it was not imported before; `error` says why nothing could be read of it, and then its
    body is kept whole.
    """

    sport_key: str
    endpoint: str
    received_at: datetime
    is_new: bool
    snapshots: int = 0
    quotes: int = 0
    results: int = 0
    error: str | None = None


async def import_lost_answers(app: App, lost: Sequence[LostAnswer]) -> list[LostAnswerReport]:
    """Store each answer, with a run in the ledger, in a transaction of its own; the same again changes nothing.

    A snapshot counts as known from the instant at which its answer was received, as any other; its run tells when
    it was taken in. Quotes that are stored of a later instant stay what they are, and so do results.
    """
    reports = []
    for one in lost:
        async with app.database.transaction() as connection:
            reports.append(await _import(connection, app, one))
    return reports


async def _import(connection: AsyncConnection, app: App, lost: LostAnswer) -> LostAnswerReport:
    answer = lost.answer
    reason = f"{BY_HAND}: an answer to {lost.job} that was lost"
    number = await begin_run(
        connection,
        job=f"import-{lost.job}",
        sport_key=lost.sport_key,
        scheduled_at=answer.received_at,
        started_at=app.clock.now(),
        reason=reason,
    )
    if number is None:
        return LostAnswerReport(lost.sport_key, answer.endpoint, answer.received_at, is_new=False)
    report = await _store(connection, lost, number, app.validation_policy)
    await finish_run(
        connection,
        number,
        finished_at=app.clock.now(),
        outcome=RunOutcome.STORED,
        reason=reason,
        next_run=None,
        report={"run_number": lost.run_number, "snapshots": report.snapshots, "results": report.results},
    )
    return report


async def _store(
    connection: AsyncConnection, lost: LostAnswer, number: int, validation: ValidationPolicy
) -> LostAnswerReport:
    """Store what can be read of an answer, and its call unless that is logged: a commit may have been in doubt."""
    answer = lost.answer
    report = LostAnswerReport(lost.sport_key, answer.endpoint, answer.received_at, is_new=True)
    set_aside = 0
    try:
        if failure := failure_of(answer):
            raise failure
        if answer.endpoint.endswith("/scores"):
            scores = parse_scores(answer.body)
            set_aside = len(scores.malformed)
            results = await store_missing_results(
                connection, lost.sport_key, scores, answer.received_at, job_run_id=number
            )
            report = replace(report, results=results.newly_final)
        else:
            odds = parse_odds(answer.body)
            set_aside = len(odds.malformed)
            origin = Origin(answer.received_at, _scope(answer), validation=validation, job_run_id=number)
            stored = await store_odds(connection, lost.sport_key, odds, origin)
            report = replace(report, snapshots=stored.snapshots, quotes=stored.quotes_stored)
    except FeedError as error:
        report = replace(report, error=str(error))
    if not await is_logged(connection, answer):
        told = report.error or (f"{counted(set_aside, 'part')} could not be read" if set_aside else None)
        await store_call(connection, answer, expected_credits=lost.expected_credits, job_run_id=number, error=told)
    return report


def _scope(answer: FeedAnswer) -> Scope:
    asked = {name: keys.split(",") for name, keys in answer.parameters.items()}
    return Scope.of(asked["markets"], bookmakers=asked.get("bookmakers", ()), regions=asked.get("regions", ()))
