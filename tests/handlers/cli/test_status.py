"""`odds status`: what an operator reads, and what a program does."""

from collections.abc import Callable
from typing import Any

import pytest

Odds = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("own_database")


@pytest.fixture
def looked(own_database: str, odds: Odds, games: Any, server: Any) -> None:
    """Read the list and look at the odds once."""
    assert odds("fetch", "events").exit_code == 0
    assert odds("fetch", "current").exit_code == 0


@pytest.mark.usefixtures("looked")
def test_the_status_tells_what_is_there_and_what_comes_next(odds: Odds) -> None:
    status = odds("status", "show", "--json").json
    assert status["attention"] == []
    assert status["totals"]["quotes_stored"] == 8
    assert status["sports"][0]["facts"]["statuses"] == {"live": 1, "scheduled": 2}
    assert status["balance"]["remaining"] == 499
    assert {run["job"] for run in status["next_runs"]} == {"fetch-odds", "fetch-scores", "update-status"}


@pytest.mark.usefixtures("looked")
@pytest.mark.parametrize("arguments", [(), ("--verbose",)])
def test_the_status_fits_a_narrow_terminal(odds: Odds, arguments: tuple[str, ...]) -> None:
    ran = odds("status", "show", *arguments)
    assert ran.out.startswith("All is well.")
    assert "2 scheduled" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


def test_the_status_of_an_empty_database_is_told_too(odds: Odds) -> None:
    ran = odds("status", "show")
    assert ran.exit_code == 0
    assert "no event known" in ran.out
    assert ran.out.startswith("Nothing was collected yet: odds fetch events")
    assert "All is well" not in ran.out


@pytest.mark.usefixtures("looked")
def test_the_quota_tells_balance_spending_and_need(odds: Odds) -> None:
    quota = odds("status", "quota", "--json").json
    assert (quota["reading"]["remaining"], quota["look_cost"]) == (499, 1)
    assert [day["credits"] for day in quota["spending"]] == [1]
    out = odds("status", "quota").out
    assert "499 of 500 credits left, 1 used" in out
    assert "One look costs 1 credit a sport." in out


def test_before_the_first_answer_the_quota_is_not_known(odds: Odds) -> None:
    assert "not known yet" in odds("status", "quota").out


@pytest.mark.usefixtures("looked")
@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        pytest.param(("--days", "3"), 3, id="all"),
        pytest.param(("--days", "1"), 2, id="of the days around now"),
        pytest.param(("--team", "home 2"), 1, id="of a team"),
        pytest.param(("--status", "live"), 1, id="of a status"),
        pytest.param(("--sport", "icehockey_nhl"), 0, id="of a sport"),
    ],
)
def test_events_are_found(odds: Odds, arguments: tuple[str, ...], count: int) -> None:
    events = odds("status", "events", *arguments, "--json").json
    assert len(events) == count
    assert all(event["snapshots"] == 1 for event in events)


@pytest.mark.usefixtures("looked")
def test_lists_fit_a_narrow_terminal(odds: Odds) -> None:
    for command in ("events", "runs"):
        out = odds("status", command).out
        assert max(map(len, out.splitlines())) <= 80
    assert "Away 2 at Home 2" in odds("status", "events").out
    assert "asked for by the user: events" in " ".join(odds("status", "runs").out.split())


def test_an_empty_list_tells_the_next_step(odds: Odds) -> None:
    assert "odds fetch events" in odds("status", "events").out
    assert "odds scheduler start" in odds("status", "runs").out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("events", "--status", "over"), "'scheduled', 'live', 'final'", id="a status that is none"),
        pytest.param(("runs", "--job", "fetch"), "no job 'fetch'; the jobs are update-status,", id="a job"),
    ],
)
def test_a_filter_that_nothing_can_meet_is_refused(odds: Odds, arguments: tuple[str, ...], told: str) -> None:
    ran = odds("status", *arguments)
    assert ran.exit_code in {1, 2}
    assert told in " ".join(ran.err.replace("│", " ").split())


@pytest.mark.usefixtures("looked")
def test_runs_are_listed_the_newest_first(odds: Odds) -> None:
    runs = odds("status", "runs", "--limit", "1", "--json").json
    assert [run["job"] for run in runs] == ["fetch-odds"]
    assert odds("status", "runs", "--failed", "--json").json == []
