"""Import prices and results of matches that others recorded, as known at their time; never as live."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import Clock
from core.errors import LinekeeperError
from core.feed.payloads import parse_odds, parse_scores
from core.football_data.answers import ImportedAnswer, answers_of
from core.football_data.values import FootballDataError, FootballDataFile
from core.quotes import listing_digest
from core.scope import Scope
from core.triggers.base import BY_HAND
from storage.database import Database
from storage.imports import differing_snapshots
from storage.ingestion import store_odds
from storage.results import store_results
from storage.runs import RunOutcome, begin_run, finish_run
from storage.snapshots import Origin, Source, ValidationPolicy

JOB = "import"
Progress = Callable[[int, int], None]
"""Called with the answers stored so far and all of them."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a file brought; snapshots, quotes and results count what was not there before.

    `assumed_starts` counts the matches of which the file gives the day alone; instants are aware UTC.
    """

    file: str
    sport_key: str
    bookmaker_keys: tuple[str, ...]
    matches: int
    assumed_starts: int
    first_start: datetime
    last_start: datetime
    snapshots: int
    quotes: int
    results: int


async def import_football_data(
    database: Database,
    clock: Clock,
    file: FootballDataFile,
    progress: Progress = lambda _stored, _all: None,
) -> ImportReport:
    """Store the matches of a file, all or none; the same file again changes nothing.

    Raises:
        FootballDataError: It gives other prices for a match than an import before it.
    """
    starts = [match.commence_time for match in file.matches]
    answers = answers_of(file)
    counts = [0, 0, 0]
    async with database.transaction() as connection:
        run_id = await _begin(connection, clock.now(), file)
        for number, answer in enumerate(answers, start=1):
            brought = await _store(connection, file, answer, run_id)
            counts = [total + more for total, more in zip(counts, brought, strict=True)]
            progress(number, len(answers))
        report = ImportReport(
            file=file.name,
            sport_key=file.league.sport_key,
            bookmaker_keys=file.bookmaker_keys,
            matches=len(starts),
            assumed_starts=sum(not match.start_is_given for match in file.matches),
            first_start=min(starts),
            last_start=max(starts),
            snapshots=counts[0],
            quotes=counts[1],
            results=counts[2],
        )
        await _finish(connection, run_id, clock.now(), report)
    return report


async def _store(
    connection: AsyncConnection, file: FootballDataFile, answer: ImportedAnswer, run_id: int
) -> tuple[int, int, int]:
    """Store an answer; return how many snapshots, quotes and results it brought."""
    sport_key = file.league.sport_key
    if answer.holds_scores:
        scores = parse_scores(answer.body)
        results = await store_results(connection, sport_key, scores, answer.at, job_run_id=run_id)
        return 0, 0, results.newly_final + results.corrected
    odds = parse_odds(answer.body)
    digests = {event.event.event_id: listing_digest(event) for event in odds.events}
    if differing := await differing_snapshots(connection, digests, answer.at):
        lines = {match.event_id: match.line for match in file.matches}
        msg = (
            f"{file.name}, line {lines[differing[0]]}: other prices than those imported before, and what is stored"
            " stays as it is; nothing of the file was imported"
        )
        raise FootballDataError(msg)
    scope = Scope.of(file.market_keys, bookmakers=file.bookmaker_keys)
    origin = Origin(answer.at, scope, Source.IMPORT, ValidationPolicy.OFF, run_id)
    stored = await store_odds(connection, sport_key, odds, origin)
    return stored.snapshots, stored.quotes_stored, 0


async def _begin(connection: AsyncConnection, at: datetime, file: FootballDataFile) -> int:
    run_id = await begin_run(
        connection,
        job=JOB,
        sport_key=file.league.sport_key,
        scheduled_at=at,
        started_at=at,
        reason=f"{BY_HAND}: {file.name}",
    )
    if run_id is None:
        msg = f"{JOB} for {file.league.sport_key} runs already at this very instant"
        raise LinekeeperError(msg)
    return run_id


async def _finish(connection: AsyncConnection, run_id: int, at: datetime, report: ImportReport) -> None:
    await finish_run(
        connection,
        run_id,
        finished_at=at,
        outcome=RunOutcome.STORED,
        reason=f"{BY_HAND}: {report.file}",
        next_run=None,
        report=asdict(report),
    )
