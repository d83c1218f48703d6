"""The manifest says what a zip is, in figures that can be checked against it."""

import base64
import hashlib
import json
import sys
from pathlib import Path

from infra.package.archive import write_zip
from infra.package.manifest import manifest, sha256_of, write_manifest
from infra.package.packages import PACKAGES, Architecture

ROOT = Path(__file__).parents[3]


def test_a_manifest_tells_digest_sizes_files_and_what_it_was_built_from(tmp_path: Path) -> None:
    (tmp_path / "task").mkdir()
    (tmp_path / "task" / "a.py").write_text("A = 1\n")
    archive = tmp_path / "task.zip"
    write_zip(tmp_path / "task", archive)
    told = manifest(
        archive,
        PACKAGES[0],
        root=ROOT,
        architecture=Architecture.ARM64,
        python=Path(sys.executable),
        version="0.1.0",
    )
    digest = hashlib.sha256(archive.read_bytes())
    assert told["sha256"] == digest.hexdigest() == sha256_of(archive)
    assert base64.b64decode(told["source_code_hash"]) == digest.digest()
    assert (told["bytes"], told["unpacked_bytes"]) == (archive.stat().st_size, 6)
    assert told["files"] == {"a.py": hashlib.sha256(b"A = 1\n").hexdigest()}
    assert told["compiled_with"] == f"Python {sys.version.split(maxsplit=1)[0]}"
    assert told["requirements"] == {"lambda.txt": sha256_of(ROOT / "requirements" / "lambda.txt")}

    write_manifest(tmp_path / "task.manifest.json", told)
    assert json.loads((tmp_path / "task.manifest.json").read_text()) == told


def test_outside_of_git_there_is_no_commit_to_tell(tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / PACKAGES[0].requirements).write_text("")
    (tmp_path / "task").mkdir()
    write_zip(tmp_path / "task", tmp_path / "task.zip")
    told = manifest(
        tmp_path / "task.zip",
        PACKAGES[0],
        root=tmp_path,
        architecture=Architecture.ARM64,
        python=Path(sys.executable),
        version="0.1.0",
    )
    assert told["commit"] is None
