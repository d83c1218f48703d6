"""Read the query of a request as the feed does, refusing what it refuses."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias, cast

from core.simulation.board import OddsFormat
from core.simulation.catalogue import BOOKMAKERS, FEATURED_MARKETS, REGIONS, is_market
from core.simulation.server_errors import invalid
from core.simulation.stamps import instant_of

Query: TypeAlias = Mapping[str, str]
DateFormat: TypeAlias = Literal["iso", "unix"]

_BOOKMAKERS_A_REGION = 10
_MOST_SCORE_DAYS = 3
_EVENT_ID = re.compile(r"[0-9a-zA-Z]{32}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_SWITCHES = {
    "includeLinks": "INVALID_INCLUDE_LINKS",
    "includeSids": "INVALID_INCLUDE_SIDS",
    "includeBetLimits": "INVALID_INCLUDE_BET_LIMITS",
    "includeMultipliers": "INVALID_INCLUDE_MULTIPLIERS",
    "includeRotationNumbers": "INVALID_INCLUDE_ROTATION_NUMBERS",
    "all": "INVALID_ALL_SPORTS_PARAM",
}


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events a request asks for; an empty filter asks for all."""

    event_ids: frozenset[str]
    commence_from: datetime | None
    commence_to: datetime | None

    @property
    def is_empty(self) -> bool:
        """Whether every event passes."""
        return not self.event_ids and self.commence_from is None and self.commence_to is None


@dataclass(frozen=True, slots=True)
class OddsRequest:
    """Which prices a request asks for, and how they are written."""

    markets: frozenset[str]
    bookmakers: frozenset[str]
    regions: tuple[str, ...]
    odds_format: OddsFormat

    @property
    def region_count(self) -> int:
        """How many regions are billed: ten bookmakers count as one region."""
        return -(-len(self.bookmakers) // _BOOKMAKERS_A_REGION) if self.bookmakers else len(self.regions)


def read_switches(query: Query) -> None:
    """Refuse a yes-or-no parameter that is neither `true` nor `false`."""
    for name, error_code in _SWITCHES.items():
        if query.get(name, "false") not in {"true", "false"}:
            raise invalid(error_code, f"Invalid {name} parameter: accepted are true and false")


def read_date_format(query: Query) -> DateFormat:
    """Return how instants are to be written."""
    return cast("DateFormat", _one_of(query, "dateFormat", ("iso", "unix"), "INVALID_DATE_FORMAT"))


def read_odds_request(query: Query, known_bookmakers: frozenset[str], *, featured_only: bool) -> OddsRequest:
    """Return what an odds request asks for.

    Args:
        query: Its parameters.
        known_bookmakers: Keys that pass, beside those of the feed's regions.
        featured_only: Whether the endpoint has the featured markets alone.
    """
    bookmakers = frozenset(_listed(query, "bookmakers"))
    regions = () if bookmakers else tuple(sorted(set(_listed(query, "regions"))))
    if not bookmakers and not regions:
        raise invalid("MISSING_REGION", "Missing regions or bookmakers key")
    _refuse(bookmakers - BOOKMAKERS - known_bookmakers, "INVALID_BOOKMAKERS", "Invalid bookmakers")
    _refuse([region for region in regions if region not in REGIONS], "INVALID_REGION", "Invalid regions")
    markets = frozenset(_listed(query, "markets") or ["h2h"])
    _refuse([market for market in markets if not is_market(market)], "INVALID_MARKET", "Invalid markets")
    if featured_only:
        _refuse(markets - FEATURED_MARKETS, "INVALID_MARKET", "Markets not supported by this endpoint")
    odds_format = _one_of(query, "oddsFormat", ("decimal", "american"), "INVALID_ODDS_FORMAT")
    return OddsRequest(markets, bookmakers, regions, cast("OddsFormat", odds_format))


def read_event_filter(query: Query) -> EventFilter:
    """Return which events are asked for."""
    event_ids = _listed(query, "eventIds")
    _refuse([key for key in event_ids if not _EVENT_ID.fullmatch(key)], "INVALID_EVENT_IDS", "Invalid event ids")
    commence_from = _instant(query, "commenceTimeFrom", "INVALID_COMMENCE_TIME_FROM")
    commence_to = _instant(query, "commenceTimeTo", "INVALID_COMMENCE_TIME_TO")
    if commence_from and commence_to and commence_to <= commence_from:
        raise invalid("INVALID_COMMENCE_TIME_RANGE", "commenceTimeTo must be later than commenceTimeFrom")
    return EventFilter(frozenset(event_ids), commence_from, commence_to)


def read_event_id(event_id: str) -> str:
    """Return the event id of a path."""
    if not _EVENT_ID.fullmatch(event_id):
        raise invalid("INVALID_EVENT_ID", "Invalid event id: it must have 32 characters")
    return event_id


def read_days_from(query: Query) -> int | None:
    """Return how many days of completed games are asked for; None for none."""
    text = query.get("daysFrom")
    if text is None:
        return None
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_SCORE_DAYS:
        message = f"Invalid daysFrom parameter: accepted are whole numbers from 1 to {_MOST_SCORE_DAYS}"
        raise invalid("INVALID_SCORES_DAYS_FROM", message)
    return int(text)


def _listed(query: Query, name: str) -> list[str]:
    return [part.strip() for part in query.get(name, "").split(",") if part.strip()]


def _refuse(wrong: Iterable[str], error_code: str, message: str) -> None:
    if names := sorted(wrong):
        raise invalid(error_code, f"{message}: {', '.join(names)}")


def _one_of(query: Query, name: str, accepted: tuple[str, ...], error_code: str) -> str:
    value = query.get(name, accepted[0])
    if value not in accepted:
        raise invalid(error_code, f"Invalid {name} parameter: accepted are {' and '.join(accepted)}")
    return value


def _instant(query: Query, name: str, error_code: str) -> datetime | None:
    text = query.get(name)
    if text is None:
        return None
    try:
        if _INSTANT.fullmatch(text):
            return instant_of(text)
    except ValueError:
        pass
    raise invalid(error_code, f"Invalid {name} parameter: the format is YYYY-MM-DDTHH:MM:SSZ")
