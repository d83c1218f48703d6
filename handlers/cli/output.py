"""What commands print: reports to standard output as tables or JSON, everything else to standard error."""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.planning.wording import duration_text
from handlers.cli.fitting import fitting

_FAR = timedelta(days=180)
_SECOND = timedelta(seconds=1)
_BYTE_UNITS = ("bytes", "kB", "MB", "GB", "TB")
_BYTES_PER_UNIT = 1024


def report() -> Console:
    """Return where reports go."""
    return Console(highlight=False)


def aside() -> Console:
    """Return where hints, progress and errors go."""
    return Console(stderr=True, highlight=False)


def print_line(text: Text | str, *, on: Console | None = None) -> None:
    """Print a text as one line, its words wrapped where a terminal is too narrow; no markup is read."""
    console = on or report()
    console.print(Text(text) if isinstance(text, str) else text, soft_wrap=not console.is_terminal)


def print_error(message: str) -> None:
    """Print a fault that the user can mend, in one line."""
    print_line(Text.assemble(("error: ", "bold red"), (message, "red")), on=aside())


def print_json(value: Any) -> None:  # noqa: ANN401
    """Print a report as JSON: instants in ISO form (UTC), durations as seconds."""
    text = orjson.dumps(
        value,
        default=_plain,
        option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE,
    )
    sys.stdout.write(text.decode())


def table(*columns: str, right: Iterable[str] = ()) -> Table:
    """Return an empty table; the columns named in `right` hold figures."""
    figures = frozenset(right)
    made = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, collapse_padding=True)
    for name in columns:
        made.add_column(name, justify="right" if name in figures else "left", overflow="fold")
    return made


def show(made: Table) -> None:
    """Print a table on standard output, an empty line above and below it."""
    console = report()
    for part in fitting(made, console.width):
        console.print("", part, "", sep="\n")


def row(made: Table, *cells: object, style: str | None = None) -> None:
    """Append a row; None is an empty cell, and no cell is read as markup."""
    made.add_row(*(cell if isinstance(cell, Text) else Text(as_text(cell)) for cell in cells), style=style)


def as_text(value: object) -> str:
    """Return a cell's text.

    >>> as_text(None), as_text(1234567), as_text(timedelta(minutes=90)), as_text("x")
    ('', '1,234,567', '1 h 30 min', 'x')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, timedelta):
        return duration_text(value)
    return str(value)


def instant(at: datetime | None, now: datetime) -> str:
    """Return an instant in UTC to the minute; the year only where it is far.

    >>> instant(datetime(2026, 1, 3, 18, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))
    'Sat 3 Jan 18:00'
    >>> instant(datetime(2025, 1, 3, 18, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))
    'Fri 3 Jan 2025 18:00'
    """
    if at is None:
        return ""
    utc = at.astimezone(UTC)
    year = f" {utc.year}" if abs(at - now) > _FAR else ""
    return f"{utc:%a} {utc.day} {utc:%b}{year} {utc:%H:%M}"


def ago(at: datetime | None, now: datetime) -> str:
    """Return how long ago an instant was, or in how long it will be.

    >>> ago(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))
    '1 d ago'
    >>> ago(datetime(2026, 1, 2, 0, 5, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))
    'in 5 min'
    """
    if at is None:
        return "never"
    if abs(at - now) < _SECOND:
        return "now"
    return f"in {duration_text(at - now)}" if at > now else f"{duration_text(now - at)} ago"


def bytes_text(count: float) -> str:
    """Return a number of bytes in its largest unit.

    >>> bytes_text(512), bytes_text(1536), bytes_text(5 * 1024 * 1024)
    ('512 bytes', '1.5 kB', '5.0 MB')
    """
    unit = 0
    while count >= _BYTES_PER_UNIT and unit < len(_BYTE_UNITS) - 1:
        count /= _BYTES_PER_UNIT
        unit += 1
    return f"{count:.0f} bytes" if unit == 0 else f"{count:.1f} {_BYTE_UNITS[unit]}"


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, timedelta):
        return round(value.total_seconds(), 3)
    if isinstance(value, tuple):
        return value._asdict() if hasattr(value, "_asdict") else list(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError
