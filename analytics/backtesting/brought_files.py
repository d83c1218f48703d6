"""Read the files that a user brings: CSV with a header, what is wrong in them told with its line."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.errors import ConfigurationError

MOST_DIGITS = 6

Line = tuple[str, Sequence[str]]
"""Where a line stands, as errors name it, and its values in the order of the columns."""


def lines_of(path: Path, columns: Sequence[str]) -> Iterator[Line]:
    """Yield where each line of a file stands, as errors name it, and its values of some columns.

    The columns may stand in any order, beside others; a value that is not there is empty.

    Raises:
        ConfigurationError: The file cannot be read, or lacks a column.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = csv.DictReader(file)
            missing = [name for name in columns if name not in (lines.fieldnames or ())]
            if missing:
                raise ConfigurationError(
                    f"{path}: no column {', '.join(missing)}: {', '.join(columns)} are needed"
                )
            for line in lines:
                yield f"{path}, line {lines.line_num}", [str(line[name] or "").strip() for name in columns]
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise ConfigurationError(f"{path}: cannot be read: {error}") from error


def whole_number(text: str) -> int | None:
    """Return a number from 0 on, None where a text is none.

    >>> whole_number("27"), whole_number("27.5"), whole_number("-1")
    (27, None, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
