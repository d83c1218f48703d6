"""An invocation is told by its result, whatever became of it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web

from core.functions import Invoked, invoke, open_functions_client

REGION = "us-east-1"
ARN = f"arn:aws:lambda:{REGION}:123456789012:function:"


@pytest.fixture
async def lambda_api(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[object]]:
    """Serve functions that each answer in one way; yield the events that they got."""
    events: list[object] = []

    async def answer(request: web.Request) -> web.Response:
        name = request.match_info["name"].rpartition(":")[2]
        events.append(await request.json())
        if name == "works":
            return web.json_response({"sound": 3})
        if name == "fails":
            fault = {"errorType": "ConfigurationError", "errorMessage": "ODDS_API_KEY is not set"}
            return web.json_response(fault, headers={"X-Amz-Function-Error": "Unhandled"})
        if name == "mumbles":
            return web.json_response("?", headers={"X-Amz-Function-Error": "Unhandled"})
        headers = {"X-Amzn-ErrorType": "ResourceNotFoundException"}
        return web.json_response({"Message": "Function not found"}, status=404, headers=headers)

    app = web.Application()
    app.router.add_post("/2015-03-31/functions/{name}/invocations", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", "http://{}:{}".format(*runner.addresses[0][:2]))
    yield events
    await runner.cleanup()


async def invoked(name: str) -> Invoked:
    return await asyncio.to_thread(invoke, open_functions_client(REGION), f"{ARN}{name}", {"a": 1})


async def test_what_a_function_returns_comes_back_and_it_gets_its_event(lambda_api: list[object]) -> None:
    answer = await invoked("works")
    assert (answer.payload, answer.error) == ({"sound": 3}, None)
    assert timedelta(0) < answer.duration < timedelta(seconds=30)
    assert lambda_api == [{"a": 1}]


@pytest.mark.usefixtures("lambda_api")
@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("fails", "ConfigurationError: ODDS_API_KEY is not set"),
        ("mumbles", "it failed and does not say why"),
        ("unknown", "AWS answers ResourceNotFoundException: Function not found"),
    ],
)
async def test_a_function_that_fails_is_told_by_its_error(name: str, error: str) -> None:
    answer = await invoked(name)
    assert (answer.payload, answer.error) == (None, error)


def test_an_aws_that_cannot_be_asked_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:1")
    answer = invoke(open_functions_client(REGION), f"{ARN}works", {})
    assert answer.error is not None
    assert answer.error.startswith("AWS cannot be asked: Could not connect")
