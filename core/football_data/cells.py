"""Reading one row's cells: what cannot be read is named by file, line and column, with what is accepted."""

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from core.football_data.columns import Moment, Side
from core.football_data.leagues import LEAGUES, League
from core.football_data.values import FootballDataError

LOCAL = ZoneInfo("Europe/London")
USUAL_START = time(15)
"""When a match is taken to start, in UK time, where a file gives its day alone."""

_DATES = ("%d/%m/%Y", "%d/%m/%y")
_GOALS = re.compile(r"\d{1,2}")
_QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one line by their column's name."""

    file: str
    line: int
    values: dict[str, str]

    def fault(self, column: str, accepted: str) -> FootballDataError:
        """Return the error that a cell is not what is accepted."""
        given = self.values.get(column, "")
        return FootballDataError(f"{self.file}, line {self.line}, column {column}: {given!r} is not {accepted}")

    def league(self) -> League:
        """Return the league."""
        league = LEAGUES.get(self.values["Div"])
        if league is None:
            raise self.fault("Div", f"a league known here: {', '.join(LEAGUES)}")
        return league

    def team(self, column: str) -> str:
        """Return a team's name."""
        name = self.values[column]
        if not name:
            raise self.fault(column, "a team's name")
        return name

    def goals(self, column: str) -> int:
        """Return a number of goals."""
        text = self.values[column]
        if not _GOALS.fullmatch(text):
            raise self.fault(column, "a number of goals: only matches that were played can be imported")
        return int(text)

    def day(self) -> date:
        """Return the day of the match."""
        for form in _DATES:
            try:
                return datetime.strptime(self.values["Date"], form).replace(tzinfo=UTC).date()
            except ValueError:
                continue
        raise self.fault("Date", "a date as 31/12/2024 or 31/12/24")

    def start(self) -> datetime | None:
        """Return when the match starts, in UTC; None where the file gives its day alone."""
        text = self.values.get("Time", "")
        if not text:
            return None
        try:
            at = datetime.strptime(text, "%H:%M").replace(tzinfo=UTC).time()
        except ValueError:
            raise self.fault("Time", "a time as 15:00, in UK time, or empty") from None
        return local_instant(self.day(), at)

    def decimal_odds(self, column: str) -> float | None:
        """Return a price; None where there is none, which a file writes as an empty cell or as 0."""
        text = self.values[column]
        if not text:
            return None
        price = self._number(column, "decimal odds above 1, or empty")
        if price == 0:
            return None
        if not price > 1:
            raise self.fault(column, "decimal odds above 1, or empty")
        return price

    def point(self, moment: Moment, side: Side) -> float | None:
        """Return a side's Asian handicap; None where the file gives none."""
        column = moment.handicap_column
        if not self.values.get(column, ""):
            return None
        accepted = "a handicap of the home team in quarters, as -0.75"
        handicap = self._number(column, accepted)
        if handicap * _QUARTERS % 1:
            raise self.fault(column, accepted)
        # without a negative zero
        return 0.0 + (handicap if side is Side.HOME else -handicap)

    def _number(self, column: str, accepted: str) -> float:
        try:
            number = float(self.values[column])
        except ValueError:
            raise self.fault(column, accepted) from None
        if not math.isfinite(number):
            raise self.fault(column, accepted)
        return number


def local_instant(day: date, at: time) -> datetime:
    """Return an instant of UK time in UTC.

    >>> local_instant(date(2024, 8, 16), time(20)).isoformat()
    '2024-08-16T19:00:00+00:00'
    """
    return datetime.combine(day, at, LOCAL).astimezone(UTC)
