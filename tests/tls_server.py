"""A Postgres with TLS and certificates made for a test; the embedded server is built without TLS."""

import os
import shutil
import signal
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

from core.database_url import Pem
from storage.embedded_account import Account, server_account
from storage.embedded_files import free_port, port_is_free

BINARY_FOLDERS = "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin"


@dataclass(frozen=True)
class Certificate:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> Pem:
        """Return the certificate as text."""
        return Pem(self.certificate.public_bytes(serialization.Encoding.PEM).decode())

    def write(self, folder: Path, name: str) -> Path:
        """Write both below the folder and return the certificate's file."""
        file = folder / f"{name}.pem"
        file.write_text(self.pem)
        (folder / f"{name}.key").write_bytes(
            self.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return file


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
    """Return a data folder of an installed server, or skip."""
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
    """Return an authority that nobody else knows."""
    return make_certificate("an authority of our own", is_authority=True)
