import os
import socket
from pathlib import Path

import pytest

from core.errors import StorageError
from storage.embedded_account import Account
from storage.embedded_files import ServerFiles, free_port, port_is_free


@pytest.fixture
def account() -> Account:
    return Account("me", os.geteuid(), os.getegid(), switch=False)


@pytest.fixture
def files(tmp_path: Path, account: Account) -> ServerFiles:
    files = ServerFiles(tmp_path / "data" / "postgres")
    files.prepare(account)
    return files


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_the_home_is_private_to_its_user(files: ServerFiles) -> None:
    assert mode(files.home) == 0o700


def test_the_password_is_random_and_for_its_user_alone(files: ServerFiles, account: Account) -> None:
    path = files.new_password(account)
    first = files.password()
    files.new_password(account)

    assert mode(path) == 0o600
    assert len(first) >= 32
    assert files.password() != first


def test_a_missing_password_is_told_by_its_path(files: ServerFiles) -> None:
    with pytest.raises(StorageError, match=str(files.home / "password")):
        files.password()


def test_the_port_is_remembered_while_it_is_free(files: ServerFiles, account: Account) -> None:
    port = files.choose_port(account)

    assert files.choose_port(account) == files.port() == port
    with socket.create_server(("127.0.0.1", port)):
        assert files.choose_port(account) != port


def test_a_port_is_free_until_somebody_listens() -> None:
    port = free_port()

    assert port_is_free(port)
    with socket.create_server(("127.0.0.1", port)):
        assert not port_is_free(port)


@pytest.mark.parametrize(
    ("state", "ready_port"),
    [
        pytest.param("ready   ", 4711, id="ready"),
        pytest.param("starting", None, id="still starting"),
        pytest.param("stopping", None, id="already stopping"),
    ],
)
def test_a_server_counts_once_it_calls_itself_ready(
    files: ServerFiles, state: str, ready_port: int | None
) -> None:
    files.cluster.mkdir()
    (files.cluster / "postmaster.pid").write_text(f"123\n/data\n1700000000\n4711\n\n127.0.0.1\n1 2\n{state}\n")

    assert files.ready_port() == ready_port
    assert files.postmaster_pid() == 123


def test_without_a_server_there_is_no_process_and_no_port(files: ServerFiles) -> None:
    assert files.postmaster_pid() is None
    assert files.ready_port() is None


def test_folders_that_exist_keep_their_mode(tmp_path: Path, account: Account) -> None:
    (tmp_path / "mine").mkdir(mode=0o750)
    ServerFiles(tmp_path / "mine" / "data" / "postgres").prepare(account)

    assert mode(tmp_path / "mine") == 0o750
