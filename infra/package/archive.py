"""Write a folder as a zip that is the same, byte for byte, whenever and wherever it is written."""

import zipfile
from pathlib import Path

_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_MODE = 0o100644


def write_zip(folder: Path, target: Path) -> None:
    """Write all files of a folder, sorted by name, with one date and one mode; nothing half-written stays."""
    unfinished = target.with_suffix(".unfinished")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for file in files:
                entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), _DATE)
                entry.create_system, entry.external_attr = _UNIX, _MODE << 16
                archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED, 9)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
