from pathlib import Path

import pytest

from infra.package.packages import PACKAGES, Architecture, Package

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("package", PACKAGES, ids=[package.name for package in PACKAGES])
def test_every_package_has_pinned_requirements(package: Package) -> None:
    assert "--hash=sha256:" in (ROOT / "requirements" / package.requirements).read_text()


@pytest.mark.parametrize(
    ("architecture", "platform"),
    [("arm64", "aarch64-manylinux_2_28"), ("x86_64", "x86_64-manylinux_2_28")],
)
def test_an_architecture_goes_by_lambdas_name_and_its_wheels_by_the_platforms(
    architecture: str, platform: str
) -> None:
    assert Architecture(architecture).platform == platform
