"""Keep secrets out of whatever is told: logs, alerts, rows."""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

_REPLACEMENT = "***"
_SHORTEST_SECRET = 4
_KEY_IN_A_QUERY = re.compile(r"(?i)\b(api_?key=)(?!\[redacted\])[^&\s\"'<>\\)\]}]+")


class Redactor:
    """Replace the literal secrets it was given, and any API key in a URL's query, wherever they appear.

    Secrets below four characters are left: they would be found in words that are none.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        """Take the literal secrets; their percent-encoded spellings are found too."""
        spellings = {
            spelling
            for secret in secrets
            if len(secret) >= _SHORTEST_SECRET
            for spelling in (secret, quote(secret), quote(secret, safe=""), quote_plus(secret), repr(secret)[1:-1])
        }
        longest_first = sorted(spellings, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def text(self, text: str) -> str:
        """Return the text without secrets."""
        if self._secrets:
            text = self._secrets.sub(_REPLACEMENT, text)
        return _KEY_IN_A_QUERY.sub(rf"\g<1>{_REPLACEMENT}", text) if "=" in text else text

    def value(self, value: object) -> object:
        """Return the value as plain JSON types, every text in it without secrets."""
        match value:
            case str() | bytes():
                return self.text(_as_text(value))
            case None | bool() | int():
                return value
            case float() if math.isfinite(value):
                return value
            case Mapping():
                return self.mapping(value)
            case list() | tuple() | set() | frozenset():
                return [self.value(item) for item in value]
            case _:
                return self.text(_as_text(value))

    def mapping(self, mapping: Mapping[Any, object]) -> dict[str, object]:
        """Return the mapping as plain JSON types, keys and values without secrets."""
        return {self.text(_as_text(key)): self.value(value) for key, value in mapping.items()}


def _as_text(value: object) -> str:
    try:
        return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    except Exception as error:
        return f"<{type(value).__name__} without a text: {type(error).__name__}>"
