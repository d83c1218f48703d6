"""When an issue opens and when it closes: it is logged at both, and not at the snapshots between."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from core.quality import Issue, IssueKey, IssueType
from core.quotes import RegionMemory
from core.scope import Scope

_NO_MEMORY = RegionMemory()


class Tracked(NamedTuple):
    """What to log: issues that were not open before, and open ones that are over."""

    opened: list[Issue]
    closed: list[IssueKey]


def track(
    open_keys: Collection[IssueKey],
    found: Iterable[Issue],
    covered: Collection[str],
    *,
    scope: Scope,
    memories: Mapping[str, RegionMemory],
) -> Tracked:
    """Return what an answer opens and closes among the issues of its sport and kind of answer.

    An open issue closes when the answer could have shown it and does not: its event is covered, and its market and
    bookmaker are in the scope. Issues of no event are about the answer as a whole, so every answer shows them. Of
    several issues with one key the first opens it.

    Args:
        open_keys: The issues open before the answer.
        found: All issues of the answer.
        covered: The ids of the events that the answer brought and that were checked.
        scope: What was asked for.
        memories: Which bookmakers an event's snapshots brought by region, by event id; a request by region covers
            those bookmakers only. An event without a memory has brought none.
    """
    by_key: dict[IssueKey, Issue] = {}
    for issue in found:
        by_key.setdefault(issue.key, issue)
    already_open = set(open_keys)
    return Tracked(
        opened=[issue for key, issue in by_key.items() if key not in already_open],
        closed=[
            key for key in dict.fromkeys(open_keys) if key not in by_key and _covers(key, covered, scope, memories)
        ],
    )


def _covers(key: IssueKey, covered: Collection[str], scope: Scope, memories: Mapping[str, RegionMemory]) -> bool:
    """Tell whether an answer would show the issue if it were still there."""
    if key.event_id is None:
        return True
    if key.event_id not in covered:
        return False
    if key.market_key is not None and not scope.asks_market(key.market_key):
        return False
    if key.bookmaker_key is None:
        return True
    if key.issue_type is IssueType.BOOKMAKER_MISSING:
        return key.bookmaker_key in scope.bookmakers
    memory = memories.get(key.event_id, _NO_MEMORY)
    return memory.covers(scope, key.bookmaker_key)
