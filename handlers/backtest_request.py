"""What the function that runs backtests may be asked: all of it is checked before anything runs."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analytics.backtesting.config import BacktestConfig
from core.errors import ConfigurationError

PART = timedelta(days=92)
"""How much time one part of a run covers: what is found in it is kept before the next begins."""

RunName = Annotated[str, Field(pattern=r"^[0-9a-zA-Z_-]{1,80}$")]


class Resumption(BaseModel):
    """Where to go on: the run's name, and how many of its parts are kept already."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run: RunName
    parts: int = Field(ge=1, le=100)


class BacktestRequest(BaseModel):
    """A backtest to run: a strategy of the registry with its parameters, and the run.

    With `dry_run` nothing is run: the answer says what would be read. `resume` goes on with a run that did not end
    in the time of one invocation, as its answer told.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    strategy: str = Field(max_length=100)
    parameters: dict[str, Any] = Field(default={}, max_length=100)
    config: BacktestConfig
    dry_run: bool = False
    resume: Resumption | None = None

    def parts(self) -> Iterator[BacktestConfig]:
        """Yield the run in parts, in order of time."""
        start = self.config.start
        while start < self.config.end:
            end = min(start + PART, self.config.end)
            yield self.config.model_copy(update={"start": start, "end": end})
            start = end


def read_request(event: object) -> BacktestRequest:
    """Return what a payload asks for.

    Raises:
        ConfigurationError: It is not what may be asked; the text names every part that is wrong.
    """
    try:
        return BacktestRequest.model_validate(event)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'payload'}: {one['msg']}" for one in error.errors())
        msg = f"no backtest can be run of this payload: {wrong}"
        raise ConfigurationError(msg) from None


def run_name(strategy: str, at: datetime) -> str:
    """Return the name of a run that begins at an instant.

    >>> from datetime import UTC
    >>> run_name("flat", datetime(2026, 4, 20, 9, 5, 1, 250_000, tzinfo=UTC))
    '20260420T090501_250000Z-flat'
    """
    return f"{at:%Y%m%dT%H%M%S_%fZ}-{strategy}"
