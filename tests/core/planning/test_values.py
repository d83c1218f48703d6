"""The policy's tolerance."""

from datetime import timedelta

import pytest

from core.planning.values import PlannerPolicy


@pytest.mark.parametrize(
    ("lead", "gap", "tolerance"),
    [
        pytest.param(5, 3, 3, id="the minimum gap"),
        pytest.param(5, 30, 3, id="never within two minutes of a start"),
        pytest.param(60, 3, 3, id="a long lead does not stretch it"),
        pytest.param(2, 3, 0, id="none where the lead is two minutes"),
        pytest.param(1, 3, 0, id="none where the lead is shorter"),
    ],
)
def test_a_merged_look_strays_by_the_gap_and_keeps_clear_of_starts(lead: int, gap: int, tolerance: int) -> None:
    policy = PlannerPolicy(closing_lead=timedelta(minutes=lead), minimum_gap=timedelta(minutes=gap))
    assert policy.tolerance == timedelta(minutes=tolerance)
