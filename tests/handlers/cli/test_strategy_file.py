"""A strategy of the user's own is found by file and class; what is wrong with the file is told with its line."""

from pathlib import Path

import pytest

from core.errors import ConfigurationError
from handlers.cli.strategy_file import load_strategy

HEAD = """
from analytics.strategies.base import BettingStrategy, Parameters

class Mine(BettingStrategy[Parameters]):
    name = "mine"
    async def evaluate_opportunity(self, event, odds, config):
        return []
"""
SECOND = """
class Other(Mine):
    name = "other"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where the strategy's file is to be."""
    return tmp_path / "mine.py"


def test_the_class_is_found_by_its_name(file: Path) -> None:
    file.write_text(HEAD + SECOND)
    assert load_strategy(f"{file}:Other").name == "other"
    assert load_strategy(f"{file}:Mine").name == "mine"


def test_a_single_strategy_needs_no_name(file: Path) -> None:
    file.write_text(HEAD)
    assert load_strategy(str(file)).name == "mine"


@pytest.mark.parametrize(
    ("text", "named", "told"),
    [
        pytest.param(HEAD + SECOND, "", "has several; its strategies are Mine, Other", id="which one"),
        pytest.param(HEAD, ":Yours", "no strategy Yours in", id="no such class"),
        pytest.param(HEAD, ":BettingStrategy", "its strategies are Mine", id="one that is only imported"),
        pytest.param(
            "x = 1\n", ":Mine", "mine.py has no strategy, a subclass of BettingStrategy", id="no strategy"
        ),
        pytest.param("x = = 1\n", ":Mine", "line 1: invalid syntax", id="no Python"),
        pytest.param(
            "\n\nimport nosuch\n", ":Mine", "line 3: ModuleNotFoundError: No module named", id="an import"
        ),
        pytest.param(
            HEAD + "\n1 / 0\n", ":Mine", "line 9: ZeroDivisionError: division by zero", id="its own fault"
        ),
        pytest.param(HEAD.replace('name = "mine"', ""), ":Mine", 'Mine has no name: name = "…"', id="no name"),
        pytest.param(
            HEAD.replace("async ", ""), "", "evaluate_opportunity of Mine is no async def", id="not async"
        ),
        pytest.param(HEAD + "    decides_at = 5\n", "", "decides_at: a list is expected, not 5", id="one hour"),
        pytest.param(
            HEAD + "    decides_at = (-5,)\n", "", "decides_at.0: hours before the start", id="after the start"
        ),
        pytest.param(
            HEAD + "    decides_at = ()\n", "", "decides_at: at least 1 is expected", id="no time to decide"
        ),
        pytest.param(
            HEAD + "    history_hours = 'all'\n", "", "history_hours: input should be a valid number", id="history"
        ),
        pytest.param(HEAD + "    sizing = 'flat'\n", "", "sizing: ", id="the sizing by its name"),
        pytest.param(
            HEAD + "    parameters_model = dict\n",
            "",
            "parameters_model: input should be a subclass of Parameters",
            id="a model of something else",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line(file: Path, text: str, named: str, told: str) -> None:
    file.write_text(text)
    with pytest.raises(ConfigurationError) as raised:
        load_strategy(f"{file}{named}")
    assert told in str(raised.value)


@pytest.mark.parametrize("named", ["nothing.py:Mine", "mine.txt:Mine", "mine"])
def test_what_is_no_python_file_is_told_what_is_expected(named: str) -> None:
    with pytest.raises(ConfigurationError, match=r"is no Python file; path\.py:Class is expected"):
        load_strategy(named)
