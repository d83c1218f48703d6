"""The sentences of the plan."""

from datetime import UTC, datetime, timedelta

import pytest

from core.planning.reasons import explained
from core.planning.values import PlannerPolicy, UpcomingEvent
from core.tiers import SAMPLED, Tier

AT = datetime(2026, 9, 13, 15, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
POLICY = PlannerPolicy()


def event(ahead: timedelta, label: str = "Bills at Texans") -> UpcomingEvent:
    return UpcomingEvent(label, AT + ahead, label)


@pytest.mark.parametrize(
    ("ahead", "last_look", "tier", "reason"),
    [
        pytest.param(
            90 * MINUTE,
            AT - 30 * MINUTE,
            Tier.CLOSING,
            "30 min sampling: Bills at Texans starts in 1 h 30 min",
            id="its interval",
        ),
        pytest.param(
            3 * HOUR,
            AT - 3 * HOUR,
            Tier.CLOSING,
            "tier boundary: Bills at Texans enters closing, 3 h before its start",
            id="a boundary",
        ),
        pytest.param(
            5 * MINUTE,
            AT - 25 * MINUTE,
            Tier.CLOSING,
            "last look 5 min before the start of Bills at Texans",
            id="its last look",
        ),
        pytest.param(
            90 * MINUTE,
            None,
            Tier.CLOSING,
            "first look: Bills at Texans starts in 1 h 30 min",
            id="the first look",
        ),
        pytest.param(
            168 * HOUR,
            AT - 60 * HOUR,
            Tier.OPENING,
            "Bills at Texans comes within 7 d of its start",
            id="entering the lookahead",
        ),
        pytest.param(
            90 * MINUTE,
            AT - 70 * MINUTE,
            Tier.CLOSING,
            "30 min sampling: Bills at Texans starts in 1 h 30 min (overdue by 40 min)",
            id="overdue",
        ),
    ],
)
def test_a_look_says_why_it_comes(ahead: timedelta, last_look: datetime | None, tier: Tier, reason: str) -> None:
    look = explained(AT, last_look, [event(ahead)], policy=POLICY, sampled=SAMPLED, cost=3)
    assert (look.tier, look.reason, look.cost) == (tier, reason, 3)


def test_the_weightiest_cause_is_told_and_the_nearest_tier_counts() -> None:
    events = [event(24 * HOUR, "sharp"), event(90 * MINUTE, "closing"), event(40 * HOUR, "not due")]
    look = explained(AT, AT - 30 * MINUTE, events, policy=POLICY, sampled=SAMPLED, cost=3)
    assert look.reason == "tier boundary: sharp enters sharp, 1 d before its start, and 1 more event due"
    assert look.tier is Tier.CLOSING
    assert look.event_ids == ("closing", "sharp")
    assert look.upcoming == 3
