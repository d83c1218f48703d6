"""Fixtures of a deployment on this machine."""

import logging
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from pydantic import SecretStr

from core.simulation.market import SimulatedMarket
from core.simulation.server import serve
from handlers.role_logins import let_roles_in
from storage.database import Database
from tests.lambda_runtime.ahead import AheadClock
from tests.lambda_runtime.stack import KEY_PARAMETER, URL_PARAMETERS, Stack

SPORT = "basketball_nba"
START = datetime(2027, 1, 15, 20, tzinfo=UTC)
API_KEY = "sentinel-key-0123456789"


@pytest.fixture(scope="session")
def aws() -> Iterator[str]:
    """Yield where an AWS of this machine listens."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415

    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def empty_aws(aws: str) -> str:
    """Return where the AWS of this machine listens, without anything in it."""
    with urlopen(Request(f"{aws}/moto-api/reset", method="POST")):
        return aws


@pytest.fixture
async def deployed(empty_aws: str, database: Database, database_url: str, tmp_path: Path) -> AsyncIterator[Stack]:
    """Yield a deployment that collects a simulated league, on an evening with games to come."""
    pytest.importorskip("awslambdaric", reason="Lambda's runtime client is made for Linux alone")
    clock = AheadClock(tmp_path / "ahead")
    clock.set_to(START)
    market = SimulatedMarket(7, SPORT, START, days=3)
    secrets = {KEY_PARAMETER: API_KEY, f"{URL_PARAMETERS}/migrator": database_url}

    async def keep(role: str, url: SecretStr) -> None:
        secrets[f"{URL_PARAMETERS}/{role}"] = url.get_secret_value()

    await let_roles_in(database, SecretStr(database_url), keep, {})
    async with serve(market, clock, api_key=API_KEY, rate_limit=None) as server:
        stack = Stack(empty_aws, server, clock, database, tmp_path, SPORT, secrets)
        yield stack
        await stack.stop()
        told = stack.output
    assert API_KEY not in told
    for url in secrets.values():
        assert (urlsplit(url).password or url) not in told
