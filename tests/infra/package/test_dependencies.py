"""What a package depends on is installed for its machine, by hash, or refused with the reason."""

from collections.abc import Callable
from pathlib import Path

import pytest

from infra.package.dependencies import chosen, install
from infra.package.errors import PackageError
from infra.package.packages import Architecture

Index = Callable[[str, Architecture], Path]
PINNED = """# made by a tool
Alpha==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:ab
beta==2.0 ; sys_platform == 'linux' \\
    --hash=sha256:bb
"""


def test_a_requirement_is_chosen_with_its_hashes_whatever_its_capitals() -> None:
    assert chosen(PINNED, {"alpha"}.__contains__).splitlines()[0] == "Alpha==1.0 \\"
    assert chosen(PINNED, {"alpha"}.__contains__).count("--hash") == 2
    assert chosen(PINNED, lambda name: name != "alpha").startswith("beta==2.0")


def test_a_wheel_for_the_machine_is_installed_whatever_this_machine_is(
    uv: Path, index: Index, tmp_path: Path
) -> None:
    pinned = index("onlyarm", Architecture.ARM64)
    install(pinned, tmp_path / "task", uv=uv, architecture=Architecture.ARM64, python="3.13")
    assert (tmp_path / "task" / "onlyarm.py").read_text() == "HERE = True\n"


@pytest.mark.parametrize(
    ("architecture", "python", "missing"),
    [
        pytest.param(Architecture.X86_64, "3.13", "manylinux_2_28_x86_64", id="another machine"),
        pytest.param(Architecture.ARM64, "3.12", "cp312", id="another Python"),
    ],
)
def test_a_wheel_that_is_missing_is_named_with_the_target_it_is_missing_for(
    uv: Path, index: Index, architecture: Architecture, python: str, missing: str
) -> None:
    pinned = index("onlyarm", Architecture.ARM64)
    with pytest.raises(PackageError, match=rf"wheels for Python {python} on {architecture}[^:]*:\n") as refused:
        install(pinned, pinned.with_name("task"), uv=uv, architecture=architecture, python=python)
    assert "onlyarm" in str(refused.value)
    assert missing in str(refused.value)


def test_a_wheel_that_is_not_the_pinned_one_is_refused(uv: Path, index: Index, tmp_path: Path) -> None:
    pinned = index("onlyarm", Architecture.ARM64)
    name, _, digest = pinned.read_text().rpartition(":")
    pinned.write_text(f"{name}:{'0' * len(digest.strip())}\n")
    with pytest.raises(PackageError, match="onlyarm"):
        install(pinned, tmp_path / "task", uv=uv, architecture=Architecture.ARM64, python="3.13")
