"""Indexes by which the newest run, look and call of each job, sport and endpoint are found at once."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_job_runs_job_sport_key_started_at", "job_runs", ["job", "sport_key", "started_at"], "operational"),
    ("ix_fetch_logs_sport_key_fetched_at", "fetch_logs", ["sport_key", "fetched_at"], "operational"),
    ("ix_api_responses_endpoint_received_at", "api_responses", ["endpoint", "received_at"], "raw_data"),
)


def upgrade() -> None:
    for name, table, columns, schema in _INDEXES:
        op.create_index(name, table, columns, unique=False, schema=schema)


def downgrade() -> None:
    for name, table, _, schema in reversed(_INDEXES):
        op.drop_index(name, table_name=table, schema=schema)
