"""Mishaps are counted by kind, and a fault of the feed is known by its name."""

from datetime import UTC, datetime

from core.simulation.faults import Fault
from core.simulation.mishaps import DIES, FEED_FAULTS, THROTTLES, Mishap, by_kind, name_of

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)


def test_mishaps_are_counted_by_kind() -> None:
    mishaps = [Mishap(NOON, DIES, "fetch-odds"), Mishap(NOON, THROTTLES, ""), Mishap(NOON, DIES, "heartbeat")]
    assert by_kind(mishaps) == {DIES: 2, THROTTLES: 1}


def test_every_fault_of_the_feed_has_a_name_of_its_own_and_another_a_plain_one() -> None:
    assert [name_of(fault) for fault in FEED_FAULTS.values()] == list(FEED_FAULTS)
    assert name_of(Fault(status=418)) == "the feed fails"


def test_no_fault_of_the_feed_brings_a_usable_answer() -> None:
    assert all(fault.replaces_answer for fault in FEED_FAULTS.values())
