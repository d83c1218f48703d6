"""The bill of materials is valid CycloneDX, names every part with version and licence, and tells no time."""

import json
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from infra.package.sbom import bill_of_materials

DIGEST = "ab" * 32


def distribution(folder: Path, name: str, *lines: str) -> None:
    about = folder / f"{name}-1.0.dist-info"
    about.mkdir()
    head = [f"Name: {name}", "Version: 1.0", *lines]
    (about / "METADATA").write_text("\n".join(["Metadata-Version: 2.4", *head, "", "text"]))


@pytest.fixture
def bill(tmp_path: Path) -> str:
    distribution(tmp_path, "one", "License-Expression: MIT OR Apache-2.0", "License: old words")
    distribution(tmp_path, "two", "Classifier: License :: OSI Approved :: MIT License")
    distribution(tmp_path, "three")
    return bill_of_materials(tmp_path, name="collector-arm64", version="0.1.0", sha256=DIGEST)


def test_every_part_is_listed_with_its_version_and_licence(bill: str) -> None:
    parts = {part["name"]: part for part in json.loads(bill)["components"]}
    assert parts.keys() == {"one", "two", "three"}
    assert {part["purl"] for part in parts.values()} == {f"pkg:pypi/{name}@1.0" for name in parts}
    assert parts["one"]["licenses"][0]["expression"] == "MIT OR Apache-2.0"
    assert parts["two"]["licenses"][0]["license"]["name"] == "MIT License"
    assert "licenses" not in parts["three"]


def test_the_bill_is_of_one_zip_by_its_digest(bill: str) -> None:
    [digest] = json.loads(bill)["metadata"]["component"]["hashes"]
    assert digest == {"alg": "SHA-256", "content": DIGEST}


def test_the_bill_keeps_to_the_schema(bill: str) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill) is None


def test_the_same_zip_has_the_same_bill(bill: str, tmp_path: Path) -> None:
    assert bill_of_materials(tmp_path, name="collector-arm64", version="0.1.0", sha256=DIGEST) == bill
