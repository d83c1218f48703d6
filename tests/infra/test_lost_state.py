"""A state that is lost for good: by the lines of the runbook a new one takes over all that is there."""

import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from core.secrets import NOT_WRITTEN
from tests.infra.account import REGION, Deployment
from tests.infra.conftest import NEXT_API_KEY, ROTATED, Changed
from tests.infra.terraform import INFRA

pytestmark = pytest.mark.slow
GROUP = "linekeeper-dev"
ARMED = "fetch-odds.icehockey_nhl"
LOG = "/aws/lambda/linekeeper-dev-fetch-odds"
INVOKE = "aws lambda invoke --function-name linekeeper-dev-migrate --cli-read-timeout 0 /dev/stdout"

ACCOUNT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
    "TF_CLI_ARGS_apply": "-auto-approve -input=false -no-color",
    "TF_CLI_CONFIG_FILE": os.devnull,
    "CHECKPOINT_DISABLE": "1",
}


@dataclass(frozen=True)
class Recovered:
    """What a recovery said, and what the old state held and the new one holds: how many of each resource."""

    said: str
    lost: Counter[str]
    held: Counter[str]
    armed_before: list[Any]


def commands() -> str:
    """Return what the runbook has one run, and end before what runs a function, for which nothing is here."""
    [_, of_a_lost_state] = (INFRA / "README.md").read_text().split("- **The state is lost**")
    lines = [line.strip() for line in of_a_lost_state.split("```")[1].strip().splitlines()]
    assert lines.pop() == INVOKE
    return "\n".join(lines)


def held(state: str) -> Counter[str]:
    return Counter(
        f"{one.get('module', '')}.{one['type']}.{one['name']}"
        for one in json.loads(state)["resources"]
        if one["mode"] == "managed"
        for _ in one["instances"]
    )


def armed(deployment: Deployment) -> list[Any]:
    scheduler = deployment.client("scheduler")
    names = [one["Name"] for one in scheduler.list_schedules(GroupName=GROUP)["Schedules"]]
    found = [scheduler.get_schedule(GroupName=GROUP, Name=name) for name in names]
    return [(one["Name"], one["ScheduleExpression"], one["Target"]) for one in found]


def work_on(deployment: Deployment) -> None:
    """Arm a run, keep a result and begin a log, as functions do."""
    function = deployment.function("fetch-odds")
    deployment.client("scheduler").create_schedule(
        GroupName=GROUP,
        Name=ARMED,
        ScheduleExpression="at(2099-01-01T00:00:00)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": function["arn"], "RoleArn": function["role"]},
    )
    deployment.client("s3").put_object(Bucket="linekeeper-dev-results-123456789012", Key="results/1", Body=b"kept")
    deployment.client("logs").create_log_stream(logGroupName=LOG, logStreamName="before")


@pytest.fixture(scope="module")
def recovered(deployment: Deployment, changed: Changed) -> Iterator[Recovered]:
    """Lose the state of a deployment that is at work, and run what the runbook says with its provider."""
    if shutil.which("aws") is None:
        pytest.skip("the AWS command line is not on the PATH")
    work_on(deployment)
    before, lost = armed(deployment), deployment.state
    folder = deployment.terraform.folder
    (folder / "terraform.tfstate").unlink()
    (folder / "environments" / "dev.tfvars").write_text("")
    given = {**deployment.terraform.variables, **changed.chosen, "odds_api_key": NEXT_API_KEY}
    given["database_url"] = ROTATED["database-url/migrator"]
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands()],
        cwd=folder,
        env={
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            **{f"TF_VAR_{name}": value for name, value in given.items()},
            **ACCOUNT,
            "AWS_ENDPOINT_URL": deployment.aws_url,
        },
        capture_output=True,
        check=False,
        text=True,
    )
    if done.returncode:
        (folder / "terraform.tfstate").write_text(lost)
        pytest.fail(done.stdout + done.stderr)
    yield Recovered(done.stdout, held(lost), held(deployment.state), before)
    deployment.client("scheduler").delete_schedule(GroupName=GROUP, Name=ARMED)


def test_the_new_state_holds_all_that_the_lost_one_held(recovered: Recovered) -> None:
    assert recovered.held == recovered.lost
    assert "Apply complete! Resources: 25 imported," in recovered.said
    assert "0 destroyed" in recovered.said


def test_nothing_is_left_to_change(deployment: Deployment, changed: Changed, recovered: Recovered) -> None:
    del recovered
    assert not (deployment.terraform.folder / "imports.tf").exists()
    assert deployment.plan(**changed.chosen) == 0


def test_armed_runs_logs_and_results_are_as_they_were(deployment: Deployment, recovered: Recovered) -> None:
    assert armed(deployment) == recovered.armed_before
    assert ARMED in {name for name, *_ in recovered.armed_before}
    found = deployment.client("s3").get_object(Bucket="linekeeper-dev-results-123456789012", Key="results/1")
    assert found["Body"].read() == b"kept"
    streams = deployment.client("logs").describe_log_streams(logGroupName=LOG)["logStreams"]
    assert "before" in {stream["logStreamName"] for stream in streams}


@pytest.mark.usefixtures("recovered")
def test_every_saved_query_is_there_once(deployment: Deployment) -> None:
    found = deployment.client("logs").describe_query_definitions()["queryDefinitions"]
    assert Counter(one["name"] for one in found) == Counter({one["name"] for one in found})


@pytest.mark.usefixtures("recovered")
def test_secrets_are_as_given_wait_for_migrate_and_are_in_no_state(deployment: Deployment) -> None:
    told = deployment.secrets()
    assert told["odds-api-key"] == ("SecureString", NEXT_API_KEY)
    assert told["database-url/migrator"] == ("SecureString", ROTATED["database-url/migrator"])
    roles = ("analyst", "backtest", "collector", "monitor", "scores", "status")
    assert {told[f"database-url/{role}"][1] for role in roles} == {NOT_WRITTEN}
    assert NEXT_API_KEY not in deployment.state
    assert ROTATED["database-url/migrator"] not in deployment.state
