"""What the files of `infra/` look like: format, descriptions, sizes, one file per job."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from core.secrets import NOT_WRITTEN
from tests.infra.terraform import CHECKOUT, INFRA, Terraform, copied

ROOTS = [
    pytest.param(folder, id=folder.relative_to(INFRA.parent).as_posix())
    for folder in sorted({file.parent for file in INFRA.rglob("versions.tf") if ".terraform" not in file.parts})
    if "modules" not in folder.parts
]
FILES = sorted(file for file in INFRA.rglob("*.tf") if ".terraform" not in file.parts)
BLOCK = re.compile(r'^(variable|output) "(\w+)" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)
MOST_LINES = 200


def test_every_file_has_terraforms_own_format(terraform: str) -> None:
    checked = subprocess.run(
        [terraform, "fmt", "-check", "-recursive", "-diff"], cwd=INFRA, capture_output=True, check=False, text=True
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("root", ROOTS)
def test_every_root_is_valid(root: Path, opened: Callable[..., Terraform]) -> None:
    checked = opened(root).run("validate", "-no-color", check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_where_a_state_is_kept_is_neither_tested_nor_tracked(tmp_path: Path) -> None:
    own = ["backend.tf", "imports.tf", "environments/dev.s3.tfbackend"]
    shutil.copytree(INFRA / "environments", tmp_path / "infra" / "environments")
    for name in own:
        (tmp_path / "infra" / name).write_text("")
    copy = copied(tmp_path / "copy", tmp_path / "infra")
    assert [name for name in own if (copy / name).exists()] == []
    assert (copy / "environments" / "state.s3.tfbackend.example").exists()
    patterns = (CHECKOUT / ".gitignore").read_text().splitlines()
    assert {"infra/backend.tf", "infra/imports.tf", "*.tfbackend"} <= set(patterns)


def test_every_variable_and_output_is_described_and_every_variable_typed() -> None:
    lacking = [
        f"{file.relative_to(INFRA)}: {kind} {name}"
        for file in FILES
        for kind, name, body in BLOCK.findall(file.read_text())
        if "description" not in body or (kind == "variable" and "type " not in body)
    ]
    assert not lacking


def test_every_function_is_one_file_and_one_call_of_the_one_module() -> None:
    calls = {file.stem: file.read_text().count("./modules/function") for file in INFRA.glob("*.tf")}
    assert {name: count for name, count in calls.items() if count} == {
        "backtest": 1,
        "fetch_odds": 1,
        "fetch_scores": 1,
        "heartbeat": 1,
        "migrate": 1,
        "update_status": 1,
    }


def test_the_provider_is_pinned_to_one_version_everywhere() -> None:
    pins = {
        match for file in FILES for match in re.findall(r'^\s*version\s*= "(.+)"', file.read_text(), re.MULTILINE)
    }
    assert pins == {"5.100.0"}


def test_no_file_is_too_long() -> None:
    assert [file.name for file in FILES if len(file.read_text().splitlines()) > MOST_LINES] == []


def test_every_skip_of_a_security_check_has_its_reason() -> None:
    skips = [line for file in FILES for line in file.read_text().splitlines() if "checkov:skip" in line]
    assert skips
    assert [line for line in skips if not re.fullmatch(r" +#checkov:skip=CKV2?_AWS_\d+:.{20,}", line)] == []


def test_what_waits_to_be_written_is_known_to_who_reads_it() -> None:
    assert f'not_written = "{NOT_WRITTEN}"' in (INFRA / "modules" / "secret" / "main.tf").read_text()


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_the_number_by_which_a_secret_is_written_again_is_kept_where_every_apply_finds_it(
    environment: str,
) -> None:
    chosen = (INFRA / "environments" / f"{environment}.tfvars").read_text()
    [kept] = re.findall(r"^secrets_version = \{ (.+) \}", chosen, re.MULTILINE)
    assert {pair.split(" = ")[0] for pair in kept.split(", ")} == {"odds_api_key", "database_url"}
    assert "-var 'secrets_version" not in (INFRA / "README.md").read_text()
