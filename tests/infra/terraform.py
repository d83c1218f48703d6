"""Terraform as these tests run it: on a copy of `infra/`, with the provider that the machine has."""

import os
import platform
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
INFRA = CHECKOUT / "infra"
PROVIDER = Path("registry.terraform.io/hashicorp/aws/5.100.0")
NOT_FILES = frozenset({"dev", "proc", "run", "sys", "tmp"})
"""Top folders of a machine that hold no files to be found."""


@dataclass(frozen=True)
class Terraform:
    """One folder of Terraform, and where its state is kept."""

    folder: Path
    plugins: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(
        self, *arguments: str, check: bool = True, variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run one command and return what it said; where it fails and `check` is set, raise with all of it."""
        settings = {f"TF_VAR_{name}": value for name, value in {**self.variables, **(variables or {})}.items()}
        quiet = {"TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull}
        done = subprocess.run(
            ["terraform", *arguments],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder), **quiet, **settings, **self.environment},
            capture_output=True,
            check=False,
            text=True,
        )
        if check and done.returncode:
            raise AssertionError(f"terraform {' '.join(arguments)}\n{done.stdout}\n{done.stderr}")
        return done

    def init(self) -> None:
        """Link the provider and the modules."""
        self.run("init", "-input=false", "-no-color", "-backend=false", f"-plugin-dir={self.plugins}")


def copied(folder: Path, root: Path = INFRA) -> Path:
    """Return a copy of the tracked kinds of files of a Terraform root, without its state or where that is kept."""
    left = shutil.ignore_patterns(
        ".terraform", ".terraform.lock.hcl", "*.tfstate*", "backend.tf", "imports.tf", "*.tfbackend"
    )
    return Path(shutil.copytree(root, folder, ignore=left))


def find_plugins() -> Path | None:
    """Return a folder that holds the provider for this machine as Terraform lays it out, or None."""
    return next((place for place in _places() if _holds_the_provider(place)), None)


def _holds_the_provider(place: Path) -> bool:
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine().lower(), platform.machine().lower())
    unpacked = place / PROVIDER / f"{platform.system().lower()}_{machine}"
    return any(unpacked.glob("terraform-provider-aws_v5.100.0*"))


def _places() -> Iterator[Path]:
    """Yield where a provider may lie: where Terraform itself would look, then near the top of the file system."""
    yield INFRA / ".terraform" / "providers"
    yield from (
        Path(os.environ[name]) for name in ("TF_PLUGIN_DIR", "TF_PLUGIN_CACHE_DIR") if os.environ.get(name)
    )
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    yield Path.home() / ".terraform.d" / "plugins"
    yield Path.home() / ".terraform.d" / "plugin-cache"
    yield data / "terraform" / "plugins"
    yield Path("/usr/local/share/terraform/plugins")
    yield Path("/usr/share/terraform/plugins")
    for top in sorted(Path("/").iterdir()):
        if top.name not in NOT_FILES and top.is_dir() and not top.is_symlink():
            yield top
            yield from _folders(top)


def _folders(folder: Path) -> Iterator[Path]:
    try:
        yield from sorted(inner for inner in folder.iterdir() if inner.is_dir() and not inner.is_symlink())
    except OSError:
        return
