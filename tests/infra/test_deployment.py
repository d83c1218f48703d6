"""The real AWS provider against an emulated AWS: what is made, that it stays so, and what is never disturbed."""

import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from core.clock import SystemClock
from core.config import load_settings
from core.secrets import NOT_WRITTEN
from core.triggers.eventbridge import EventBridgeTriggers
from core.triggers.scheduler_calls import open_scheduler_client
from handlers.runtime import schedule_target
from tests.infra.account import REGION, Deployment
from tests.infra.conftest import ANOTHER_URL, API_KEY, NEXT_API_KEY, OWNER_URL, ROTATED, Changed

pytestmark = pytest.mark.slow
CONNECTING = ("fetch-odds", "fetch-scores", "update-status", "heartbeat")


@pytest.fixture
def settings(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the settings that fetch-odds reads from the environment that Terraform gave it."""
    for name, value in deployment.variables_of("fetch-odds").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_REGION", REGION)
    return load_settings()


@pytest.fixture
def triggers(deployment: Deployment, settings: Any) -> Iterator[EventBridgeTriggers]:
    """Return the triggers as a function of the deployment arms them."""
    client = open_scheduler_client(REGION, endpoint_url=deployment.aws_url)
    yield EventBridgeTriggers(schedule_target(settings), client, clock=SystemClock())
    client.close()


def test_applying_again_changes_nothing(deployment: Deployment) -> None:
    assert deployment.at_first["plan"] == 0


def test_no_secret_is_in_the_state_or_in_an_environment(deployment: Deployment) -> None:
    assert API_KEY not in deployment.state
    assert "sentinel-password" not in deployment.state
    assert "/linekeeper-dev/odds-api-key" in deployment.state


def test_what_was_given_is_in_ssm_and_what_migrate_writes_waits_for_it(deployment: Deployment) -> None:
    roles = ("analyst", "backtest", "collector", "monitor", "scores", "status")
    given = dict(deployment.at_first["secrets"])
    kind, certificate = given.pop("database-root-cert")
    assert (kind, certificate.splitlines()[0]) == ("SecureString", "-----BEGIN CERTIFICATE-----")
    assert given == {
        "odds-api-key": ("SecureString", API_KEY),
        "database-url/migrator": ("SecureString", OWNER_URL),
        **{f"database-url/{role}": ("SecureString", NOT_WRITTEN) for role in roles},
    }


def test_each_function_is_given_its_own_role_in_postgres_and_settings_that_it_accepts(
    deployment: Deployment, settings: Any
) -> None:
    assert settings.scheduler.backend == "aws"
    given = {name: deployment.variables_of(name)["DATABASE_URL_PARAMETER"] for name in (*CONNECTING, "backtest")}
    assert given == {
        "fetch-odds": "/linekeeper-dev/database-url/collector",
        "fetch-scores": "/linekeeper-dev/database-url/scores",
        "update-status": "/linekeeper-dev/database-url/status",
        "heartbeat": "/linekeeper-dev/database-url/monitor",
        "backtest": "/linekeeper-dev/database-url/backtest",
    }


def test_backtests_know_their_bucket_and_nothing_of_the_feed(deployment: Deployment) -> None:
    variables = deployment.variables_of("backtest")
    assert variables["RESULTS_BUCKET"] == "linekeeper-dev-results-123456789012"
    assert not {"ODDS_API_KEY", "ODDS_API_KEY_PARAMETER"} & variables.keys()


async def test_applying_leaves_armed_schedules_and_rotated_secrets_alone(
    deployment: Deployment, triggers: EventBridgeTriggers, changed: Changed
) -> None:
    assert "Apply complete! Resources: 0 added," in changed.said
    assert "0 destroyed" in changed.said
    assert ("fetch-odds", changed.armed_at) in [(one.job, one.at) for one in await triggers.armed()]
    await triggers.disarm("fetch-odds", "basketball_nba")
    assert {name: changed.secrets_after[name][1] for name in ROTATED} == ROTATED
    scheduler = deployment.client("scheduler")
    heartbeat = scheduler.get_schedule(GroupName="linekeeper-dev-heartbeat", Name="heartbeat")
    assert heartbeat["State"] == "DISABLED"
    assert {name: deployment.variables_of(name)["AWS_PAUSED"] for name in CONNECTING} == dict.fromkeys(
        CONNECTING, "true"
    )
    assert deployment.variables_of("fetch-odds")["ODDS_API_QUOTA"] == "501"


def test_a_secret_is_written_again_when_its_version_rises_and_no_other(
    deployment: Deployment, changed: Changed
) -> None:
    before, after = changed.secrets_before, changed.secrets_after
    assert after == {**before, "odds-api-key": ("SecureString", NEXT_API_KEY)}
    assert changed.said.count("aws_ssm_parameter.main: Modifying") == 1
    with zipfile.ZipFile(deployment.terraform.folder / "planned.tfplan") as plan:
        kept = [deployment.state.encode(), *map(plan.read, plan.namelist())]
    assert [text for text in kept for secret in (NEXT_API_KEY, ANOTHER_URL) if secret.encode() in text] == []


def test_a_parameter_that_is_described_anew_keeps_its_secret(deployment: Deployment, changed: Changed) -> None:
    described = (deployment.terraform.folder / "secrets.tf").read_text()
    assert described.count(", written by") == len(re.findall(r"description +=", described))
    assert all(value for _, value in changed.secrets_after.values())
    assert changed.secrets_after["database-url/analyst"] == changed.secrets_before["database-url/analyst"]


def test_the_heartbeat_is_set_to_beat_and_its_input_plans_nothing(deployment: Deployment) -> None:
    [beat] = deployment.resources("aws_scheduler_schedule").values()
    assert beat["schedule_expression"] == "rate(1 minute)"
    assert json.loads(beat["target"][0]["input"]) == {}


def test_results_are_private_encrypted_versioned_and_refused_in_the_clear(deployment: Deployment) -> None:
    s3 = deployment.client("s3")
    [bucket] = [one["bucket"] for one in deployment.resources("aws_s3_bucket").values()]
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    [rule] = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    [refusal] = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    assert (refusal["Effect"], refusal["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
