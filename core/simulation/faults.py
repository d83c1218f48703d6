"""What can go wrong between the feed and its caller, on purpose."""

import asyncio
import zlib
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from core.simulation.server_errors import refusal_body

_WORTH_COMPRESSING = 1_000
_GZIP_WINDOW = 31


@dataclass(frozen=True, slots=True)
class Fault:
    """What one call meets instead of its answer, or (a delay alone) before it.

    `endpoint` limits it to the next call of one endpoint (`sports`, `odds`, `events`, `scores`, `event_odds`);
    None takes the next call of all. `delay` is in seconds of the server's sleep. A `silent` one is never answered:
    the connection ends after the delay. With `reset` the connection breaks in the middle
    of the body. What is answered with 200 has been charged, whatever its body; any other status costs nothing.
    """

    endpoint: str | None = None
    delay: float = 0.0
    status: int | None = None
    error_code: str | None = None
    message: str = "injected"
    body: bytes | None = None
    reset: bool = False
    silent: bool = False

    @property
    def replaces_answer(self) -> bool:
        """Whether the call gets no answer of its own."""
        return (
            self.silent or self.reset or any(one is not None for one in (self.status, self.body, self.error_code))
        )

    @property
    def is_charged(self) -> bool:
        """Whether the call is paid for as if it had brought its own answer: the feed thinks that it did."""
        return not self.silent and self.error_code is None and self.status in {None, HTTPStatus.OK}

    def answer(self) -> tuple[int, bytes]:
        """Return the status and the body that the call gets in place of those of its own answer."""
        if self.body is not None:
            return self.status or 200, self.body
        if self.error_code is not None:
            return self.status or 422, refusal_body(self.error_code, self.message)
        return self.status or 200, b"Service Unavailable"


def compressed(body: bytes) -> bytes:
    """Return a body as gzip, at the fastest level."""
    packer = zlib.compressobj(1, zlib.DEFLATED, _GZIP_WINDOW)
    return packer.compress(body) + packer.flush()


async def send(
    request: web.Request, status: int, headers: dict[str, str], body: bytes, *, broken: bool
) -> web.StreamResponse:
    """Send an answer, compressed where the caller accepts it; a broken one ends in the middle of its body."""
    headers = {"Content-Type": "application/json; charset=utf-8", **headers}
    if len(body) > _WORTH_COMPRESSING and "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = compressed(body)
    if not broken:
        return web.Response(status=status, headers=headers, body=body)
    response = web.StreamResponse(status=status, headers={**headers, "Content-Length": str(len(body))})
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    await asyncio.sleep(0)
    if request.transport is not None:
        request.transport.abort()
    return response
