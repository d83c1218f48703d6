"""Write a result to a file: all of it as JSON, or its bets as CSV or Parquet."""

import csv
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from analytics.backtesting.result import BacktestResult
from analytics.optional import research_library
from analytics.tables import BETS, arrow_table
from core.errors import ConfigurationError

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def export_result(result: BacktestResult, path: Path) -> None:
    """Write a result as the suffix says; the file appears when it is complete.

    `.json` holds everything and reads back as an equal result; `.csv` and `.parquet` hold the bets. A text that a
    spreadsheet would run as a formula has an apostrophe before it in CSV: names come from a feed.

    Raises:
        ConfigurationError: Another suffix, a folder that cannot be written, or pyarrow is missing for Parquet.
    """
    write = writer_for(path)
    write_whole(path, lambda partial: write(result, partial))


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file that appears when it is complete: what was there before stays until then.

    Args:
        path: The file.
        write: Writes it at the path that it is given.

    Raises:
        ConfigurationError: It cannot be written.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        write(partial)
        partial.replace(path)
    except OSError as error:
        msg = f"{path}: cannot be written: {error.strerror}"
        raise ConfigurationError(msg) from error
    finally:
        partial.unlink(missing_ok=True)


def writer_for(path: Path) -> Callable[[BacktestResult, Path], None]:
    """Return what writes a file of this suffix.

    Raises:
        ConfigurationError: Another suffix.
    """
    if path.suffix not in _WRITERS:
        msg = f"{path}: a result is written to {', '.join(_WRITERS)}, told by the suffix"
        raise ConfigurationError(msg)
    return _WRITERS[path.suffix]


def _write_json(result: BacktestResult, path: Path) -> None:
    path.write_text(result.model_dump_json(indent=2) + "\n", encoding="utf-8")


def _write_csv(result: BacktestResult, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(BETS)
        lines.writerows([_cell(getattr(bet, name)) for name in BETS] for bet in result.bets)


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULAS):
        return f"'{value}"
    return value.isoformat() if isinstance(value, datetime) else value


def _write_parquet(result: BacktestResult, path: Path) -> None:
    table = arrow_table(result.bets, BETS)
    research_library("pyarrow.parquet").write_table(table, path, compression="zstd")


_WRITERS = {".json": _write_json, ".csv": _write_csv, ".parquet": _write_parquet}
