"""Mishaps are counted by kind, and a fault of the feed is known by its name."""

from datetime import UTC, datetime

import pytest

from core.simulation.faults import Fault
from core.simulation.mishaps import DIES, FEED_FAULTS, ODD, PAGE, THROTTLES, Mishap, by_kind, name_of

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)


def test_mishaps_are_counted_by_kind() -> None:
    mishaps = [Mishap(NOON, DIES, "fetch-odds"), Mishap(NOON, THROTTLES, ""), Mishap(NOON, DIES, "heartbeat")]
    assert by_kind(mishaps) == {DIES: 2, THROTTLES: 1}


def test_every_fault_of_the_feed_has_a_name_of_its_own_and_another_a_plain_one() -> None:
    assert [name_of(fault) for fault in FEED_FAULTS.values()] == list(FEED_FAULTS)
    assert name_of(Fault(status=418)) == "the feed fails"


@pytest.mark.parametrize(
    ("kind", "step", "cannot"),
    [
        pytest.param(ODD, "feed: events asked", True, id="an odd list"),
        pytest.param(PAGE, "feed: odds asked", True, id="a page that was paid for"),
        pytest.param(PAGE, "feed: events asked", False, id="a page in place of the free list"),
        pytest.param(DIES, "feed: odds asked", False, id="no answer"),
    ],
)
def test_an_answer_that_cannot_be_read_came_whole(kind: str, step: str, cannot: bool) -> None:
    assert Mishap(NOON, kind, "fetch-odds", step).cannot_be_read is cannot


def test_no_fault_of_the_feed_brings_a_usable_answer() -> None:
    assert all(fault.replaces_answer for fault in FEED_FAULTS.values())
