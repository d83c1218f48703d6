"""Backtests that were kept are listed, shown, compared and taken elsewhere."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analytics.backtesting.result import BacktestResult

Odds = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("season")


@pytest.fixture
def kept(odds: Odds) -> dict[str, Any]:
    """Keep two backtests, and return the first."""
    run = (
        "backtest",
        "run",
        "--source",
        "import",
        "--set",
        "max_quote_age_hours=99",
        "--json",
        "--strategy",
        "flat",
    )
    first: dict[str, Any] = odds(*run).json
    assert odds(*run, "-p", "pick=underdog").json["number"] == 2
    return first


def test_what_was_kept_is_listed_the_newest_first(odds: Odds, kept: dict[str, Any]) -> None:
    assert [run["id"] for run in odds("backtest", "show", "--json").json] == [2, 1]
    assert "2024-08-16 to" in odds("backtest", "show").out


def test_one_is_shown_as_it_was_when_it_was_run(odds: Odds, kept: dict[str, Any]) -> None:
    assert odds("backtest", "show", "1", "--json").json == kept
    assert "Backtest 1" in odds("backtest", "show", "1").out
    assert odds("backtest", "show", "1", "--verbose").out.count("Home0") >= 1


def test_several_stand_beside_each_other(odds: Odds, kept: dict[str, Any]) -> None:
    ran = odds("backtest", "compare", "1", "2")
    assert "return on stakes" in ran.out
    compared = odds("backtest", "compare", "1", "2", "--json").json
    assert [one["parameters"]["pick"] for one in compared["backtests"]] == ["favourite", "underdog"]


def test_two_are_told_apart_by_the_events_that_both_bet_on(odds: Odds, kept: dict[str, Any]) -> None:
    ran = odds("backtest", "compare", "2", "1")
    (told,) = odds("backtest", "compare", "2", "1", "--json").json["differences"]
    assert (told["number"], told["less"], told["common_events"]) == (1, 2, 40)
    assert f"{100 * told['mean']['value']:+.2f} %" in ran.out
    assert "against 2" in ran.out


def test_one_is_exported_whole_or_its_bets(odds: Odds, kept: dict[str, Any], tmp_path: Path) -> None:
    assert "its 40 bets, is in bets.csv" in odds("backtest", "export", "1", "bets.csv").out
    with (tmp_path / "bets.csv").open(newline="") as file:
        assert len(list(csv.DictReader(file))) == 40
    assert odds("backtest", "export", "1", "all.json").exit_code == 0
    result = BacktestResult.model_validate_json((tmp_path / "all.json").read_text())
    assert result.metrics.bets == kept["metrics"]["bets"]


def test_one_becomes_a_page(odds: Odds, kept: dict[str, Any], tmp_path: Path) -> None:
    pytest.importorskip("plotly", reason="a report needs the extra research")
    assert "The page of backtest 1 is backtest-1.html" in odds("backtest", "report", "1").out
    page = (tmp_path / "backtest-1.html").read_text().replace("&nbsp;", " ")
    assert kept["metrics"]["verdict"].split(":")[0] in page
    assert odds("backtest", "report", "1", "mine.html").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("show", "99"), "there is no backtest 99", id="none of that number"),
        pytest.param(("compare", "1"), "needs two numbers or more", id="nothing to compare with"),
        pytest.param(("compare", "1", "1"), "each number once", id="one with itself"),
        pytest.param(("compare", "1", "99"), "there is no backtest 99", id="one that is not there"),
        pytest.param(
            ("export", "1", "bets.xlsx"), "is written to .json, .csv, .parquet", id="another kind of file"
        ),
        pytest.param(("export", "1", "there.csv"), "there.csv exists already: --force", id="a file that is there"),
        pytest.param(("report", "1", "there.csv"), "there.csv exists already: --force", id="a page that is there"),
        pytest.param(("report", "1", "no/x.html"), "cannot be written", id="a folder that is not there"),
    ],
)
def test_a_mistake_is_one_line(
    odds: Odds, kept: dict[str, Any], tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    (tmp_path / "there.csv").write_text("precious")
    ran = odds("backtest", *arguments)
    assert ran.exit_code == 1
    assert told in ran.err
    assert "Traceback" not in ran.err
    assert (tmp_path / "there.csv").read_text() == "precious"
