import orjson
import pytest

from core.feed.errors import PayloadError
from core.feed.fields import read_text
from core.feed.payload_reading import SetAside, decode, decode_array, event_rows

ROW = {"id": "e1", "sport_key": "basketball_nba", "commence_time": "2026-01-11T00:10:00Z"}


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[1,", b"[NaN]", b"\xff\xfe", b'["\\ud800"]', b"\xef\xbb\xbf[]"]
)
def test_a_body_that_is_no_json_says_where_it_ends_to_be(body: bytes) -> None:
    with pytest.raises(PayloadError, match=r"at \$: no JSON: .* \(line \d+, column \d+\)") as caught:
        decode(body)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("body", "found"),
    [(b"{}", "an object"), (b"null", "null"), (b"3", "a number"), (b'"x"', "a text"), (b"true", "a boolean")],
)
def test_a_body_that_is_no_array_says_what_it_is(body: bytes, found: str) -> None:
    with pytest.raises(PayloadError, match=f"an array was expected, not {found}"):
        decode_array(body)


def test_a_part_set_aside_is_cut_to_what_a_log_can_hold() -> None:
    aside = SetAside()
    aside.add("$[0]", "odd", {"name": "x" * 5000}, "e1")
    [part] = aside.parts()
    assert (part.path, part.reason, part.event_id) == ("$[0]", "odd", "e1")
    assert part.fragment == '{"name":"' + "x" * 1991


def test_a_part_nested_too_deeply_is_set_aside_without_its_text() -> None:
    value: list[object] = []
    for _ in range(400):
        value = [value]
    aside = SetAside()
    aside.add("$", "odd", value, None)
    assert aside.parts()[0].fragment == "(nested too deeply to be shown)"


def test_an_unusable_field_is_set_aside_alone() -> None:
    aside = SetAside()
    assert aside.field(read_text, {"title": 5}, "title", "$[2]", "e1") is None
    assert aside.parts() == (("$[2].title", "a text was expected, not a number", "5", "e1"),)


@pytest.mark.parametrize(
    ("change", "path", "event_id"),
    [
        pytest.param({"id": None}, "$[0].id", None, id="no id"),
        pytest.param({"id": 12}, "$[0].id", None, id="an id that is no text"),
        pytest.param({"sport_key": ""}, "$[0].sport_key", "e1", id="no sport"),
        pytest.param({"commence_time": "soon"}, "$[0].commence_time", "e1", id="no commence time"),
        pytest.param({"home_team": ["a"]}, "$[0].home_team", "e1", id="a team that is no text"),
    ],
)
def test_a_row_that_names_no_event_is_set_aside_whole(
    change: dict[str, object], path: str, event_id: str | None
) -> None:
    aside = SetAside()
    row = {**ROW, **change}
    rows = list(event_rows([row, {**ROW, "id": "e2"}], aside))
    assert [found.event.event_id for found in rows] == ["e2"]
    [part] = aside.parts()
    assert (part.path, part.event_id, part.fragment) == (path, event_id, orjson.dumps(row).decode())


def test_the_same_event_twice_is_read_once() -> None:
    aside = SetAside()
    later = {**ROW, "commence_time": "2026-01-12T00:10:00Z"}
    [row] = event_rows([ROW, later], aside)
    assert row.event.commence_time.day == 11
    assert [(part.path, part.reason) for part in aside.parts()] == [("$[1]", "listed twice")]


def test_an_event_without_teams_or_title_is_one() -> None:
    aside = SetAside()
    [row] = event_rows([{**ROW, "home_team": None, "sport_title": 5}], aside)
    assert (row.event.home_team, row.event.away_team, row.event.sport_title) == (None, None, "basketball_nba")
    assert [part.path for part in aside.parts()] == ["$[0].sport_title"]
