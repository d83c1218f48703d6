from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import StorageError
from storage.embedded_account import Account, server_account
from storage.embedded_binaries import Installation, copy_for_others, installation_for
from storage.embedded_files import ServerFiles
from storage.embedded_locks import is_taken, lock_descriptor, take
from storage.embedded_server import halt, is_ready, launch, make_cluster, wait_until_ready


@pytest.fixture
def files(open_folder: Path) -> Iterator[ServerFiles]:
    files = ServerFiles(open_folder / "postgres")
    yield files
    halt(files)


@pytest.fixture
def account(files: ServerFiles) -> Account:
    account = server_account(files.cluster)
    files.prepare(account)
    return account


@pytest.fixture
def installation(files: ServerFiles, account: Account) -> Installation:
    packaged = installation_for(files.cluster)
    return copy_for_others(packaged, files.binaries) if account.switch else packaged


def test_a_server_is_ready_between_launch_and_halt(
    files: ServerFiles, account: Account, installation: Installation
) -> None:
    make_cluster(files, account, installation, durable=False)
    assert not wait_until_ready(files)

    launch(files, account, installation, durable=False)
    assert is_ready(files)
    assert wait_until_ready(files)

    halt(files)
    assert not is_ready(files)
    assert not is_taken(files.server_lock)


def test_a_server_that_does_not_start_is_told_with_its_last_words(
    files: ServerFiles, account: Account, installation: Installation
) -> None:
    make_cluster(files, account, installation, durable=False)
    (files.cluster / "global" / "pg_control").unlink()

    with pytest.raises(StorageError, match=rf"(?s){files.home} did not start: .*pg_control"):
        launch(files, account, installation, durable=False)


def test_a_folder_that_initdb_refuses_is_told_with_its_reason(files: ServerFiles, account: Account) -> None:
    nothing = Installation(files.home / "nowhere", "18.0")

    with pytest.raises(StorageError, match="initdb cannot be run"):
        make_cluster(files, account, nothing, durable=False)
    assert not files.cluster.exists()


def test_no_second_server_starts_while_anything_of_the_first_lives(
    files: ServerFiles, account: Account, installation: Installation
) -> None:
    make_cluster(files, account, installation, durable=False)

    with lock_descriptor(files.server_lock) as remnant:
        take(remnant)
        with pytest.raises(StorageError, match="has not ended yet"):
            launch(files, account, installation, durable=False)
