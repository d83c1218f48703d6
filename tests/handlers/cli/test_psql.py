"""psql gets the database by its environment, and the password never by its command line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.database_url import Pem, parse_database_url
from core.errors import ConfigurationError
from handlers.cli.psql import psql_environment, run_psql

PROGRAM = Path(sys.executable).with_name("odds")
REMOTE = "postgresql://me:sesame@db.example.com:6543/odds"


@pytest.mark.parametrize(
    ("url", "variables"),
    [
        pytest.param(REMOTE, {"PGSSLMODE": "verify-full", "PGSSLROOTCERT": "system"}, id="a server of the net"),
        pytest.param("postgresql://me@localhost/odds", {"PGSSLMODE": "disable"}, id="one of this machine"),
        pytest.param(
            "postgresql://me@/odds?host=/run/postgresql",
            {"PGHOST": "/run/postgresql", "PGPORT": "5432"},
            id="a socket",
        ),
        pytest.param(REMOTE + "?options=-cjit%3Doff", {"PGOPTIONS": "-cjit=off"}, id="options of the URL"),
        pytest.param(
            REMOTE + "?sslrootcert=/etc/ca.pem", {"PGSSLROOTCERT": "/etc/ca.pem"}, id="a private authority"
        ),
    ],
)
def test_the_url_becomes_the_variables_of_libpq(url: str, variables: dict[str, str]) -> None:
    environment = psql_environment(parse_database_url(url), find_our_schemas=False)
    assert variables.items() <= environment.items()


def test_an_authority_without_its_name_is_told_to_libpq_too() -> None:
    url = parse_database_url(REMOTE, tls="verify-ca", ssl_root_cert=Path("/etc/ca.pem"))
    environment = psql_environment(url, find_our_schemas=False)
    assert (environment["PGSSLMODE"], environment["PGSSLROOTCERT"]) == ("verify-ca", "/etc/ca.pem")


def test_a_certificate_that_is_in_no_file_is_refused() -> None:
    url = parse_database_url(REMOTE, ssl_root_cert=Pem("-----BEGIN CERTIFICATE-----"))
    with pytest.raises(ConfigurationError, match="DATABASE_SSL_ROOT_CERT must name one here"):
        psql_environment(url, find_our_schemas=False)


def test_nothing_is_said_of_what_the_url_leaves_open() -> None:
    environment = psql_environment(parse_database_url("postgresql://localhost/odds"), find_our_schemas=False)
    assert {"PGUSER", "PGPASSWORD", "PGOPTIONS", "PGSSLROOTCERT"}.isdisjoint(environment)


def test_our_schemas_can_be_searched_by_themselves() -> None:
    environment = psql_environment(parse_database_url(REMOTE), find_our_schemas=True)
    assert environment["PGOPTIONS"] == "-csearch_path=operational,analytics,core_betting,raw_data,public"


def odds(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(PROGRAM), "db", "psql", *arguments]
    return subprocess.run(command, capture_output=True, check=False, text=True, env=os.environ)


@pytest.mark.usefixtures("own_database")
def test_a_query_runs_on_the_database_of_the_settings() -> None:
    ran = odds("--command", "select count(*) as games from core_betting.events")
    assert ran.returncode == 0, ran.stderr
    assert "games" in ran.stdout
    failed = odds("-c", "select nothing")
    assert failed.returncode == 1
    assert "nothing" in failed.stderr


@pytest.mark.usefixtures("own_database")
def test_several_queries_run_in_turn() -> None:
    ran = odds("-c", "select 1 as first", "-c", "select 2 as second")
    assert ran.returncode == 0, ran.stderr
    assert "first" in ran.stdout
    assert "second" in ran.stdout


@pytest.mark.usefixtures("own_database")
@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="no /proc to see command lines in")
def test_the_password_is_not_on_the_command_line(own_database: str) -> None:
    command_line = odds("-c", r"\! tr '\0' ' ' < /proc/$PPID/cmdline").stdout
    assert "psql --no-psqlrc --command" in command_line
    password = parse_database_url(own_database).password
    assert password
    assert password not in command_line


def test_the_exit_code_is_psql_s(own_database: str) -> None:
    assert run_psql(parse_database_url(own_database), ["-c", r"\q"], find_our_schemas=True) == 0
    assert run_psql(parse_database_url("postgresql://127.0.0.1:1/x"), ["-c", "x"], find_our_schemas=True) == 2
