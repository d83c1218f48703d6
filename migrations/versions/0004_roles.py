"""The roles that functions and people connect as, and what each may do."""

from alembic import op

from storage.migrations import run_versioned_sql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

REVOKE = """
DO $$
DECLARE
    role_name text;
BEGIN
    FOR role_name IN SELECT rolname FROM pg_roles WHERE rolname IN (
        'linekeeper_collector', 'linekeeper_scores', 'linekeeper_status', 'linekeeper_monitor',
        'linekeeper_backtest', 'linekeeper_analyst'
    ) LOOP
        EXECUTE format(
            'REVOKE ALL ON ALL TABLES IN SCHEMA raw_data, core_betting, analytics, operational FROM %I', role_name
        );
        EXECUTE format('REVOKE ALL ON SCHEMA raw_data, core_betting, analytics, operational FROM %I', role_name);
    END LOOP;
END
$$
"""


def upgrade() -> None:
    run_versioned_sql(op.get_bind(), "roles_v1")


def downgrade() -> None:
    """Take away what was granted; the roles stay, other databases of the server may use them."""
    op.execute(REVOKE)
