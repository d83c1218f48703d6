"""Files of a user's are read by their header, each line told with its number."""

from pathlib import Path

import pytest

from analytics.backtesting.brought_files import lines_of, whole_number
from core.errors import ConfigurationError


def test_columns_may_stand_in_any_order_beside_others_and_what_is_not_there_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "brought.csv"
    path.write_text("\ufeffb,other,a\n 2 ,x,1\n2\n", encoding="utf-8")
    assert [*lines_of(path, ("a", "b"))] == [(f"{path}, line 2", ["1", "2"]), (f"{path}, line 3", ["", "2"])]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b"", "no column a, b: a, b are needed", id="nothing at all"),
        pytest.param(b"b,c\n", "no column a: a, b are needed", id="without a column"),
        pytest.param(b"a,b\n\xff,1\n", "cannot be read: ", id="no text"),
        pytest.param(None, "cannot be read: ", id="no file"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None, told: str) -> None:
    path = tmp_path / "brought.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=f"brought.csv: {told}"):
        [*lines_of(path, ("a", "b"))]


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("27", 27), ("", None), ("-1", None), ("2.0", None), ("²", None)]
)
def test_only_a_whole_number_is_one(text: str, number: int | None) -> None:
    assert whole_number(text) == number
