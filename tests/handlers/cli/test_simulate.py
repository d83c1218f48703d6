"""`odds simulate season` as a user runs it, for a few days."""

from collections.abc import Callable
from typing import Any

import pytest

Odds = Callable[..., Any]


@pytest.mark.slow
@pytest.mark.usefixtures("own_database")
def test_a_season_is_told_on_a_page_of_80_columns(odds: Odds) -> None:
    ran = odds("simulate", "season", "--days", "5", "--seed", "2", "--faults", "5%")
    assert ran.exit_code == 0, ran.out + ran.err
    assert "5.0% of operations fail" in " ".join(ran.out.split())
    for told in ("last look at most 10 min before", "faults injected", "the process dies", "seconds"):
        assert told in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80
    assert ran.err == ""


@pytest.mark.slow
@pytest.mark.usefixtures("own_database")
def test_a_season_reports_as_json_with_the_url_of_its_database(odds: Odds) -> None:
    ran = odds("simulate", "season", "--days", "2", "--faults", "0", "--json")
    assert ran.exit_code == 0, ran.err
    assert ran.json["database_url"].endswith("/linekeeper_simulation")
    assert (ran.json["fault_rate"], ran.json["mishaps"], ran.json["unarmed"]) == (0, {}, [])


def test_a_sport_that_is_not_simulated_is_refused_before_any_database(
    odds: Odds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    ran = odds("simulate", "season", "--sport", "golf")
    assert (ran.exit_code, ran.out) == (1, "")
    assert ran.err.startswith("error: no simulated market for 'golf'; there is one for basketball_nba")


@pytest.mark.parametrize(
    ("option", "given", "accepted"),
    [
        pytest.param("--faults", "-1", "percentage from 0 to 50, such as 5 or 5%", id="no fewer than none"),
        pytest.param("--faults", "51%", "percentage from 0 to 50, such as 5 or 5%", id="more than half"),
        pytest.param("--faults", "nan", "percentage from 0 to 50, such as 5 or 5%", id="no number"),
        pytest.param("--faults", "few", "percentage from 0 to 50, such as 5 or 5%", id="a word"),
        pytest.param("--days", "0", "greater than or equal to 1", id="no day"),
    ],
)
def test_what_is_out_of_reach_is_a_wrong_command_line(odds: Odds, option: str, given: str, accepted: str) -> None:
    ran = odds("simulate", "season", option, given)
    told = " ".join(ran.err.replace("│", " ").split())
    assert ran.exit_code == 2
    assert accepted in told
    assert option in told
