"""The time that odds are known of: a backtest of another time is told so before it runs to nothing."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, get_args

from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.backtesting.config import Source
from core.errors import ConfigurationError
from storage.collected_span import read_span

_A_SECOND = timedelta(seconds=1)


def _minute(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"


class KnownSpan(NamedTuple):
    """What odds, from the first answer about them until just after the last start, aware UTC."""

    odds: str
    first_at: datetime
    end: datetime

    def check(
        self,
        start: datetime | None,
        end: datetime | None,
        *,
        names: tuple[str, str] = ("start", "end"),
        wording: Callable[[datetime], str] = _minute,
    ) -> None:
        """Return where some of a time is within the span.

        Args:
            start: When it begins; None is within the span.
            end: When it ends; likewise.
            names: What the user calls these.
            wording: How the user gave the end.

        Raises:
            ConfigurationError: None of it is.
        """
        first, last = names
        within = f"{self.odds} are from {_minute(self.first_at)} to {_minute(self.end)}"
        if start and start >= self.end:
            raise ConfigurationError(f"{first} {_minute(start)}: a time within the data is expected: {within}")
        if end and end <= self.first_at:
            raise ConfigurationError(f"{last} {wording(end)}: a time within the data is expected: {within}")


async def known_span(connection: AsyncConnection, sports: Sequence[str], sources: Sequence[str]) -> KnownSpan:
    """Return the time of the odds of some sports, or of all, from some sources.

    Raises:
        ConfigurationError: There are no such odds.
    """
    odds = f"{', '.join(sources)} odds of {', '.join(sports) or 'any sport'}"
    span = await read_span(connection, sports=sports, sources=sources)
    if span.first_at is None or span.last_start is None:
        others = [source for source in await _sources_of(connection, sports) if source not in sources]
        way = (
            f"there are some of source {' and '.join(others)}, for a run that asks for this source"
            if others
            else "odds fetch current collects, odds import takes in files"
        )
        raise ConfigurationError(f"there are no {odds}: {way}")
    return KnownSpan(odds, span.first_at, span.last_start + _A_SECOND)


async def _sources_of(connection: AsyncConnection, sports: Sequence[str]) -> list[str]:
    """Return the sources that odds of some sports, or of any, came from."""
    spans = {source: await read_span(connection, sports=sports, sources=[source]) for source in get_args(Source)}
    return [source for source, span in spans.items() if span.first_at is not None]
