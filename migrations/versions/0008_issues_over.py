"""Issues with the data of events that are over are over: no answer closed them."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE operational.data_quality_logs AS issues"
        " SET closed_at = greatest(events.status_changed_at, issues.opened_at) FROM core_betting.events"
        " WHERE events.id = issues.event_id AND events.status IN ('final', 'cancelled')"
        " AND issues.closed_at IS NULL"
    )


def downgrade() -> None:
    """Leave them closed: code of before may find them so."""
