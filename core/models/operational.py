"""The schema `operational`: runs, calls, credits and quality."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, SmallInteger, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import SQLModel

from core.models.columns import column, identity, instant

SCHEMA = "operational"


class JobRun(SQLModel, table=True):
    """One run of a job: the ledger of what was planned and how it ended."""

    __tablename__ = "job_runs"
    __table_args__ = (
        UniqueConstraint("job", "sport_key", "scheduled_at", name="uq_job_runs_slot"),
        Index("ix_job_runs_started_at", "started_at"),
        Index("ix_job_runs_job_sport_key_started_at", "job", "sport_key", "started_at"),
        {
            "schema": SCHEMA,
            "comment": "Every run of every job: when it was due, how it ended, and what it planned next.",
        },
    )

    id: int | None = identity("Number of the run.")
    job: str = column("fetch-odds, fetch-scores, update-status …", sa_type=Text)
    sport_key: str = column("The sport it ran for.", sa_type=Text)
    scheduled_at: datetime = instant("When it was due (UTC); with job and sport, its slot.")
    started_at: datetime = instant("When it began (UTC).")
    finished_at: datetime | None = instant("When it ended (UTC).", nullable=True)
    outcome: str = column("running, stored, skipped or failed.", sa_type=Text)
    reason: str = column("Why it ran, and why it ended as it did.", sa_type=Text)
    attempt: int = column(
        "Which attempt at the slot this is, from 1; 0 where the run never began.", sa_type=SmallInteger
    )
    tier: str | None = column("The sampling tier it was planned for.", sa_type=Text, nullable=True)
    next_run_at: datetime | None = instant("When the job is due next (UTC).", nullable=True)
    next_run_reason: str | None = column("Why then.", sa_type=Text, nullable=True)
    next_run_tier: str | None = column("The tier of the next run.", sa_type=Text, nullable=True)
    credits_before: int | None = column("Credits left before the run.", sa_type=BigInteger, nullable=True)
    credits_after: int | None = column("Credits left after the run.", sa_type=BigInteger, nullable=True)
    report: dict[str, Any] | None = column("What the run counted.", sa_type=JSONB, nullable=True)


class JobLease(SQLModel, table=True):
    """Who may write for a job and a sport: one run at a time, by the number of its turn."""

    __tablename__ = "job_leases"
    __table_args__ = (
        {
            "schema": SCHEMA,
            "comment": "Which run may write for a job and a sport, and until when; one row for each.",
        },
    )

    job: str = column("The job.", sa_type=Text, primary_key=True)
    sport_key: str = column("The sport.", sa_type=Text, primary_key=True)
    generation: int = column("Counts the turns: a run whose turn is over writes nothing.", sa_type=BigInteger)
    job_run_id: int | None = column(
        "The run whose turn it is; empty between runs.",
        sa_type=BigInteger,
        foreign_key="operational.job_runs.id",
        nullable=True,
    )
    expires_at: datetime = instant("When the turn ends if the run does not end before (UTC).")


class CreditReservation(SQLModel, table=True):
    """Credits set aside for a call before it is made."""

    __tablename__ = "credit_reservations"
    __table_args__ = (
        Index("ix_credit_reservations_open", "reserved_at", postgresql_where=text("settled_at IS NULL")),
        {"schema": SCHEMA, "comment": "Credits set aside before a call, until its answer told the balance."},
    )

    id: int | None = identity("Number of the reservation.")
    job_run_id: int | None = column(
        "The run.", sa_type=BigInteger, foreign_key="operational.job_runs.id", nullable=True
    )
    reserved_at: datetime = instant("When they were set aside (UTC).")
    amount: int = column("How many credits.")
    settled_at: datetime | None = instant("When the call had ended (UTC).", nullable=True)


class FetchLog(SQLModel, table=True):
    """What one stored odds answer brought."""

    __tablename__ = "fetch_logs"
    __table_args__ = (
        Index("ix_fetch_logs_sport_key_fetched_at", "sport_key", "fetched_at"),
        {"schema": SCHEMA, "comment": "One row per stored odds answer: what it listed and what was new."},
    )

    id: int | None = identity("Number of the entry.")
    job_run_id: int | None = column(
        "The run.", sa_type=BigInteger, foreign_key="operational.job_runs.id", nullable=True
    )
    fetched_at: datetime = instant("When the answer was received (UTC).", index=True)
    sport_key: str = column("The sport.", sa_type=Text)
    source: str = column("live, historical or import.", sa_type=Text)
    event_count: int = column("Events listed.")
    in_play_count: int = column("Events already in play, whose prices were left out.")
    snapshot_count: int = column("Snapshots stored: fewer than events when some were there already.")
    quotes_seen: int = column("Quotes of events not yet started.")
    quotes_stored: int = column("Rows stored: changes and withdrawals.")
    malformed_count: int = column("Parts of the answer that were set aside.")
    issues_opened: int = column("Issues with the data that were new.")
    issues_closed: int = column("Issues with the data that were gone.")


class CreditEntry(SQLModel, table=True):
    """One call's price, and the balance that its answer told."""

    __tablename__ = "credit_ledger"
    __table_args__ = (
        {"schema": SCHEMA, "comment": "Credits by call: what was expected, what was charged, what is left."},
    )

    id: int | None = identity("Number of the entry.")
    job_run_id: int | None = column(
        "The run.", sa_type=BigInteger, foreign_key="operational.job_runs.id", nullable=True
    )
    recorded_at: datetime = instant("When the answer was received (UTC).", index=True)
    endpoint: str = column("Path of the call.", sa_type=Text)
    expected: int = column("Credits the call was expected to cost.")
    charged: int | None = column("Credits the answer said it cost.", nullable=True)
    remaining: int | None = column("Credits the answer said were left.", sa_type=BigInteger, nullable=True)
    used: int | None = column(
        "Credits the answer said were used since the reset.", sa_type=BigInteger, nullable=True
    )


