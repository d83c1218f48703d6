"""Lambda's own API, as far as invoking goes: what is invoked by name runs in the runtime of this machine."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from tests.lambda_runtime.function import LambdaFunction

FunctionOf = Callable[[str], LambdaFunction | None]


@asynccontextmanager
async def serve_invocations(function_of: FunctionOf) -> AsyncIterator[str]:
    """Yield the URL of an API that invokes the function of a name or an ARN, and knows none where that is None.

    What is only handed in runs by itself, after what the function is at; the others are waited for.
    """
    turns: defaultdict[LambdaFunction, asyncio.Lock] = defaultdict(asyncio.Lock)
    handed_in: set[asyncio.Task[None]] = set()

    async def hand_in(function: LambdaFunction, event: object) -> None:
        async with turns[function]:
            await function.hand_in(event)

    async def invoke(request: web.Request) -> web.Response:
        function = function_of(request.match_info["name"].rpartition(":")[2])
        if function is None:
            refusal = {"Type": "User", "Message": f"Function not found: {request.match_info['name']}"}
            headers = {"X-Amzn-ErrorType": "ResourceNotFoundException"}
            return web.json_response(refusal, status=404, headers=headers)
        event = await request.json()
        if request.headers.get("X-Amz-Invocation-Type") == "Event":
            handed_in.add(asyncio.create_task(hand_in(function, event)))
            return web.Response(status=202)
        async with turns[function]:
            answer = await function.invoke(event)
        if answer.error is not None:
            return web.json_response(dict(answer.error), headers={"X-Amz-Function-Error": "Unhandled"})
        return web.json_response(answer.payload)

    app = web.Application()
    app.router.add_post("/2015-03-31/functions/{name}/invocations", invoke)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}"
    await asyncio.gather(*handed_in)
    await runner.cleanup()
