"""The values of a sweep: every combination once, each checked as if it were given alone."""

import pytest
from pydantic import BaseModel, ConfigDict, Field

from analytics.strategies.base import Parameters
from core.errors import ConfigurationError
from handlers.cli.grids import MOST_SETS, read_grid


class Model(BaseModel):
    """A model with a number, a word and a list."""

    model_config = ConfigDict(extra="forbid")
    edge: float = Field(default=0.02, ge=0)
    method: str = "power"
    books: tuple[str, ...] = ("pinnacle",)


def test_every_combination_is_tried_the_last_named_varying_fastest() -> None:
    made = read_grid(["edge=0.01,0.02", "method=shin, power"], Model, ["books=a,b"])
    assert [(one.edge, one.method) for one in made] == [
        (0.01, "shin"),
        (0.01, "power"),
        (0.02, "shin"),
        (0.02, "power"),
    ]
    assert {one.books for one in made} == {("a", "b")}


@pytest.mark.parametrize(
    ("text", "edges"),
    [
        pytest.param("edge=0.01:0.05:0.01", [0.01, 0.02, 0.03, 0.04, 0.05], id="the end is included"),
        pytest.param("edge=0:1:0.4", [0, 0.4, 0.8], id="a step that does not meet it"),
        pytest.param("edge=2:2:1", [2], id="a single one"),
    ],
)
def test_a_range_is_every_step_without_rounding(text: str, edges: list[float]) -> None:
    assert [one.edge for one in read_grid([text], Model)] == edges


def test_lists_are_set_apart_by_semicolons() -> None:
    assert [one.books for one in read_grid(["books=a,b;c"], Model)] == [("a", "b"), ("c",)]


def test_nothing_that_varies_is_one_set() -> None:
    assert read_grid([], Model, ["edge=1"]) == [Model(edge=1)]


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        pytest.param(["edge"], "NAME=VALUES is expected", id="no values"),
        pytest.param(["edgy=1,2"], "with a name of edge, method, books", id="an unknown name"),
        pytest.param(
            ["edge=0.1,-1"], "edge: input should be greater than or equal to 0, not '-1'", id="a bad value"
        ),
        pytest.param(["edge=1:0:0.1"], "from a lower to a higher number", id="a range that falls"),
        pytest.param(["edge=0:0.05"], "'0:0.05' has no step: a range is from:to:step", id="two of three"),
        pytest.param(["edge=0:1:0"], "by a step above 0", id="no step"),
        pytest.param(["edge=1", "edge=2"], "edge is given twice", id="a name twice"),
        pytest.param(["edge=1,2, 1"], "'edge=1,2, 1': a value is given twice", id="a value twice"),
        pytest.param(["edge=0:9:0.00001"], f"has more than {MOST_SETS:,} steps", id="too many steps"),
        pytest.param(
            ["edge=0:900:1", f"method={','.join(map(str, range(900)))}"],
            "combinations, and 100,000 are the most",
            id="too many",
        ),
    ],
)
def test_a_mistake_is_named(texts: list[str], told: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        read_grid(texts, Model)
    assert told in str(raised.value)


class Between(Parameters):
    """Parameters with a least and its most."""

    min_edge: float = 0.02
    max_edge: float = 0.2


def test_combinations_without_room_are_left_out_where_both_ends_vary() -> None:
    made = read_grid(["min_edge=0.01,0.1", "max_edge=0.05,0.2"], Between)
    assert [(one.min_edge, one.max_edge) for one in made] == [(0.01, 0.05), (0.01, 0.2), (0.1, 0.2)]


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(["min_edge=0.1,0.3"], id="one end varies"),
        pytest.param(["min_edge=0.3,0.4", "max_edge=0.1,0.2"], id="none has room"),
    ],
)
def test_a_value_that_is_asked_for_and_has_no_room_is_a_mistake(texts: list[str]) -> None:
    with pytest.raises(
        ConfigurationError, match=r"min_edge 0\.3 is above max_edge 0\.[12]: nothing would be bet on"
    ):
        read_grid(texts, Between)


def test_what_varies_is_not_fixed_too() -> None:
    with pytest.raises(ConfigurationError, match="edge is given twice"):
        read_grid(["edge=1,2"], Model, ["edge=1"])
