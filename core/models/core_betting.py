"""The schema `core_betting`: clean events, selections and quotes."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Double,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import SQLModel

from core.models.columns import column, identity, instant

SCHEMA = "core_betting"


class Event(SQLModel, table=True):
    """One game, or one outright competition, by the feed's id."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_sport_key_commence_time", "sport_key", "commence_time"),
        Index(
            "ix_events_open",
            "sport_key",
            "commence_time",
            postgresql_where=text("status IN ('scheduled', 'postponed', 'live')"),
        ),
        Index("ix_events_scheduled_commence_time", "scheduled_commence_time"),
        {"schema": SCHEMA, "comment": "Every event that the feed has listed, with its status and result."},
    )

    id: str = column("The feed's id of the event.", sa_type=Text, primary_key=True)
    sport_key: str = column("The feed's key of the sport.", sa_type=Text)
    sport_title: str = column("The sport's name.", sa_type=Text)
    home_team: str | None = column("Home team; empty for outrights.", sa_type=Text, nullable=True)
    away_team: str | None = column("Away team; empty for outrights.", sa_type=Text, nullable=True)
    commence_time: datetime = instant("Start as the feed last gave it (UTC).")
    commence_time_seen_at: datetime = instant("When the feed last gave a start (UTC, to the hour).")
    first_commence_time: datetime = instant("Start as the feed gave it first (UTC).")
    scheduled_commence_time: datetime = instant("Start as the feed last gave it before it had passed (UTC).")
    status: str = column("scheduled, live, final, cancelled or postponed.", sa_type=Text)
    status_reason: str = column("Why the status is what it is.", sa_type=Text)
    status_changed_at: datetime = instant("When the status last changed (UTC).")
    home_score: int | None = column("Home team's final or latest score.", nullable=True)
    away_score: int | None = column("Away team's final or latest score.", nullable=True)
    completed_at: datetime | None = instant("When the result was first seen (UTC).", nullable=True)
    first_seen_at: datetime = instant("When the feed first listed it (UTC).")
    last_listed_at: datetime = instant("When the feed last listed it (UTC, to the hour).")
    absent_looks: int = column("Consecutive looks at the events list without it.", sa_type=SmallInteger)
    absent_since: datetime | None = instant("The first of those looks (UTC).", nullable=True)


class CommenceTimeChange(SQLModel, table=True):
    """One start of an event, from the moment the feed gave it."""

    __tablename__ = "commence_time_changes"
    __table_args__ = (
        {
            "schema": SCHEMA,
            "comment": "Every start that the feed has given for an event, from when it was first seen.",
        },
    )

    event_id: str = column("The event.", sa_type=Text, primary_key=True, foreign_key="core_betting.events.id")
    seen_at: datetime = instant("When this start was first seen (UTC).", primary_key=True)
    commence_time: datetime = instant("The start given from then on (UTC).")


class EventStatusChange(SQLModel, table=True):
    """One change of an event's status or result."""

    __tablename__ = "event_status_changes"
    __table_args__ = (
        {
            "schema": SCHEMA,
            "comment": "Every change of an event's status or result, with its reason; never rewritten.",
        },
    )

    id: int | None = identity("Number of the change.", BigInteger)
    event_id: str = column("The event.", sa_type=Text, foreign_key="core_betting.events.id", index=True)
    changed_at: datetime = instant("When it changed (UTC).")
    status: str = column("The status from then on.", sa_type=Text)
    home_score: int | None = column("Home team's score from then on.", nullable=True)
    away_score: int | None = column("Away team's score from then on.", nullable=True)
    reason: str = column("What told us.", sa_type=Text)


class Bookmaker(SQLModel, table=True):
    """A bookmaker that the feed has listed."""

    __tablename__ = "bookmakers"
    __table_args__ = ({"schema": SCHEMA, "comment": "Every bookmaker that the feed has listed."},)

    key: str = column("The feed's key of the bookmaker.", sa_type=Text, primary_key=True)
    title: str = column("The bookmaker's name.", sa_type=Text)
    first_seen_at: datetime = instant("When it was first listed (UTC).")


class Selection(SQLModel, table=True):
    """One outcome at one bookmaker for one event, and the line where a market lists several at once."""

    __tablename__ = "selections"
    __table_args__ = (
        UniqueConstraint(
            "event_id",
            "source",
            "bookmaker_key",
            "market_key",
            "outcome_name",
            "description",
            "line",
            name="uq_selections_identity",
            postgresql_nulls_not_distinct=True,
        ),
        {"schema": SCHEMA, "comment": "What can be bet on: an outcome at a bookmaker for an event, by source."},
    )

    id: int | None = identity("Number of the selection.", Integer)
    line: float | None = column(
        "The point, where a market lists several lines at once; else empty.", sa_type=Double, nullable=True
    )
    event_id: str = column("The event.", sa_type=Text, foreign_key="core_betting.events.id")
    source: str = column("live, historical or import: each source has rows of its own.", sa_type=Text)
    bookmaker_key: str = column("The bookmaker.", sa_type=Text, foreign_key="core_betting.bookmakers.key")
    market_key: str = column("The market.", sa_type=Text)
    outcome_name: str = column("The outcome: a team, Draw, Over, Under …", sa_type=Text)
    description: str | None = column("Whom a prop is about.", sa_type=Text, nullable=True)


class Quote(SQLModel, table=True):
    """A price from the instant it changed."""

    __tablename__ = "quotes"
    __table_args__ = (
        PrimaryKeyConstraint("selection_id", "odds_timestamp"),
        {"schema": SCHEMA, "comment": "One row per change of a selection's price or point."},
    )

    snapshot_id: int = column(
        "The snapshot that brought the change.", sa_type=BigInteger, foreign_key="raw_data.odds_snapshots.id"
    )
    odds_timestamp: datetime = instant("When we received the change (UTC).", primary_key=True)
    last_update: datetime | None = instant(
        "When the feed had last refreshed the market (UTC); not when the price changed.", nullable=True
    )
    selection_id: int = column(
        "The selection.", sa_type=Integer, primary_key=True, foreign_key="core_betting.selections.id"
    )
    price: int | None = column("American odds; empty when the bookmaker withdrew the selection.", nullable=True)
    point: float | None = column("Handicap of the backed team, or the total.", sa_type=Double, nullable=True)
    validation_notes: str | None = column(
        "Why the quote is invalid; empty when it is valid.", sa_type=Text, nullable=True
    )


class EventBookmakerRegion(SQLModel, table=True):
    """The first time that a request for a region brought a bookmaker for an event."""

    __tablename__ = "event_bookmaker_regions"
    __table_args__ = (
        {
            "schema": SCHEMA,
            "comment": "When a request by region first brought a bookmaker: what later ones prove absent.",
        },
    )

    event_id: str = column("The event.", sa_type=Text, primary_key=True, foreign_key="core_betting.events.id")
    source: str = column("live, historical or import.", sa_type=Text, primary_key=True)
    region: str = column("The region asked for.", sa_type=Text, primary_key=True)
    bookmaker_key: str = column(
        "The bookmaker.", sa_type=Text, primary_key=True, foreign_key="core_betting.bookmakers.key"
    )
    first_seen_at: datetime = instant("The first such snapshot (UTC).")
