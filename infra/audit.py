"""Look for known faults in what is pinned: `python -m infra.audit`, with pip-audit, where it reaches its data."""

import json
import re
import sys
from pathlib import Path
from typing import Any, NamedTuple

from infra.package.commands import ran

ROOT = Path(__file__).parents[1]
_UNREACHABLE = re.compile(r"ConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|ServiceError")


class Verdict(NamedTuple):
    """Whether what is pinned may be used, and what there is to say about it."""

    ok: bool
    text: str


def verdict(report: str, complaints: str) -> Verdict:
    """Return what a run of pip-audit means.

    One that looked at nothing, because its data could not be reached or had none of the packages, is no proof and
    no fault: it is said. One that broke otherwise is a fault.

    Args:
        report: What it wrote to standard output, in its JSON format.
        complaints: What it wrote to standard error.
    """
    try:
        dependencies: list[dict[str, Any]] = json.loads(report)["dependencies"]
    except (ValueError, KeyError, TypeError):
        if _UNREACHABLE.search(complaints):
            return Verdict(True, "not audited: pip-audit cannot reach its data from here")
        return Verdict(False, complaints.strip() or "pip-audit says nothing")
    faulty = [
        f"{one['name']} {one['version']}: {fault['id']}, mended in {_versions(fault)}"
        for one in dependencies
        for fault in one.get("vulns", [])
    ]
    if faulty:
        return Verdict(False, "\n".join(faulty))
    unknown = [one["name"] for one in dependencies if "skip_reason" in one]
    if len(unknown) == len(dependencies):
        return Verdict(True, "not audited: what pip-audit reaches from here knows none of the packages")
    left_out = f"; not known there: {', '.join(unknown)}" if unknown else ""
    return Verdict(True, f"no known faults, packages audited: {len(dependencies) - len(unknown)}{left_out}")


def _versions(fault: dict[str, Any]) -> str:
    return ", ".join(fault["fix_versions"]) or "no version"


def main() -> None:
    """Audit what commands and functions run with."""
    told = ran(
        *(Path(sys.executable).with_name("pip-audit"), "--requirement", ROOT / "requirements" / "runtime.txt"),
        *("--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json", "--timeout", "10"),
    )
    found = verdict(told.stdout, told.stderr)
    sys.stdout.write(f"{found.text}\n")
    sys.exit(not found.ok)


if __name__ == "__main__":
    main()
