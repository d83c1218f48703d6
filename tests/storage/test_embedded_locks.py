from pathlib import Path

from storage.embedded_locks import is_taken, lock_descriptor, take


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
