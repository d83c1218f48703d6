"""Say what a zip is: its digest, its size, what it was built from and with, and each file in it."""

import base64
import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

from infra.package.commands import ran
from infra.package.packages import Architecture, Package


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def manifest(
    archive: Path, package: Package, *, root: Path, architecture: Architecture, python: Path, version: str
) -> dict[str, Any]:
    """Return the manifest of a zip; `source_code_hash` is its digest as Lambda and Terraform write it.

    Args:
        archive: The zip.
        package: What it is.
        root: The checkout that it was built from.
        architecture: The machine it is for.
        python: What compiled the byte code.
        version: Of the project.
    """
    sha256 = sha256_of(archive)
    with zipfile.ZipFile(archive) as opened:
        files = {entry.filename: hashlib.sha256(opened.read(entry)).hexdigest() for entry in opened.infolist()}
        unpacked = sum(entry.file_size for entry in opened.infolist())
    return {
        "name": package.name,
        "version": version,
        "commit": _commit(root),
        "architecture": str(architecture),
        "compiled_with": ran(python, "-V").stdout.strip(),
        "requirements": {package.requirements: sha256_of(root / "requirements" / package.requirements)},
        "sha256": sha256,
        "source_code_hash": base64.b64encode(bytes.fromhex(sha256)).decode(),
        "bytes": archive.stat().st_size,
        "unpacked_bytes": unpacked,
        "files": files,
    }


def write_manifest(file: Path, content: dict[str, Any]) -> None:
    """Write a manifest as JSON."""
    file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _commit(root: Path) -> str | None:
    """Return the commit of the checkout, with a + where files differ from it; None outside of git."""
    commit = ran("git", "-C", root, "rev-parse", "HEAD").stdout.strip()
    differs = ran("git", "-C", root, "status", "--porcelain").stdout.strip()
    return (f"{commit}+" if differs else commit) or None
