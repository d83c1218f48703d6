import os
from pathlib import Path
from threading import Timer

from storage.embedded import EmbeddedPostgres
from storage.embedded_locks import is_taken, lock_descriptor, open_lock, take


def test_a_lock_taken_alone_keeps_everybody_else_out(tmp_path: Path) -> None:
    with lock_descriptor(tmp_path / "lock") as first, lock_descriptor(tmp_path / "lock") as second:
        assert take(first)
        assert is_taken(tmp_path / "lock")
        assert not take(second)
        assert not take(second, shared=True, timeout_seconds=0.05)


def test_a_shared_lock_lets_others_share_it_but_none_take_it_alone(tmp_path: Path) -> None:
    with lock_descriptor(tmp_path / "lock") as first, lock_descriptor(tmp_path / "lock") as second:
        assert take(first, shared=True)
        assert take(second, shared=True)
        assert not is_taken(tmp_path / "lock")
        assert not take(second)


def test_a_lock_is_free_after_its_holder(tmp_path: Path) -> None:
    with lock_descriptor(tmp_path / "lock") as holder:
        take(holder)

    assert not is_taken(tmp_path / "lock")


def test_a_lock_that_nobody_made_is_free(tmp_path: Path) -> None:
    assert not is_taken(tmp_path / "lock")
    assert not (tmp_path / "lock").exists()


def test_a_command_counts_as_a_user_though_the_one_before_is_just_letting_go(open_folder: Path) -> None:
    """Who ends last has the lock of the users alone, and frees it just after that of starting and stopping."""
    server = EmbeddedPostgres(open_folder, durable=False)
    with server.ensure_running():
        pass
    users_lock = server.home / "users.lock"
    leaving = open_lock(users_lock)
    assert take(leaving)
    let_go = Timer(0.3, os.close, [leaving])
    let_go.start()
    with server.ensure_running(), lock_descriptor(users_lock) as other:
        let_go.join()
        assert not take(other)
