"""The function that runs backtests: a payload asks for one, the answer sums it up, and S3 keeps all of it.

A run is made in parts of a quarter of a year. What a part found, and what the strategy remembers after it, is kept
before the next begins, so a run that would not end in the time of one invocation tells how to go on.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.backtesting.brought import Brought
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.evaluating import evaluate
from analytics.backtesting.history import known_results
from analytics.backtesting.prospects import Part, joined, part_of, unlearned
from analytics.backtesting.values import KnownResult
from analytics.strategies.registry import strategy_named
from core.errors import ConfigurationError, DeadlineError
from handlers.backtest_archive import BacktestArchive, open_archive_client
from handlers.backtest_closes import read_closes
from handlers.backtest_request import BacktestRequest, read_request, run_name
from handlers.backtesting import (
    Strategy,
    as_it_is_now,
    read_decisions,
    read_known,
    resolved,
)
from handlers.known_names import check_asked
from handlers.runtime import CLOSING_TIME, LambdaContext, Process, process_entry
from storage.unseen_events import read_unseen_events

_SLOWER = 1.5
"""How much longer than the longest so far a part may take."""

_SUMMING_UP = timedelta(seconds=60)
"""How much time is left for the end: placing all bets, measuring them, and keeping the result."""

_MOST_NAMED = 20
"""How many of the events an answer names that the payload tells of and nobody collected."""

TimeLeft = Callable[[], timedelta]
"""Tells how long the invocation may still go on."""


def run(kept: Process, event: object, context: LambdaContext) -> Mapping[str, Any]:
    """Run the backtest that a payload asks for; raises ConfigurationError for what it may not ask."""
    request = read_request(event)
    strategy = strategy_named(request.strategy, request.parameters)
    brought = request.brought()
    bucket = kept.settings.aws.results_bucket
    if bucket is None:
        msg = "RESULTS_BUCKET is not set: it names the S3 bucket that keeps the results"
        raise ConfigurationError(msg)
    name = request.resume.run if request.resume else run_name(strategy.name, kept.clock.now())
    client = open_archive_client(kept.settings.aws.region)

    def time_left() -> timedelta:
        return timedelta(milliseconds=context.get_remaining_time_in_millis()) - CLOSING_TIME

    archive = BacktestArchive(client, bucket, name)
    return asyncio.run(_in_time(_Invocation(kept, request, strategy, brought, archive, name, time_left)))


handler = process_entry(run)


@dataclass(slots=True)
class _Invocation:
    """One invocation: what it works with, what it was asked, and the parts that are kept by now."""

    kept: Process
    request: BacktestRequest
    strategy: Strategy
    brought: Brought
    archive: BacktestArchive
    name: str
    time_left: TimeLeft
    parts: list[Part] = field(default_factory=list)
    resumed_with: int = 0
    unknown_events: Sequence[str] = ()

    @property
    def has_gone_on(self) -> bool:
        """Tell whether this invocation has kept a part: the next one does not begin where this one did."""
        return len(self.parts) > self.resumed_with

    async def answer(self) -> Mapping[str, Any]:
        """Run what was asked, as far as time allows, and return what the caller is told."""
        async with as_it_is_now(self.kept.database) as connection:
            self.unknown_events = await read_unseen_events(connection, self.brought.event_ids)
            if self.request.dry_run:
                return await self._what_would_be_read(connection)
            await self._check(connection)
            self.parts += await self._kept_parts()
            self.resumed_with = len(self.parts)
            longest = timedelta(0)
            results = await self._results(connection)
            for number, config in list(enumerate(self.request.parts()))[self.resumed_with :]:
                if self.has_gone_on and self.time_left() < longest * _SLOWER + _SUMMING_UP:
                    return self.unfinished()
                begun = self.time_left()
                found = await self._part(connection, config, unlearned(results, self.parts))
                longest = max(longest, begun - self.time_left())
                await self.archive.keep(_part_name(number), self._as_json(found))
                self.parts.append(found)
        if self.has_gone_on and self.time_left() < _SUMMING_UP:
            return self.unfinished()
        return await self._finished()

    async def _check(self, connection: AsyncConnection) -> None:
        """Return where there are odds of what is asked for; raises ConfigurationError, naming what has none."""
        asked = resolved(self.request.config, self.strategy)
        await check_asked(connection, asked, self.strategy.markets(), [self.strategy.parameters])

    async def _results(self, connection: AsyncConnection) -> Sequence[KnownResult]:
        """Return what a strategy that remembers may learn from in the whole run, in order of becoming known."""
        if self.strategy.memory is None:
            return ()
        _, histories = await read_decisions(connection, self.strategy, self.request.config)
        return known_results(histories.values())

    async def _part(
        self, connection: AsyncConnection, config: BacktestConfig, results: Sequence[KnownResult]
    ) -> Part:
        asked = resolved(config, self.strategy)
        known = await read_known(connection, self.strategy, asked, brought=self.brought)
        found = await evaluate(self.strategy, known.board, asked, results=results)
        closes = await read_closes(connection, known, found.quotes, asked)
        return part_of(known, found, closes, asked)

    async def _kept_parts(self) -> list[Part]:
        """Return what earlier invocations found, the strategy remembering what it did at the end of the last.

        Raises:
            ConfigurationError: They were asked otherwise, or kept by another version.
        """
        count = self.request.resume.parts if self.request.resume else 0
        parts = []
        for number in range(count):
            found = await self.archive.kept(_part_name(number))
            if found["asked"] != self.request.asked():
                msg = f"the run {self.name} was asked otherwise: go on with the payload that its answer told"
                raise ConfigurationError(msg)
            parts.append(self._taken_in(found))
        return parts

    def _taken_in(self, found: Mapping[str, Any]) -> Part:
        """Return a part that was kept, the strategy remembering what it did then."""
        try:
            if self.strategy.memory is not None:
                self.strategy.memory = type(self.strategy.memory).model_validate(found["memory"])
            return Part.model_validate(found["part"])
        except (KeyError, ValidationError) as error:
            msg = f"the run {self.name} was begun by another version of this function: run it anew, without resume"
            raise ConfigurationError(msg) from error

    async def _finished(self) -> Mapping[str, Any]:
        asked = resolved(self.request.config, self.strategy)
        result = joined(
            self.parts,
            asked,
            sizing=asked.sizing or self.strategy.sizing,
            strategy=self.strategy.name,
            parameters=self.strategy.parameters.model_dump(mode="json"),
        )
        where = await self.archive.keep("result", result.model_dump_json().encode())
        summed_up = result.model_dump(mode="json", include={"strategy", "parameters", "quality", "metrics"})
        return {
            "run": self.name,
            "status": "finished",
            "result": where,
            "unknown_events": self.unknown_events[:_MOST_NAMED],
            **summed_up,
        }

    def unfinished(self) -> Mapping[str, Any]:
        """Return what a caller is told who has to go on: what is kept, and with what to invoke again."""
        parts = len(self.parts)
        again = {**self.request.asked(), "resume": {"run": self.name, "parts": parts}}
        return {
            "run": self.name,
            "status": "unfinished",
            "parts_done": parts,
            "parts": len([*self.request.parts()]),
            "invoke_again_with": again,
        }

    async def _what_would_be_read(self, connection: AsyncConnection) -> Mapping[str, Any]:
        asked = resolved(self.request.config, self.strategy)
        decisions, histories = await read_decisions(connection, self.strategy, asked)
        try:
            await self._check(connection)
            refused = None
        except ConfigurationError as error:
            refused = str(error)
        return {
            "status": "dry run",
            "refused": refused,
            "games": len(histories),
            "decisions": len(decisions.made),
            "left_out": {reason.value: count for reason, count in decisions.unmade.items()},
            "hours_before": list(asked.decision_hours(self.strategy.decides_at)),
            "markets": list(self.strategy.markets()) or "all",
            "sources": list(asked.sources),
            "unknown_events": self.unknown_events[:_MOST_NAMED],
            "parts": len([*self.request.parts()]),
        }

    def _as_json(self, part: Part) -> bytes:
        memory = self.strategy.memory
        return orjson.dumps(
            {
                "asked": self.request.asked(),
                "part": part.model_dump(mode="json"),
                "memory": None if memory is None else memory.model_dump(mode="json"),
            }
        )


async def _in_time(invocation: _Invocation) -> Mapping[str, Any]:
    """Return the answer of an invocation, however long a part takes; one that keeps none has failed."""
    seconds = max(invocation.time_left().total_seconds(), 0)
    try:
        async with asyncio.timeout(seconds) as deadline:
            return await invocation.answer()
    except TimeoutError:
        if not deadline.expired():
            raise
    if invocation.has_gone_on:
        return invocation.unfinished()
    msg = f"the run {invocation.name} did not end within {seconds:.0f} s: ask for less at a time"
    raise DeadlineError(msg)


def _part_name(number: int) -> str:
    return f"part-{number + 1:03d}"
