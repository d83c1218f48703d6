"""The emulated AWS in a process of its own, with what the emulator lacks.

That is saved queries of CloudWatch Logs, the conditions in the policy of a bucket, and a recording to which one
call is added at a time, without the code of functions.
"""

import json
import sys
import uuid
from threading import Lock
from typing import Any

from moto.core.request import Request
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.logs.responses import LogsResponse
from moto.moto_api._internal.recorder.models import Recorder
from moto.s3.models import FakeBucket
from moto.server import main

IN_THE_CLEAR = {"Bool": {"aws:SecureTransport": "false"}}

_recording = Lock()
_record = Recorder._record_request
_encode = Recorder._encode_body
_saved: dict[str, dict[str, Any]] = {}


def put_query_definition(self: LogsResponse) -> str:
    """Save a query under its id, a new one where none is given."""
    query: dict[str, Any] = json.loads(self.body)
    number = query.setdefault("queryDefinitionId", str(uuid.uuid4()))
    _saved[number] = query
    return json.dumps({"queryDefinitionId": number})


def describe_query_definitions(self: LogsResponse) -> str:
    """Return the saved queries whose name begins as asked."""
    prefix = json.loads(self.body).get("queryDefinitionNamePrefix", "")
    return json.dumps({"queryDefinitions": [one for one in _saved.values() if one["name"].startswith(prefix)]})


def delete_query_definition(self: LogsResponse) -> str:
    """Forget a query."""
    found = _saved.pop(json.loads(self.body)["queryDefinitionId"], None)
    return json.dumps({"success": found is not None})


def get_permission(self: FakeBucket, action: str, resource: str) -> PermissionResult:
    """Return what a bucket's policy says of a call by TLS: every call here stands for one."""
    policy = json.loads(self.policy or b'{"Statement": []}')
    policy["Statement"] = [one for one in policy["Statement"] if one.get("Condition") != IN_THE_CLEAR]
    return IAMPolicy(json.dumps(policy)).is_action_permitted(action, resource)


def _record_request(self: Recorder, request: Request, body: bytes | None = None) -> None:
    """Add a call to the recording, after whatever another thread is adding."""
    with _recording:
        _record(self, request, body)


def _encode_body(self: Recorder, body: Any) -> tuple[str, bool]:
    """Return what is recorded of a body: the zip of a function is of no use to anybody."""
    if isinstance(body, bytes) and b'"ZipFile"' in body:
        told = {name: value for name, value in json.loads(body).items() if name not in {"Code", "ZipFile"}}
        return _encode(self, json.dumps(told).encode())
    return _encode(self, body)


for replaced in (_record_request, _encode_body):
    setattr(Recorder, replaced.__name__, replaced)

setattr(FakeBucket, get_permission.__name__, get_permission)

for answer in (put_query_definition, describe_query_definitions, delete_query_definition):
    setattr(LogsResponse, answer.__name__, answer)

if __name__ == "__main__":
    main(sys.argv[1:])
