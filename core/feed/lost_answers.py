"""An answer that the database did not take, as words of the log: told whole, and read back from its exports."""

import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from typing import NamedTuple

from pydantic import TypeAdapter

from core.feed.values import FeedAnswer

MARK = "linekeeper-answer"
_LONGEST_PART = 100_000
"""In characters: with what a line of the log says besides, well within CloudWatch's 256 KB an event."""

_DIGEST_BYTES = 8
_WORD = re.compile(rf"{MARK}:(\d+)of(\d+):([0-9a-f]{{{2 * _DIGEST_BYTES}}}):([A-Za-z0-9_=-]*)")


@dataclass(frozen=True, slots=True)
class LostAnswer:
    """An answer of the feed of which nothing could be kept, with what the run that asked knew of it.

    `expected_credits` is what the call was expected to cost.
    """

    job: str
    sport_key: str
    run_number: int
    expected_credits: int
    answer: FeedAnswer


class FoundAnswers(NamedTuple):
    """What a log told of lost answers: those read whole, the first received first, and why others cannot be."""

    answers: tuple[LostAnswer, ...]
    faults: tuple[str, ...]


@cache
def _form() -> TypeAdapter[LostAnswer]:
    return TypeAdapter(LostAnswer)


def as_words(lost: LostAnswer) -> list[str]:
    """Return an answer as words for as many lines of the log: each numbered, and none longer than a line may be.

    A word is made of letters, digits, `-`, `_`, `=` and `:` alone, which no format of a log changes.
    """
    head = _form().dump_json(replace(lost, answer=replace(lost.answer, body=b"")))
    packed = zlib.compress(head + b"\n" + lost.answer.body, level=9)
    text = urlsafe_b64encode(packed).decode()
    parts = [text[start : start + _LONGEST_PART] for start in range(0, len(text), _LONGEST_PART)]
    digest = _digest(packed)
    return [f"{MARK}:{number}of{len(parts)}:{digest}:{part}" for number, part in enumerate(parts, start=1)]


def find_answers(lines: Iterable[str]) -> FoundAnswers:
    """Return the answers told of in an export of the log: plain, JSON or CSV, in any order, any part repeated."""
    told: dict[tuple[str, int], dict[int, str]] = {}
    for line in lines:
        for number, parts, digest, part in _WORD.findall(line):
            texts = told.setdefault((digest, int(parts)), {})
            texts[int(number)] = max(texts.get(int(number), ""), part, key=len)
    answers, faults = [], []
    for (digest, parts), texts in told.items():
        found = _read(digest, parts, texts)
        if isinstance(found, LostAnswer):
            answers.append(found)
        else:
            faults.append(f"answer {digest}: {found}")
    return FoundAnswers(tuple(sorted(answers, key=lambda lost: lost.answer.received_at)), tuple(faults))


def _read(digest: str, parts: int, texts: dict[int, str]) -> LostAnswer | str:
    """Return an answer put together of its parts, or why it cannot be."""
    missing = [number for number in range(1, parts + 1) if number not in texts]
    if missing:
        return f"part {missing[0]} of {parts} is missing"
    try:
        packed = urlsafe_b64decode("".join(texts[number] for number in range(1, parts + 1)))
    except ValueError:
        packed = b""
    if _digest(packed) != digest:
        return "its text is cut short or damaged"
    try:
        head, _, body = zlib.decompress(packed).partition(b"\n")
        lost = _form().validate_json(head)
    except (ValueError, zlib.error):
        return "another version of linekeeper wrote it"
    return replace(lost, answer=replace(lost.answer, body=body))


def _digest(packed: bytes) -> str:
    return blake2b(packed, digest_size=_DIGEST_BYTES).hexdigest()
