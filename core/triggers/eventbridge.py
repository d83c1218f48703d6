"""Triggers on EventBridge Scheduler: one schedule of fixed name per job and sport, in one group."""

import asyncio
import threading
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from core.clock import Clock
from core.triggers.base import Trigger
from core.triggers.errors import SchedulerRefusedError
from core.triggers.schedule_inputs import trigger_input
from core.triggers.schedule_requests import EventBridgeTarget, schedule_name, schedule_request
from core.triggers.schedule_survey import GroupSurvey, survey
from core.triggers.schedule_validation import check_schedule
from core.triggers.scheduler_calls import ScheduleNotFoundError, call, persist

if TYPE_CHECKING:
    from botocore.client import BaseClient

_PAGE = 100
_CALLS_AT_ONCE = 8
# A call whose awaiting task was cancelled goes on in its thread, though its invocation be over: it must end before
# the next change begins, or it might undo that.
_CHANGING = threading.Lock()


class EventBridgeTriggers:
    """Have AWS invoke the function of a job when its trigger's time comes.

    A trigger fires at a whole second that lies two minutes ahead at least, and within a minute of it. Its function
    is told the planned instant. Schedules are never deleted when they have fired: under a fixed name the deletion
    could meet the next arming.

    May be used by one event loop after another.
    """

    def __init__(
        self,
        target: EventBridgeTarget,
        client: "BaseClient",
        *,
        clock: Clock,
        functions: Callable[[], "BaseClient"] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Use boto3 clients, which stay the caller's.

        Args:
            target: What schedules invoke, and where they are kept.
            client: A client of EventBridge Scheduler.
            clock: Tells what lies ahead.
            functions: Returns a client of Lambda, when something is fired; None where nothing is to be.
            sleep: Waits so many seconds between attempts.
        """
        self._target = target
        self._client = client
        self._functions = functions
        self._clock = clock
        self._sleep = sleep

    async def arm(self, trigger: Trigger) -> None:
        """Make this the one pending trigger of its job and sport, in place of any other.

        Raises:
            InvalidScheduleError: AWS would refuse the schedule; nothing was sent.
            SchedulerRefusedError: AWS refuses it, for example because the group does not exist.
            SchedulerUnavailableError: AWS could not be reached or asked in time; it may be armed nevertheless.
        """
        now = self._clock.now()
        request = schedule_request(trigger, self._target, now)
        check_schedule(request, now)
        token = uuid.uuid4().hex
        await persist(partial(self._put, request, token), self._sleep)

    async def armed(self) -> list[Trigger]:
        """Return what is pending now, the earliest first; `at` is the instant that AWS was told.

        A schedule counts as fired once the minute is over in which AWS fires it, and one that is disabled or would
        reach another function as a stray: neither is armed.

        Raises:
            SchedulerRefusedError: AWS refuses to tell, for example because the group does not exist.
            SchedulerUnavailableError: AWS could not be reached or asked in time.
        """
        found = await self.survey()
        return [replace(one.trigger, at=one.fires_at) for one in found.armed]

    async def disarm(self, job: str, sport_key: str) -> None:
        """Forget the pending trigger of the job and sport, if there is one; raises as `armed` does."""
        await self.remove(schedule_name(job, sport_key))

    async def fire(self, trigger: Trigger) -> None:
        """Invoke the function of a job at once, as its schedule would: asynchronously, with the trigger as Input.

        Raises:
            SchedulerRefusedError: Lambda refuses, for example because there is no such function.
            SchedulerUnavailableError: Lambda could not be reached or asked in time; it may run nevertheless.
        """
        await persist(partial(self._invoke, trigger), self._sleep)

    async def survey(self) -> GroupSurvey:
        """Return all that the group holds, what does not belong there included; raises as `armed` does."""
        names = await self._names()
        slots = asyncio.Semaphore(_CALLS_AT_ONCE)

        async def described(name: str) -> dict[str, Any] | None:
            async with slots:
                return await persist(partial(self._describe, name), self._sleep)

        schedules = await asyncio.gather(*map(described, names))
        known = [schedule for schedule in schedules if schedule is not None]
        return survey(known, self._target, self._clock.now())

    async def remove(self, name: str) -> None:
        """Delete a schedule of the group by its name, as of a stray, if there is one; raises as `armed` does."""
        token = uuid.uuid4().hex
        await persist(partial(self._delete, name, token), self._sleep)

    async def _names(self) -> list[str]:
        names: dict[str, None] = {}
        request: dict[str, Any] = {"GroupName": self._target.group_name, "MaxResults": _PAGE}
        while True:
            page = await persist(partial(call, self._client, "ListSchedules", **request), self._sleep)
            names |= dict.fromkeys(summary["Name"] for summary in page["Schedules"])
            if not page.get("NextToken"):
                return list(names)
            request = {**request, "NextToken": page["NextToken"]}

    def _put(self, request: dict[str, Any], token: str) -> None:
        """Update the schedule, or create it; done again after an answer was lost, it changes nothing more."""
        with _CHANGING:
            try:
                call(self._client, "UpdateSchedule", **request, ClientToken=f"{token}-update")
            except ScheduleNotFoundError:
                self._create(request, token)

    def _create(self, request: dict[str, Any], token: str) -> None:
        try:
            call(self._client, "CreateSchedule", **request, ClientToken=f"{token}-create")
        except ScheduleNotFoundError as error:
            fault = f"there is no schedule group {self._target.group_name!r} in {self._target.region}"
            raise SchedulerRefusedError(error.code, fault) from error

    def _invoke(self, trigger: Trigger) -> None:
        if self._functions is None:
            raise SchedulerRefusedError("NoClient", "these triggers have no client of Lambda to fire with")
        name, payload = self._target.function_of(trigger.job), trigger_input(trigger).encode()
        call(self._functions(), "Invoke", FunctionName=name, InvocationType="Event", Payload=payload)

    def _describe(self, name: str) -> dict[str, Any] | None:
        try:
            return call(self._client, "GetSchedule", Name=name, GroupName=self._target.group_name)
        except ScheduleNotFoundError:
            return None

    def _delete(self, name: str, token: str) -> None:
        with _CHANGING:
            try:
                call(
                    self._client,
                    "DeleteSchedule",
                    Name=name,
                    GroupName=self._target.group_name,
                    ClientToken=f"{token}-delete",
                )
            except ScheduleNotFoundError:
                return
