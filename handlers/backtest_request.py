"""What the function that runs backtests may be asked: all of it is checked before anything runs."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analytics.backtesting.brought import Brought
from analytics.backtesting.brought_files import MOST_DIGITS, Line
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.player_results import player_results_of
from analytics.backtesting.regulation_scores import regulation_scores_of
from core.errors import ConfigurationError
from core.model_faults import faults_of

PART = timedelta(days=92)
"""How much time one part of a run covers: what is found in it is kept before the next begins."""

MOST_BROUGHT = 10_000
"""How many lines of each kind a payload brings at most: a season of games, or some weeks of players."""

Text = Annotated[str, Field(min_length=1, max_length=200)]
Count = Annotated[int, Field(strict=True, ge=0, lt=10**MOST_DIGITS)]
RunName = Annotated[str, Field(pattern=r"^[0-9a-zA-Z_-]{1,80}$")]


class Resumption(BaseModel):
    """Where to go on: the run's name, and how many of its parts are kept already."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run: RunName
    parts: int = Field(ge=1, le=100)


class RegulationScore(BaseModel):
    """The score of a game's regulation time: a line of the file `--regulation-scores`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    event_id: Text
    home_score: Count
    away_score: Count


class PlayerResult(BaseModel):
    """What a player did in a game, None where he did not play: a line of the file `--player-results`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    event_id: Text
    market_key: Text
    player: Text
    number: Count | None


class BacktestRequest(BaseModel):
    """A backtest to run: a strategy of the registry with its parameters, and the run.

    `regulation_scores` and `player_results` bring what the feed does not tell of games, line by line as files do.
    With `dry_run` nothing is run: the answer says what would be read. `resume` goes on with a run that did not end
    in the time of one invocation, as its answer told.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    strategy: str = Field(max_length=100)
    parameters: dict[str, Any] = Field(default={}, max_length=100)
    config: BacktestConfig
    regulation_scores: tuple[RegulationScore, ...] = Field(default=(), max_length=MOST_BROUGHT)
    player_results: tuple[PlayerResult, ...] = Field(default=(), max_length=MOST_BROUGHT)
    dry_run: bool = False
    resume: Resumption | None = None

    def brought(self) -> Brought:
        """Return what the feed does not tell; raises ConfigurationError for a line that contradicts another."""
        return Brought(
            players=player_results_of(_lines("player_results", self.player_results)),
            regulation=regulation_scores_of(_lines("regulation_scores", self.regulation_scores)),
        )

    def asked(self) -> dict[str, Any]:
        """Return, as JSON holds it, what a run that goes on must be asked again."""
        return self.model_dump(mode="json", exclude={"dry_run", "resume"})

    def parts(self) -> Iterator[BacktestConfig]:
        """Yield the run in parts, in order of time."""
        start = self.config.start
        while start < self.config.end:
            end = min(start + PART, self.config.end)
            yield self.config.model_copy(update={"start": start, "end": end})
            start = end


def _lines(name: str, rows: Sequence[BaseModel]) -> Iterator[Line]:
    """Yield rows as lines of a file are read."""
    for number, row in enumerate(rows):
        values = row.model_dump().values()
        yield f"{name}.{number}", ["" if value is None else str(value) for value in values]


def read_request(event: object) -> BacktestRequest:
    """Return what a payload asks for.

    Raises:
        ConfigurationError: It is not what may be asked; the text names every part that is wrong.
    """
    try:
        return BacktestRequest.model_validate(event)
    except ValidationError as error:
        msg = f"no backtest can be run of this payload: {faults_of(error, whole='payload')}"
        raise ConfigurationError(msg) from None


def run_name(strategy: str, at: datetime) -> str:
    """Return the name of a run that begins at an instant.

    >>> from datetime import UTC
    >>> run_name("flat", datetime(2026, 4, 20, 9, 5, 1, 250_000, tzinfo=UTC))
    '20260420T090501_250000Z-flat'
    """
    return f"{at:%Y%m%dT%H%M%S_%fZ}-{strategy}"
