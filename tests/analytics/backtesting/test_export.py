"""A result in a file: whole as JSON, its bets as CSV and Parquet; nothing half-written stays."""

import csv
from pathlib import Path

import pytest

from analytics.backtesting.export import export_result, write_whole
from analytics.backtesting.result import BacktestResult
from analytics.tables import BETS
from core.errors import ConfigurationError
from tests.analytics.results import draw_bets, make_bet, make_result


def test_json_reads_back_as_an_equal_result(tmp_path: Path) -> None:
    result = make_result(draw_bets(20))
    export_result(result, tmp_path / "r.json")
    assert BacktestResult.model_validate_json((tmp_path / "r.json").read_text()) == result


def test_csv_has_a_line_for_each_bet_with_instants_in_iso_form(tmp_path: Path) -> None:
    bets = (*draw_bets(20), make_bet(20, rationale='says "go", twice', profit=None, grade=None, settled_at=None))
    export_result(make_result(bets), tmp_path / "r.csv")
    with (tmp_path / "r.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(BETS)
    assert [float(row["stake"]) for row in rows] == [bet.stake for bet in bets]
    assert rows[0]["decided_at"] == bets[0].decided_at.isoformat()
    assert (rows[0]["tier"], rows[-1]["rationale"], rows[-1]["profit"]) == ("closing", 'says "go", twice', "")


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+1", "-1+1", "@SUM(1)", "\t=1"])
def test_no_text_of_a_csv_file_is_a_formula(tmp_path: Path, text: str) -> None:
    export_result(
        make_result((make_bet(0, outcome_name=text, rationale=f"said {text}", clv=-0.02),)), tmp_path / "r.csv"
    )
    with (tmp_path / "r.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["outcome_name"], row["rationale"], row["clv"]) == (f"'{text}", f"said {text}", "-0.02")


def test_parquet_holds_the_bets_with_their_types(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="Parquet needs the extra research")
    bets = draw_bets(20)
    export_result(make_result(bets), tmp_path / "r.parquet")
    table = parquet.read_table(tmp_path / "r.parquet")
    assert table["commence_time"].to_pylist() == [bet.commence_time for bet in bets]
    assert str(table.schema.field("commence_time").type) == "timestamp[us, tz=UTC]"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        pytest.param("r.xlsx", "is written to .json, .csv, .parquet", id="another suffix"),
        pytest.param("none/r.csv", "cannot be written: No such file", id="a folder that is not there"),
    ],
)
def test_what_cannot_be_written_is_told_and_leaves_nothing(tmp_path: Path, name: str, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        export_result(make_result(), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_file_that_could_not_be_written_to_its_end_leaves_what_was_there(tmp_path: Path) -> None:
    def half(partial: Path) -> None:
        partial.write_text("half")
        raise OSError(28, "No space left on device")

    (tmp_path / "page.html").write_text("before")
    with pytest.raises(ConfigurationError, match=r"page\.html: cannot be written: No space left on device"):
        write_whole(tmp_path / "page.html", half)
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"page.html": "before"}
