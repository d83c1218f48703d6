"""An audit fails for a known fault, and never passes for one that has looked at nothing."""

import json
from typing import Any

import pytest

from infra.audit import verdict

SOUND = {"name": "sound", "version": "1.0", "vulns": []}
UNKNOWN = {"name": "unknown", "skip_reason": "Dependency not found on the index"}
FAULT = {"id": "CVE-2024-1", "fix_versions": ["2.1", "3.0"], "aliases": [], "description": "…"}
FAULTY = {"name": "faulty", "version": "2.0", "vulns": [FAULT]}
UNMENDED = {"name": "unmended", "version": "2.0", "vulns": [{**FAULT, "fix_versions": []}]}


def report(*dependencies: dict[str, Any]) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


@pytest.mark.parametrize(
    ("told", "complaints", "ok", "text"),
    [
        pytest.param(report(SOUND), "", True, "no known faults, packages audited: 1", id="sound"),
        pytest.param(
            report(SOUND, UNKNOWN),
            "",
            True,
            "no known faults, packages audited: 1; not known there: unknown",
            id="partly",
        ),
        pytest.param(report(SOUND, FAULTY), "", False, "faulty 2.0: CVE-2024-1, mended in 2.1, 3.0", id="faulty"),
        pytest.param(report(UNMENDED), "", False, "unmended 2.0: CVE-2024-1, mended in no version", id="unmended"),
        pytest.param(
            report(UNKNOWN, UNKNOWN), "", True, "not audited: what pip-audit reaches", id="nothing known"
        ),
        pytest.param(
            "", "requests.exceptions.ConnectionError: …", True, "not audited: pip-audit cannot", id="offline"
        ),
        pytest.param("", "requirement without a hash", False, "requirement without a hash", id="it broke"),
        pytest.param("", "", False, "pip-audit says nothing", id="it broke silently"),
    ],
)
def test_what_an_audit_means(told: str, complaints: str, ok: bool, text: str) -> None:
    found = verdict(told, complaints)
    assert found.ok is ok
    assert found.text.startswith(text)
