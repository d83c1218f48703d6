"""Build what Lambda runs: `python -m infra.package [NAME …] [--arch arm64|x86_64] [--output FOLDER]`."""

import argparse
import sys
from pathlib import Path

from infra.package.build import Built, Target, build
from infra.package.errors import PackageError
from infra.package.packages import PACKAGES, TARGET_PYTHON, Architecture

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Build, print what was built, and exit with 1 where that cannot be."""
    names = [package.name for package in PACKAGES]
    parser = argparse.ArgumentParser(
        prog="python -m infra.package",
        description="Build the zips that Lambda runs, each with its manifest and bill of materials. "
        "The same checkout gives the same bytes.",
    )
    parser.add_argument("names", metavar="NAME", nargs="*", help=f"any of {', '.join(names)}; by default all")
    parser.add_argument("--arch", choices=[*Architecture], default=Architecture.ARM64, help="by default arm64")
    parser.add_argument("--python", metavar="X.Y", default=TARGET_PYTHON, help=f"by default {TARGET_PYTHON}")
    parser.add_argument("--output", metavar="FOLDER", type=Path, default=ROOT / "dist", help="by default dist")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.names) - set(names)):
        parser.error(f"there is no package {', '.join(unknown)}; there are {', '.join(names)}")
    target = Target(Architecture(asked.arch), asked.python)
    try:
        for package in PACKAGES:
            if not asked.names or package.name in asked.names:
                _tell(build(package, target, root=ROOT, output=asked.output))
    except PackageError as error:
        sys.exit(f"error: {error}")


def _tell(built: Built) -> None:
    sizes = f"{built.size / 1e6:.1f} MB, {built.unpacked_size / 1e6:.1f} MB unpacked"
    sys.stdout.write(f"{built.archive.name}  {sizes}  sha256 {built.sha256}\n")


if __name__ == "__main__":
    main()
