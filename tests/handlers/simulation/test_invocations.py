"""What became of an invocation is known by the slot that it took."""

from datetime import UTC, datetime

from core.triggers.base import Trigger
from handlers.simulation.invocations import Invocation

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)


def test_every_attempt_at_a_trigger_has_the_slot_for_which_that_was_planned() -> None:
    planned = Trigger("fetch-odds", "basketball_nba", NOON, "as planned")
    later = NOON.replace(hour=13)
    first = Invocation(planned, 1, NOON, NOON, None, None, (), (), (), ())
    retry = Invocation(planned, 2, later, later, None, None, (), (), (), ())
    assert first.slot == retry.slot == ("fetch-odds", NOON)
