"""The schema `raw_data`: what came from outside, verbatim and append-only."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, JSON, REAL, BigInteger, Index, LargeBinary, SmallInteger, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import SQLModel

from core.models.columns import column, identity, instant

SCHEMA = "raw_data"


class RequestScope(SQLModel, table=True):
    """A distinct combination of markets and bookmakers or regions that was asked for."""

    __tablename__ = "request_scopes"
    __table_args__ = (
        UniqueConstraint("markets", "bookmakers", "regions", name="uq_request_scopes_identity"),
        {"schema": SCHEMA, "comment": "Each distinct combination of markets, bookmakers and regions asked for."},
    )

    id: int | None = identity("Number of the scope.", SmallInteger)
    markets: list[str] = column("Market keys asked for, sorted.", sa_type=ARRAY(Text))
    bookmakers: list[str] = column(
        "Bookmaker keys asked for, sorted; empty when regions were.", sa_type=ARRAY(Text)
    )
    regions: list[str] = column("Regions asked for, sorted; empty when bookmakers were.", sa_type=ARRAY(Text))


class ApiResponse(SQLModel, table=True):
    """One call to the feed and what came back, without the key."""

    __tablename__ = "api_responses"
    __table_args__ = (
        Index("ix_api_responses_endpoint_received_at", "endpoint", "received_at"),
        {
            "schema": SCHEMA,
            "comment": "One row per answered call to the feed; the body itself when it could not be read.",
        },
    )

    id: int | None = identity("Number of the call.")
    job_run_id: int | None = column(
        "The run that made the call.", sa_type=BigInteger, foreign_key="operational.job_runs.id", nullable=True
    )
    received_at: datetime = instant("When the answer had been received (UTC).", index=True)
    duration_ms: float = column("From request to the end of the answer, in milliseconds.", sa_type=REAL)
    status: int = column("HTTP status.", sa_type=SmallInteger)
    byte_count: int = column("Length of the decompressed body, in bytes.")
    endpoint: str = column("Path of the call, without its query.", sa_type=Text)
    parameters: dict[str, Any] = column("Query parameters, without the key.", sa_type=JSONB)
    headers: dict[str, Any] = column("Headers of the answer that are safe to keep.", sa_type=JSONB)
    sha256: bytes = column("SHA-256 of the decompressed body.", sa_type=LargeBinary)
    error: str | None = column(
        "Why the answer could not be used; empty when it could.", sa_type=Text, nullable=True
    )
    body: bytes | None = column(
        "The body, compressed with zlib, where it could not be read into snapshots.",
        sa_type=LargeBinary,
        nullable=True,
    )


class OddsSnapshot(SQLModel, table=True):
    """One event as one answer gave it."""

    __tablename__ = "odds_snapshots"
    __table_args__ = (
        UniqueConstraint("snapshot_time", "event_id", "source", name="uq_odds_snapshots_identity"),
        Index("ix_odds_snapshots_event_id_scope_id_snapshot_time", "event_id", "scope_id", "snapshot_time"),
        {
            "schema": SCHEMA,
            "comment": "One row per event and answer: the event's JSON as received, and what was asked for.",
        },
    )

    id: int | None = identity("Number of the snapshot.")
    snapshot_time: datetime = instant("When the answer was received (UTC); what we knew, we knew from then on.")
    commence_time: datetime = instant(
        "The start as this answer gave it (UTC); not after snapshot_time means in play."
    )
    job_run_id: int | None = column(
        "The run that fetched it.", sa_type=BigInteger, foreign_key="operational.job_runs.id", nullable=True
    )
    newest_last_update: datetime | None = instant("The newest last_update it lists (UTC).", nullable=True)
    hours_until_commence: float = column("Hours from snapshot_time to commence_time.", sa_type=REAL)
    scope_id: int = column("What was asked for.", sa_type=SmallInteger, foreign_key="raw_data.request_scopes.id")
    bookmaker_count: int = column("How many bookmakers the answer listed for the event.", sa_type=SmallInteger)
    event_id: str = column("The event, by the feed's id.", sa_type=Text, foreign_key="core_betting.events.id")
    source: str = column("Where it comes from: live, historical or import.", sa_type=Text)
    fetch_tier: str = column("The sampling tier of this event at snapshot_time.", sa_type=Text)
    validation: str = column("What was done with invalid quotes: off, mark or reject.", sa_type=Text)
    listing_digest: bytes = column(
        "Digest of the prices listed, to tell an unchanged listing.", sa_type=LargeBinary
    )
    raw_data: Any = column("The event's JSON object as received.", sa_type=JSON)
