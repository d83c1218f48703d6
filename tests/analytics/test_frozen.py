"""A value that is told as JSON cannot change, and holds nothing that JSON or its fields do not know."""

from typing import Any

import pytest
from pydantic import ValidationError

from analytics.frozen import Frozen


class Figure(Frozen):
    """A value."""

    figure: float


def test_a_value_does_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Figure(figure=1.0).figure = 2.0  # type: ignore[misc]


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"figure": 1.0, "other": 1}, id="a field that is none"),
        pytest.param({"figure": float("inf")}, id="infinity"),
        pytest.param({"figure": float("nan")}, id="no number"),
    ],
)
def test_what_json_cannot_hold_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Figure(**given)
