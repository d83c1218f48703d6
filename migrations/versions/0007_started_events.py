"""An index of events by their start, which finds the last ones at once, and what two columns really hold."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_INDEX = "ix_events_scheduled_commence_time"
_COMMENTS = (
    (
        ("operational", "job_runs", "attempt", sa.SmallInteger()),
        "Which attempt at the slot this is, from 1.",
        "Which attempt at the slot this is, from 1; 0 where the run never began.",
    ),
    (
        ("analytics", "backtest_bets", "grade", sa.Text()),
        "How it ended; empty while that is unknown.",
        "How it ended; empty where the result is unknown or does not grade it.",
    ),
)


def upgrade() -> None:
    op.create_index(_INDEX, "events", ["scheduled_commence_time"], unique=False, schema="core_betting")
    for (schema, table, column, kind), before, after in _COMMENTS:
        op.alter_column(table, column, existing_type=kind, existing_comment=before, comment=after, schema=schema)


def downgrade() -> None:
    for (schema, table, column, kind), before, after in _COMMENTS:
        op.alter_column(table, column, existing_type=kind, existing_comment=after, comment=before, schema=schema)
    op.drop_index(_INDEX, table_name="events", schema="core_betting")
