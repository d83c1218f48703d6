import ssl
from pathlib import Path

import pytest
from sqlalchemy import text

from core.database_url import Pem, TlsMode, parse_database_url
from core.errors import ConfigurationError, DatabaseTlsError
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from storage.tls import tls_context
from tests.tls_server import Certificate, TlsCluster, make_certificate


async def is_encrypted(port: int, tls: TlsMode | None, root_cert: Path | Pem | None = None) -> bool:
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


async def test_s2_a_root_may_be_given_as_text(tls_cluster: TlsCluster, authority: Certificate) -> None:
    with tls_cluster.served_with(make_certificate("localhost", authority)) as port:
        assert await is_encrypted(port, None, authority.pem)
        with pytest.raises(DatabaseTlsError, match="unable to get local issuer"):
            await is_encrypted(port, None, make_certificate("another authority", is_authority=True).pem)


async def test_s2_verify_ca_takes_any_name_that_the_given_authority_signed_and_no_other_authority(
    tls_cluster: TlsCluster, authority: Certificate
) -> None:
    with tls_cluster.served_with(make_certificate("project:instance", authority)) as port:
        assert await is_encrypted(port, "verify-ca", authority.pem)
        with pytest.raises(DatabaseTlsError, match=r"verify-ca: unable to get local issuer"):
            await is_encrypted(port, "verify-ca", make_certificate("another", is_authority=True).pem)


def test_s2_verify_ca_by_the_roots_of_the_system_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="verify-ca needs DATABASE_SSL_ROOT_CERT"):
        tls_context(parse_database_url("postgresql://u:p@db.example.com/odds", tls="verify-ca"))


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


def test_a_text_that_is_no_root_certificate_is_refused() -> None:
    wrong = Pem("-----BEGIN CERTIFICATE-----\nbm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n")

    with pytest.raises(ConfigurationError, match="DATABASE_SSL_ROOT_CERT: its text holds no root certificates"):
        tls_context(parse_database_url("postgresql://u:p@db.example.com/odds", ssl_root_cert=wrong))
