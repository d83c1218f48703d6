import dataclasses
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.database_url import DatabaseUrl, TlsMode, is_with_login, parse_database_url, with_login
from core.errors import ConfigurationError

REMOTE = "postgresql://ana:secret@db.example.com/odds"
texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)


def outcome(text: str) -> str:
    try:
        return repr(parse_database_url(text))
    except ConfigurationError as refusal:
        return str(refusal)


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        pytest.param("postgres://u:p@db.example.com/odds", "db.example.com", 5432, id="the short scheme"),
        pytest.param("postgresql://u:p@db.example.com:6543/odds", "db.example.com", 6543, id="a port"),
        pytest.param("postgresql+asyncpg://u:p@db.example.com/odds", "db.example.com", 5432, id="a driver"),
        pytest.param("postgresql://u:p@[::1]:5433/odds", "::1", 5433, id="an IPv6 address"),
        pytest.param(
            "postgresql:///odds?host=/run/postgresql", "/run/postgresql", 5432, id="a socket as parameter"
        ),
        pytest.param("postgresql://u@%2Ftmp%2FPg/odds", "/tmp/Pg", 5432, id="a socket as host, capitals kept"),
        pytest.param(
            "postgresql://u:p@/odds?host=/cloudsql/a:b:c&port=6000",
            "/cloudsql/a:b:c",
            6000,
            id="a socket with colons",
        ),
        pytest.param("  postgresql://u:p@db.example.com/odds\n", "db.example.com", 5432, id="space around it"),
        pytest.param(
            "postgres://u.ref:p@pooler.example.com:6543/odds?pgbouncer=true&connection_limit=1&supa=base-pooler.x",
            "pooler.example.com",
            6543,
            id="parameters meant for other clients",
        ),
    ],
)
def test_every_common_form_is_understood(text: str, host: str, port: int) -> None:
    url = parse_database_url(text)

    assert (url.host, url.port, url.database) == (host, port, "odds")


def test_a_managed_providers_url_becomes_one_for_sqlalchemy_without_parameters() -> None:
    url = parse_database_url(
        "postgresql://ana:s%40cret@ep-1.aws.example.com/odds?sslmode=require&channel_binding=require"
        "&options=endpoint%3Dep-1&application_name=desk&connect_timeout=15"
    )

    rendered = url.sqlalchemy_url.render_as_string(hide_password=False)
    assert rendered == "postgresql+asyncpg://ana:s%40cret@ep-1.aws.example.com:5432/odds"
    assert (url.options, url.application_name, url.connect_timeout_seconds) == ("endpoint=ep-1", "desk", 15)


@given(user=texts, password=texts, database=texts)
def test_whatever_is_percent_escaped_comes_back_as_it_was(user: str, password: str, database: str) -> None:
    url = parse_database_url(
        f"postgresql://{quote(user, safe='')}:{quote(password, safe='')}@localhost/{quote(database, safe='')}"
    )

    assert (url.user, url.password, url.database) == (user, password, database)
    assert url.sqlalchemy_url.password == password


@pytest.mark.parametrize(
    ("text", "setting", "tls"),
    [
        pytest.param(REMOTE, None, "verify-full", id="a remote server must prove who it is"),
        pytest.param(f"{REMOTE}?sslmode=prefer", None, "verify-full", id="prefer is raised"),
        pytest.param(f"{REMOTE}?sslmode=require", None, "verify-full", id="require is raised"),
        pytest.param(f"{REMOTE}?ssl=true", None, "verify-full", id="another spelling of it too"),
        pytest.param(f"{REMOTE}?sslmode=verify-full", "require", "require", id="the setting weakens"),
        pytest.param(f"{REMOTE}?sslmode=disable", "off", "off", id="the setting allows clear text"),
        pytest.param(f"{REMOTE}?sslmode=disable", "verify-full", "verify-full", id="the setting strengthens"),
        pytest.param("postgresql://u:p@localhost/odds", None, "off", id="localhost is local"),
        pytest.param("postgresql://u:p@127.0.0.9/odds", None, "off", id="all of 127 is local"),
        pytest.param("postgresql://u:p@[::1]/odds?sslmode=disable", None, "off", id="the IPv6 loopback is local"),
        pytest.param("postgresql:///odds?host=/tmp", None, "off", id="a socket is local"),
        pytest.param("postgresql://u:p@localhost/odds?sslmode=require", None, "verify-full", id="local on demand"),
        pytest.param("postgresql://u:p@localhost/odds", "require", "require", id="local by the setting"),
        pytest.param(
            "postgresql://u:p@localhost.example.com/odds", None, "verify-full", id="a name like localhost"
        ),
        pytest.param("postgresql://u:p@10.0.0.1/odds", None, "verify-full", id="a private network is remote"),
    ],
)
def test_the_tls_rule(text: str, setting: TlsMode | None, tls: TlsMode) -> None:
    assert parse_database_url(text, tls=setting).tls == tls


