"""One GET request to the feed, made so that the key shows nowhere but on the wire.

The key travels in the query, so it stands in the text, the frames and the context of many of aiohttp's exceptions.
None of them leaves this module: every outcome is a value, errors too, for the caller to raise.
"""

import time
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple
from urllib.parse import quote

import aiohttp
from pydantic import SecretStr
from yarl import URL

from core.clock import Clock
from core.errors import ConfigurationError
from core.feed.credits import read_credits
from core.feed.errors import AnswerTooLargeError, FeedError, FeedUnavailableError, FeedUntrustedError
from core.feed.failures import failure_of
from core.feed.values import FeedAnswer

LARGEST_BODY_BYTES = 64 * 1024 * 1024
_SHORTEST_SECRET = 8
_CHUNK_BYTES = 64 * 1024
_EXACT_TIMEOUTS = 3600.0
_SAFE_HEADERS = frozenset({"content-encoding", "content-length", "content-type", "date", "retry-after"})
_CREDIT_HEADERS = "x-requests-"


class _Asked(NamedTuple):
    """A request without its key; `at` is when it was made, in seconds of the performance counter."""

    endpoint: str
    parameters: dict[str, str]
    seconds: float
    at: float


class _BodyTooLargeError(Exception):
    """A body passed the bound while it was read."""


class _ConnectionFailedError(Exception):
    """A connection failed; the attribute keeps aiohttp's own error."""

    def __init__(self, failure: aiohttp.ClientError | OSError) -> None:
        super().__init__()
        self.failure = failure


_FAILURES = (aiohttp.ClientError, OSError, _BodyTooLargeError, _ConnectionFailedError)


async def _send_once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Send a request without aiohttp's own silent second try, which would cost credits that nobody counts."""
    try:
        return await send(request)
    except (aiohttp.ClientError, OSError) as error:
        raise _ConnectionFailedError(error) from None


class Transport:
    """Sends requests to one feed with one key."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        api_key: SecretStr,
        *,
        base_url: str,
        clock: Clock,
        largest_body_bytes: int = LARGEST_BODY_BYTES,
    ) -> None:
        """Use a session, which stays the caller's to close.

        Raises:
            ConfigurationError: The key is empty, or the base URL is not an http(s) URL of a host.
        """
        if not api_key.get_secret_value().strip():
            raise ConfigurationError("ODDS_API_KEY is empty: a request to the feed needs a key")
        self._session = session
        self._api_key = api_key
        self._base_url = _checked_base_url(base_url)
        self._clock = clock
        self._largest_body_bytes = largest_body_bytes

    async def get(self, endpoint: str, parameters: Mapping[str, str], seconds: float) -> FeedAnswer | FeedError:
        """Return the answer when it is a good one, else the error that it stands for, not raised.

        Args:
            endpoint: Path below the base URL, escaped where needed.
            parameters: Of the query, without the key.
            seconds: How long the whole request may take.
        """
        asked = _Asked(endpoint, dict(parameters), seconds, time.perf_counter())
        try:
            async with self._request(asked) as response:
                return await self._receive(response, asked)
        except _FAILURES as error:
            failure = self._explain(error, asked)
        return failure

    async def _receive(self, response: aiohttp.ClientResponse, asked: _Asked) -> FeedAnswer | FeedError:
        body, failure = b"", None
        try:
            body = await self._read(response)
        except _FAILURES as error:
            failure = self._explain(error, asked)
        headers = self._safe_headers(response.headers)
        answer = FeedAnswer(
            endpoint=asked.endpoint,
            parameters=asked.parameters,
            status=response.status,
            headers=headers,
            body=body,
            credits=read_credits(headers),
            received_at=self._clock.now(),
            duration_ms=(time.perf_counter() - asked.at) * 1000,
        )
        if failure is not None:
            failure.answer = answer
            return failure
        return failure_of(answer) or answer

    def _explain(self, error: Exception, asked: _Asked) -> FeedError:
        """Return an error that says as much of a failure as is safe to say."""
        if isinstance(error, _ConnectionFailedError):
            error = error.failure
        answer, host = f"the feed's answer to {asked.endpoint}", URL(self._base_url).authority
        if isinstance(error, _BodyTooLargeError):
            return AnswerTooLargeError(f"{answer} is larger than {self._largest_body_bytes:,} bytes")
        if isinstance(error, TimeoutError):
            return FeedUnavailableError(f"{answer} did not come within {asked.seconds:.1f} s")
        if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ServerFingerprintMismatch):
            return FeedUntrustedError(
                f"{asked.endpoint} was not asked for: the certificate of {host} proves nothing"
            )
        return FeedUnavailableError(f"{answer} could not be had from {host}: {_safe_detail(error)}")

    def _request(self, asked: _Asked) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        return self._session.get(
            URL(self._base_url + asked.endpoint, encoded=True),
            params={**asked.parameters, "apiKey": self._api_key.get_secret_value()},
            headers={"Accept-Encoding": "gzip"},
            timeout=aiohttp.ClientTimeout(total=asked.seconds, ceil_threshold=_EXACT_TIMEOUTS),
            allow_redirects=False,
            raise_for_status=False,
            middlewares=(_send_once,),
        )

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
            body += chunk
            if len(body) > self._largest_body_bytes:
                response.close()
                raise _BodyTooLargeError
        return self._without_key(bytes(body))

    def _safe_headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return the headers that tell something; bytes that are no UTF-8, which may come, are replaced."""
        return {
            name.lower(): self._without_key(value.encode(errors="surrogateescape")).decode(errors="replace")
            for name, value in headers.items()
            if name.lower() in _SAFE_HEADERS or name.lower().startswith(_CREDIT_HEADERS)
        }

    def _without_key(self, said: bytes) -> bytes:
        """Return what the feed said, the key struck out where a server repeats the URL that it was asked.

        A key of a few letters, as a simulated feed takes, is no secret and may be part of any word.
        """
        key = self._api_key.get_secret_value()
        if len(key) < _SHORTEST_SECRET:
            return said
        return said.replace(key.encode(), b"[redacted]").replace(quote(key, safe="").encode(), b"[redacted]")


def _safe_detail(error: Exception) -> str:
    """Return why a connection failed: the system's own words for it, or the name of the error's type."""
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    strerror = cause.strerror if isinstance(cause, OSError) else None
    return strerror or type(error).__name__


def _checked_base_url(base_url: str) -> str:
    """Return the base URL without a slash at its end; a wrong one is not repeated, for it might hold a key."""
    try:
        url = URL(base_url)
        usable = url.scheme in ("http", "https") and url.host and url.port
    except ValueError:
        usable = False
    if not usable or url.user or url.password or url.query_string or url.fragment:
        raise ConfigurationError(
            "ODDS_API_BASE_URL is not an http or https URL of a host alone, such as https://api.the-odds-api.com"
        )
    return str(url).rstrip("/")
