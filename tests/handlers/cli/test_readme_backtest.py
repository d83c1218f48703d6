"""What the README shows of backtests works as it stands there: the strategy, and the payload."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from handlers.backtest_request import read_request

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """Return the one block of a language."""
    [found] = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return str(found)


@pytest.mark.usefixtures("season")
def test_the_strategy_of_the_readme_runs(odds: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(block("python"))
    options = ("--source", "import", "--set", "max_quote_age_hours=99", "--json")
    ran = odds("backtest", "run", "--strategy", "mine.py:Draws", *options)
    assert ran.exit_code == 0, ran.err
    assert {bet["outcome_name"] for bet in ran.json["bets"]} == {"Draw"}


def test_the_payload_of_the_readme_is_accepted() -> None:
    assert read_request(orjson.loads(block("json"))).config.sports == ("basketball_nba",)
