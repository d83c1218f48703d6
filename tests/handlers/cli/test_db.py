"""`odds db`: the embedded server, started when it is needed and stopped when nobody needs it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from storage.embedded import EmbeddedPostgres

Odds = Callable[..., Any]
PROGRAM = Path(sys.executable).with_name("odds")


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory, postgres_server: EmbeddedPostgres) -> Iterator[Path]:
    """Yield a data folder that every test of this module shares: making one takes seconds."""
    folder = postgres_server.home.parent / "of-commands"
    folder.mkdir(mode=0o755)
    yield folder
    EmbeddedPostgres(folder).stop()


@pytest.fixture
def embedded(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedPostgres]:
    """Let commands use the embedded server of the folder, which does not run at first nor at last."""
    monkeypatch.setenv("LINEKEEPER_DATA_DIR", str(data_dir))
    server = EmbeddedPostgres(data_dir)
    server.stop()
    yield server
    server.stop()


def test_a_command_starts_the_server_makes_the_database_and_stops_it(
    odds: Odds, embedded: EmbeddedPostgres
) -> None:
    ran = odds("status", "events")
    assert ran.exit_code == 0, ran.err
    assert not embedded.running()


def test_up_leaves_it_running_until_down(odds: Odds, embedded: EmbeddedPostgres) -> None:
    assert "was started" in odds("db", "up").out
    assert "runs already" in odds("db", "up").out
    assert odds("status", "events").exit_code == 0
    assert embedded.running()
    assert "was stopped" in odds("db", "down").out
    assert not embedded.running()
    assert "was not running" in odds("db", "down").out


def test_the_url_leads_to_the_database_and_leaves_the_server_up(
    odds: Odds, embedded: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = odds("db", "url").out.strip()
    assert url.endswith("/linekeeper")
    assert embedded.running()
    monkeypatch.setenv("DATABASE_URL", url)
    assert odds("status", "show").exit_code == 0


def test_only_databases_that_are_there_have_a_url(odds: Odds, embedded: EmbeddedPostgres) -> None:
    odds("db", "up")
    ran = odds("db", "url", "linekeeper_demo")
    assert (ran.exit_code, ran.out) == (1, "")
    assert "no database 'linekeeper_demo'; it has linekeeper" in ran.err


def test_psql_finds_the_views_without_their_schema(odds: Odds, embedded: EmbeddedPostgres) -> None:
    ran = subprocess.run(
        [PROGRAM, "db", "psql", "-c", "select count(*) from closing_lines"],
        capture_output=True,
        check=False,
        text=True,
        env=os.environ,
    )
    assert ran.returncode == 0, ran.stderr
    assert "(1 row)" in ran.stdout
    assert not embedded.running()


def test_a_database_of_your_own_is_not_mixed_up_with_the_embedded_one(
    odds: Odds, embedded: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:sesame@db.example.com/odds")
    for command in (("db", "up"), ("db", "url")):
        ran = odds(*command)
        assert ran.exit_code == 1
        assert "DATABASE_URL names a database of your own at db.example.com:5432" in ran.err
        assert "sesame" not in ran.err
    assert not embedded.running()


def test_a_migration_tells_where_from_and_where_to(
    odds: Odds, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    assert "went from nothing to 0" in odds("db", "migrate").out
    assert "is up to date" in odds("db", "migrate").out


def test_roles_are_let_in_when_that_is_asked_for_and_their_urls_are_printed(
    odds: Odds, own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "postgresql://" not in odds("db", "migrate").out
    printed = odds("db", "migrate", "--logins").out
    urls = dict(line.split("\t") for line in printed.splitlines() if "\t" in line)
    assert urls.keys() == {"collector", "scores", "status", "monitor", "backtest", "analyst"}
    monkeypatch.setenv("DATABASE_URL", urls["analyst"])
    assert odds("status", "show").exit_code == 0


def test_a_schema_newer_than_the_command_is_left_as_it_is(odds: Odds, own_database: str) -> None:
    newer = "UPDATE operational.alembic_version SET version_num = '9999'"
    assert odds("db", "psql", "-c", newer).exit_code == 0
    ran = odds("db", "migrate")
    assert ran.exit_code == 0
    assert "is 9999, newer than this linekeeper, which knows 0" in ran.out
    assert odds("status", "show").exit_code == 0
