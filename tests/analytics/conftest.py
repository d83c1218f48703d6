"""What tests of the mathematics share: the libraries to compare with, where this environment has them."""

import warnings
from typing import Any

import pytest


def compared_with(module: str) -> Any:
    """Return a library that only tests use; its import warns, which is none of our business, or skip."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip(
            module, reason=f"{module} is not installed: make test installs what results are compared with"
        )


@pytest.fixture(scope="session")
def implied_oracle() -> Any:
    """Return penaltyblog's module of implied probabilities."""
    return compared_with("penaltyblog.implied")


@pytest.fixture(scope="session")
def shin_oracle() -> Any:
    """Return the library shin."""
    return compared_with("shin")
