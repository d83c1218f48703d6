"""Why a trigger could not be armed, read or disarmed on EventBridge Scheduler.

TriggerError
├── InvalidScheduleError        a request breaks AWS's rules; it was not sent
├── SchedulerUnavailableError   what may pass did not pass in time: throttled, in conflict, failing, unreachable
└── SchedulerRefusedError       AWS refuses, and would refuse again
"""

from core.errors import LinekeeperError


class TriggerError(LinekeeperError):
    """A trigger could not be armed, read or disarmed."""


class InvalidScheduleError(TriggerError):
    """A request breaks a rule of AWS's and was not sent; `field` is its path, such as `Target.RoleArn`."""

    def __init__(self, field: str, fault: str) -> None:
        """Name the field and say what is wrong with it."""
        super().__init__(f"{field} of the schedule {fault}")
        self.field = field


class SchedulerUnavailableError(TriggerError):
    """EventBridge Scheduler could not do it now; the same call may succeed later."""


class SchedulerRefusedError(TriggerError):
    """EventBridge Scheduler refuses the call; `code` is AWS's name for the reason."""

    def __init__(self, code: str, fault: str) -> None:
        """Keep AWS's name for the reason, and say what was refused."""
        super().__init__(fault)
        self.code = code
