"""An AWS account of this machine, in a process of its own, and the deployment that Terraform has made in it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import boto3

from tests.infra.terraform import CHECKOUT, Terraform

REGION = "us-east-1"
ACCOUNT = "123456789012"
_START_SECONDS = 60


@contextmanager
def emulated_aws(recording: Path) -> Iterator[str]:
    """Yield where an empty AWS listens, which ends with the block and can record its calls into a file."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.infra.emulator", "-H", "127.0.0.1", "-p", str(port)]
    settings = {**os.environ, "MOTO_RECORDER_FILEPATH": str(recording)}
    process = subprocess.Popen(
        command, cwd=CHECKOUT, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, process)
        yield url
    finally:
        process.kill()
        process.wait()


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        with suppress(URLError, ConnectionError), urlopen(f"{url}/moto-api/"):
            return
        time.sleep(0.1)
    raise AssertionError("the emulated AWS did not start")


@dataclass(frozen=True)
class Deployment:
    """What Terraform has made, and where."""

    terraform: Terraform
    aws_url: str
    recording: Path
    made_by: list[Any] = field(default_factory=list)
    """The calls that made it."""
    planned_by: list[Any] = field(default_factory=list)
    """The calls by which it was then planned."""
    at_first: dict[str, Any] = field(default_factory=dict)
    """What it was like when it had just been made: `plan`, what planning said, `secrets`, what SSM held, and
    `variables`, the environment of each function by its name."""

    def client(self, service: str) -> Any:
        """Return a client of a service of the account."""
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.aws_url,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )

    def resources(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return the attributes of every resource of a kind, by its address, as the state has them."""
        state = json.loads(self.state)
        return {
            f"{one.get('module', '')}.{kind}.{one['name']}{_index(instance)}".lstrip("."): instance["attributes"]
            for one in state["resources"]
            if one["mode"] == "managed" and one["type"] == kind
            for instance in one["instances"]
        }

    @property
    def state(self) -> str:
        """Return all that Terraform remembers."""
        return (self.terraform.folder / "terraform.tfstate").read_text()

    def function(self, name: str) -> dict[str, Any]:
        """Return the values of a function by its short name."""
        return self.resources("aws_lambda_function")[f"module.{name.replace('-', '_')}.aws_lambda_function.main"]

    def variables_of(self, name: str) -> dict[str, str]:
        """Return the environment that Terraform gives to a function."""
        variables: dict[str, str] = self.function(name)["environment"][0]["variables"]
        return variables

    def secrets(self) -> dict[str, tuple[str, str]]:
        """Return kind and value of every parameter, by its name."""
        names = sorted(one["name"] for one in self.resources("aws_ssm_parameter").values())
        held = self.client("ssm").get_parameters(Names=names, WithDecryption=True)["Parameters"]
        return {one["Name"].removeprefix("/linekeeper-dev/"): (one["Type"], one["Value"]) for one in held}

    def plan(self, *options: str, **variables: str) -> int:
        """Plan, and return 0 where nothing would change and 2 where something would."""
        planned = self.terraform.run(
            "plan", "-detailed-exitcode", "-input=false", "-no-color", *options, check=False, variables=variables
        )
        assert planned.returncode in {0, 2}, planned.stdout + planned.stderr
        return planned.returncode

    def apply(self, **variables: str) -> str:
        """Apply, and return what Terraform said."""
        return self.terraform.run(
            "apply", "-auto-approve", "-input=false", "-no-color", variables=variables
        ).stdout


def _index(instance: dict[str, Any]) -> str:
    return f"[{json.dumps(instance['index_key'])}]" if "index_key" in instance else ""
