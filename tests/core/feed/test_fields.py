from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.feed import fields
from core.feed.fields import UnusableError

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("2026-01-10T12:00:00Z", id="as the feed writes it"),
        pytest.param("2026-01-10T12:00:00.000Z", id="with a fraction"),
        pytest.param("2026-01-10T14:00:00+02:00", id="in another zone"),
        pytest.param(1768046400, id="Unix seconds"),
        pytest.param(1768046400.0, id="Unix seconds as a float"),
    ],
)
def test_an_instant_is_read_in_utc(value: object) -> None:
    instant = fields.read_instant({"at": value}, "at")
    assert instant == NOON
    assert instant.tzinfo is UTC


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("2026-01-10T12:00:00", id="no zone"),
        pytest.param("2026-01-10", id="a day"),
        pytest.param("soon", id="a word"),
        pytest.param("", id="an empty text"),
        pytest.param("2026-01-10T12:00:00." + "0" * 50 + "Z", id="a text far too long"),
        pytest.param("0001-01-01T00:00:00+14:00", id="before the first year"),
        pytest.param(10**18, id="beyond the last year"),
        pytest.param("9999-12-31T00:00:00Z", id="a date that no day can be added to"),
        pytest.param(253402300799, id="the same in Unix seconds"),
        pytest.param("1899-12-31T23:59:59Z", id="before 1900"),
        pytest.param("2200-01-01T00:00:00Z", id="after 2199"),
        pytest.param(1e300, id="beyond any number of seconds"),
        pytest.param(True, id="a boolean"),
        pytest.param([], id="an array"),
    ],
)
def test_anything_else_is_no_instant(value: object) -> None:
    with pytest.raises(UnusableError, match="an instant was expected") as caught:
        fields.read_instant({"at": value}, "at")
    assert caught.value.path == ".at"


def test_an_absent_instant_is_none_unless_it_must_be_there() -> None:
    assert fields.read_optional_instant({}, "at") is None
    assert fields.read_optional_instant({"at": None}, "at") is None
    with pytest.raises(UnusableError, match="missing"):
        fields.read_instant({}, "at")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        pytest.param(None, "missing", id="null"),
        pytest.param("", "empty", id="empty"),
        pytest.param(7, "not a number", id="a number"),
        pytest.param({}, "not an object", id="an object"),
        pytest.param("x" * 201, "longer than 200", id="too long for an index"),
        pytest.param("a\0b", "NUL", id="a character that Postgres refuses"),
    ],
)
def test_a_text_that_must_be_there_is_one_that_can_be_kept(value: object, reason: str) -> None:
    with pytest.raises(UnusableError, match=reason):
        fields.read_text({"name": value}, "name")


def test_an_optional_text_may_be_absent_or_empty() -> None:
    assert fields.read_optional_text({}, "name") is None
    assert fields.read_optional_text({"name": ""}, "name") == ""


def test_arrays_and_booleans_must_be_what_they_are() -> None:
    assert fields.read_array({"rows": [1]}, "rows") == [1]
    assert fields.read_boolean({"completed": False}, "completed") is False
    with pytest.raises(UnusableError, match="an array was expected, not an object"):
        fields.read_array({"rows": {}}, "rows")
    with pytest.raises(UnusableError, match="a boolean was expected, not a number"):
        fields.read_boolean({"completed": 1}, "completed")


def test_json_nested_too_deeply_has_no_text() -> None:
    value: list[object] = []
    for _ in range(400):
        value = [value]
    assert fields.json_text(value) is None


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2199, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_every_instant_is_read_back_as_written(instant: datetime) -> None:
    assert fields.read_instant({"at": instant.isoformat()}, "at") == instant
