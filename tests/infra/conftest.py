"""Fixtures of the deployment: Terraform with a provider, or a reason why there is none."""

import asyncio
import platform
import shutil
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from core.clock import SystemClock
from core.config import load_settings
from core.triggers.base import Trigger
from core.triggers.eventbridge import EventBridgeTriggers
from core.triggers.scheduler_calls import open_scheduler_client
from handlers.runtime import schedule_target
from infra.package.packages import PACKAGES
from storage.embedded import EmbeddedPostgres
from tests.infra.account import REGION, Deployment, emulated_aws
from tests.infra.calls import Call, recorded
from tests.infra.loop import Loop, run_loop
from tests.infra.terraform import INFRA, PROVIDER, Terraform, copied, find_plugins
from tests.lambda_runtime.packaged import CannotBuildHereError, Packaged, build_here, unpack
from tests.tls_server import make_certificate

HOST = "arm64" if platform.machine().lower() in {"arm64", "aarch64"} else "x86_64"
API_KEY = "sentinel-key-of-the-deployment"
NEXT_API_KEY = "sentinel-key-that-follows"
ROTATED = {
    "database-url/migrator": "postgresql://owner:rotated@127.0.0.1/linekeeper",
    "database-url/scores": "postgresql://s/d",
}
"""What was written into parameters after they were made, by a person and by migrate."""
ANOTHER_URL = "postgresql://owner:sentinel-not-to-be-written@127.0.0.1/linekeeper"
OWNER_URL = "postgresql://owner:sentinel-password@127.0.0.1/linekeeper"


@dataclass(frozen=True)
class Changed:
    """What an apply said and called, when a run was armed for before it, and what planning the same then said.

    The secrets are what SSM held just before and just after it.
    """

    said: str
    calls: list[Call]
    armed_at: datetime
    plan: int
    chosen: dict[str, str]
    secrets_before: dict[str, tuple[str, str]]
    secrets_after: dict[str, tuple[str, str]]


async def arm_as_a_run_does(deployment: Deployment, at: datetime) -> None:
    """Arm the next look as the deployment's own function does, by the settings that Terraform gave it."""
    settings = load_settings(**deployment.variables_of("fetch-odds"), AWS_REGION=REGION)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", "testing")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        client = open_scheduler_client(REGION, endpoint_url=deployment.aws_url)
        triggers = EventBridgeTriggers(schedule_target(settings), client, clock=SystemClock())
        await triggers.arm(Trigger("fetch-odds", "basketball_nba", at, "armed by a run"))
        client.close()


@pytest.fixture(scope="session")
def terraform() -> str:
    """Return where Terraform is, or skip."""
    found = shutil.which("terraform")
    if found is None:
        pytest.skip("terraform is not on the PATH")
    return found


