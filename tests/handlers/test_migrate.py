"""The function that deploys call, in Lambda's own runtime: schema, roles, and passwords that nobody sees."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from sqlalchemy import text

from core.config import load_settings
from core.database_url import parse_database_url
from core.errors import DeadlineError
from core.secrets import NOT_WRITTEN
from handlers.migrate import _migrate
from handlers.smoke import EVENTS
from storage import migrations
from storage.database import Database
from storage.roles import ROLES
from tests.lambda_runtime.function import LambdaFunction
from tests.lambda_runtime.sandbox import CHECKOUT
from tests.lambda_runtime.stack import REGION
from tests.tls_server import Certificate, TlsCluster, make_certificate

FOLDER = "/linekeeper/database-url"
ROOT_CERT = "/linekeeper/database-root-cert"
Migrate = Callable[..., LambdaFunction]


@pytest.fixture
def ssm(empty_aws: str, empty_database_url: str) -> Any:
    """Return a client of an SSM that holds the owner's URL, and what Terraform made for the others."""
    client = boto3.client("ssm", region_name=REGION, endpoint_url=empty_aws)
    client.put_parameter(Name=f"{FOLDER}/migrator", Value=empty_database_url, Type="SecureString")
    for role in ROLES:
        client.put_parameter(Name=f"{FOLDER}/{role}", Value=NOT_WRITTEN, Type="SecureString")
    return client


@pytest.fixture
async def migrate(empty_aws: str, tmp_path: Path, ssm: Any) -> AsyncIterator[Migrate]:
    """Return what makes the function, or another, perhaps with other settings."""
    pytest.importorskip("awslambdaric", reason="Lambda's runtime client is made for Linux alone")
    made: list[LambdaFunction] = []

    def make(handler: str = "handlers.migrate.handler", **variables: str) -> LambdaFunction:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "PYTHONPATH": str(CHECKOUT),
            "PYTHONWARNINGS": "error",
            "AWS_LAMBDA_LOG_FORMAT": "JSON",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_ENDPOINT_URL": empty_aws,
            "DATABASE_URL_PARAMETER": f"{FOLDER}/migrator",
            **variables,
        }
        arguments = ["-m", "awslambdaric", handler]
        made.append(LambdaFunction(arguments, environment, tmp_path, timeout=60))
        return made[-1]

    yield make
    for function in made:
        await function.stop()
        for role in ("migrator", *ROLES):
            password = urlsplit(url_of(ssm, role)).password
            assert password is None or password not in function.output


def url_of(ssm: Any, role: str) -> str:
    return str(ssm.get_parameter(Name=f"{FOLDER}/{role}", WithDecryption=True)["Parameter"]["Value"])


async def user_of(url: str) -> str:
    database = Database(parse_database_url(url), pooled=False)
    async with database.transaction() as connection:
        await connection.execute(text("SELECT count(*) FROM core_betting.events"))
        return str((await connection.execute(text("SELECT current_user"))).scalar_one())


@pytest.mark.slow
async def test_a_deploy_makes_the_schema_and_lets_every_function_in_as_its_own_role(
    migrate: Migrate, ssm: Any
) -> None:
    function = migrate()
    first = await function.invoke({"rotate_passwords": True})
    assert first.error is None, first.error
    assert (first.payload["before"], first.payload["passwords_given"]) == (None, list(ROLES))
    urls = {role: url_of(ssm, role) for role in ROLES}
    for role, url in urls.items():
        assert await user_of(url) == f"linekeeper_{role}"

    again = await function.invoke()
    assert again.payload == {
        "before": first.payload["after"],
        "after": first.payload["after"],
        "passwords_given": [],
        "note": None,
    }
    assert {role: url_of(ssm, role) for role in ROLES} == urls

    rotated = await function.invoke({"rotate_passwords": True})
    assert rotated.payload["passwords_given"] == list(ROLES)
    assert not set(urls.values()) & {url_of(ssm, role) for role in ROLES}
    assert [line["event"] for line in function.lines] == ["schema.upgraded"] * 3


async def test_where_only_logins_hang_the_error_says_at_what_the_schema_is_and_stays(
    database: Database, database_url: str
) -> None:
    settings = load_settings(DATABASE_URL=database_url).database
    async with database.engine.connect() as session:
        await session.execute(text(f"ALTER ROLE linekeeper_{ROLES[0]} CONNECTION LIMIT -1"))
        with pytest.raises(
            DeadlineError, match=r"^the schema is at 0\d+, but not every role was let in within 4 s"
        ) as cut:
            await _migrate(settings, FOLDER, {}, 4)
        await session.rollback()
    assert "taken back" not in str(cut.value)


@pytest.mark.slow
async def test_code_that_was_rolled_back_leaves_the_newer_schema_and_says_so(
    migrate: Migrate, empty_database: Database
) -> None:
    function = migrate()
    assert (await function.invoke()).error is None
    async with empty_database.transaction() as connection:
        await connection.execute(text("UPDATE operational.alembic_version SET version_num = '9999'"))
    answer = await function.invoke()
    assert answer.error is None
    assert (answer.payload["before"], answer.payload["after"]) == ("9999", "9999")
    assert "newer than this code, which knows 0" in answer.payload["note"]
    assert function.lines[-1]["level"] == "warning"


