"""Scores of regulation time, from a file: the feed has the final one alone, which may hold what came after."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from analytics.backtesting.brought_files import Line, lines_of, whole_number
from analytics.backtesting.history import Score
from core.errors import ConfigurationError

COLUMNS = ("event_id", "home_score", "away_score")


def read_regulation_scores(path: Path) -> Mapping[str, Score]:
    """Return what a CSV file tells of regulation time, by event id: a line for each event with two whole numbers.

    Raises:
        ConfigurationError: It cannot be read, lacks a column, or a line of it is not understood.
    """
    return regulation_scores_of(lines_of(path, COLUMNS))


def regulation_scores_of(lines: Iterable[Line]) -> Mapping[str, Score]:
    """Return what lines tell, of which each has the values of `COLUMNS`.

    Raises:
        ConfigurationError: One is not understood, or two tell of one event otherwise.
    """
    found: dict[str, Score] = {}
    for where, (event_id, home_score, away_score) in lines:
        home, away = whole_number(home_score), whole_number(away_score)
        if not event_id or home is None or away is None:
            given = f"{event_id or 'no event'}, {home_score or 'no score'}, {away_score or 'no score'}"
            raise ConfigurationError(f"{where}: {given}: an event and two whole numbers are expected")
        told = Score(home, away)
        if found.setdefault(event_id, told) != told:
            raise ConfigurationError(f"{where}: another score than before of {event_id}")
    return found
