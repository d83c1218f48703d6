"""Invoke a function of the deployment, and wait for what it answers."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.client import BaseClient

LONGEST = timedelta(minutes=15)
"""How long a function on Lambda may run."""


@dataclass(frozen=True, slots=True)
class Invoked:
    """What became of an invocation: what the function returned, or why it did not, and how long that took."""

    payload: Any
    error: str | None
    duration: timedelta


def open_functions_client(region: str) -> "BaseClient":
    """Return a boto3 client of Lambda that waits for a function as long as it may run, and invokes it once."""
    import boto3  # noqa: PLC0415 - takes a few tenths of a second
    from botocore.config import Config  # noqa: PLC0415

    config = Config(
        connect_timeout=5,
        read_timeout=LONGEST.total_seconds(),
        retries={"mode": "standard", "total_max_attempts": 1},
    )
    return boto3.client("lambda", region_name=region, config=config)


def invoke(client: "BaseClient", function_arn: str, event: Mapping[str, Any]) -> Invoked:
    """Invoke a function and wait for its answer, blocking; what goes wrong is told by the result."""
    from botocore import exceptions  # noqa: PLC0415

    begun = time.monotonic()
    payload, error = None, None
    try:
        answer = client.invoke(FunctionName=function_arn, Payload=json.dumps(event).encode())
        payload = json.loads(answer["Payload"].read() or b"null")
        if "FunctionError" in answer:
            payload, error = None, _fault(payload)
    except exceptions.ClientError as refused:
        told = refused.response.get("Error", {})
        error = f"AWS answers {told.get('Code', 'no reason')}: {told.get('Message', '')}"
    except (exceptions.BotoCoreError, exceptions.HTTPClientError) as failed:
        error = f"AWS cannot be asked: {failed}"
    return Invoked(payload, error, timedelta(seconds=time.monotonic() - begun))


def _fault(payload: Any) -> str:  # noqa: ANN401
    if not isinstance(payload, Mapping):
        return "it failed and does not say why"
    return f"{payload.get('errorType', 'error')}: {payload.get('errorMessage', '')}"
