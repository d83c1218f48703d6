"""Boards of quotes written by hand: what a test of a strategy or of the engine starts from."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.board_building import QuoteColumns, build_board
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.decisions import Decisions, Unmade
from analytics.backtesting.history import EventHistory, StartKnown, StatusKnown
from analytics.backtesting.values import BacktestEvent

TIP_OFF = datetime(2026, 1, 10, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Quoted(NamedTuple):
    """A quote in a few words; `seen` is how long before the decision it was last seen."""

    bookmaker_key: str
    market_key: str
    outcome_name: str
    price: int
    point: float | None = None
    description: str | None = None
    seen: timedelta = timedelta(minutes=10)
    is_valid: bool = True
    source: str = "live"


def all_made(events: Iterable[BacktestEvent]) -> Decisions:
    """Return decisions of which none is left out."""
    made = tuple(events)
    return Decisions(made, dict.fromkeys(Unmade, 0), frozenset(event.event_id for event in made))


def decision(number: int = 0, start: datetime = TIP_OFF, hours: float = 1, **changes: Any) -> BacktestEvent:
    """Return the decision about Celtics at Lakers, an hour before the start."""
    event = BacktestEvent(
        number=number,
        event_id=f"event{number}",
        sport_key="basketball_nba",
        home_team="Lakers",
        away_team="Celtics",
        commence_time=start,
        decided_at=start - hours * HOUR,
    )
    return event._replace(**changes)


def columns_of(decisions: Sequence[BacktestEvent], quotes: Iterable[Iterable[Quoted]]) -> QuoteColumns:
    """Return the quotes of each decision as columns."""
    rows = [(event, quote) for event, each in zip(decisions, quotes, strict=True) for quote in each]
    seen_at = [microseconds(event.decided_at - quote.seen) for event, quote in rows]
    return QuoteColumns(
        decision=[event.number for event, _ in rows],
        selection_id=range(len(rows)),
        bookmaker_key=[quote.bookmaker_key for _, quote in rows],
        market_key=[quote.market_key for _, quote in rows],
        outcome_name=[quote.outcome_name for _, quote in rows],
        description=[quote.description for _, quote in rows],
        price=[quote.price for _, quote in rows],
        point=[quote.point for _, quote in rows],
        odds_timestamp=seen_at,
        last_update=[None] * len(rows),
        seen_at=seen_at,
        is_valid=[quote.is_valid for _, quote in rows],
        source=[quote.source for _, quote in rows],
    )


def board_of(*quotes: Iterable[Quoted], decisions: Sequence[BacktestEvent] | None = None) -> OddsBoard:
    """Return a board with the quotes of each decision; the decisions are a day apart unless given."""
    made = decisions or [decision(number, TIP_OFF + number * 24 * HOUR) for number in range(len(quotes))]
    board, _ = build_board(made, columns_of(made, quotes))
    return board


def h2h(bookmaker_key: str, home: int, away: int, draw: int | None = None) -> list[Quoted]:
    """Return a bookmaker's moneyline."""
    sides = [("Lakers", home), ("Celtics", away), *([] if draw is None else [("Draw", draw)])]
    return [Quoted(bookmaker_key, "h2h", name, price) for name, price in sides]


def spread(bookmaker_key: str, point: float, home: int = -110, away: int = -110) -> list[Quoted]:
    """Return a bookmaker's spread, by the home team's handicap."""
    return [
        Quoted(bookmaker_key, "spreads", "Lakers", home, point),
        Quoted(bookmaker_key, "spreads", "Celtics", away, -point),
    ]


def total(bookmaker_key: str, point: float, over: int = -110, under: int = -110) -> list[Quoted]:
    """Return a bookmaker's total."""
    return [
        Quoted(bookmaker_key, "totals", "Over", over, point),
        Quoted(bookmaker_key, "totals", "Under", under, point),
    ]


def history_of(
    event: BacktestEvent, score: tuple[int, int] | None = None, *, ended_after: timedelta = 3 * HOUR
) -> EventHistory:
    """Return what became known of a decision's event: its start days before, and how it ended."""
    listed_at = event.commence_time - timedelta(days=5)
    statuses = [StatusKnown(listed_at, "scheduled", None, None)]
    if score is not None:
        statuses.append(StatusKnown(event.commence_time + ended_after, "final", *score))
    return EventHistory(
        event_id=event.event_id,
        sport_key=event.sport_key,
        home_team=event.home_team,
        away_team=event.away_team,
        starts=(StartKnown(listed_at, event.commence_time),),
        statuses=tuple(statuses),
    )


def season(**changes: Any) -> BacktestConfig:
    """Return a run over the winter in which these games are played."""
    return BacktestConfig.model_validate(
        {"start": datetime(2026, 1, 1, tzinfo=UTC), "end": datetime(2026, 6, 1, tzinfo=UTC), **changes}
    )


def microseconds(instant: datetime) -> int:
    """Return an instant as microseconds since 1970."""
    return (instant - EPOCH) // timedelta(microseconds=1)
