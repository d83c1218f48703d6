"""`infra/tests/*.tftest.hcl`: what Terraform itself checks against a mocked provider."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.infra.terraform import INFRA, Terraform


@pytest.mark.parametrize("root", [pytest.param(INFRA, id="infra"), pytest.param(INFRA / "github", id="github")])
def test_every_run_of_terraforms_own_tests_passes(opened: Callable[..., Terraform], root: Path) -> None:
    checked = opened(root).run("test", "-no-color", check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    written = sum(file.read_text().count("\nrun ") for file in (root / "tests").glob("*.tftest.hcl"))
    assert f"Success! {written} passed, 0 failed." in checked.stdout


def test_every_validation_of_a_variable_is_tested() -> None:
    checks = {
        name: body.count("validation {")
        for file in INFRA.glob("variables*.tf")
        for name, body in re.findall(r'^variable "(\w+)" \{\n(.*?)^\}', file.read_text(), re.MULTILINE | re.DOTALL)
    }
    tested = (INFRA / "tests" / "variables.tftest.hcl").read_text()
    wrong = {name: len(re.findall(rf"\bvar\.{name}\b", tested)) for name in checks}
    assert {name: count for name, count in checks.items() if wrong[name] < count} == {}
