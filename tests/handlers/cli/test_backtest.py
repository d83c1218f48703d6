"""`odds backtest run`: from the command line to a verdict, kept to be shown again."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Odds = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("season")

FLAT = ("backtest", "run", "--strategy", "flat", "--source", "import", "--set", "max_quote_age_hours=99")
MINE = '''
from analytics.backtesting.values import BetOpportunity, Side
from analytics.strategies.base import BettingStrategy, Parameters

class Draws(BettingStrategy[Parameters]):
    """Every draw at the best price."""

    name = "draws"

    async def evaluate_opportunity(self, event, odds, config):
        best = odds.best("h2h", Side.DRAW)
        return [] if best is None else [BetOpportunity(best, 0.3, "a draw is due")]
'''


def test_a_run_tells_its_verdict_and_is_kept(odds: Odds) -> None:
    ran = odds(*FLAT)
    assert ran.exit_code == 0, ran.err
    text = " ".join(ran.out.split())
    assert "Backtest 1 flat (market=h2h, pick=favourite)" in text
    assert "40 bets on 40 events" in text
    assert "Kept as 1: odds backtest report 1 makes a page of it." in text


def test_json_is_the_whole_result_with_its_number(odds: Odds) -> None:
    ran = odds(*FLAT, "-p", "pick=draw", "--stake", "flat:10", "--bankroll", "500", "--json")
    assert ran.exit_code == 0, ran.err
    assert ran.json["number"] == 1
    assert (ran.json["parameters"]["pick"], ran.json["config"]["bankroll"]) == ("draw", 500)
    assert {bet["outcome_name"] for bet in ran.json["bets"]} == {"Draw"}
    assert {bet["stake"] for bet in ran.json["bets"]} == {10}
    assert ran.json["metrics"]["bets"] == len(ran.json["bets"]) == 40


def test_bets_are_made_in_the_time_asked_for_and_at_the_bookmaker_named(odds: Odds) -> None:
    ran = odds(*FLAT, "--from", "2024-08-20", "--to", "2024-08-31", "--bookmaker", "bet365", "--json")
    assert {bet["commence_time"][:10] for bet in ran.json["bets"]} == {"2024-08-24", "2024-08-31"}
    assert {bet["bookmaker_key"] for bet in ran.json["bets"]} == {"bet365"}


def test_a_result_that_is_not_to_be_kept_is_not(odds: Odds) -> None:
    assert odds(*FLAT, "--no-keep", "--json").json["number"] is None
    assert "No backtest was kept" in odds("backtest", "show").out


def test_a_strategy_of_ones_own_runs_from_its_file(odds: Odds, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(MINE)
    ran = odds(*FLAT, "--strategy", "mine.py:Draws", "--json")
    assert ran.exit_code == 0, ran.err
    assert ran.json["strategy"] == "draws"
    assert {bet["rationale"] for bet in ran.json["bets"]} == {"a draw is due"}


def test_a_strategy_that_writes_to_the_runs_config_is_told_so_in_a_line(odds: Odds, tmp_path: Path) -> None:
    writes = 'object.__setattr__(config.limits, "min_stake", "much")\n        best = odds.best('
    (tmp_path / "mine.py").write_text(MINE.replace("best = odds.best(", writes))
    ran = odds(*FLAT, "--strategy", "mine.py:Draws", "--json")
    assert ran.exit_code == 1
    assert ran.err.splitlines()[-1].endswith("draws changed the config that it was given: it is to be read alone")


def test_imports_are_read_only_when_asked_for(odds: Odds) -> None:
    ran = odds("backtest", "run", "--strategy", "flat")
    assert ran.exit_code == 1
    assert "there are no live odds of any sport" in ran.err


def test_what_a_long_wait_makes_stale_is_told_with_the_way_on(odds: Odds) -> None:
    ran = odds("backtest", "run", "--strategy", "flat", "--source", "import", "--no-keep")
    assert "--set max_quote_age_hours=HOURS allows older ones" in ran.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("--strategy", "magic"), "--strategy magic: the strategies are flat", id="no such strategy"),
        pytest.param(("--strategy", "none.py:X"), "none.py is no Python file", id="no such file"),
        pytest.param(("-p", "pick=winner"), "--param: pick: input should be 'favourite'", id="no such pick"),
        pytest.param(("-p", "luck=1"), "with a name of market, pick", id="no such parameter"),
        pytest.param(("--stake", "all-in"), "--stake all-in: kelly:FRACTION", id="no such stake"),
        pytest.param(
            ("--from", "2025-01-01", "--to", "2024-01-01"), "--to must be after --from", id="no time at all"
        ),
        pytest.param(
            ("--bookmaker", "pinacle"), "bookmaker pinacle: no odds on h2h are known", id="no such bookmaker"
        ),
        pytest.param(
            ("--sport", "nba"), "sport nba: no game is known; there are those of soccer", id="no such sport"
        ),
        pytest.param(
            ("--strategy", "expected_value", "-p", "sharp=pinacle"),
            "parameter sharp: bookmaker pinacle: no odds on h2h, spreads, totals are known",
            id="no such bookmaker in a parameter",
        ),
        pytest.param(("--stake", "kelly"), "flat estimates no probabilities", id="Kelly without an estimate"),
    ],
)
def test_a_mistake_is_one_line_and_nothing_is_kept(odds: Odds, arguments: tuple[str, ...], told: str) -> None:
    ran = odds(*FLAT, *arguments)
    assert (ran.exit_code, ran.out) == (1, "")
    assert told in ran.err
    assert "Traceback" not in ran.err
    assert "No backtest was kept" in odds("backtest", "show").out


def test_the_help_lists_every_setting(odds: Odds) -> None:
    told = odds("backtest", "run", "--help").out
    assert "limits.max_stake=none" in told
    assert "devig_method=power" in told
    assert not re.search("[a-z]…", told)
