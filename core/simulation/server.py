"""A local feed server: speaks The Odds API v4 on loopback, over any source, at the instant of a clock."""

import asyncio
import hmac
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from aiohttp import web

from core.clock import Clock
from core.simulation import server_errors
from core.simulation.accounts import Account, RateLimit
from core.simulation.faults import Fault, send
from core.simulation.server_endpoints import Answer, Endpoints
from core.simulation.server_requests import Query
from core.simulation.source import FeedSource

_KEY_PARAMETERS = ("apiKey", "api_key")

AnswerCall = Callable[[web.Request, datetime], Answer]


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the server answered it, and the fault that it met.

    `parameters` are without the key, `at` is the virtual instant, `remaining` the credits that it left.
    """

    endpoint: str
    sport_key: str | None
    parameters: dict[str, str]
    status: int
    cost: int
    remaining: int
    at: datetime
    fault: Fault | None = None


class FeedServer:
    """The running server: where it listens, what it was asked, and what goes wrong next."""

    def __init__(
        self,
        source: FeedSource,
        clock: Clock,
        api_key: str,
        account: Account,
        rate_limit: RateLimit | None,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.base_url = ""
        self.account = account
        self.calls: list[Call] = []
        self._endpoints = Endpoints(source, account)
        self._clock = clock
        self._api_key = api_key
        self._rate_limit = rate_limit
        self._sleep = sleep
        self._faults: list[Fault] = []

    @property
    def credits_used(self) -> int:
        """The credits spent since the last reset."""
        return self.account.used

    def inject(self, *faults: Fault) -> None:
        """Queue faults; each is met by the next call that it applies to, the first queued first."""
        self._faults.extend(faults)

    def forget_faults(self) -> None:
        """Drop the faults that no call has met yet."""
        self._faults.clear()

    def application(self) -> web.Application:
        """Return the routes of the feed."""
        app = web.Application()
        for path, name, answer in (
            ("/v4/sports", "sports", self._endpoints.sports),
            ("/v4/sports/{sport_key}/odds", "odds", self._endpoints.odds),
            ("/v4/sports/{sport_key}/events", "events", self._endpoints.events),
            ("/v4/sports/{sport_key}/scores", "scores", self._endpoints.scores),
            ("/v4/sports/{sport_key}/events/{event_id}/odds", "event_odds", self._endpoints.event_odds),
        ):
            app.router.add_get(path, self._route(name, answer))
        return app

    def _route(self, endpoint: str, answer: AnswerCall) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def respond(request: web.Request) -> web.StreamResponse:
            fault = self._next_fault(endpoint)
            if fault is not None and fault.delay:
                await self._sleep(fault.delay)
            at = self._clock.now()
            self.account.reset_if_due(at)
            given = self._given(request, at, answer, fault)
            self._log(endpoint, request, at, given, fault)
            headers = {
                "x-requests-remaining": str(self.account.remaining),
                "x-requests-used": str(self.account.used),
                "x-requests-last": str(given.cost),
            }
            if fault is not None and fault.silent and request.transport is not None:
                request.transport.abort()
            return await send(request, given.status, headers, given.body, broken=given.broken)

        return respond

    def _next_fault(self, endpoint: str) -> Fault | None:
        for fault in self._faults:
            if fault.endpoint in {None, endpoint}:
                self._faults.remove(fault)
                return fault
        return None

    def _given(self, request: web.Request, at: datetime, answer: AnswerCall, fault: Fault | None) -> Answer:
        if fault is not None and fault.replaces_answer and not fault.is_charged:
            return Answer(*fault.answer(), broken=fault.reset)
        try:
            self._check_key(request.query)
            if self._rate_limit is not None:
                self._rate_limit.admit(time.monotonic())
            given = answer(request, at)
            self.account.charge(given.cost)
        except server_errors.RefusalError as refusal:
            return Answer(refusal.status, refusal.body)
        return given if fault is None else _spoilt(given, fault)

    def _check_key(self, query: Query) -> None:
        key = next((query[name] for name in _KEY_PARAMETERS if query.get(name)), None)
        if key is None:
            raise server_errors.missing_key()
        if not hmac.compare_digest(key.encode(), self._api_key.encode()):
            raise server_errors.invalid_key()

    def _log(self, endpoint: str, request: web.Request, at: datetime, given: Answer, fault: Fault | None) -> None:
        parameters = {name: text for name, text in request.query.items() if name not in _KEY_PARAMETERS}
        sport_key = request.match_info.get("sport_key")
        left = self.account.remaining
        self.calls.append(Call(endpoint, sport_key, parameters, given.status, given.cost, left, at, fault))


def _spoilt(given: Answer, fault: Fault) -> Answer:
    """Return what becomes of an answer that was charged: another body, or half of it."""
    body = given.body if fault.body is None else fault.body
    return replace(given, body=body, broken=fault.reset)


@asynccontextmanager
async def serve(
    source: FeedSource,
    clock: Clock,
    *,
    api_key: str = "demo",
    plan_credits: int = 20_000,
    rate_limit: int | None = 30,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[FeedServer]:
    """Serve a source on a free loopback port until left.

    Args:
        source: What the feed lists.
        clock: Its present instant is the instant served, and resets the credits on the first of each month.
        api_key: The one key that is accepted.
        plan_credits: The credits of a month.
        rate_limit: Calls allowed in a second of real time; None for any number.
        sleep: Lets the seconds pass by which a fault delays an answer.
    """
    limit = None if rate_limit is None else RateLimit(rate_limit)
    server = FeedServer(source, clock, api_key, Account(plan_credits), limit, sleep=sleep)
    runner = web.AppRunner(server.application(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        server.base_url = f"http://{host}:{port}"
        yield server
    finally:
        await runner.cleanup()
