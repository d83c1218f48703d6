"""`odds fetch`: one question to the feed, recorded in the ledger, told with its price."""

from collections.abc import Callable
from typing import Any

import pytest

from core.simulation.faults import Fault

Odds = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("own_database", "games")


def test_fetching_events_is_free_and_lists_the_games(odds: Odds, server: Any) -> None:
    ran = odds("fetch", "events", "--json")
    assert ran.exit_code == 0, ran.err
    (report,) = ran.json
    assert report["counts"]["listed"] == report["counts"]["new"] == 3
    assert (report["credits_spent"], report["credits_left"], report["error"]) == (0, 500, None)


def test_fetching_current_odds_stores_what_the_feed_lists(odds: Odds, server: Any) -> None:
    (report,) = odds("fetch", "current", "--json").json
    assert report["counts"]["snapshots"] == 3
    assert report["counts"]["in_play"] == 1
    assert report["counts"]["quotes_stored"] == report["counts"]["quotes_seen"] == 8
    assert (report["credits_spent"], report["credits_left"]) == (1, 499)


def test_fetching_again_stores_only_what_changed(odds: Odds, server: Any, games: Any) -> None:
    odds("fetch", "current")
    games.games[1].prices = (-160, 140)
    (report,) = odds("fetch", "current", "--json").json
    assert (report["counts"]["quotes_seen"], report["counts"]["quotes_stored"]) == (8, 4)


def test_fetching_scores_asks_for_as_many_days_as_wanted(odds: Odds, server: Any) -> None:
    ran = odds("fetch", "scores", "--days", "2")
    assert ran.exit_code == 0, ran.err
    assert server.calls[-1].parameters["daysFrom"] == "2"
    assert "498 credits left" in ran.out


def test_a_report_fits_a_narrow_terminal(odds: Odds, server: Any) -> None:
    ran = odds("fetch", "current")
    assert "basketball_nba" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


def test_every_fetch_is_a_run_of_the_ledger(odds: Odds, server: Any) -> None:
    odds("fetch", "current")
    server.inject(Fault("events", status=422, error_code="INVALID_DATE_FORMAT"))
    assert odds("fetch", "events").exit_code == 1
    runs = odds("status", "runs", "--json").json
    assert [run["job"] for run in runs] == ["update-status", "fetch-odds"]
    assert [run["outcome"] for run in runs] == ["failed", "stored"]
    assert runs[1]["credits_after"] == 499


def test_one_sport_that_fails_does_not_keep_the_others_from_being_asked(odds: Odds, server: Any) -> None:
    ran = odds("fetch", "events", "--sport", "no_such", "--sport", "basketball_nba")
    assert ran.exit_code == 1
    assert "error: no_such: " in ran.err
    assert "UNKNOWN_SPORT" in ran.err
    assert "basketball_nba" in ran.out


def test_without_a_key_one_line_says_what_is_needed(
    odds: Odds, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ODDS_API_KEY")
    ran = odds("fetch", "current")
    assert ran.exit_code == 1
    assert ran.err.startswith("error: ODDS_API_KEY is not set")
    assert len(ran.err.splitlines()) == 1


def test_a_refused_key_is_told_and_never_shown(odds: Odds, server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ODDS_API_KEY", "wrong-9876543210")
    ran = odds("fetch", "current")
    assert ran.exit_code == 1
    assert "INVALID_KEY" in ran.err
    assert "wrong-9876543210" not in ran.out + ran.err


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        pytest.param(("--sport", "NBA"), 1, "SPORTS='NBA': expected sport keys", id="a sport key that is none"),
        pytest.param(("--sprot", "x"), 2, "No such option", id="an option that is none"),
    ],
)
def test_a_wrong_command_line_is_told(
    odds: Odds, server: Any, arguments: tuple[str, ...], code: int, told: str
) -> None:
    ran = odds("fetch", "current", *arguments)
    assert ran.exit_code == code
    assert told in ran.err
    assert "Traceback" not in ran.err
