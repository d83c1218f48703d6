"""What a policy allows: IAM's rule for one identity's policies, for the parts that this project writes."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

KNOWN = frozenset({"Sid", "Effect", "Action", "Resource", "Condition"})


class UnknownPolicyPartError(ValueError):
    """A policy says what this reading of it has no rule for: to leave it out could allow too much."""


@dataclass(frozen=True, slots=True)
class Need:
    """One right that a call takes, and what IAM would know of the call besides."""

    action: str
    resource: str
    context: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy; all that is in it has been understood."""

    sid: str
    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Mapping[str, Mapping[str, str | list[str]]]

    def covers(self, need: Need) -> bool:
        """Tell whether the statement is about a need, its conditions included."""
        return (
            any(_matches(pattern, need.action, ignore_case=True) for pattern in self.actions)
            and any(_matches(pattern, need.resource) for pattern in self.resources)
            and all(self._holds(operator, dict(need.context)) for operator in self.conditions)
        )

    def _holds(self, operator: str, context: Mapping[str, str]) -> bool:
        if operator != "StringEquals":
            raise UnknownPolicyPartError(f"the condition {operator} is not understood")
        return all(context.get(key) in _listed(value) for key, value in self.conditions[operator].items())


def statements(policy: str) -> list[Statement]:
    """Read the statements of a policy; what is not understood is an error, never left out."""
    return [_statement(one) for one in json.loads(policy)["Statement"]]


def allows(policy: Iterable[Statement], need: Need) -> bool:
    """Tell whether a policy allows a need: some statement does, and none denies it."""
    effects = {statement.effect for statement in policy if statement.covers(need)}
    return effects == {"Allow"}


def refused(policy: Collection[Statement], needs: Iterable[Need]) -> set[Need]:
    """Return the needs that a policy does not allow."""
    return {need for need in needs if not allows(policy, need)}


def idle(policy: Iterable[Statement], needs: Collection[Need]) -> set[tuple[str, str]]:
    """Return every action that no need has used, each with the statement that grants it."""
    return {
        (statement.sid, action)
        for statement in policy
        for action in statement.actions
        if not any(statement.covers(need) and need.action == action for need in needs)
    }


def wildcards(policy: Iterable[Statement]) -> Iterator[tuple[str, str]]:
    """Yield every action and every resource that stands for more than one, each with its statement's name."""
    for statement in policy:
        for text in (*statement.actions, *statement.resources):
            if "*" in text or "?" in text:
                yield statement.sid, text


def _statement(raw: Mapping[str, Any]) -> Statement:
    if unknown := raw.keys() - KNOWN:
        raise UnknownPolicyPartError(f"{sorted(unknown)} of a statement are not understood")
    return Statement(
        raw["Sid"], raw["Effect"], _listed(raw["Action"]), _listed(raw["Resource"]), raw.get("Condition", {})
    )


def _listed(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _matches(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    """Match as IAM does: * is any text, ? any one character, each part of an ARN by itself up to the sixth."""
    if pattern == "*":
        return True
    parts, texts = pattern.split(":", 5), text.split(":", 5)
    if len(parts) != len(texts):
        return False
    flags = re.IGNORECASE if ignore_case else 0
    return all(
        re.fullmatch(re.escape(part).replace(r"\*", ".*").replace(r"\?", "."), found, flags)
        for part, found in zip(parts, texts, strict=True)
    )
