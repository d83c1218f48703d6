"""What a model refused is told once, where it is, with what is accepted and what was given."""

from typing import Any

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.errors import ConfigurationError
from core.model_faults import faults_of, validated


class Part(BaseModel):
    """A part of the model."""

    cap: float = Field(default=1.0, gt=0)


class Model(BaseModel):
    """A model that refuses what there is to refuse."""

    model_config = ConfigDict(extra="forbid")
    at: AwareDatetime | None = None
    names: tuple[str, ...] = Field(default=("a",), min_length=1, max_length=2_000)
    part: Part = Part()

    @model_validator(mode="after")
    def _has_no_twins(self) -> "Model":
        if len(set(self.names)) < len(self.names):
            raise ValueError("names must differ")
        return self


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param({"part": {"cap": 0}}, "part.cap: input should be greater than 0, not 0", id="a part's"),
        pytest.param({"names": ["b", 7]}, "names.1: input should be a valid string, not 7", id="one of a list"),
        pytest.param({"names": [7]}, "names.0: input should be a valid string, not 7", id="the only one"),
        pytest.param({"names": "b"}, "names: a list is expected, not 'b'", id="no list"),
        pytest.param({"names": []}, "names: at least 1 is expected", id="an empty list"),
        pytest.param(
            {"names": ["b"] * 2_001}, "names: at most 2,000 are expected, not 2,001", id="a list that is too long"
        ),
        pytest.param({"names": ["b", "b"]}, "model: names must differ", id="the whole"),
        pytest.param({"nam": 1}, "nam: there is no such field", id="no field"),
        pytest.param({"part": 5, "nam": 1}, "part: an object is expected, not 5; nam: there is no", id="two"),
        pytest.param({"at": "2025-10-21"}, "at: an instant with its offset is expected", id="no offset"),
        pytest.param({"at": "x" * 5_000}, "x" * 60 + "'", id="much text is cut"),
        pytest.param(None, "model: an object is expected, not None", id="nothing"),
    ],
)
def test_a_fault_is_told_where_it_is_with_what_is_accepted_and_given(given: Any, told: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Model.model_validate(given)
    said = faults_of(raised.value, whole="model")
    assert told in said
    assert len(said) < 200


def test_what_is_given_makes_a_model_or_is_refused_as_a_setting_is() -> None:
    assert validated(Part, {"cap": "2"}, "--part") == Part(cap=2)
    with pytest.raises(ConfigurationError, match=r"^--part: cap: input should be greater than 0, not 0$"):
        validated(Part, {"cap": 0}, "--part")
