"""Laws of parsing, over any JSON and over a sound body changed at any place."""

from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.feed.errors import PayloadError
from core.feed.payloads import parse_events, parse_odds, parse_scores, parse_sports

Path = tuple[Any, ...]
OUTCOME: Path = ("bookmakers", 0, "markets", 0, "outcomes", 0)
FIELDS = st.sampled_from(
    ["id", "key", "sport_key", "commence_time", "bookmakers", "markets", "outcomes", "name", "price", "scores"]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=8)
    | st.sampled_from(["2026-01-11T00:10:00Z", "-110", "\0", "x" * 300])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS | st.text(max_size=3), inner, max_size=6),
    max_leaves=25,
)


@pytest.mark.parametrize("parse", [parse_sports, parse_events, parse_odds, parse_scores])
@given(body=JSON.map(orjson.dumps) | st.binary(max_size=40))
def test_any_body_is_read_or_is_a_payload_error(parse: Any, body: bytes) -> None:
    with suppress(PayloadError):
        parse(body)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_changed_event_never_takes_another_with_it(event: dict[str, Any], data: st.DataObject) -> None:
    events = [{**deepcopy(event), "id": f"event-{number}"} for number in range(3)]
    before = parse_odds(orjson.dumps(events)).events
    put(events[1], data.draw(st.sampled_from(list(paths_of(event)))), data.draw(JSON))
    answer = parse_odds(orjson.dumps(events))
    assert answer.events[0] == before[0]
    assert answer.events[-1] == before[2]
    assert all(part.path.startswith("$[1]") for part in answer.malformed)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_changed_part_never_takes_its_siblings_with_it(event: dict[str, Any], data: st.DataObject) -> None:
    changed = deepcopy(event)
    [before] = parse_odds(orjson.dumps(event)).events
    part = data.draw(st.sampled_from([path for path in paths_of(event) if stands_alone(path)]))
    put(changed, part, data.draw(JSON))
    answer = parse_odds(orjson.dumps(changed))
    if not answer.events:
        assert "NUL" in answer.malformed[0].reason
        return
    places = (path for path in paths_of(event) if len(path) == len(OUTCOME))
    siblings = {quote for place, quote in zip(places, before.quotes, strict=True) if not overlap(place, part)}
    assert siblings <= set(answer.events[0].quotes)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_path_of_a_part_set_aside_leads_to_it(event: dict[str, Any], data: st.DataObject) -> None:
    changed = deepcopy(event)
    put(changed, data.draw(st.sampled_from(list(paths_of(event)))), data.draw(JSON))
    for part in parse_odds(orjson.dumps([changed])).malformed:
        assert reaches(changed, part.path.removeprefix("$[0]")), part


def paths_of(value: Any, so_far: Path = ()) -> Iterator[Path]:
    """Yield the way to every part of a JSON value."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*so_far, key)
        yield from paths_of(child, (*so_far, key))


def put(value: Any, path: Path, part: object) -> None:
    """Set one part of a JSON value."""
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = part


def stands_alone(path: Path) -> bool:
    """Tell whether a part is a bookmaker, a market, an outcome or a field that names nothing of them."""
    return len(path) > 1 and (isinstance(path[-1], int) or path[-1] in {"title", "price", "point"})


def overlap(one: Path, other: Path) -> bool:
    """Tell whether one of two parts holds the other."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def reaches(value: Any, path: str) -> bool:
    """Tell whether a JSON path leads to a part of the value, or to a field that its object lacks."""
    for step in path.replace("[", ".[").split(".")[1:]:
        if step.startswith("["):
            value = value[int(step[1:-1])]
        elif isinstance(value, dict):
            value = value.get(step)
        else:
            return False
    return True
