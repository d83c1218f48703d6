"""`NAME=VALUE` reaches every field of a model, and a mistake names what is accepted."""

from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from analytics.devig import DevigMethod
from core.errors import ConfigurationError
from core.model_faults import validated
from handlers.cli.assignments import assignable, read_assignments


class Part(BaseModel):
    """A part of the model."""

    model_config = ConfigDict(extra="forbid")
    cap: float | None = Field(default=None, gt=0, description="money at most")


class Model(BaseModel):
    """A model with a field of every kind."""

    model_config = ConfigDict(extra="forbid")
    edge: float = Field(default=0.02, ge=0, description="the least edge")
    books: tuple[str, ...] = ("pinnacle",)
    deep: bool = False
    side: Literal["home", "away"] = "home"
    part: Part = Part()
    method: DevigMethod = Field(default=DevigMethod.SHIN, description="the method")
    fees: dict[str, float] = {"smarkets": 2.0, "matchbook": 4.0}


def test_every_field_is_listed_with_its_default_as_it_would_be_typed() -> None:
    assert [(field.name, field.default, field.description) for field in assignable(Model)] == [
        ("edge", "0.02", "the least edge"),
        ("books", "pinnacle", ""),
        ("deep", "false", ""),
        ("side", "home", ""),
        ("part.cap", "none", "money at most"),
        ("method", "shin", f"the method: {', '.join(DevigMethod)}"),
        ("fees", "smarkets:2,matchbook:4", ""),
    ]


@pytest.mark.parametrize(
    ("texts", "changes"),
    [
        pytest.param(["edge=0.1"], {"edge": 0.1}, id="a number"),
        pytest.param(["books=a, b"], {"books": ("a", "b")}, id="several, set apart by commas"),
        pytest.param(["books="], {"books": ()}, id="none of several"),
        pytest.param(["deep=true", "side=away"], {"deep": True, "side": "away"}, id="two fields"),
        pytest.param(["part.cap=5"], {"part": Part(cap=5)}, id="a field of a part"),
        pytest.param(["fees=smarkets:0, novig:1"], {"fees": {"smarkets": 0, "novig": 1}}, id="values by key"),
        pytest.param(["part.cap=none"], {"part": Part(cap=None)}, id="nothing"),
        pytest.param(["edge=0.1", "edge=0.3"], {"edge": 0.3}, id="the last one counts"),
    ],
)
def test_an_assignment_is_read_as_the_field_has_it(texts: list[str], changes: dict[str, Any]) -> None:
    given = read_assignments(texts, Model, "--param")
    assert validated(Model, given, "--param") == Model(**changes)


def test_the_listed_defaults_read_back_as_the_defaults() -> None:
    texts = [f"{field.name}={field.default}" for field in assignable(Model)]
    assert validated(Model, read_assignments(texts, Model, "--param"), "--param") == Model()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("edge", "--param 'edge': NAME=VALUE is expected, with a name of edge, books", id="no value"),
        pytest.param("edgy=1", "part.cap", id="an unknown name"),
        pytest.param(
            "edge=-1", "--param: edge: input should be greater than or equal to 0, not '-1'", id="too low"
        ),
        pytest.param("edge=much", "edge: input should be a valid number", id="no number"),
        pytest.param("side=left", "side: input should be 'home' or 'away', not 'left'", id="none of the choices"),
        pytest.param("fees=smarkets", "--param 'fees=smarkets': fees=KEY:VALUE is expected", id="a key alone"),
        pytest.param("part.cap=0", "part.cap: input should be greater than 0", id="a field of a part"),
    ],
)
def test_a_mistake_is_named_with_what_is_accepted(text: str, told: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        validated(Model, read_assignments([text], Model, "--param"), "--param")
    assert told in str(raised.value)


def test_a_field_that_has_an_option_of_its_own_is_not_offered_twice() -> None:
    with pytest.raises(ConfigurationError):
        read_assignments(["edge=1"], Model, "--set", without=("edge",))


class Empty(BaseModel):
    """A model without a field."""


def test_a_model_without_fields_says_so() -> None:
    with pytest.raises(ConfigurationError, match="nothing can be set here"):
        read_assignments(["a=1"], Empty, "--param")
