"""Say what a package is made of, as a CycloneDX bill of materials."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import Distribution, distributions
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License, LicenseAcknowledgement
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

_LONGEST_LICENCE_NAME = 100
_NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)
"""As in the zip: when something was built is nothing that its bytes know."""


def bill_of_materials(folder: Path, *, name: str, version: str, sha256: str) -> str:
    """Return the bill of a zip's unpacked folder; the same zip has the same bill.

    Args:
        folder: Where the distributions lie, with their metadata.
        name: Of the zip, such as collector-arm64.
        version: Of the project.
        sha256: Of the zip, in hexadecimal.
    """
    zip_itself = Component(
        name=name,
        version=version,
        type=ComponentType.APPLICATION,
        bom_ref=name,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha256)],
    )
    found = distributions(path=[str(folder)])
    parts = sorted((_component(one) for one in found), key=lambda part: part.name)
    bill = Bom(components=parts, serial_number=uuid.uuid5(uuid.NAMESPACE_OID, sha256))
    bill.metadata.component = zip_itself
    bill.metadata.timestamp = _NO_TIME
    bill.register_dependency(zip_itself, parts)
    outputter = make_outputter(bill, OutputFormat.JSON, SchemaVersion.V1_6)
    return outputter.output_as_string(indent=2) + "\n"


def _component(distribution: Distribution) -> Component:
    name, version = distribution.metadata["Name"], distribution.version
    purl = PackageURL("pypi", name=name.lower().replace("_", "-"), version=version)
    return Component(
        name=name,
        version=version,
        type=ComponentType.LIBRARY,
        purl=purl,
        bom_ref=purl.to_string(),
        licenses=list(_licences(distribution))[:1],
    )


def _licences(distribution: Distribution) -> Iterator[License]:
    """Yield what the distribution says of its licence, the most exact first."""
    told = distribution.metadata.get_all
    factory = LicenseFactory()
    classified = [one for one in told("Classifier", []) if one.startswith("License ::")]
    named = [one.rpartition(" :: ")[2] for one in classified]
    for text in [*told("License-Expression", []), *told("License", []), *named]:
        if "\n" not in text and len(text) < _LONGEST_LICENCE_NAME:
            yield factory.make_from_string(text, license_acknowledgement=LicenseAcknowledgement.DECLARED)
