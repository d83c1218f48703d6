"""`odds demo` as a user runs it, for a day."""

from collections.abc import Callable
from typing import Any

import pytest

from handlers.cli.demo import next_commands

Odds = Callable[..., Any]
SECTIONS = (
    "It looks when it matters",
    "It is there at the close",
    "One game, followed",
    "What moved",
    "What is kept",
    "What it would have brought",
    "Try next",
)


@pytest.mark.usefixtures("own_database")
def test_a_demo_is_one_page_of_80_columns(odds: Odds) -> None:
    ran = odds("demo", "--days", "1")
    assert ran.exit_code == 0, ran.err
    page, _, commands = ran.out.partition("Try next")
    places = [ran.out.index(section) for section in SECTIONS]
    assert places == sorted(places)
    assert max(map(len, page.splitlines())) <= 80
    assert len(ran.out.splitlines()) <= 100
    assert "linekeeper_demo" in commands
    assert "leave out your server's password" in commands
    assert "seconds" in ran.out.splitlines()[-1]
    assert (ran.err, "\x1b" in ran.out) == ("", False)


@pytest.mark.usefixtures("own_database")
def test_a_demo_reports_as_json_with_the_url_of_its_database(odds: Odds) -> None:
    ran = odds("demo", "--days", "1", "--seed", "3", "--sport", "basketball_nba", "--json")
    assert ran.exit_code == 0, ran.err
    report = ran.json
    assert report["database_url"].endswith("/linekeeper_demo")
    assert (report["seed"], report["first_at"], report["last_at"]) == (
        3,
        "2025-11-06T12:00:00Z",
        "2025-11-07T12:00:00Z",
    )
    assert report["totals"]["looks"] == len(report["looks"]) > 0
    assert report["closing"]["missed"] == 0
    assert ran.err == ""


def test_a_sport_that_is_not_simulated_is_refused_before_any_database(
    odds: Odds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    ran = odds("demo", "--sport", "golf")
    assert (ran.exit_code, ran.out) == (1, "")
    assert ran.err.startswith("error: no simulated market for 'golf'; there is one for basketball_nba")


@pytest.mark.parametrize("days", ["0", "-1", "61"])
def test_days_out_of_reach_are_a_wrong_command_line(odds: Odds, days: str) -> None:
    assert odds("demo", "--days", days).exit_code == 2


def test_next_commands_name_a_database_of_your_own_by_its_url() -> None:
    commands = "\n".join(next_commands("postgresql://me@db/linekeeper_demo"))
    assert 'psql "postgresql://me@db/linekeeper_demo"' in commands
    assert "odds db psql" not in commands
    assert "odds db psql linekeeper_demo" in "\n".join(next_commands(None))
