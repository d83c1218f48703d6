"""What a schedule tells the function that it invokes."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.triggers.base import Trigger
from core.triggers.schedule_inputs import PLAN_VERSION, parse_input, read_input, trigger_input

TRIGGER = Trigger(
    "fetch-odds", "americanfootball_nfl", datetime(2026, 9, 13, 16, 55, tzinfo=UTC), "closing", "closing"
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
FIELDS = ("job", "sport_key", "slot", "reason", "tier", "tries", "plan_version")


def carried(**changes: Any) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(trigger_input(TRIGGER))
    return event | changes


def test_an_input_says_job_sport_slot_reason_tier_tries_and_plan_version() -> None:
    assert carried() == {
        "job": "fetch-odds",
        "sport_key": "americanfootball_nfl",
        "slot": "2026-09-13T16:55:00+00:00",
        "reason": "closing",
        "tier": "closing",
        "tries": 0,
        "plan_version": PLAN_VERSION,
    }


@given(
    st.builds(
        Trigger,
        st.text(),
        st.text(),
        st.datetimes(timezones=st.just(UTC)),
        st.text(),
        st.none() | st.text(),
        st.integers(min_value=0),
    )
)
def test_a_trigger_comes_back_from_its_input_as_it_was(trigger: Trigger) -> None:
    assert read_input(trigger_input(trigger)) == trigger
    assert parse_input(json.loads(trigger_input(trigger))) == trigger


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(None, id="none"),
        pytest.param({}, id="an empty event"),
        pytest.param([], id="a list"),
        pytest.param("fetch-odds", id="a text"),
        pytest.param({"source": "aws.events", "detail": {}}, id="an event of another kind"),
        pytest.param(carried(plan_version=PLAN_VERSION + 1), id="a plan version to come"),
        pytest.param(carried(plan_version=None), id="no plan version"),
        pytest.param(carried(job=7), id="a job that is no text"),
        pytest.param(carried(sport_key=None), id="no sport"),
        pytest.param(carried(reason=None), id="no reason"),
        pytest.param(carried(tier=3), id="a tier that is no text"),
        pytest.param(carried(slot=1789311300), id="a slot in seconds"),
        pytest.param(carried(slot="soon"), id="a slot that is no instant"),
        pytest.param(carried(slot="2026-09-13T16:55:00"), id="a slot without a zone"),
        pytest.param(carried(slot="0001-01-01T00:00:00+05:00"), id="a slot before the first year in UTC"),
    ],
)
def test_what_is_not_a_triggers_input_carries_no_trigger(event: object) -> None:
    assert parse_input(event) is None


@given(JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSON)).map(lambda odd: carried() | odd))
def test_no_payload_is_too_odd_to_be_read(event: object) -> None:
    assert parse_input(event) is None or isinstance(parse_input(event), Trigger)


@pytest.mark.parametrize("text", [None, b"{}", "", "{", "[" * 100_000, "null"], ids=repr)
def test_no_text_is_too_odd_to_be_read(text: object) -> None:
    assert read_input(text) is None


def test_a_slot_of_another_zone_is_told_in_utc() -> None:
    slot = datetime(2026, 9, 13, 12, 55, tzinfo=timezone(timedelta(hours=-4)))
    trigger = parse_input(carried(slot=slot.isoformat()))
    assert trigger == TRIGGER
    assert trigger.at.tzinfo is UTC


def test_fields_that_nobody_knows_are_passed_over() -> None:
    assert parse_input(carried(colour="green")) == TRIGGER


@pytest.mark.parametrize("tries", [None, -1, True, 2.0, "3"], ids=repr)
def test_tries_that_are_no_count_are_none(tries: object) -> None:
    assert parse_input(carried(tries=tries)) == TRIGGER
