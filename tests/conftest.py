"""What every test may use: a real Postgres with a fresh database, and a machine without network or settings."""

import logging
import os
import shutil
import socket
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import structlog
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

from core.database_url import parse_database_url
from storage import migrations
from storage.database import Database
from storage.embedded import EmbeddedPostgres

TEMPLATE = "migrated_template"
CHECKOUT = Path(__file__).parents[1]
DEPLOYMENT = "tests/infra/"
SETTING_PREFIXES = ("DATABASE_", "ODDS_", "AWS_", "SCHEDULER_", "ALERT_", "DISCORD_", "LINEKEEPER_", "LOG_", "PG")
SETTINGS = frozenset({"SPORTS", "BOOKMAKERS", "MARKETS", "REGIONS", "ENABLE_VALIDATION", "REJECT_INVALID_ODDS"})
SETTINGS_OF_TESTS = frozenset({"LINEKEEPER_SHARED_DATA"})

# A busy machine breaks no law; and what CI finds depends on the change alone.
settings.register_profile(
    "linekeeper",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("linekeeper")


class FilesSideBySide(LoadScopeScheduling):  # type: ignore[misc]  # what it extends has no types
    """Gives each worker whole files, and one of them all that shares the one deployment."""

    def _split_scope(self, nodeid: str) -> str:
        return DEPLOYMENT if nodeid.startswith(DEPLOYMENT) else nodeid.split("::", 1)[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FilesSideBySide:
    """Return how the tests are shared out where several workers run them."""
    return FilesSideBySide(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where several workers share the tests, begin with what takes long, so that they end together."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: (not item.nodeid.startswith(DEPLOYMENT), item.path not in slow))


class ForbiddenNetworkError(RuntimeError):
    """A test tried to leave the machine."""


@pytest.fixture(scope="session", autouse=True)
def only_loopback() -> Iterator[None]:
    """Refuse every connection and look-up that would leave the machine."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _refuse_remote(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_remote(address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        _refuse_remote((host,))
        return getaddrinfo(host, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take the machine's own settings away, so that a test sees only those it sets; AWS credentials are fake."""
    for name in list(os.environ):
        if name in SETTINGS or (name.startswith(SETTING_PREFIXES) and name not in SETTINGS_OF_TESTS):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("LINEKEEPER_DATA_DIR", str(tmp_path / "linekeeper"))


@pytest.fixture(autouse=True)
def restored_logging() -> Iterator[None]:
    """Take back what a test has changed of where log lines go, so that the next one finds them where they were."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    for handler in set(root.handlers) - set(handlers):
        handler.close()
    root.handlers = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real recordings, or skip where this machine has none."""
    named = os.environ.get("LINEKEEPER_SHARED_DATA")
    folder = Path(named) if named else CHECKOUT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no recordings at {folder}; LINEKEEPER_SHARED_DATA names the folder that holds them")
    return folder


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Yield a temporary folder that every user may enter, unlike `tmp_path`: where root runs a server."""
    folder = Path(tempfile.mkdtemp(prefix="linekeeper-test-", dir=_memory_folder()))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[EmbeddedPostgres]:
    """Yield a running embedded server for the whole session, or for one worker of it."""
    folder = Path(tempfile.mkdtemp(prefix="linekeeper-test-", dir=_memory_folder()))
    server = EmbeddedPostgres(folder, durable=False)
    with server.ensure_running():
        yield server
    shutil.rmtree(folder)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def migrated_template(postgres_server: EmbeddedPostgres) -> str:
    """Return the name of a database that holds the schema, to be copied by each test that wants it."""
    await postgres_server.create_database(TEMPLATE)
    template = Database(parse_database_url(postgres_server.url(TEMPLATE)), pooled=False)
    await migrations.upgrade(template.engine)
    await template.close()
    return TEMPLATE


@pytest.fixture
async def empty_database_url(postgres_server: EmbeddedPostgres) -> AsyncIterator[str]:
    """Yield the URL of a fresh database without any schema of ours."""
    async for url in _fresh_database(postgres_server, "template0"):
        yield url


@pytest.fixture
async def database_url(postgres_server: EmbeddedPostgres, migrated_template: str) -> AsyncIterator[str]:
    """Yield the URL of a fresh database with the schema, empty of rows."""
    async for url in _fresh_database(postgres_server, migrated_template):
        yield url


@pytest.fixture
async def empty_database(empty_database_url: str) -> AsyncIterator[Database]:
    """Yield a fresh database without any schema of ours."""
    database = Database(parse_database_url(empty_database_url), pooled=True)
    yield database
    await database.close()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Yield a fresh database with the schema, empty of rows."""
    database = Database(parse_database_url(database_url), pooled=True)
    yield database
    await database.close()


def _memory_folder() -> Path | None:
    """Return a folder in memory where programs may run and there is room: ten times faster for many databases."""
    folder = Path("/dev/shm")
    if not folder.is_dir() or shutil.disk_usage(folder).free < 2 * 1024**3:
        return None
    return None if os.statvfs(folder).f_flag & os.ST_NOEXEC else folder


async def _fresh_database(server: EmbeddedPostgres, template: str) -> AsyncIterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    await server.create_database(name, template=template)
    yield server.url(name)
    await server.drop_database(name)


def _refuse_remote(address: Any) -> None:
    """Raise for an address that is neither a socket's path nor on loopback; a host of None stands for loopback."""
    if not isinstance(address, tuple) or address[0] is None:
        return
    host = address[0].decode() if isinstance(address[0], bytes) else str(address[0])
    try:
        local = host in {"", "localhost"} or ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        msg = f"tests reach this machine only, not {host}"
        raise ForbiddenNetworkError(msg)
