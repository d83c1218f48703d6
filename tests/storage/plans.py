"""What Postgres would do to answer a query."""

from collections.abc import Iterator
from typing import Any


def read_whole(plan: Any) -> set[str]:
    """Return the tables that a plan reads from end to end."""
    found = {plan["Relation Name"]} if plan["Node Type"] == "Seq Scan" else set()
    return found.union(*(read_whole(part) for part in plan.get("Plans", ())))


def scans_of(plan: Any, table: str) -> Iterator[Any]:
    """Yield the parts of a plan that read a table."""
    if plan.get("Relation Name") == table:
        yield plan
    for part in plan.get("Plans", ()):
        yield from scans_of(part, table)
