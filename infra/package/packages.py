"""Which packages there are, and for which machines they are built."""

from dataclasses import dataclass
from enum import StrEnum

TARGET_PYTHON = "3.13"
"""The minor version of Lambda's runtime: python3.13."""

OF_THE_RUNTIME = frozenset(
    {"boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3"},
)
"""Lambda's runtime has boto3 and what comes with it."""


class Architecture(StrEnum):
    """What a function runs on, by Lambda's name; `platform` is the oldest Linux whose wheels are taken."""

    ARM64 = "arm64"
    X86_64 = "x86_64"

    @property
    def platform(self) -> str:
        """Return the platform of wheels, by uv's name."""
        machine = "aarch64" if self is Architecture.ARM64 else "x86_64"
        return f"{machine}-manylinux_2_28"


@dataclass(frozen=True, slots=True)
class Package:
    """A zip: the file of what it depends on, and the modules from which everything it needs is imported.

    A root that is a folder stands for all that is in it.
    """

    name: str
    requirements: str
    roots: tuple[str, ...]


PACKAGES = (
    Package("collector", "lambda.txt", ("handlers.functions",)),
    Package("migrate", "lambda-migrate.txt", ("handlers.migrate", "migrations")),
    Package("backtest", "lambda-backtest.txt", ("handlers.backtest",)),
)