@pytest.fixture(scope="session")
def plugins(terraform: str) -> Path:
    """Return a folder with the provider, or skip."""
    found = find_plugins()
    if found is None:
        pytest.skip(f"there is no {PROVIDER} where Terraform looks; `terraform init` in infra/ brings it")
    return found


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of zips by the names of the packages, for what looks only at what is around the code."""
    folder = tmp_path_factory.mktemp("packages")
    for part in ("collector", "migrate", "backtest"):
        for architecture in ("arm64", "x86_64"):
            with zipfile.ZipFile(folder / f"{part}-{architecture}.zip", "w") as package:
                package.writestr("README", "not run by these tests")
    return folder


@pytest.fixture(scope="session")
def opened(plugins: Path, packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Terraform]:
    """Return what copies a Terraform root and gives it its provider."""

    def opened(root: Path = INFRA) -> Terraform:
        folder = copied(tmp_path_factory.mktemp("terraform") / root.name, root)
        variables = {"package_folder": str(packages)} if root == INFRA else {}
        made = Terraform(folder, plugins, variables)
        made.init()
        return made

    return opened


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Packaged]:
    """Return every package for this machine, built and unpacked; none where this machine cannot build."""
    dist = tmp_path_factory.mktemp("dist")
    try:
        return {
            one.name: unpack(build_here(one.name, dist), tmp_path_factory.mktemp(one.name)) for one in PACKAGES
        }
    except CannotBuildHereError:
        return {}


@pytest.fixture(scope="session")
def deployment(
    opened: Callable[..., Terraform],
    packages: Path,
    built: dict[str, Packaged],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Deployment]:
    """Yield a deployment made by the real provider; at the end it is destroyed, and nothing of it may be left."""
    zips = tmp_path_factory.mktemp("deployed")
    shutil.copytree(packages, zips, dirs_exist_ok=True)
    for one in built.values():
        shutil.copy(one.built.archive, zips)
    root_cert = make_certificate("an authority of its own", is_authority=True).write(zips, "root")
    recording = tmp_path_factory.mktemp("calls") / "recording"
    with emulated_aws(recording) as url:
        bare = opened()
        given = {"environment": "dev", "aws_endpoint": url, "odds_api_key": API_KEY, "database_url": OWNER_URL}
        given |= {"package_folder": str(zips), "architecture": HOST, "database_root_cert": str(root_cert)}
        given |= {"alert_email": "you@example.com"}
        made = Deployment(replace(bare, variables=given), url, recording)
        with recorded(made) as calls:
            made.apply()
        made.made_by.extend(calls)
        with recorded(made) as calls:
            made.at_first.update(plan=made.plan())
        made.planned_by.extend(calls)
        functions = made.resources("aws_lambda_function").values()
        variables = {one["function_name"]: one["environment"][0]["variables"] for one in functions}
        made.at_first.update(secrets=made.secrets(), variables=variables)
        yield made
        made.terraform.run("destroy", "-auto-approve", "-input=false", "-no-color", "-refresh=false")
        assert made.terraform.run("state", "list").stdout == ""
        assert made.client("lambda").list_functions()["Functions"] == []
        groups = made.client("scheduler").list_schedule_groups()["ScheduleGroups"]
        assert [group["Name"] for group in groups] == ["default"]


@pytest.fixture(scope="session")
def github(deployment: Deployment, opened: Callable[..., Terraform]) -> Deployment:
    """Return the account with the roles for a repository in it; they end with the account."""
    account = {"AWS_ENDPOINT_URL": deployment.aws_url, "AWS_EC2_METADATA_DISABLED": "true"}
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    variables = {"repository": "someone/linekeeper", "state_bucket": "states-of-someone"}
    bare = opened(INFRA / "github")
    made = Deployment(
        replace(bare, variables=variables, environment=account | keys), deployment.aws_url, deployment.recording
    )
    made.apply()
    return made


@pytest.fixture(scope="session")
def changed(deployment: Deployment, github: Deployment) -> Changed:
    """Return how what a person had made was then changed from GitHub: planned without a secret, and applied so.

    Settings, a log's end, the key and every parameter's description are changed, collecting is paused, and every
    role comes within the boundary. Before, a run has armed the next, and passwords were rotated.
    """
    del github
    armed_at = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=3)
    asyncio.run(arm_as_a_run_does(deployment, armed_at))
    for name, value in ROTATED.items():
        written = {"Name": f"/linekeeper-dev/{name}", "Value": value, "Type": "SecureString", "Overwrite": True}
        deployment.client("ssm").put_parameter(**written)
    described = deployment.terraform.folder / "secrets.tf"
    described.write_text(described.read_text().replace("; written by", ", written by"))
    chosen = {"credits": "{quota=501}", "log_retention_days": "14", "secrets_version": "{odds_api_key=2}"}
    chosen |= {"paused": "true"}
    not_yet = {"odds_api_key": "given-when-applied", "database_url": "postgresql://given:when@applied/database"}
    deployment.plan("-out=planned.tfplan", **chosen, **not_yet)
    given = {"odds_api_key": NEXT_API_KEY, "database_url": ANOTHER_URL}
    before = deployment.secrets()
    with recorded(deployment) as calls:
        said = deployment.terraform.run(
            *("apply", "-input=false", "-no-color", "planned.tfplan"), variables={**chosen, **given}
        ).stdout
    after = deployment.secrets()
    return Changed(said, calls, armed_at, deployment.plan(**chosen), chosen, before, after)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def loop(
    deployment: Deployment,
    built: dict[str, Packaged],
    postgres_server: EmbeddedPostgres,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Loop]:
    """Yield what the deployment did by itself, run from its zips by Lambda's own runtime client."""
    if not built:
        pytest.skip("the packages cannot be built here")
    name = "deployed_loop"
    await postgres_server.create_database(name)
    yield await run_loop(deployment, built, postgres_server.url(name), tmp_path_factory.mktemp("lambda"))
    await postgres_server.drop_database(name)
