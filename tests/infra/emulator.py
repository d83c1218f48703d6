"""The emulated AWS in a process of its own, with what the emulator lacks.

That is saved queries of CloudWatch Logs, and the conditions in the policy of a bucket.
"""

import json
import sys
import uuid
from typing import Any

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.logs.responses import LogsResponse
from moto.s3.models import FakeBucket
from moto.server import main

IN_THE_CLEAR = {"Bool": {"aws:SecureTransport": "false"}}

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


setattr(FakeBucket, get_permission.__name__, get_permission)

for answer in (put_query_definition, describe_query_definitions, delete_query_definition):
    setattr(LogsResponse, answer.__name__, answer)

if __name__ == "__main__":
    main(sys.argv[1:])
