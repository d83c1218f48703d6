"""The tables, views and functions of collecting."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.migrations import run_versioned_sql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA_COMMENTS = {
    "raw_data": "What came from outside, verbatim and append-only.",
    "core_betting": "Clean events, selections and quotes.",
    "analytics": "What is derived from them.",
    "operational": "Runs, calls, credits and data quality.",
}
IN_ORDER = (
    "asked_market_v1",
    "odds_v1",
    "odds_at_v1",
    "opening_lines_v1",
    "closing_lines_v1",
    "line_movement_v1",
    "best_odds_v1",
)
VIEWS = (
    "analytics.best_odds",
    "analytics.line_movement",
    "analytics.closing_lines",
    "analytics.opening_lines",
    "core_betting.odds",
)
FUNCTIONS = ("core_betting.odds_at(text, timestamptz, text[])", "core_betting.asked_market(text)")


def upgrade() -> None:
    op.create_table(
        "bookmakers",
        sa.Column("key", sa.Text(), nullable=False, comment="The feed's key of the bookmaker."),
        sa.Column("title", sa.Text(), nullable=False, comment="The bookmaker's name."),
        sa.Column(
            "first_seen_at", sa.DateTime(timezone=True), nullable=False, comment="When it was first listed (UTC)."
        ),
        sa.PrimaryKeyConstraint("key"),
        schema="core_betting",
        comment="Every bookmaker that the feed has listed.",
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Text(), nullable=False, comment="The feed's id of the event."),
        sa.Column("sport_key", sa.Text(), nullable=False, comment="The feed's key of the sport."),
        sa.Column("sport_title", sa.Text(), nullable=False, comment="The sport's name."),
        sa.Column("home_team", sa.Text(), nullable=True, comment="Home team; empty for outrights."),
        sa.Column("away_team", sa.Text(), nullable=True, comment="Away team; empty for outrights."),
        sa.Column(
            "commence_time",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Start as the feed last gave it (UTC).",
        ),
        sa.Column(
            "commence_time_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the feed last gave a start (UTC, to the hour).",
        ),
        sa.Column(
            "first_commence_time",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Start as the feed gave it first (UTC).",
        ),
        sa.Column(
            "scheduled_commence_time",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Start as the feed last gave it before it had passed (UTC).",
        ),
        sa.Column("status", sa.Text(), nullable=False, comment="scheduled, live, final, cancelled or postponed."),
        sa.Column("status_reason", sa.Text(), nullable=False, comment="Why the status is what it is."),
        sa.Column(
            "status_changed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the status last changed (UTC).",
        ),
        sa.Column("home_score", sa.Integer(), nullable=True, comment="Home team's final or latest score."),
        sa.Column("away_score", sa.Integer(), nullable=True, comment="Away team's final or latest score."),
        sa.Column(
            "completed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the result was first seen (UTC).",
        ),
        sa.Column(
            "first_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the feed first listed it (UTC).",
        ),
        sa.Column(
            "last_listed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the feed last listed it (UTC, to the hour).",
        ),
        sa.Column(
            "absent_looks",
            sa.SmallInteger(),
            nullable=False,
            comment="Consecutive looks at the events list without it.",
        ),
        sa.Column(
            "absent_since", sa.DateTime(timezone=True), nullable=True, comment="The first of those looks (UTC)."
        ),
        sa.PrimaryKeyConstraint("id"),
        schema="core_betting",
        comment="Every event that the feed has listed, with its status and result.",
    )
    op.create_index(
        "ix_events_sport_key_commence_time",
        "events",
        ["sport_key", "commence_time"],
        unique=False,
        schema="core_betting",
    )
    op.create_table(
        "job_runs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Number of the run."),
        sa.Column("job", sa.Text(), nullable=False, comment="fetch-odds, fetch-scores, update-status …"),
        sa.Column("sport_key", sa.Text(), nullable=False, comment="The sport it ran for."),
        sa.Column(
            "scheduled_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it was due (UTC); with job and sport, its slot.",
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False, comment="When it began (UTC)."),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True, comment="When it ended (UTC)."),
        sa.Column("outcome", sa.Text(), nullable=False, comment="running, stored, skipped or failed."),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why it ran, and why it ended as it did."),
        sa.Column(
            "attempt", sa.SmallInteger(), nullable=False, comment="Which attempt at the slot this is, from 1."
        ),
        sa.Column("tier", sa.Text(), nullable=True, comment="The sampling tier it was planned for."),
        sa.Column(
            "next_run_at", sa.DateTime(timezone=True), nullable=True, comment="When the job is due next (UTC)."
        ),
        sa.Column("next_run_reason", sa.Text(), nullable=True, comment="Why then."),
        sa.Column("next_run_tier", sa.Text(), nullable=True, comment="The tier of the next run."),
        sa.Column("credits_before", sa.BigInteger(), nullable=True, comment="Credits left before the run."),
        sa.Column("credits_after", sa.BigInteger(), nullable=True, comment="Credits left after the run."),
        sa.Column(
            "report", postgresql.JSONB(astext_type=sa.Text()), nullable=True, comment="What the run counted."
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("job", "sport_key", "scheduled_at", name="uq_job_runs_slot"),
        schema="operational",
        comment="Every run of every job: when it was due, how it ended, and what it planned next.",
    )
    op.create_index("ix_job_runs_started_at", "job_runs", ["started_at"], unique=False, schema="operational")
    op.create_table(
        "request_scopes",
        sa.Column(
            "id", sa.SmallInteger(), sa.Identity(always=False), nullable=False, comment="Number of the scope."
        ),
        sa.Column("markets", sa.ARRAY(sa.Text()), nullable=False, comment="Market keys asked for, sorted."),
        sa.Column(
            "bookmakers",
            sa.ARRAY(sa.Text()),
            nullable=False,
            comment="Bookmaker keys asked for, sorted; empty when regions were.",
        ),
        sa.Column(
            "regions",
            sa.ARRAY(sa.Text()),
            nullable=False,
            comment="Regions asked for, sorted; empty when bookmakers were.",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("markets", "bookmakers", "regions", name="uq_request_scopes_identity"),
        schema="raw_data",
        comment="Each distinct combination of markets, bookmakers and regions asked for.",
    )
    op.create_table(
        "commence_time_changes",
        sa.Column("event_id", sa.Text(), nullable=False, comment="The event."),
        sa.Column(
            "seen_at", sa.DateTime(timezone=True), nullable=False, comment="When this start was first seen (UTC)."
        ),
        sa.Column(
            "commence_time",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="The start given from then on (UTC).",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["core_betting.events.id"],
        ),
        sa.PrimaryKeyConstraint("event_id", "seen_at"),
        schema="core_betting",
        comment="Every start that the feed has given for an event, from when it was first seen.",
    )
    op.create_table(
        "event_bookmaker_regions",
        sa.Column("event_id", sa.Text(), nullable=False, comment="The event."),
        sa.Column("source", sa.Text(), nullable=False, comment="live, historical or import."),
        sa.Column("region", sa.Text(), nullable=False, comment="The region asked for."),
        sa.Column("bookmaker_key", sa.Text(), nullable=False, comment="The bookmaker."),
        sa.Column(
            "first_seen_at", sa.DateTime(timezone=True), nullable=False, comment="The first such snapshot (UTC)."
        ),
        sa.ForeignKeyConstraint(
            ["bookmaker_key"],
            ["core_betting.bookmakers.key"],
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["core_betting.events.id"],
        ),
        sa.PrimaryKeyConstraint("event_id", "source", "region", "bookmaker_key"),
        schema="core_betting",
        comment="When a request by region first brought a bookmaker: what later ones prove absent.",
    )
    op.create_table(
        "event_status_changes",
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Number of the change."
        ),
        sa.Column("event_id", sa.Text(), nullable=False, comment="The event."),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False, comment="When it changed (UTC)."),
        sa.Column("status", sa.Text(), nullable=False, comment="The status from then on."),
        sa.Column("home_score", sa.Integer(), nullable=True, comment="Home team's score from then on."),
        sa.Column("away_score", sa.Integer(), nullable=True, comment="Away team's score from then on."),
        sa.Column("reason", sa.Text(), nullable=False, comment="What told us."),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["core_betting.events.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        schema="core_betting",
        comment="Every change of an event's status or result, with its reason; never rewritten.",
    )
    op.create_index(
        op.f("ix_core_betting_event_status_changes_event_id"),
        "event_status_changes",
        ["event_id"],
        unique=False,
        schema="core_betting",
    )
    op.create_table(
        "selections",
        sa.Column(
            "id", sa.Integer(), sa.Identity(always=False), nullable=False, comment="Number of the selection."
        ),
        sa.Column(
            "line",
            sa.Double(),
            nullable=True,
            comment="The point, where a market lists several lines at once; else empty.",
        ),
        sa.Column("event_id", sa.Text(), nullable=False, comment="The event."),
        sa.Column(
            "source",
            sa.Text(),
            nullable=False,
            comment="live, historical or import: each source has rows of its own.",
        ),
        sa.Column("bookmaker_key", sa.Text(), nullable=False, comment="The bookmaker."),
        sa.Column("market_key", sa.Text(), nullable=False, comment="The market."),
        sa.Column("outcome_name", sa.Text(), nullable=False, comment="The outcome: a team, Draw, Over, Under …"),
        sa.Column("description", sa.Text(), nullable=True, comment="Whom a prop is about."),
        sa.ForeignKeyConstraint(
            ["bookmaker_key"],
            ["core_betting.bookmakers.key"],
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["core_betting.events.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint(
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
        schema="core_betting",
        comment="What can be bet on: an outcome at a bookmaker for an event, by source.",
    )
    op.create_table(
        "credit_ledger",
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Number of the entry."
        ),
        sa.Column("job_run_id", sa.BigInteger(), nullable=True, comment="The run."),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the answer was received (UTC).",
        ),
        sa.Column("endpoint", sa.Text(), nullable=False, comment="Path of the call."),
        sa.Column("expected", sa.Integer(), nullable=False, comment="Credits the call was expected to cost."),
        sa.Column("charged", sa.Integer(), nullable=True, comment="Credits the answer said it cost."),
        sa.Column("remaining", sa.BigInteger(), nullable=True, comment="Credits the answer said were left."),
        sa.Column(
            "used", sa.BigInteger(), nullable=True, comment="Credits the answer said were used since the reset."
        ),
        sa.ForeignKeyConstraint(
            ["job_run_id"],
            ["operational.job_runs.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        schema="operational",
        comment="Credits by call: what was expected, what was charged, what is left.",
    )
    op.create_index(
        op.f("ix_operational_credit_ledger_recorded_at"),
        "credit_ledger",
        ["recorded_at"],
        unique=False,
        schema="operational",
    )
    op.create_table(
        "data_quality_logs",
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Number of the issue."
        ),
        sa.Column("job_run_id", sa.BigInteger(), nullable=True, comment="The run that found it."),
        sa.Column(
            "opened_at", sa.DateTime(timezone=True), nullable=False, comment="When it was first seen (UTC)."
        ),
        sa.Column(
            "closed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was first seen to be gone (UTC).",
        ),
        sa.Column("severity", sa.Text(), nullable=False, comment="info, warning or error."),
        sa.Column("issue_type", sa.Text(), nullable=False, comment="What kind of issue."),
        sa.Column("sport_key", sa.Text(), nullable=False, comment="The sport."),
        sa.Column("event_id", sa.Text(), nullable=True, comment="The event, where it concerns one."),
        sa.Column("bookmaker_key", sa.Text(), nullable=True, comment="The bookmaker, where it concerns one."),
        sa.Column("market_key", sa.Text(), nullable=True, comment="The market, where it concerns one."),
        sa.Column("outcome_name", sa.Text(), nullable=True, comment="The outcome, where it concerns one."),
        sa.Column(
            "outcome_description",
            sa.Text(),
            nullable=True,
            comment="Whom the prop is about, where it concerns one.",
        ),
        sa.Column(
            "path",
            sa.Text(),
            nullable=True,
            comment="Where in the answer, for parts that could not be read.",
        ),
        sa.Column("description", sa.Text(), nullable=False, comment="What is wrong, with the figures."),
        sa.Column("raw_fragment", sa.Text(), nullable=True, comment="The part of the answer that it is about."),
        sa.ForeignKeyConstraint(
            ["job_run_id"],
            ["operational.job_runs.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        schema="operational",
        comment="Issues with the data: one row per issue, from when it opened to when it closed.",
    )
    op.create_index(
        "ix_data_quality_logs_open",
        "data_quality_logs",
        ["event_id"],
        unique=False,
        schema="operational",
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_data_quality_logs_opened_at", "data_quality_logs", ["opened_at"], unique=False, schema="operational"
    )
    op.create_table(
        "fetch_logs",
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Number of the entry."
        ),
        sa.Column("job_run_id", sa.BigInteger(), nullable=True, comment="The run."),
        sa.Column(
            "fetched_at", sa.DateTime(timezone=True), nullable=False, comment="When the answer was received (UTC)."
        ),
        sa.Column("sport_key", sa.Text(), nullable=False, comment="The sport."),
        sa.Column("source", sa.Text(), nullable=False, comment="live, historical or import."),
        sa.Column("event_count", sa.Integer(), nullable=False, comment="Events listed."),
        sa.Column(
            "in_play_count",
            sa.Integer(),
            nullable=False,
            comment="Events already in play, whose prices were left out.",
        ),
        sa.Column(
            "snapshot_count",
            sa.Integer(),
            nullable=False,
            comment="Snapshots stored: fewer than events when some were there already.",
        ),
        sa.Column("quotes_seen", sa.Integer(), nullable=False, comment="Quotes of events not yet started."),
        sa.Column("quotes_stored", sa.Integer(), nullable=False, comment="Rows stored: changes and withdrawals."),
        sa.Column(
            "malformed_count", sa.Integer(), nullable=False, comment="Parts of the answer that were set aside."
        ),
        sa.Column("issues_opened", sa.Integer(), nullable=False, comment="Issues with the data that were new."),
        sa.Column("issues_closed", sa.Integer(), nullable=False, comment="Issues with the data that were gone."),
        sa.ForeignKeyConstraint(
            ["job_run_id"],
            ["operational.job_runs.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        schema="operational",
        comment="One row per stored odds answer: what it listed and what was new.",
    )
    op.create_index(
        op.f("ix_operational_fetch_logs_fetched_at"),
        "fetch_logs",
        ["fetched_at"],
        unique=False,
        schema="operational",
    )
    op.create_table(
        "api_responses",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Number of the call."),
        sa.Column("job_run_id", sa.BigInteger(), nullable=True, comment="The run that made the call."),
        sa.Column(
            "received_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the answer had been received (UTC).",
        ),
        sa.Column(
            "duration_ms",
            sa.REAL(),
            nullable=False,
            comment="From request to the end of the answer, in milliseconds.",
        ),
        sa.Column("status", sa.SmallInteger(), nullable=False, comment="HTTP status."),
        sa.Column(
            "byte_count", sa.Integer(), nullable=False, comment="Length of the decompressed body, in bytes."
        ),
        sa.Column("endpoint", sa.Text(), nullable=False, comment="Path of the call, without its query."),
        sa.Column(
            "parameters",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="Query parameters, without the key.",
        ),
        sa.Column(
            "headers",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="Headers of the answer that are safe to keep.",
        ),
        sa.Column("sha256", sa.LargeBinary(), nullable=False, comment="SHA-256 of the decompressed body."),
        sa.Column(
            "error", sa.Text(), nullable=True, comment="Why the answer could not be used; empty when it could."
        ),
        sa.Column(
            "body",
            sa.LargeBinary(),
            nullable=True,
            comment="The body, compressed with zlib, where it could not be read into snapshots.",
        ),
        sa.ForeignKeyConstraint(
            ["job_run_id"],
            ["operational.job_runs.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        schema="raw_data",
        comment="One row per answered call to the feed; the body itself when it could not be read.",
    )
    op.create_index(
        op.f("ix_raw_data_api_responses_received_at"),
        "api_responses",
        ["received_at"],
        unique=False,
        schema="raw_data",
    )
    op.create_table(
        "odds_snapshots",
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Number of the snapshot."
        ),
        sa.Column(
            "snapshot_time",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the answer was received (UTC); what we knew, we knew from then on.",
        ),
        sa.Column(
            "commence_time",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="The start as this answer gave it (UTC); not after snapshot_time means in play.",
        ),
        sa.Column("job_run_id", sa.BigInteger(), nullable=True, comment="The run that fetched it."),
        sa.Column(
            "newest_last_update",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="The newest last_update it lists (UTC).",
        ),
        sa.Column(
            "hours_until_commence", sa.REAL(), nullable=False, comment="Hours from snapshot_time to commence_time."
        ),
        sa.Column("scope_id", sa.SmallInteger(), nullable=False, comment="What was asked for."),
        sa.Column(
            "bookmaker_count",
            sa.SmallInteger(),
            nullable=False,
            comment="How many bookmakers the answer listed for the event.",
        ),
        sa.Column("event_id", sa.Text(), nullable=False, comment="The event, by the feed's id."),
        sa.Column("source", sa.Text(), nullable=False, comment="Where it comes from: live, historical or import."),
        sa.Column(
            "fetch_tier", sa.Text(), nullable=False, comment="The sampling tier of this event at snapshot_time."
        ),
        sa.Column(
            "validation",
            sa.Text(),
            nullable=False,
            comment="What was done with invalid quotes: off, mark or reject.",
        ),
        sa.Column(
            "listing_digest",
            sa.LargeBinary(),
            nullable=False,
            comment="Digest of the prices listed, to tell an unchanged listing.",
        ),
        sa.Column("raw_data", sa.JSON(), nullable=False, comment="The event's JSON object as received."),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["core_betting.events.id"],
        ),
        sa.ForeignKeyConstraint(
            ["job_run_id"],
            ["operational.job_runs.id"],
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"],
            ["raw_data.request_scopes.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("snapshot_time", "event_id", "source", name="uq_odds_snapshots_identity"),
        schema="raw_data",
        comment="One row per event and answer: the event's JSON as received, and what was asked for.",
    )
    op.create_index(
        "ix_odds_snapshots_event_id_scope_id_snapshot_time",
        "odds_snapshots",
        ["event_id", "scope_id", "snapshot_time"],
        unique=False,
        schema="raw_data",
    )
    op.create_table(
        "quotes",
        sa.Column("snapshot_id", sa.BigInteger(), nullable=False, comment="The snapshot that brought the change."),
        sa.Column(
            "odds_timestamp",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When we received the change (UTC).",
        ),
        sa.Column(
            "last_update",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the feed had last refreshed the market (UTC); not when the price changed.",
        ),
        sa.Column("selection_id", sa.Integer(), nullable=False, comment="The selection."),
        sa.Column(
            "price",
            sa.Integer(),
            nullable=True,
            comment="American odds; empty when the bookmaker withdrew the selection.",
        ),
        sa.Column("point", sa.Double(), nullable=True, comment="Handicap of the backed team, or the total."),
        sa.Column(
            "validation_notes",
            sa.Text(),
            nullable=True,
            comment="Why the quote is invalid; empty when it is valid.",
        ),
        sa.ForeignKeyConstraint(
            ["selection_id"],
            ["core_betting.selections.id"],
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["raw_data.odds_snapshots.id"],
        ),
        sa.PrimaryKeyConstraint("selection_id", "odds_timestamp"),
        schema="core_betting",
        comment="One row per change of a selection's price or point.",
    )
    # Raw JSON is read by rebuilds only: kept out of line, it leaves the rows that reads pass over narrow.
    op.execute("ALTER TABLE raw_data.odds_snapshots SET (toast_tuple_target = 128)")
    for schema, comment in SCHEMA_COMMENTS.items():
        op.execute(f"COMMENT ON SCHEMA {schema} IS '{comment}'")
    for name in IN_ORDER:
        run_versioned_sql(op.get_bind(), name)


def downgrade() -> None:
    for view in VIEWS:
        op.execute(f"DROP VIEW {view}")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    op.drop_table("quotes", schema="core_betting")
    op.drop_index(
        "ix_odds_snapshots_event_id_scope_id_snapshot_time", table_name="odds_snapshots", schema="raw_data"
    )
    op.drop_table("odds_snapshots", schema="raw_data")
    op.drop_index(op.f("ix_raw_data_api_responses_received_at"), table_name="api_responses", schema="raw_data")
    op.drop_table("api_responses", schema="raw_data")
    op.drop_index(op.f("ix_operational_fetch_logs_fetched_at"), table_name="fetch_logs", schema="operational")
    op.drop_table("fetch_logs", schema="operational")
    op.drop_index("ix_data_quality_logs_opened_at", table_name="data_quality_logs", schema="operational")
    op.drop_index(
        "ix_data_quality_logs_open",
        table_name="data_quality_logs",
        schema="operational",
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_table("data_quality_logs", schema="operational")
    op.drop_index(
        op.f("ix_operational_credit_ledger_recorded_at"), table_name="credit_ledger", schema="operational"
    )
    op.drop_table("credit_ledger", schema="operational")
    op.drop_table("selections", schema="core_betting")
    op.drop_index(
        op.f("ix_core_betting_event_status_changes_event_id"),
        table_name="event_status_changes",
        schema="core_betting",
    )
    op.drop_table("event_status_changes", schema="core_betting")
    op.drop_table("event_bookmaker_regions", schema="core_betting")
    op.drop_table("commence_time_changes", schema="core_betting")
    op.drop_table("request_scopes", schema="raw_data")
    op.drop_index("ix_job_runs_started_at", table_name="job_runs", schema="operational")
    op.drop_table("job_runs", schema="operational")
    op.drop_index("ix_events_sport_key_commence_time", table_name="events", schema="core_betting")
    op.drop_table("events", schema="core_betting")
    op.drop_table("bookmakers", schema="core_betting")