def test_a_url_without_tls_to_another_machine_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="DATABASE_TLS=off"):
        parse_database_url(f"{REMOTE}?sslmode=disable")


@pytest.mark.parametrize(
    ("parameter", "setting", "root_cert"),
    [
        pytest.param("", None, None, id="the system's roots without any"),
        pytest.param("?sslrootcert=system", None, None, id="the system's roots by name"),
        pytest.param("?sslrootcert=/etc/ca.pem", None, Path("/etc/ca.pem"), id="the URL's"),
        pytest.param("?sslrootcert=/etc/ca.pem", Path("/my.pem"), Path("/my.pem"), id="the setting wins"),
    ],
)
def test_the_root_certificate(parameter: str, setting: Path | None, root_cert: Path | None) -> None:
    assert parse_database_url(REMOTE + parameter, ssl_root_cert=setting).ssl_root_cert == root_cert


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param("mysql://u:hunter2@h/odds", "postgresql://", id="another database"),
        pytest.param("hunter2", "postgresql://", id="no URL"),
        pytest.param("postgresql://u:hunter2@/odds", "no host", id="no host"),
        pytest.param("postgresql://u:hunter2@a,b/odds", "several", id="several hosts"),
        pytest.param("postgresql://u:hunter2@h", "no database", id="no database"),
        pytest.param("postgresql://u:hunter2@h:99999/odds", "cannot be read", id="a port out of range"),
        pytest.param("postgresql://u:hunter2/x@h/odds", "%2F", id="a slash in the password"),
        pytest.param("postgresql://u:hunter2#x@h/odds", "%23", id="a hash in the password"),
        pytest.param("postgresql://u:hunter2?x@h/odds", "%3F", id="a question mark in the password"),
        pytest.param("postgresql://u:hunter2[x@h/odds", "cannot be read", id="a bracket in the password"),
        pytest.param("postgresql://u:hunter2@h/odds?sslmod=require", "sslmod;", id="an unknown parameter"),
        pytest.param("postgresql://u:hunter2@h/odds?sslmode=hunter2", "verify-full", id="an unknown sslmode"),
        pytest.param("postgresql://u:hunter2@h/odds?connect_timeout=soon", "connect_timeout", id="no number"),
    ],
)
def test_a_wrong_url_is_refused_by_name_and_its_password_never_shown(text: str, named: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        parse_database_url(text)

    assert "DATABASE_URL" in str(refusal.value)
    assert named in str(refusal.value)
    assert "hunter2" not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert refusal.value.__context__ is None


@given(password=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=6, max_size=20))
def test_an_unescaped_password_is_understood_or_refused_but_never_shown(password: str) -> None:
    text = f"postgresql://u:{password}@h/o"

    assert password not in outcome(text)
    assert "host='h'" in outcome(text) or "DATABASE_URL" in outcome(text)
    as_parameter = outcome(f"postgresql://h/o?user=u&password={password}")
    assert [part for part in re.split("[&=#]", password) if len(part) > 5 and part in as_parameter] == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("postgresql://h/odds?user=u&password=pw&hunter2=x", id="as if it were a parameter"),
        pytest.param("postgresql://h/odds?user=u&password=pw&x=y&hunter2=", id="one without a value"),
        pytest.param("postgresql://h/odds?hunter2=x&user=u&password=pw", id="whatever the order"),
        pytest.param("postgresql://h/odds?user=u&PASSWORD=pw&hunter2=x", id="however the word is spelt"),
        pytest.param("postgresql://u:pw@h/odds?password=pw&hunter2=x", id="in one of two passwords"),
        pytest.param("postgresql://h/odds?user=u&password=pw&hunter2", id="or nothing that can be read"),
    ],
)
def test_what_follows_an_ampersand_in_a_password_is_not_shown_though_it_is_taken_for_a_parameter(
    text: str,
) -> None:
    with pytest.raises(ConfigurationError, match="%26") as refusal:
        parse_database_url(text)
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        pytest.param(REMOTE, "db.example.com:5432", id="host and port"),
        pytest.param("postgresql://[::1]/odds", "[::1]:5432", id="an IPv6 address in brackets"),
        pytest.param("postgresql:///odds?host=/tmp", "/tmp/.s.PGSQL.5432", id="a socket's file"),
    ],
)
def test_the_address_is_fit_for_a_message(text: str, address: str) -> None:
    assert parse_database_url(text).address == address


