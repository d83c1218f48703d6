"""What a call to the feed costs, in credits, and what an answer's headers say of the account."""

from collections.abc import Mapping

from core.feed.values import CreditReading
from core.scope import Scope

EVENTS_COST = 0


def odds_cost(scope: Scope) -> int:
    """Return what one odds call costs: markets times regions, however many games it brings.

    >>> odds_cost(Scope.of(["h2h", "spreads", "totals"], regions=["us", "eu"]))
    6
    """
    return len(scope.markets) * scope.region_count


def event_odds_cost(scope: Scope, *, returned_markets: int | None = None) -> int:
    """Return what the odds of one event cost: the markets returned times regions; at most those asked.

    Args:
        scope: What is asked.
        returned_markets: Unique markets in the answer; None before the call, for the most that it can cost.
    """
    markets = len(scope.markets) if returned_markets is None else returned_markets
    return markets * scope.region_count


def scores_cost(days_from: int | None = None) -> int:
    """Return what one scores call costs: 1, or 2 when it asks for completed games too."""
    return 1 if days_from is None else 2


def read_credits(headers: Mapping[str, str]) -> CreditReading:
    """Return the account's credits from an answer's headers, whatever the case of their names."""
    lowered = {name.lower(): value for name, value in headers.items()}
    return CreditReading(*(_whole(lowered.get(f"x-requests-{field}")) for field in CreditReading._fields))


def _whole(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return int(text)
    except ValueError:
        return None
