"""Fixtures of the deployment: Terraform with a provider, or a reason why there is none."""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.infra.terraform import INFRA, PROVIDER, Terraform, copied, find_plugins


@pytest.fixture(scope="session")
def terraform() -> str:
    """Return where Terraform is, or skip."""
    found = shutil.which("terraform")
    if found is None:
        pytest.skip("terraform is not on the PATH")
    return found


@pytest.fixture(scope="session")
def plugins(terraform: str) -> Path:
    """Return a folder with the provider, or skip."""
    found = find_plugins()
    if found is None:
        pytest.skip(f"there is no {PROVIDER} where Terraform looks; `terraform init` in infra/ brings it")
    return found


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of zips by the names of the packages, for what looks only at what is around the code."""
    folder = tmp_path_factory.mktemp("packages")
    for part in ("collector", "migrate", "backtest"):
        for architecture in ("arm64", "x86_64"):
            with zipfile.ZipFile(folder / f"{part}-{architecture}.zip", "w") as package:
                package.writestr("README", "not run by these tests")
    return folder


@pytest.fixture(scope="session")
def opened(plugins: Path, packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Terraform]:
    """Return what copies a Terraform root and gives it its provider."""

    def opened(root: Path = INFRA) -> Terraform:
        folder = copied(tmp_path_factory.mktemp("terraform") / root.name, root)
        variables = {"package_folder": str(packages)} if root == INFRA else {}
        made = Terraform(folder, plugins, variables)
        made.init()
        return made

    return opened