@pytest.mark.slow
async def test_s2_a_database_of_a_private_authority_lets_functions_in_once_its_certificate_is_in_ssm(
    migrate: Migrate, ssm: Any, tls_cluster: TlsCluster, authority: Certificate
) -> None:
    with tls_cluster.served_with(make_certificate("localhost", authority)) as port:
        owner = f"postgresql://ana@localhost:{port}/postgres?sslmode=require"
        ssm.put_parameter(Name=f"{FOLDER}/migrator", Value=owner, Type="SecureString", Overwrite=True)
        refused = await migrate().invoke()
        assert refused.error is not None
        assert refused.error["errorType"] == "DatabaseTlsError"
        assert "database_root_cert" in refused.error["errorMessage"]

        ssm.put_parameter(Name=ROOT_CERT, Value=authority.pem, Type="SecureString")
        answer = await migrate(DATABASE_SSL_ROOT_CERT_PARAMETER=ROOT_CERT).invoke()
        assert answer.error is None, answer.error
        url = parse_database_url(url_of(ssm, "collector"), ssl_root_cert=authority.pem)
        async with Database(url, pooled=False).transaction() as connection:
            seen = "SELECT current_user, ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
            assert (await connection.execute(text(seen))).one() == ("linekeeper_collector", True)


@pytest.mark.slow
async def test_a_certificate_that_was_replaced_is_read_anew_within_the_invocation(
    migrate: Migrate, ssm: Any, tls_cluster: TlsCluster, authority: Certificate
) -> None:
    another = make_certificate("another authority", is_authority=True)
    ssm.put_parameter(Name=ROOT_CERT, Value=another.pem, Type="SecureString")
    with tls_cluster.served_with(make_certificate("localhost", authority)) as port:
        owner = f"postgresql://ana@localhost:{port}/postgres?sslmode=require"
        await migrations.upgrade(
            Database(parse_database_url(owner, ssl_root_cert=authority.pem), pooled=False).engine
        )
        ssm.put_parameter(Name=f"{FOLDER}/backtest", Value=owner, Type="SecureString", Overwrite=True)
        function = migrate(
            "handlers.backtest.handler",
            DATABASE_URL_PARAMETER=f"{FOLDER}/backtest",
            DATABASE_SSL_ROOT_CERT_PARAMETER=ROOT_CERT,
            RESULTS_BUCKET="linekeeper-results",
        )
        refused = await function.invoke(EVENTS["backtest"])
        assert refused.error is not None
        assert refused.error["errorType"] == "DatabaseTlsError"
        ssm.put_parameter(Name=ROOT_CERT, Value=authority.pem, Type="SecureString", Overwrite=True)
        answer = await function.invoke(EVENTS["backtest"])
        assert answer.error is None, answer.error
        assert answer.payload["status"] == "dry run"


@pytest.mark.parametrize(
    ("variables", "event", "fault"),
    [
        pytest.param({}, {"rotate": True}, 'accepted is {} or {"rotate_passwords": true}', id="an unknown word"),
        pytest.param({}, {"rotate_passwords": "yes"}, "accepted is {} or", id="a word for a truth value"),
        pytest.param({}, [1], "accepted is {} or", id="a list"),
        pytest.param(
            {"DATABASE_URL_PARAMETER": ""}, {}, "DATABASE_URL_PARAMETER must end with /migrator", id="none"
        ),
        pytest.param(
            {"DATABASE_URL_PARAMETER": f"{FOLDER}/collector"}, {}, "must end with /migrator", id="another's URL"
        ),
        pytest.param({"DATABASE_URL_PARAMETER": "/none/migrator"}, {}, "/none/migrator", id="no such parameter"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_changed(
    migrate: Migrate, empty_database: Database, variables: dict[str, str], event: object, fault: str
) -> None:
    answer = await migrate(**variables).invoke(event)
    assert answer.error is not None
    assert answer.error["errorType"] == "ConfigurationError"
    assert fault in answer.error["errorMessage"]
    async with empty_database.transaction() as connection:
        made = await connection.execute(text("SELECT to_regnamespace('operational') IS NULL"))
        assert made.scalar_one()


async def test_two_migrations_at_once_are_one(migrate: Migrate, empty_database: Database) -> None:
    turn = text("SELECT pg_advisory_xact_lock(hashtextextended('linekeeper migration', 0))")
    async with empty_database.transaction() as other:
        await other.execute(turn)
        answer = await migrate().invoke()
    assert answer.error is not None
    assert answer.error["errorType"] == "SchemaLockedError"
    assert "another migration" in answer.error["errorMessage"]


async def test_a_migration_that_takes_too_long_is_taken_back_before_it_would_be_killed(
    migrate: Migrate, empty_database: Database
) -> None:
    function = migrate()
    await function.warm()
    function.timeout = 4
    turn = text("SELECT pg_advisory_xact_lock(hashtextextended('linekeeper migration', 0))")
    async with empty_database.transaction() as other:
        await other.execute(turn)
        answer = await asyncio.wait_for(function.invoke(), 30)
    assert answer.error is not None
    assert answer.error["errorType"] == "DeadlineError"
