"""Bounds of what runs when; the rules between settings are shown in test_config.py."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.settings.running import LogSettings, SchedulerSettings


@given(lead=st.floats(0, 70), gap=st.floats(0, 70), fallback=st.floats(0, 1500))
def test_whatever_is_accepted_lets_the_last_look_come_in_time(lead: float, gap: float, fallback: float) -> None:
    variables = {
        "SCHEDULER_CLOSING_LEAD_MINUTES": lead,
        "SCHEDULER_MINIMUM_GAP_MINUTES": gap,
        "SCHEDULER_FALLBACK_MINUTES": fallback,
    }
    try:
        scheduler = SchedulerSettings(**variables)  # type: ignore[arg-type]
    except ValidationError:
        return
    assert timedelta(minutes=1) <= scheduler.minimum_gap < scheduler.closing_lead <= timedelta(hours=1)
    assert scheduler.minimum_gap <= scheduler.fallback_interval <= timedelta(days=1)


@pytest.mark.parametrize("level", ["debug", "Debug", "DEBUG"])
def test_the_level_may_be_written_in_any_case(level: str) -> None:
    assert LogSettings(LOG_LEVEL=level).level == "DEBUG"
