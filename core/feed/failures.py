"""Which error an answer of the feed stands for: matched on its error code, else on its status."""

import re

import orjson

from core.feed.errors import (
    EventNotFoundError,
    FeedError,
    FeedRejectedError,
    FeedUnavailableError,
    InvalidBookmakersError,
    InvalidKeyError,
    InvalidMarketError,
    QuotaExhaustedError,
    UnknownSportError,
)
from core.feed.values import FeedAnswer

_OK = 200
_UNAUTHORIZED = 401
_TOO_MANY_REQUESTS = 429
_FIRST_SERVER_FAULT = 500
_REDIRECTS = range(300, 400)
_LONGEST_MESSAGE = 300
_LEAVES: dict[str, type[FeedRejectedError]] = {
    "INVALID_KEY": InvalidKeyError,
    "MISSING_KEY": InvalidKeyError,
    "DEACTIVATED_KEY": InvalidKeyError,
    "OUT_OF_USAGE_CREDITS": QuotaExhaustedError,
    "UNKNOWN_SPORT": UnknownSportError,
    "INVALID_SPORT": UnknownSportError,
    "EVENT_NOT_FOUND": EventNotFoundError,
}


def failure_of(answer: FeedAnswer) -> FeedError | None:
    """Return the error that an answer stands for, not raised; None for a good answer.

    A page that is no JSON and cost nothing is not the feed's, whatever its status: something stood in the way.
    """
    if answer.status == _OK:
        if answer.credits.last or _is_json(answer.body):
            return None
        return FeedUnavailableError(
            f"what answered {answer.endpoint} with 200, free of credits, is no JSON", answer=answer
        )
    code, message = _code_and_message(answer.body)
    text, status = _describe(answer, code, message), answer.status
    if code == "INVALID_MARKET":
        refused = _named(message, answer.parameters.get("markets", ""))
        return InvalidMarketError(text, status=status, error_code=code, market_keys=refused, answer=answer)
    if code == "INVALID_BOOKMAKERS":
        refused = _named(message, answer.parameters.get("bookmakers", ""))
        return InvalidBookmakersError(text, status=status, error_code=code, bookmaker_keys=refused, answer=answer)
    if code not in _LEAVES and _may_pass(status, code):
        return FeedUnavailableError(text, answer=answer)
    leaf = _LEAVES.get(code, FeedRejectedError) if code else _leaf_without_code(answer)
    return leaf(text, status=status, error_code=code, answer=answer)


def _is_json(body: bytes) -> bool:
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    return True


def _may_pass(status: int, code: str | None) -> bool:
    return code == "EXCEEDED_FREQ_LIMIT" or status == _TOO_MANY_REQUESTS or status >= _FIRST_SERVER_FAULT


def _leaf_without_code(answer: FeedAnswer) -> type[FeedRejectedError]:
    if answer.status != _UNAUTHORIZED:
        return FeedRejectedError
    return QuotaExhaustedError if answer.credits.remaining == 0 else InvalidKeyError


def _code_and_message(body: bytes) -> tuple[str | None, str]:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None, ""
    if not isinstance(value, dict):
        return None, ""
    code, message = value.get("error_code"), value.get("message")
    return (code if isinstance(code, str) and code else None), (message if isinstance(message, str) else "")


def _describe(answer: FeedAnswer, code: str | None, message: str) -> str:
    if answer.status in _REDIRECTS:
        return (
            f"the feed redirected {answer.endpoint} ({answer.status}), which is not followed: check the base URL"
        )
    said = f"{answer.status} {code}" if code else f"{answer.status} without an error code"
    return f"the feed answered {answer.endpoint} with {said}" + (
        f": {message[:_LONGEST_MESSAGE]}" if message else ""
    )


def _named(message: str, asked: str) -> tuple[str, ...]:
    """Return those of the asked keys (comma separated) that the message lists after its colon, in its order."""
    listed = message.partition(":")[2].partition(". ")[0]
    keys = set(asked.split(","))
    return tuple(dict.fromkeys(word for word in re.findall(r"\w+", listed) if word in keys))
