"""Leases of runs, and credits set aside before calls."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "credit_reservations",
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Number of the reservation."
        ),
        sa.Column("job_run_id", sa.BigInteger(), nullable=True, comment="The run."),
        sa.Column(
            "reserved_at", sa.DateTime(timezone=True), nullable=False, comment="When they were set aside (UTC)."
        ),
        sa.Column("amount", sa.Integer(), nullable=False, comment="How many credits."),
        sa.Column(
            "settled_at", sa.DateTime(timezone=True), nullable=True, comment="When the call had ended (UTC)."
        ),
        sa.ForeignKeyConstraint(
            ["job_run_id"],
            ["operational.job_runs.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        schema="operational",
        comment="Credits set aside before a call, until its answer told the balance.",
    )
    op.create_index(
        "ix_credit_reservations_open",
        "credit_reservations",
        ["reserved_at"],
        unique=False,
        schema="operational",
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "job_leases",
        sa.Column("job", sa.Text(), nullable=False, comment="The job."),
        sa.Column("sport_key", sa.Text(), nullable=False, comment="The sport."),
        sa.Column(
            "generation",
            sa.BigInteger(),
            nullable=False,
            comment="Counts the turns: a run whose turn is over writes nothing.",
        ),
        sa.Column(
            "job_run_id", sa.BigInteger(), nullable=True, comment="The run whose turn it is; empty between runs."
        ),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the turn ends if the run does not end before (UTC).",
        ),
        sa.ForeignKeyConstraint(
            ["job_run_id"],
            ["operational.job_runs.id"],
        ),
        sa.PrimaryKeyConstraint("job", "sport_key"),
        schema="operational",
        comment="Which run may write for a job and a sport, and until when; one row for each.",
    )
    op.execute("COMMENT ON TABLE operational.alembic_version IS 'Which migration the schema is at.'")
    op.execute("COMMENT ON COLUMN operational.alembic_version.version_num IS 'Number of the migration.'")


def downgrade() -> None:
    op.drop_table("job_leases", schema="operational")
    op.drop_index(
        "ix_credit_reservations_open",
        table_name="credit_reservations",
        schema="operational",
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.drop_table("credit_reservations", schema="operational")
