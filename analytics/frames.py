"""Rows as data frames, of pandas or polars, with Arrow underneath: types hold, and no row gives the same columns.

The rows are those of `storage.readers.OddsReader` and of a `BacktestResult`; each function takes
`library="polars"` in place of pandas.
"""

from collections.abc import Iterable
from typing import Any, Literal

from analytics.backtesting.result import BacktestResult
from analytics.optional import research_library
from analytics.tables import BETS, CLOSING_LINES, EQUITY, EVENTS, ODDS, arrow_table

Library = Literal["pandas", "polars"]


def events_frame(rows: Iterable[object], *, library: Library = "pandas") -> Any:  # noqa: ANN401
    """Return events, as `get_events_by_date_range` gives them, a row each."""
    return _frame(arrow_table(rows, EVENTS), library)


def odds_frame(rows: Iterable[object], *, library: Library = "pandas") -> Any:  # noqa: ANN401
    """Return the odds of events as of an instant, as `get_odds_at_time` gives them, a row a quote."""
    return _frame(arrow_table(rows, ODDS), library)


def closing_lines_frame(rows: Iterable[object], *, library: Library = "pandas") -> Any:  # noqa: ANN401
    """Return closing lines, as `get_closing_lines` gives them, a row a quote."""
    return _frame(arrow_table(rows, CLOSING_LINES), library)


def bets_frame(result: BacktestResult, *, library: Library = "pandas") -> Any:  # noqa: ANN401
    """Return the bets of a backtest in the order in which they were placed, a row each."""
    return _frame(arrow_table(result.bets, BETS), library)


def equity_frame(result: BacktestResult, *, library: Library = "pandas") -> Any:  # noqa: ANN401
    """Return the bankroll of a backtest at the end of each day, a row a day."""
    return _frame(arrow_table(result.equity, EQUITY), library)


def _frame(table: Any, library: Library) -> Any:  # noqa: ANN401
    if library == "polars":
        return research_library("polars").from_arrow(table)
    pandas = research_library("pandas")
    return table.to_pandas(types_mapper=pandas.ArrowDtype)
