"""How the client that reads secrets is made: at the start of a process, when there is no time to lose."""

from typing import Any

import boto3
import pytest
from botocore.loaders import JSONFileLoader

from core.secrets import open_ssm_client

REGION = "eu-west-1"


def test_the_client_of_a_process_that_has_another_reads_nothing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)
    read: list[str] = []
    load = JSONFileLoader.load_file

    def load_file(self: JSONFileLoader, file_path: str) -> Any:
        read.append(file_path)
        return load(self, file_path)

    monkeypatch.setattr(JSONFileLoader, "load_file", load_file)
    boto3.client("scheduler", region_name=REGION)
    before = set(read)
    read.clear()
    open_ssm_client(REGION)
    assert any("endpoints" in name for name in before)
    assert before.isdisjoint(read)
