"""Calls to AWS as the emulator has recorded them, and who made each."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from urllib.request import Request, urlopen

from botocore.session import Session

from tests.infra.account import Deployment

CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/[^/]+/([^/]+)/aws4_request")


@dataclass(frozen=True, slots=True)
class Call:
    """One call: the access key's owner, the service, the operation by AWS's name, and its parameters."""

    caller: str
    service: str
    operation: str
    parameters: Mapping[str, Any]


@contextmanager
def recorded(deployment: Deployment) -> Iterator[list[Call]]:
    """Yield a list that holds every signed call of the block, in order, once the block has ended."""
    calls: list[Call] = []
    before = deployment.recording.stat().st_size if deployment.recording.exists() else 0
    _tell(deployment, "start-recording")
    try:
        yield calls
    finally:
        _tell(deployment, "stop-recording")
        with deployment.recording.open() as recording:
            recording.seek(before)
            calls += [call for line in recording if (call := _call(json.loads(line))) is not None]


def _tell(deployment: Deployment, verb: str) -> None:
    with urlopen(Request(f"{deployment.aws_url}/moto-api/recorder/{verb}", method="POST")):
        pass


def _call(entry: Mapping[str, Any]) -> Call | None:
    headers = {name.lower(): value for name, value in entry["headers"].items()}
    signed = CREDENTIAL.search(headers.get("authorization", ""))
    if signed is None:
        return None
    caller, service = signed.groups()
    body = base64.b64decode(entry["body"] or "")
    url = urlsplit(entry["url"])
    query = dict(parse_qsl(url.query, keep_blank_values=True))
    if target := headers.get("x-amz-target"):
        if not body:  # the caller broke off before it had sent what it asks, and asks again
            return None
        return Call(caller, service, target.split(".")[-1], json.loads(body))
    if body.startswith(b"Action="):
        form = dict(parse_qsl(body.decode()))
        return Call(caller, service, form["Action"], form)
    if service == "s3":
        return _call_of_s3(caller, entry["method"], url.path, query)
    operation, found = _operation(service, entry["method"], url.path)
    content = json.loads(body) if body.startswith(b"{") else {}
    return Call(caller, service, operation, {**content, **query, **found})


def _call_of_s3(caller: str, method: str, path: str, query: Mapping[str, str]) -> Call:
    """Name a call as its right is named: by its method, and by the part of the bucket or the object."""
    bucket, _, key = path.lstrip("/").partition("/")
    part = "object" if key else next((name for name in query if f"{method} {name}" in _OF_S3), "bucket")
    return Call(caller, "s3", _OF_S3[f"{method} {part}"], {"Bucket": bucket, "Key": unquote(key)})


def _operation(service: str, method: str, path: str) -> tuple[str, dict[str, str]]:
    for name, wanted, pattern in _patterns(service):
        if wanted == method and (found := re.fullmatch(pattern, path)):
            return name, {key: unquote(value) for key, value in found.groupdict().items()}
    raise AssertionError(f"{method} {path} is no operation of {service}")


@cache
def _patterns(service: str) -> list[tuple[str, str, str]]:
    """Return the operations of a service of the REST kind, those with the longest fixed path first."""
    model = Session().get_service_model(service)
    https = {name: model.operation_model(name).http for name in model.operation_names}
    plain = {name: http for name, http in https.items() if "?" not in http["requestUri"]}
    ordered = sorted(plain.items(), key=lambda item: -len(re.sub(r"\{.*?\}", "", item[1]["requestUri"])))
    return [(name, http["method"], _pattern(http["requestUri"])) for name, http in ordered]


def _pattern(uri: str) -> str:
    fixed = re.sub(r"\{(\w+)\+\}", r"(?P<\1>.+)", uri.rstrip("/"))
    return re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", fixed) + "/?"


_OF_S3 = {
    "DELETE object": "DeleteObject",
    "GET object": "GetObject",
    "HEAD object": "GetObject",
    "PUT object": "PutObject",
    "GET bucket": "ListBucket",
    "PUT bucket": "CreateBucket",
    "HEAD bucket": "ListBucket",
    "GET accelerate": "GetAccelerateConfiguration",
    "GET acl": "GetBucketAcl",
    "GET cors": "GetBucketCORS",
    "GET encryption": "GetEncryptionConfiguration",
    "GET lifecycle": "GetLifecycleConfiguration",
    "GET logging": "GetBucketLogging",
    "GET object-lock": "GetBucketObjectLockConfiguration",
    "GET ownershipControls": "GetBucketOwnershipControls",
    "GET policy": "GetBucketPolicy",
    "GET publicAccessBlock": "GetBucketPublicAccessBlock",
    "GET replication": "GetReplicationConfiguration",
    "GET requestPayment": "GetBucketRequestPayment",
    "GET tagging": "GetBucketTagging",
    "GET versioning": "GetBucketVersioning",
    "GET website": "GetBucketWebsite",
    "PUT encryption": "PutEncryptionConfiguration",
    "PUT lifecycle": "PutLifecycleConfiguration",
    "PUT ownershipControls": "PutBucketOwnershipControls",
    "PUT policy": "PutBucketPolicy",
    "PUT publicAccessBlock": "PutBucketPublicAccessBlock",
    "PUT tagging": "PutBucketTagging",
    "PUT versioning": "PutBucketVersioning",
}
