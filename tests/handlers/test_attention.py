"""What an operator should see to is told, the gravest first, and nothing else."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.planning.values import Balance
from core.triggers.base import Trigger
from handlers.attention import attention
from handlers.status_report import StatusReport, read_status
from storage.status import FailedRun, OpenIssueGroup

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def well(collect: Callable[..., Awaitable[Any]]) -> StatusReport:
    """Return the status of a collector that has not begun: nothing is wrong."""
    world = await collect()
    return await read_status(world.app)


def failed(status: StatusReport, hours: int) -> FailedRun:
    at = status.now - hours * HOUR
    return FailedRun(1, "fetch-odds", "basketball_nba", at, at, None, "it answered 503")


def test_nothing_is_said_where_all_is_well(well: StatusReport) -> None:
    assert attention(well) == []


def test_an_overdue_run_means_that_nothing_runs(well: StatusReport) -> None:
    overdue = Trigger("fetch-odds", "basketball_nba", well.now - 2 * HOUR, "planned")
    (sentence,) = attention(replace(well, overdue=(overdue,)))
    assert sentence == "nothing runs the jobs: 1 run overdue, by up to 2 h (odds scheduler start)"


def test_only_failures_of_the_last_day_need_attention(well: StatusReport) -> None:
    (sentence,) = attention(replace(well, failures=(failed(well, 2), failed(well, 30))))
    assert sentence == "1 run failed in the last day, at last: it answered 503"
    assert attention(replace(well, failures=(failed(well, 30),))) == []


@pytest.mark.parametrize(
    ("remaining", "told"), [pytest.param(0, True, id="used up"), pytest.param(1, False, id="one left")]
)
def test_an_account_that_is_used_up_needs_attention(well: StatusReport, remaining: int, told: bool) -> None:
    balance = Balance(remaining, 500, well.now + HOUR)
    assert ("no credits are left until the reset" in attention(replace(well, balance=balance))) is told
    assert attention(replace(well, balance=replace(balance, resets_at=well.now))) == []


@pytest.mark.parametrize(
    ("severity", "sentences"),
    [
        pytest.param("error", ["3 errors in the data open"], id="errors"),
        pytest.param("warning", [], id="warnings do not"),
    ],
)
def test_open_errors_need_attention(well: StatusReport, severity: str, sentences: list[str]) -> None:
    issues = OpenIssueGroup(severity, "price_out_of_range", 3, well.now, well.now, "price 5")
    assert attention(replace(well, issues=(issues,))) == sentences
