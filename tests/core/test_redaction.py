"""No secret in any text, wherever it hides."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.redaction import Redactor

KEY = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            f"GET /v4/sports?apiKey={KEY}&all=true", "GET /v4/sports?apiKey=***&all=true", id="in a query"
        ),
        pytest.param(
            "url='https://host/?apiKey=unknown'", "url='https://host/?apiKey=***'", id="a key nobody told us"
        ),
        pytest.param("?api_key=unknown&x=1", "?api_key=***&x=1", id="the other spelling"),
        pytest.param(f"the key {KEY} is wrong", "the key *** is wrong", id="on its own"),
        pytest.param("?apiKey=[redacted]&x=1", "?apiKey=[redacted]&x=1", id="struck out before"),
        pytest.param("nothing to hide", "nothing to hide", id="nothing"),
    ],
)
def test_a_key_is_replaced_and_the_rest_stays(text: str, expected: str) -> None:
    assert Redactor([KEY]).text(text) == expected


def test_redacting_twice_changes_nothing_more() -> None:
    redactor = Redactor([KEY])
    once = redactor.text(f"?apiKey={KEY}")
    assert redactor.text(once) == once


def test_the_longest_of_overlapping_secrets_is_replaced_whole() -> None:
    assert Redactor(["pass", "password-of-db"]).text("a password-of-db b") == "a *** b"


def test_a_secret_of_few_characters_does_not_eat_the_text() -> None:
    assert Redactor(["", "a"]).text("a plain line") == "a plain line"


secrets = st.text(st.characters(exclude_categories=["Cs"]), min_size=4, max_size=40).filter(lambda s: "*" not in s)


@given(secret=secrets, before=st.text(max_size=10), after=st.text(max_size=10))
def test_no_text_keeps_a_secret(secret: str, before: str, after: str) -> None:
    told = Redactor([secret]).text(f"{before}{secret}{after} {quote(secret, safe='')} {secret!r}")
    assert secret not in told
    assert quote(secret, safe="") not in told


nested = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.just(KEY),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text() | st.just(KEY), inner),
)


@given(value=nested)
def test_any_value_becomes_plain_json_without_the_secret(value: object) -> None:
    told = json.dumps(Redactor([KEY]).value(value), allow_nan=False)
    assert KEY not in told


class _Holder:
    def __repr__(self) -> str:
        return f"<holder of {KEY}>"


class _Mute:
    def __str__(self) -> str:
        raise RuntimeError(KEY)


@pytest.mark.parametrize(
    "value",
    [
        _Holder(),
        {"deep": [({_Holder()},)]},
        ValueError(KEY),
        Path(KEY),
        KEY.encode(),
        {KEY: 1},
        _Mute(),
    ],
    ids=["an object", "deep inside", "an exception", "a path", "bytes", "a name", "an object without a text"],
)
def test_the_secret_is_found_in_every_kind_of_value(value: object) -> None:
    assert KEY not in json.dumps(Redactor([KEY]).value(value))


def test_plain_values_stay_as_they_are() -> None:
    value = {"sport": "basketball_nba", "events": 3, "age": 1.5, "open": True, "none": None, "books": ["fanduel"]}
    assert Redactor([KEY]).value(value) == value
