"""The feed's endpoints that collecting needs, tried again where trying again may help."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import aiohttp
import structlog
from pydantic import SecretStr
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_random_exponential

from core.clock import Clock
from core.errors import ConfigurationError
from core.feed.errors import FeedError, FeedUnavailableError
from core.feed.rate_limit import RateLimiter
from core.feed.transport import Transport
from core.feed.values import FeedAnswer
from core.scope import Scope

ATTEMPTS = 3
ATTEMPT_TIMEOUT_SECONDS = 20.0
_BACKOFF = wait_random_exponential(multiplier=2, max=10)
_DAYS_FROM = range(1, 4)
_KEY = re.compile(r"[A-Za-z0-9_-]+")
_log = structlog.get_logger(__name__)


class FeedClient:
    """Asks The Odds API v4 with one key; every method returns a good answer's bytes, or raises a FeedError.

    What may pass (429, 5xx, timeouts, broken connections, pages in place of JSON) is tried at most three times,
    after random waits of up to 2 and 4 s, and nothing goes on past the deadline. No second holds more calls than
    allowed.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        api_key: SecretStr,
        *,
        base_url: str,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        calls_per_second: float = 30,
    ) -> None:
        """Use a session, which stays the caller's to close; `sleep` takes seconds.

        Raises:
            ConfigurationError: The key is empty, or the base URL is not an http(s) URL of a host.
        """
        self._transport = Transport(session, api_key, base_url=base_url, clock=clock)
        self._clock = clock
        self._sleep = sleep
        self._limiter = RateLimiter(calls_per_second)

    async def sports(self, *, include_inactive: bool = False, deadline: datetime | None = None) -> FeedAnswer:
        """Return the sports offered, free of credits; those out of season too when asked."""
        return await self._get("/v4/sports", {"all": "true"} if include_inactive else {}, deadline)

    async def events(self, sport_key: str, *, deadline: datetime | None = None) -> FeedAnswer:
        """Return the sport's coming and running games without odds, free of credits."""
        return await self._get(f"{_sport_path(sport_key)}/events", {"dateFormat": "iso"}, deadline)

    async def odds(self, sport_key: str, scope: Scope, *, deadline: datetime | None = None) -> FeedAnswer:
        """Return the odds of all the sport's games, in American odds; costs `credits.odds_cost(scope)`."""
        return await self._get(f"{_sport_path(sport_key)}/odds", _odds_parameters(scope), deadline)

    async def event_odds(
        self, sport_key: str, event_id: str, scope: Scope, *, deadline: datetime | None = None
    ) -> FeedAnswer:
        """Return one game's odds, on any market; costs at most `credits.event_odds_cost(scope)`."""
        endpoint = f"{_sport_path(sport_key)}/events/{_checked('event id', event_id)}/odds"
        return await self._get(endpoint, _odds_parameters(scope), deadline)

    async def scores(
        self, sport_key: str, *, days_from: int | None = None, deadline: datetime | None = None
    ) -> FeedAnswer:
        """Return scores of running games, and of those completed in the last days when asked (1 to 3).

        Costs `credits.scores_cost(days_from)`; raises ValueError for other days.
        """
        parameters = {"dateFormat": "iso"}
        if days_from is not None:
            if days_from not in _DAYS_FROM:
                msg = f"scores reach 1 to 3 days back, not {days_from}"
                raise ValueError(msg)
            parameters["daysFrom"] = str(days_from)
        return await self._get(f"{_sport_path(sport_key)}/scores", parameters, deadline)

    async def _get(self, endpoint: str, parameters: dict[str, str], deadline: datetime | None) -> FeedAnswer:
        def must_stop(state: RetryCallState) -> bool:
            left = self._seconds_left(deadline)
            return state.attempt_number >= ATTEMPTS or (left is not None and state.upcoming_sleep >= left)

        def log_retry(state: RetryCallState) -> None:
            error = state.outcome.exception() if state.outcome else None
            _log.warning(
                "feed.call_repeated",
                endpoint=endpoint,
                attempt=state.attempt_number,
                wait_seconds=round(state.upcoming_sleep, 3),
                reason=str(error),
            )

        attempts = AsyncRetrying(
            retry=retry_if_exception(_may_pass),
            wait=_BACKOFF,
            stop=must_stop,
            sleep=self._sleep,
            before_sleep=log_retry,
            reraise=True,
        )
        return await attempts(self._attempt, endpoint, parameters, deadline)

    async def _attempt(self, endpoint: str, parameters: dict[str, str], deadline: datetime | None) -> FeedAnswer:
        wait = self._limiter.reserve(self._seconds_left(deadline))
        if wait:
            await self._sleep(wait)
        left = self._seconds_left(deadline)
        if wait is None or (left is not None and left <= 0):
            raise FeedUnavailableError(f"no time was left to ask the feed for {endpoint}")
        seconds = ATTEMPT_TIMEOUT_SECONDS if left is None else min(ATTEMPT_TIMEOUT_SECONDS, left)
        outcome = await self._transport.get(endpoint, parameters, seconds)
        if isinstance(outcome, FeedError):
            raise outcome
        return outcome

    def _seconds_left(self, deadline: datetime | None) -> float | None:
        return None if deadline is None else (deadline - self._clock.now()) / timedelta(seconds=1)


def _may_pass(error: BaseException) -> bool:
    """Tell whether to ask again at once; what was paid for and broke off is the caller's to buy again."""
    return isinstance(error, FeedUnavailableError) and not error.was_charged


def _sport_path(sport_key: str) -> str:
    return f"/v4/sports/{_checked('sport key', sport_key)}"


def _checked(what: str, key: str) -> str:
    """Return a key that is to be part of a path; raises ConfigurationError for one that the feed cannot have."""
    if not _KEY.fullmatch(key):
        msg = f"{key!r} is no {what}: it is made of letters, digits, '_' and '-'"
        raise ConfigurationError(msg)
    return key


def _odds_parameters(scope: Scope) -> dict[str, str]:
    asked = {"bookmakers": scope.bookmakers} if scope.bookmakers else {"regions": scope.regions}
    parameters = {"markets": scope.markets, **asked}
    return {
        **{name: ",".join(keys) for name, keys in parameters.items()},
        "oddsFormat": "american",
        "dateFormat": "iso",
    }
