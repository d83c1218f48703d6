import os
import shutil
import signal
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import text

from core.database_url import TlsMode, parse_database_url
from core.errors import ConfigurationError, DatabaseTlsError
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from storage.embedded_account import Account, server_account
from storage.embedded_files import free_port, port_is_free
from storage.tls import tls_context

BINARY_FOLDERS = "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin"


@dataclass(frozen=True)
class Certificate:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def write(self, folder: Path, name: str) -> Path:
        """Write both below the folder and return the certificate's file."""
        pem = folder / f"{name}.pem"
        pem.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        (folder / f"{name}.key").write_bytes(
            self.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return pem


def make_certificate(
    host: str, authority: Certificate | None = None, *, is_authority: bool = False
) -> Certificate:
    """Return a certificate for the host, signed by the authority or by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(authority.certificate.subject if authority else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    )
    return Certificate(builder.sign(authority.key if authority else key, hashes.SHA256()), key)


def installed_binaries() -> Path | None:
    """Return the folder of an installed Postgres server's programs; the embedded one is built without TLS."""
    found = shutil.which("postgres")
    candidates = [Path(found).resolve().parent] if found else []
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=True)
        candidates.append(Path(answer.stdout.strip()))
    candidates += [folder for pattern in BINARY_FOLDERS for folder in Path("/").glob(pattern[1:])]
    return next((folder for folder in candidates if (folder / "initdb").exists()), None)


@dataclass(frozen=True)
class TlsCluster:
    """A data folder of an installed Postgres, to be served with one certificate or another."""

    binaries: Path
    folder: Path
    account: Account

    @contextmanager
    def served_with(self, certificate: Certificate) -> Iterator[int]:
        """Yield the port of a server that shows the certificate and lets everybody in."""
        certificate.write(self.folder, "server")
        for path in self.folder.glob("server.*"):
            path.chmod(0o600)
            self.account.own(path)
        port = free_port()
        settings = {
            "port": port,
            "listen_addresses": "localhost",
            "unix_socket_directories": "",
            "ssl": "on",
            "ssl_cert_file": self.folder / "server.pem",
            "ssl_key_file": self.folder / "server.key",
            "fsync": "off",
        }
        process = subprocess.Popen(
            [self.binaries / "postgres", "-D", self.folder / "data", *(f"--{k}={v}" for k, v in settings.items())],
            cwd="/",
            stderr=subprocess.DEVNULL,
            **self.account.identity,
        )
        try:
            while port_is_free(port):
                assert process.poll() is None
                time.sleep(0.02)
            yield port
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)


@pytest.fixture
def tls_cluster(open_folder: Path) -> TlsCluster:
    binaries = installed_binaries()
    if binaries is None:
        pytest.skip("no installed Postgres server: the embedded one is built without TLS")
    account = server_account(open_folder / "data")
    (open_folder / "data").mkdir(mode=0o700)
    account.own(open_folder / "data")
    initdb: list[str | Path] = [
        binaries / "initdb",
        "-D",
        open_folder / "data",
        "-U",
        "ana",
        "--auth=trust",
        "--no-sync",
    ]
    assert account.run(initdb, capture_output=True, env={"LC_ALL": "C", "PATH": os.defpath}).returncode == 0
    return TlsCluster(binaries, open_folder, account)


@pytest.fixture
def authority() -> Certificate:
    return make_certificate("an authority of our own", is_authority=True)


async def is_encrypted(port: int, tls: TlsMode | None, root_cert: Path | None = None) -> bool:
    """Connect by a URL as a provider hands it out, and tell whether the server calls the connection encrypted."""
    url = parse_database_url(
        f"postgresql://ana:hunter2@localhost:{port}/postgres?sslmode=require", tls=tls, ssl_root_cert=root_cert
    )
    database = Database(url, pooled=False)
    async with database.transaction() as connection:
        row = await connection.execute(text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
        return bool(row.scalar_one())


async def test_s2_a_server_proved_by_the_given_root_is_accepted(
    tls_cluster: TlsCluster, authority: Certificate, tmp_path: Path
) -> None:
    root = authority.write(tmp_path, "root")

    with tls_cluster.served_with(make_certificate("localhost", authority)) as port:
        assert await is_encrypted(port, None, root)


async def test_s2_a_server_of_another_name_is_refused(
    tls_cluster: TlsCluster, authority: Certificate, tmp_path: Path
) -> None:
    root = authority.write(tmp_path, "root")

    with tls_cluster.served_with(make_certificate("db.example.com", authority)) as port:
        with pytest.raises(DatabaseTlsError, match=rf"localhost:{port} .* valid for 'localhost'") as refusal:
            await is_encrypted(port, None, root)
        assert "hunter2" not in str(refusal.value)


async def test_s2_a_self_signed_server_is_refused_unless_the_setting_says_require(tls_cluster: TlsCluster) -> None:
    with tls_cluster.served_with(make_certificate("localhost")) as port:
        with pytest.raises(DatabaseTlsError, match=rf"localhost:{port} .*self.signed.*DATABASE_SSL_ROOT_CERT"):
            await is_encrypted(port, None)
        assert await is_encrypted(port, "require")


async def test_s2_a_server_of_an_unknown_authority_is_refused(
    tls_cluster: TlsCluster, authority: Certificate, tmp_path: Path
) -> None:
    other_root = make_certificate("another authority", is_authority=True).write(tmp_path, "other")

    with (
        tls_cluster.served_with(make_certificate("localhost", authority)) as port,
        pytest.raises(DatabaseTlsError, match=rf"localhost:{port} .*unable to get local issuer"),
    ):
        await is_encrypted(port, None, other_root)


@pytest.mark.parametrize("tls", ["verify-full", "require"])
async def test_s2_a_server_without_tls_is_refused(postgres_server: EmbeddedPostgres, tls: TlsMode) -> None:
    database = Database(parse_database_url(postgres_server.url("postgres"), tls=tls), pooled=False)

    with pytest.raises(DatabaseTlsError, match=rf"{database.url.address} .*{tls}.* SSL upgrade"):
        async with database.transaction():
            pass


async def test_s2_a_server_without_tls_is_accepted_on_this_machine(postgres_server: EmbeddedPostgres) -> None:
    database = Database(parse_database_url(postgres_server.url("postgres")), pooled=False)

    async with database.transaction() as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1


def test_the_roots_of_the_system_are_trusted_without_a_setting() -> None:
    context = tls_context(parse_database_url("postgresql://u:p@db.example.com/odds"))

    assert isinstance(context, ssl.SSLContext)
    assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)


def test_a_root_certificate_that_is_none_is_refused_by_name(tmp_path: Path) -> None:
    wrong = tmp_path / "root.pem"
    wrong.write_text("not a certificate")

    with pytest.raises(ConfigurationError, match=r"DATABASE_SSL_ROOT_CERT.*root\.pem"):
        tls_context(parse_database_url("postgresql://u:p@db.example.com/odds", ssl_root_cert=wrong))