def test_a_printed_url_does_not_show_the_password() -> None:
    url: DatabaseUrl = parse_database_url(REMOTE)

    assert "secret" not in repr(url) + str(url.sqlalchemy_url)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://ana:secret@db.example.com:6543/odds?sslmode=require&options=endpoint%3Dabc",
        "postgresql://db.example.com/odds?user=ana&password=secret&connect_timeout=30",
        "postgres://ana:se%40cret@[::1]:5433/odds",
        "postgresql:///odds?host=/run/postgresql&user=ana",
        "postgresql://ana@%2Ftmp%2FPg/odds",
    ],
)
@given(user=texts, password=texts)
def test_another_login_leads_to_the_same_database_in_the_same_way(text: str, user: str, password: str) -> None:
    before, after = parse_database_url(text), parse_database_url(with_login(text, user, password))
    assert (after.user, after.password) == (user, password)
    assert dataclasses.replace(after, user=before.user, password=before.password) == before


@pytest.mark.parametrize(
    ("text", "user"),
    [
        pytest.param(
            "postgresql://postgres.abcdefgh:pw@aws-0-us-east-1.pooler.supabase.com:6543/postgres",
            "collector.abcdefgh",
            id="a pooler that is told the project with the user",
        ),
        pytest.param(
            "postgresql://aws-0-us-east-1.pooler.supabase.com/postgres?user=postgres.abcdefgh&password=pw",
            "collector.abcdefgh",
            id="the user as a parameter",
        ),
        pytest.param(
            "postgresql://postgres:pw@db.abcdefgh.supabase.co/postgres", "collector", id="the server itself"
        ),
        pytest.param("postgresql://ana.smith:pw@db.example.com/odds", "collector", id="a name that has a dot"),
    ],
)
def test_another_login_keeps_the_project_that_a_pooler_is_told_with_the_user(text: str, user: str) -> None:
    assert parse_database_url(with_login(text, "collector", "hunter2")).user == user


@given(user=texts, password=texts)
def test_a_url_made_by_another_login_is_known_for_it(user: str, password: str) -> None:
    assert is_with_login(with_login(REMOTE, user, password), REMOTE, user)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("postgresql://collector:p!w@db.example.com/odds", id="a password that is not escaped"),
        pytest.param("postgresql://collector:pw@db.example.com:5432/odds", id="the port that goes without saying"),
        pytest.param("postgres://collector:pw@db.example.com/odds", id="the short scheme"),
        pytest.param("postgresql://collector:pw@db.example.com/odds?sslmode=require", id="a demand for TLS"),
        pytest.param("postgresql://DB.example.com/odds?user=collector&password=pw", id="a login as parameters"),
        pytest.param("postgresql://collector:pw@db.example.com/odds\n", id="space around it"),
    ],
)
def test_a_url_that_another_has_written_is_known_however_it_is_spelt(text: str) -> None:
    assert is_with_login(text, REMOTE, "collector")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("not written yet", id="no URL"),
        pytest.param("", id="nothing"),
        pytest.param("postgresql://collector@db.example.com/odds", id="no password"),
        pytest.param("postgresql://scores:pw@db.example.com/odds", id="another user"),
        pytest.param("postgresql://collector:pw@other.example.com/odds", id="another server"),
        pytest.param("postgresql://collector:pw@db.example.com:6543/odds", id="another port"),
        pytest.param("postgresql://collector:pw@db.example.com/others", id="another database"),
        pytest.param(
            "postgresql://collector:pw@db.example.com/odds?options=endpoint%3Da", id="another endpoint of it"
        ),
    ],
)
def test_a_url_that_leads_elsewhere_or_lets_another_in_is_not_the_users(text: str) -> None:
    assert is_with_login("postgresql://collector:pw@db.example.com/odds", REMOTE, "collector")
    assert not is_with_login(text, REMOTE, "collector")


def test_a_url_that_cannot_be_read_gets_no_login() -> None:
    with pytest.raises(ConfigurationError, match="DATABASE_URL must start with"):
        with_login("mysql://ana:secret@db/odds", "collector", "x")
