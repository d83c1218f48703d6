"""What rows look like as an Arrow table: the columns and their types, the same for no row and for many."""

from collections.abc import Iterable
from typing import Any

from analytics.optional import research_library

EVENTS = {
    "id": "string",
    "sport_key": "string",
    "home_team": "string",
    "away_team": "string",
    "commence_time": "instant",
    "first_commence_time": "instant",
    "scheduled_commence_time": "instant",
    "status": "string",
    "home_score": "int64",
    "away_score": "int64",
    "completed_at": "instant",
}
ODDS = {
    "event_id": "string",
    "bookmaker_key": "string",
    "market_key": "string",
    "outcome_name": "string",
    "description": "string",
    "price": "int64",
    "point": "float64",
    "odds_timestamp": "instant",
    "last_update": "instant",
    "seen_at": "instant",
    "is_valid": "bool",
    "source": "string",
}
CLOSING_LINES = {
    "event_id": "string",
    "sport_key": "string",
    "commence_time": "instant",
    "home_team": "string",
    "away_team": "string",
    "bookmaker_key": "string",
    "market_key": "string",
    "outcome_name": "string",
    "description": "string",
    "price": "int64",
    "point": "float64",
    "odds_timestamp": "instant",
    "seen_at": "instant",
    "is_valid": "bool",
    "source": "string",
}
BETS = {
    "number": "int64",
    "event_id": "string",
    "sport_key": "string",
    "home_team": "string",
    "away_team": "string",
    "commence_time": "instant",
    "decided_at": "instant",
    "tier": "string",
    "bookmaker_key": "string",
    "market_key": "string",
    "outcome_name": "string",
    "description": "string",
    "point": "float64",
    "price": "int64",
    "decimal_odds": "float64",
    "odds_timestamp": "instant",
    "seen_at": "instant",
    "quote_age_seconds": "float64",
    "source": "string",
    "rationale": "string",
    "combination": "int64",
    "probability": "float64",
    "fair_probability": "float64",
    "fair_decimal_odds": "float64",
    "edge": "float64",
    "stake": "float64",
    "bankroll": "float64",
    "grade": "string",
    "ungraded_because": "string",
    "settled_at": "instant",
    "profit": "float64",
    "closing_price": "int64",
    "closing_point": "float64",
    "closing_probability": "float64",
    "clv": "float64",
    "clv_by": "string",
}
EQUITY = {
    "day": "date32",
    "bankroll": "float64",
    "open_stakes": "float64",
    "profit": "float64",
    "bets": "int64",
    "drawdown": "float64",
}


def arrow_table(rows: Iterable[object], columns: dict[str, str]) -> Any:  # noqa: ANN401
    """Return rows as a `pyarrow.Table`, a column for each attribute; instants are UTC to the microsecond.

    Raises:
        ConfigurationError: pyarrow is not installed.
    """
    pyarrow = research_library("pyarrow")
    listed = list(rows)
    types = {kind: getattr(pyarrow, kind)() for kind in ("string", "int64", "float64", "date32")}
    types |= {"bool": pyarrow.bool_(), "instant": pyarrow.timestamp("us", tz="UTC")}
    return pyarrow.table(
        {
            name: pyarrow.array([getattr(row, name) for row in listed], types[kind])
            for name, kind in columns.items()
        }
    )
