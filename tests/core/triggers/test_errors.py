import pytest

from core.errors import LinekeeperError
from core.triggers.errors import (
    InvalidScheduleError,
    SchedulerRefusedError,
    SchedulerUnavailableError,
    TriggerError,
)


@pytest.mark.parametrize("leaf", [InvalidScheduleError, SchedulerRefusedError, SchedulerUnavailableError])
def test_every_failure_is_one_that_a_user_may_read(leaf: type[TriggerError]) -> None:
    assert issubclass(leaf, TriggerError)
    assert issubclass(leaf, LinekeeperError)


@pytest.mark.parametrize("leaf", [InvalidScheduleError, SchedulerRefusedError])
def test_what_would_be_refused_again_is_never_of_the_kind_that_is_tried_again(leaf: type[TriggerError]) -> None:
    assert not issubclass(leaf, SchedulerUnavailableError)


def test_an_invalid_schedule_names_its_field() -> None:
    error = InvalidScheduleError("Target.RoleArn", "is missing")
    assert str(error) == "Target.RoleArn of the schedule is missing"
    assert error.field == "Target.RoleArn"