class DataQualityLog(SQLModel, table=True):
    """One issue with the data, from when it opened to when it closed."""

    __tablename__ = "data_quality_logs"
    __table_args__ = (
        Index("ix_data_quality_logs_open", "event_id", postgresql_where=text("closed_at IS NULL")),
        Index("ix_data_quality_logs_opened_at", "opened_at"),
        {
            "schema": SCHEMA,
            "comment": "Issues with the data: one row per issue, from when it opened to when it closed.",
        },
    )

    id: int | None = identity("Number of the issue.")
    job_run_id: int | None = column(
        "The run that found it.", sa_type=BigInteger, foreign_key="operational.job_runs.id", nullable=True
    )
    opened_at: datetime = instant("When it was first seen (UTC).")
    closed_at: datetime | None = instant("When it was first seen to be gone (UTC).", nullable=True)
    severity: str = column("info, warning or error.", sa_type=Text)
    issue_type: str = column("What kind of issue.", sa_type=Text)
    sport_key: str = column("The sport.", sa_type=Text)
    event_id: str | None = column("The event, where it concerns one.", sa_type=Text, nullable=True)
    bookmaker_key: str | None = column("The bookmaker, where it concerns one.", sa_type=Text, nullable=True)
    market_key: str | None = column("The market, where it concerns one.", sa_type=Text, nullable=True)
    outcome_name: str | None = column("The outcome, where it concerns one.", sa_type=Text, nullable=True)
    outcome_description: str | None = column(
        "Whom the prop is about, where it concerns one.", sa_type=Text, nullable=True
    )
    path: str | None = column(
        "Where in the answer, for parts that could not be read.", sa_type=Text, nullable=True
    )
    description: str = column("What is wrong, with the figures.", sa_type=Text)
    raw_fragment: str | None = column("The part of the answer that it is about.", sa_type=Text, nullable=True)
