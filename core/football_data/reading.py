"""Read a file of football-data.co.uk into matches; any fault refuses the whole file."""

import csv
import re
from collections.abc import Iterator
from datetime import date

from core.football_data.cells import USUAL_START, Cells, local_instant
from core.football_data.columns import TOTAL_GOALS, Moment, PriceColumn, price_columns
from core.football_data.leagues import League
from core.football_data.values import FootballDataError, FootballDataFile, Match, Offer

_NEEDED = ("Div", "Date", "HomeTeam", "AwayTeam", "FTHG", "FTAG")
_SEPARATORS = re.compile(r"[^0-9A-Za-z]+")
_Columns = dict[Moment, list[PriceColumn]]


def read_football_data(name: str, body: bytes) -> FootballDataFile:
    """Return the matches of a file, in its order; blank lines are left out.

    Args:
        name: What the file is called, for errors and for the record.
        body: Its bytes: CSV in UTF-8 or in Windows' Latin, as older files are.

    Raises:
        FootballDataError: It is no such file, or a cell is not what its column holds.
    """
    lines = csv.reader(_decoded(body).splitlines(), strict=True)
    header = _header(name, lines)
    columns: _Columns = {moment: price_columns(header, moment) for moment in Moment}
    known = [column for of_moment in columns.values() for column in of_moment]
    if not known:
        raise FootballDataError(f"{name}: no column holds a known bookmaker's prices, as B365H or PSCH do")
    rows = list(_rows(name, header, lines))
    if not rows:
        raise FootballDataError(f"{name}: the file lists no match")
    league = _only_league(rows)
    matches = tuple(_match(cells, columns) for cells in rows)
    _refuse_repeats(name, matches)
    return FootballDataFile(
        name=name,
        league=league,
        matches=matches,
        bookmaker_keys=tuple(sorted({column.bookmaker.key for column in known})),
        market_keys=tuple(sorted({column.market_key for column in known})),
    )


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace")


def _header(name: str, lines: Iterator[list[str]]) -> list[str]:
    header = [cell.strip() for cell in _next_line(name, 1, lines) or []]
    missing = [column for column in _NEEDED if column not in header]
    if missing:
        raise FootballDataError(
            f"{name}, line 1: no column {', '.join(missing)}; a file of football-data.co.uk has"
            f" {', '.join(_NEEDED)}, and a column for each price"
        )
    return header


def _rows(name: str, header: list[str], lines: Iterator[list[str]]) -> Iterator[Cells]:
    number = 2
    while (row := _next_line(name, number, lines)) is not None:
        values = [cell.strip() for cell in row]
        if any(values):
            if any(values[len(header) :]) or len(values) < len(_NEEDED):
                raise FootballDataError(
                    f"{name}, line {number}: {len(values)} cells, where the header has {len(header)}"
                )
            padded = [*values, *[""] * (len(header) - len(values))]
            yield Cells(name, number, dict(zip(header, padded[: len(header)], strict=True)))
        number += 1


def _next_line(name: str, number: int, lines: Iterator[list[str]]) -> list[str] | None:
    try:
        return next(lines, None)
    except csv.Error as error:
        raise FootballDataError(f"{name}, line {number}: not CSV: {error}") from None


def _only_league(rows: list[Cells]) -> League:
    for cells in rows:
        if cells.values["Div"] != rows[0].values["Div"]:
            raise cells.fault("Div", f"{rows[0].values['Div']}, the league of the lines before: a file has one")
    return rows[0].league()


def _match(cells: Cells, columns: _Columns) -> Match:
    home_team, away_team = cells.team("HomeTeam"), cells.team("AwayTeam")
    home_score, away_score = cells.goals("FTHG"), cells.goals("FTAG")
    result = "H" if home_score > away_score else "A" if home_score < away_score else "D"
    if cells.values.get("FTR", result) not in ("", result):
        raise cells.fault("FTR", f"{result}, which {home_score}-{away_score} makes the result")
    day, start = cells.day(), cells.start()
    return Match(
        line=cells.line,
        event_id=_event_id(cells.values["Div"], day, home_team, away_team),
        commence_time=start or local_instant(day, USUAL_START),
        start_is_given=start is not None,
        home_team=home_team,
        away_team=away_team,
        home_score=home_score,
        away_score=away_score,
        offers={moment: tuple(_offers(cells, moment, of_moment)) for moment, of_moment in columns.items()},
    )


def _event_id(league: str, day: date, home_team: str, away_team: str) -> str:
    """Return an id that no event of the feed has, the same in every file that lists the match."""
    return _SEPARATORS.sub("-", f"football-data {league} {day.isoformat()} {home_team} v {away_team}")


def _offers(cells: Cells, moment: Moment, columns: list[PriceColumn]) -> Iterator[Offer]:
    for column in columns:
        price = cells.decimal_odds(column.name)
        if price is None:
            continue
        match column.market_key:
            case "spreads":
                point = cells.point(moment, column.side)
                if point is None:
                    raise cells.fault(moment.handicap_column, f"a handicap, and {column.name} prices one")
            case "totals":
                point = TOTAL_GOALS
            case _:
                point = None
        yield Offer(column, price, point)


def _refuse_repeats(name: str, matches: tuple[Match, ...]) -> None:
    first: dict[str, int] = {}
    for match in matches:
        before = first.setdefault(match.event_id, match.line)
        if before != match.line:
            msg = f"{name}, line {match.line}: {match.home_team} v {match.away_team} is in line {before} already"
            raise FootballDataError(msg)
