import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text

from core.errors import ConfigurationError, StorageError
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from storage.embedded_account import server_account

USE_UNTIL_TOLD = """
import sys
from pathlib import Path
from storage.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
with server.ensure_running():
    print(server.port, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def server(open_folder: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(open_folder, durable=False)
    yield server
    server.stop()


def begin_command(folder: Path) -> "subprocess.Popen[str]":
    """Start another process that uses the server until it is told to end."""
    return subprocess.Popen(
        [sys.executable, "-c", USE_UNTIL_TOLD, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def port_used_by(command: "subprocess.Popen[str]") -> int:
    """Wait until the command has its server and return the server's port."""
    assert command.stdout is not None
    return int(command.stdout.readline())


def end(command: "subprocess.Popen[str]") -> None:
    command.communicate("\n", timeout=30)
    assert command.returncode == 0


def postmaster_pid(server: EmbeddedPostgres) -> int:
    return int((server.home / "cluster" / "postmaster.pid").read_text().splitlines()[0])


async def run_sql(server: EmbeddedPostgres, statement: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(server.url("postgres"), ssl=False)
    try:
        return list(await connection.fetch(statement))
    finally:
        await connection.close()


def test_the_first_start_makes_a_server_and_the_second_finds_it(server: EmbeddedPostgres) -> None:
    assert not server.running()
    assert server.start()
    assert server.running()
    assert not server.start()


async def served_by(server: EmbeddedPostgres) -> tuple[str | None, str]:
    """Return the address that the server sees a program of this machine at, and the database that it is in."""
    database = Database(server.address("postgres"), pooled=False)
    try:
        async with database.transaction() as connection:
            ((address, name),) = await connection.execute(
                text("SELECT host(inet_client_addr()), current_database()")
            )
            return address, name
    finally:
        await database.close()


def test_programs_of_this_machine_come_by_a_socket_and_others_by_the_port(server: EmbeddedPostgres) -> None:
    server.start()
    assert server.address("postgres").is_socket
    assert asyncio.run(served_by(server)) == (None, "postgres")
    ((address,),) = asyncio.run(run_sql(server, "SELECT host(inet_client_addr())"))
    assert address == "127.0.0.1"


def test_where_the_path_is_too_long_for_a_socket_they_come_by_the_port(open_folder: Path) -> None:
    deep = open_folder.joinpath(*["as-deep-as-folders-go-for-some"] * 4)
    server = EmbeddedPostgres(deep, durable=False)
    try:
        server.start()
        assert not server.address("postgres").is_socket
        assert asyncio.run(served_by(server)) == ("127.0.0.1", "postgres")
    finally:
        server.stop()


def test_data_and_port_outlive_the_server(server: EmbeddedPostgres) -> None:
    server.start()
    url = server.url("postgres")
    asyncio.run(run_sql(server, "CREATE TABLE kept AS SELECT 1 AS n"))

    assert server.stop()
    assert not server.running()
    assert server.start()
    assert server.url("postgres") == url
    assert len(asyncio.run(run_sql(server, "SELECT n FROM kept"))) == 1


def test_another_port_is_taken_where_the_last_one_is_in_use(server: EmbeddedPostgres) -> None:
    server.start()
    port = server.port
    server.stop()

    with socket.create_server(("127.0.0.1", port)):
        server.start()
        assert server.port != port
        assert server.running()


def test_a_killed_server_is_started_again_with_its_data(server: EmbeddedPostgres, open_folder: Path) -> None:
    EmbeddedPostgres(open_folder).start()
    asyncio.run(run_sql(server, "CREATE TABLE kept AS SELECT 1 AS n"))
    os.kill(postmaster_pid(server), signal.SIGKILL)
    while server.running():
        time.sleep(0.01)

    assert server.start()
    assert len(asyncio.run(run_sql(server, "SELECT n FROM kept"))) == 1


def test_files_that_name_somebody_elses_process_are_no_server(server: EmbeddedPostgres) -> None:
    """The process is of the user whom the server runs as: of that one's processes Postgres takes no lock away."""
    server.start()
    lines = (server.home / "cluster" / "postmaster.pid").read_text().splitlines()
    server.stop()
    account = server_account(server.home / "cluster")
    with subprocess.Popen(["sleep", "60"], **account.identity) as other:
        try:
            stale = "\n".join([str(other.pid), *lines[1:]])
            for name in ("postmaster.pid", f".s.PGSQL.{server.port}.lock"):
                (server.home / "cluster" / name).write_text(stale)
            with socket.create_server(("127.0.0.1", server.port)):
                assert not server.running()
                assert not server.stop()
            assert server.start()
            assert server.address("postgres").is_socket
            assert other.poll() is None
        finally:
            other.kill()


def test_an_interrupted_first_start_is_made_good(server: EmbeddedPostgres) -> None:
    (server.home / "cluster.new").mkdir(parents=True)
    (server.home / "cluster.new" / "PG_VERSION").write_text("18\n")

    assert server.start()


def test_the_first_command_to_end_does_not_stop_the_server_under_the_second(
    server: EmbeddedPostgres, open_folder: Path
) -> None:
    first = begin_command(open_folder)
    port_used_by(first)
    second = begin_command(open_folder)
    port_used_by(second)

    end(first)
    assert server.running()
    end(second)
    assert not server.running()


def test_commands_that_begin_at_once_share_one_server(server: EmbeddedPostgres, open_folder: Path) -> None:
    commands = [begin_command(open_folder) for _ in range(4)]

    assert {port_used_by(command) for command in commands} == {server.port}
    for command in commands:
        end(command)
    assert not server.running()


def test_a_server_left_up_on_purpose_outlives_the_commands_that_use_it(server: EmbeddedPostgres) -> None:
    server.start()
    with server.ensure_running():
        pass

    assert server.running()


def test_a_server_left_up_during_a_command_outlives_it(server: EmbeddedPostgres) -> None:
    with server.ensure_running():
        assert not server.start()

    assert server.running()


def test_a_server_is_not_left_up_forever_because_it_once_was(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop()
    with server.ensure_running():
        assert server.running()

    assert not server.running()


def test_a_killed_command_leaves_its_server_to_the_next_one(server: EmbeddedPostgres, open_folder: Path) -> None:
    command = begin_command(open_folder)
    port = port_used_by(command)
    command.kill()
    command.communicate()

    assert server.running()
    assert not server.start()
    assert server.port == port
    assert server.stop()
    assert not server.running()


def test_an_error_in_a_command_still_stops_its_server(server: EmbeddedPostgres) -> None:
    def fail() -> None:
        with server.ensure_running():
            raise RuntimeError("the command failed")

    with pytest.raises(RuntimeError, match="the command failed"):
        fail()
    assert not server.running()


def test_stopping_what_was_never_started_makes_nothing(server: EmbeddedPostgres, open_folder: Path) -> None:
    assert not server.stop()
    assert not list(open_folder.iterdir())
    with pytest.raises(StorageError, match="never started"):
        server.url("postgres")


def test_a_data_folder_that_is_a_file_is_refused_by_name(open_folder: Path) -> None:
    wrong = open_folder / "data"
    wrong.touch()

    with pytest.raises(ConfigurationError, match=rf"{wrong}.*LINEKEEPER_DATA_DIR"):
        EmbeddedPostgres(wrong).start()


async def test_nobody_comes_in_without_the_password(postgres_server: EmbeddedPostgres) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(
            f"postgresql://linekeeper:guess@127.0.0.1:{postgres_server.port}/postgres", ssl=False
        )


async def test_a_database_is_created_once(postgres_server: EmbeddedPostgres) -> None:
    assert await postgres_server.create_database('my "own" name')
    assert not await postgres_server.create_database('my "own" name')
    await postgres_server.drop_database('my "own" name')


async def test_a_database_is_recreated_while_somebody_uses_it(postgres_server: EmbeddedPostgres) -> None:
    await postgres_server.create_database("recreated")
    user = await asyncpg.connect(postgres_server.url("recreated"), ssl=False)
    await user.execute("CREATE TABLE old (n integer)")

    await postgres_server.recreate_database("recreated")
    anew = await asyncpg.connect(postgres_server.url("recreated"), ssl=False)
    assert await anew.fetchval("SELECT to_regclass('old')") is None
    await anew.close()
    await user.close()


@pytest.mark.parametrize("name", ["", "n" * 64, "nul\0"])
async def test_a_name_that_postgres_cannot_keep_is_refused(postgres_server: EmbeddedPostgres, name: str) -> None:
    with pytest.raises(ConfigurationError, match="1 to 63 bytes"):
        await postgres_server.create_database(name)


async def test_text_is_utf8_and_sorted_by_code_point(postgres_server: EmbeddedPostgres) -> None:
    rows = await run_sql(
        postgres_server, "SELECT lower('ÄÖ') AS low, 'a' > 'B' AS after, getdatabaseencoding() AS enc"
    )

    assert (rows[0]["low"], rows[0]["after"], rows[0]["enc"]) == ("äö", True, "UTF8")


def test_psql_connects_with_the_url(postgres_server: EmbeddedPostgres) -> None:
    command: list[str | Path] = [postgres_server.psql, postgres_server.url("postgres"), "-Atc", "SHOW timezone"]

    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "UTC"
