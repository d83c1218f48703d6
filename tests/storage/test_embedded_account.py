import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import ConfigurationError, StorageError
from storage.embedded import EmbeddedPostgres
from storage.embedded_account import Account, require_reachable, server_account
from storage.embedded_binaries import packaged_installations

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another user")
not_as_root = pytest.mark.skipif(os.geteuid() == 0, reason="root never runs the server itself")
CHECKOUT = Path(__file__).parents[2]
START_AND_STOP = """
import sys
from pathlib import Path
from storage.embedded import EmbeddedPostgres
from storage.embedded_binaries import packaged_installations
server = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
with server.ensure_running():
    print(packaged_installations()[0].folder, server.running())
"""


@not_as_root
def test_a_user_runs_the_server_as_themselves(tmp_path: Path) -> None:
    account = server_account(tmp_path / "cluster")

    assert (account.uid, account.switch) == (os.geteuid(), False)


@as_root
def test_root_hands_the_server_to_an_unprivileged_user(open_folder: Path) -> None:
    server = EmbeddedPostgres(open_folder, durable=False)
    with server.ensure_running():
        owner = (server.home / "cluster").stat().st_uid
        account = server_account(server.home / "cluster")

    assert owner == account.uid != 0


@as_root
def test_root_runs_a_users_server_as_that_user(open_folder: Path) -> None:
    cluster = open_folder / "cluster"
    cluster.mkdir()
    os.chown(cluster, 4711, 4712)

    assert server_account(cluster) == Account("4711", 4711, 4712, switch=True)


@as_root
def test_root_runs_it_from_a_home_that_nobody_else_can_read(open_folder: Path) -> None:
    home = open_folder / "home"
    site = home / "site-packages"
    installation = packaged_installations()[0]
    package = installation.folder.parent
    needed = site / package.name / installation.folder.name
    shutil.copytree(installation.folder, needed, ignore=shutil.ignore_patterns("include"))
    (site / package.name / "__init__.py").touch()
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, site / libraries.name)
    home.chmod(0o700)

    answer = subprocess.run(
        [sys.executable, "-c", START_AND_STOP, open_folder / "data"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(site), str(CHECKOUT)])},
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.stderr == ""
    assert answer.stdout.startswith(str(site))
    assert answer.stdout.endswith("True\n")
    assert home.stat().st_mode & 0o777 == 0o700


@as_root
def test_a_data_folder_that_the_servers_user_cannot_reach_is_refused_by_the_folder_that_blocks(
    open_folder: Path,
) -> None:
    blocking = open_folder / "blocking"
    blocking.mkdir(mode=0o700)

    with pytest.raises(ConfigurationError, match=rf"cannot enter {blocking};.*LINEKEEPER_DATA_DIR"):
        EmbeddedPostgres(blocking / "data" / "below").start()
    assert blocking.stat().st_mode & 0o777 == 0o700


@as_root
def test_an_empty_private_folder_given_to_root_is_opened_just_enough(open_folder: Path) -> None:
    given = open_folder / "given"
    given.mkdir(mode=0o700)

    with EmbeddedPostgres(given, durable=False).ensure_running():
        assert given.stat().st_mode & 0o777 == 0o711


@as_root
def test_a_private_folder_with_other_things_in_it_stays_closed(open_folder: Path) -> None:
    given = open_folder / "given"
    given.mkdir(mode=0o700)
    (given / "diary").touch()

    with pytest.raises(ConfigurationError, match=rf"cannot enter {given};"):
        EmbeddedPostgres(given).start()
    assert given.stat().st_mode & 0o777 == 0o700


@as_root
def test_roots_narrow_umask_does_not_lock_the_server_out(open_folder: Path) -> None:
    before = os.umask(0o077)
    try:
        with EmbeddedPostgres(open_folder / "a" / "b", durable=False).ensure_running():
            pass
    finally:
        os.umask(before)


@not_as_root
def test_a_folder_that_may_not_be_written_to_is_refused_by_name(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)

    with pytest.raises(ConfigurationError, match=rf"{closed}.*LINEKEEPER_DATA_DIR"):
        EmbeddedPostgres(closed / "data").start()


def test_a_reachable_folder_is_accepted(open_folder: Path) -> None:
    require_reachable(open_folder, server_account(open_folder / "cluster"))


def test_a_program_that_cannot_be_run_is_named(tmp_path: Path) -> None:
    account = Account("me", os.geteuid(), os.getegid(), switch=False)

    with pytest.raises(StorageError, match=r"nothing cannot be run as user me"):
        account.run([tmp_path / "nothing"])
