"""What a file of football-data.co.uk says, as frozen values."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from core.errors import LinekeeperError
from core.football_data.columns import Moment, PriceColumn
from core.football_data.leagues import League


class FootballDataError(LinekeeperError):
    """A file that cannot be imported; the text names the file, and line and column where they are at fault."""


class Offer(NamedTuple):
    """A price as the file has it: decimal odds, with the point of its outcome where the market has one."""

    column: PriceColumn
    decimal_odds: float
    point: float | None


@dataclass(frozen=True, slots=True)
class Match:
    """A row of a file: a match that was played, and what was offered on it.

    `commence_time` is aware UTC; `start_is_given` says whether the file has it, or only the day. `line` counts the
    file's lines from 1.
    """

    line: int
    event_id: str
    commence_time: datetime
    start_is_given: bool
    home_team: str
    away_team: str
    home_score: int
    away_score: int
    offers: dict[Moment, tuple[Offer, ...]]


@dataclass(frozen=True, slots=True)
class FootballDataFile:
    """The matches of a league in the file's order, and the bookmakers and markets that it has columns of."""

    name: str
    league: League
    matches: tuple[Match, ...]
    bookmaker_keys: tuple[str, ...]
    market_keys: tuple[str, ...]
