"""An index of the events that are not over: to plan takes as long in the tenth season as in the first."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NAME = "ix_events_open"


def upgrade() -> None:
    op.create_index(
        _NAME,
        "events",
        ["sport_key", "commence_time"],
        unique=False,
        schema="core_betting",
        postgresql_where=sa.text("status IN ('scheduled', 'postponed', 'live')"),
    )


def downgrade() -> None:
    op.drop_index(_NAME, table_name="events", schema="core_betting")
