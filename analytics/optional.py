"""Libraries that only some uses need: imported when they are, with a clear word where they are missing."""

from importlib import import_module
from typing import Any

from core.errors import ConfigurationError


def research_library(name: str) -> Any:  # noqa: ANN401
    """Return a library of the extra `research`.

    Raises:
        ConfigurationError: It is not installed; the text says how to get it.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError:
        package = name.partition(".")[0]
        msg = f"this needs {package}, of the extra research: make setup installs it, or pip install '.[research]'"
        raise ConfigurationError(msg) from None
