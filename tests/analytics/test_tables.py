from typing import Any

import pytest

from analytics.backtesting.result import Bet, EquityDay
from analytics.tables import BETS, CLOSING_LINES, EQUITY, EVENTS, ODDS, arrow_table
from storage.event_rows import EventRow
from storage.readers import ClosingLine, OddsRow
from tests.analytics.results import draw_bets, make_bet, make_result

pytest.importorskip("pyarrow", reason="tables need the extra research")


@pytest.mark.parametrize("columns", [EVENTS, ODDS, CLOSING_LINES, BETS, EQUITY])
def test_no_row_gives_the_columns_and_types_of_many(columns: dict[str, str]) -> None:
    empty = arrow_table([], columns)
    assert empty.column_names == list(columns)
    assert "null" not in {str(field.type) for field in empty.schema}


def test_rows_keep_their_values_and_their_types() -> None:
    bets = draw_bets(30)
    table = arrow_table(bets, BETS)
    assert table.schema == arrow_table([], BETS).schema
    assert table["decided_at"].to_pylist() == [bet.decided_at for bet in bets]
    assert table["quote_age_seconds"].to_pylist() == [300.0] * 30


def test_what_is_counted_stays_whole_and_what_is_measured_does_not_become_so() -> None:
    bets = [bet.model_copy(update={"combination": 4, "point": -3.0}) for bet in draw_bets(2)]
    for rows, columns in ((bets, BETS), (make_result(tuple(bets)).equity, EQUITY)):
        made = arrow_table(rows, columns).to_pylist()[0]
        given = {name: getattr(rows[0], name) for name in columns}
        numbers = {name: type(value) for name, value in given.items() if type(value) in {int, float}}
        assert {name: type(made[name]) for name in numbers} == numbers
        assert int in numbers.values()


def test_what_is_undefined_is_null_and_not_a_number() -> None:
    assert arrow_table([make_bet(point=None, clv=None)], BETS).column("clv").null_count == 1


@pytest.mark.parametrize(
    ("columns", "rows"),
    [(EVENTS, EventRow), (ODDS, OddsRow), (CLOSING_LINES, ClosingLine)],
    ids=["events", "odds", "closing lines"],
)
def test_every_column_is_one_that_the_reader_brings(columns: dict[str, str], rows: Any) -> None:
    assert columns.keys() <= set(rows._fields)


@pytest.mark.parametrize(("columns", "model"), [(BETS, Bet), (EQUITY, EquityDay)])
def test_no_field_of_a_result_is_forgotten(columns: dict[str, str], model: Any) -> None:
    assert set(model.model_fields) - columns.keys() <= {"quote_age"}
