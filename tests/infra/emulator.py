"""The emulated AWS in a process of its own, with what the emulator lacks: saved queries of CloudWatch Logs."""

import json
import sys
import uuid
from typing import Any

from moto.logs.responses import LogsResponse
from moto.server import main

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


for answer in (put_query_definition, describe_query_definitions, delete_query_definition):
    setattr(LogsResponse, answer.__name__, answer)

if __name__ == "__main__":
    main(sys.argv[1:])
