"""`odds db schema`: everything there is to ask for, with what it means."""

from collections.abc import Callable
from typing import Any

import pytest

Odds = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("own_database")


def test_the_whole_schema_is_printed_within_the_line(odds: Odds) -> None:
    out = odds("db", "schema").out
    for name in (
        "raw_data",
        "core_betting.events (table)",
        "analytics.closing_lines (view)",
        "core_betting.odds_at(",
    ):
        assert name in out
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("name", "found"),
    [
        pytest.param("closing_lines", {"closing_lines"}, id="a view"),
        pytest.param("analytics.closing_lines", {"closing_lines"}, id="a view with its schema"),
        pytest.param("odds_at", {"odds_at"}, id="a function"),
        pytest.param(
            "analytics",
            {
                "backtest_bets",
                "backtest_runs",
                "best_odds",
                "closing_lines",
                "line_movement",
                "opening_lines",
            },
            id="a whole schema",
        ),
    ],
)
def test_a_part_can_be_asked_for(odds: Odds, name: str, found: set[str]) -> None:
    schemas = odds("db", "schema", name, "--json").json
    names = {each["name"] for schema in schemas for each in (*schema["relations"], *schema["functions"])}
    assert names == found


def test_columns_come_with_type_and_meaning(odds: Odds) -> None:
    ((schema),) = odds("db", "schema", "closing_lines", "--json").json
    columns = {column["name"]: column for column in schema["relations"][0]["columns"]}
    assert columns["close_age"]["sql_type"] == "interval"
    assert columns["close_age"]["comment"]


@pytest.mark.parametrize("name", ["nothing", "raw_data.closing_lines"])
def test_a_name_that_is_none_is_told(odds: Odds, name: str) -> None:
    ran = odds("db", "schema", name)
    assert (ran.exit_code, ran.out) == (1, "")
    assert repr(name) in ran.err
