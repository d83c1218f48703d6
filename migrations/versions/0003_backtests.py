"""Backtests that are kept: their figures and their bets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "backtest_runs",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False, comment="Number of the run."),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was kept (UTC)."),
        sa.Column("strategy", sa.Text(), nullable=False, comment="The strategy's name."),
        sa.Column(
            "parameters",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="The strategy's parameters.",
        ),
        sa.Column(
            "config",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="Decisions, data, money and limits, as asked.",
        ),
        sa.Column(
            "first_instant",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="First instant of a decision (UTC).",
        ),
        sa.Column(
            "end_instant",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Decisions were made before this instant (UTC).",
        ),
        sa.Column("bets", sa.Integer(), nullable=False, comment="Settled bets."),
        sa.Column("staked", sa.Double(), nullable=False, comment="Money staked on them."),
        sa.Column("profit", sa.Double(), nullable=False, comment="What came back less the stakes."),
        sa.Column("roi", sa.Double(), nullable=True, comment="Profit per unit staked."),
        sa.Column("roi_low", sa.Double(), nullable=True, comment="Lower end of its interval."),
        sa.Column("roi_high", sa.Double(), nullable=True, comment="Upper end of its interval."),
        sa.Column("mean_clv", sa.Double(), nullable=True, comment="Mean closing line value."),
        sa.Column("max_drawdown", sa.Double(), nullable=True, comment="Deepest fall from a peak, a fraction."),
        sa.Column(
            "quality",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="What the data allowed, counted.",
        ),
        sa.Column(
            "metrics",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="Every figure with its uncertainty.",
        ),
        sa.Column(
            "breakdowns",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="Figures by market, bookmaker, month and so on.",
        ),
        sa.Column(
            "equity", postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment="The bankroll by day."
        ),
        sa.PrimaryKeyConstraint("id"),
        schema="analytics",
        comment="Every backtest that was kept: what was asked of it, and its figures.",
    )
    op.create_index(
        "ix_backtest_runs_strategy_created_at",
        "backtest_runs",
        ["strategy", "created_at"],
        unique=False,
        schema="analytics",
    )
    op.create_table(
        "backtest_bets",
        sa.Column("run_id", sa.Integer(), nullable=False, comment="The backtest."),
        sa.Column("number", sa.Integer(), nullable=False, comment="Place of the bet in its run, from 0."),
        sa.Column("event_id", sa.Text(), nullable=False, comment="The event."),
        sa.Column("sport_key", sa.Text(), nullable=False, comment="The sport."),
        sa.Column("home_team", sa.Text(), nullable=False, comment="Home team."),
        sa.Column("away_team", sa.Text(), nullable=False, comment="Away team."),
        sa.Column(
            "commence_time",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Start as known at the decision (UTC).",
        ),
        sa.Column(
            "decided_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="The decision: nothing later was known (UTC).",
        ),
        sa.Column("tier", sa.Text(), nullable=False, comment="Tier of the decision."),
        sa.Column("bookmaker_key", sa.Text(), nullable=False, comment="The bookmaker."),
        sa.Column("market_key", sa.Text(), nullable=False, comment="The market."),
        sa.Column("outcome_name", sa.Text(), nullable=False, comment="The outcome that was backed."),
        sa.Column("description", sa.Text(), nullable=True, comment="Whom a prop is about."),
        sa.Column("point", sa.Double(), nullable=True, comment="Handicap of the backed team, or the total."),
        sa.Column("price", sa.Integer(), nullable=False, comment="American odds taken."),
        sa.Column(
            "decimal_odds", sa.Double(), nullable=False, comment="The same as a return per unit, stake included."
        ),
        sa.Column(
            "odds_timestamp",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Since when the price stood (UTC).",
        ),
        sa.Column(
            "seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="The last look at it before the decision (UTC).",
        ),
        sa.Column("source", sa.Text(), nullable=False, comment="live, historical or import."),
        sa.Column("rationale", sa.Text(), nullable=False, comment="Why it was taken."),
        sa.Column(
            "combination",
            sa.BigInteger(),
            nullable=True,
            comment="Bets of one decision with the same number were placed together.",
        ),
        sa.Column("probability", sa.Double(), nullable=True, comment="The strategy's estimate that it wins."),
        sa.Column(
            "fair_probability", sa.Double(), nullable=True, comment="That of the fair bookmakers at the decision."
        ),
        sa.Column("edge", sa.Double(), nullable=True, comment="Profit per unit that the estimate expects."),
        sa.Column("stake", sa.Double(), nullable=False, comment="Money staked."),
        sa.Column(
            "bankroll", sa.Double(), nullable=False, comment="Money in hand and at stake when it was placed."
        ),
        sa.Column("grade", sa.Text(), nullable=True, comment="How it ended; empty while that is unknown."),
        sa.Column(
            "settled_at", sa.DateTime(timezone=True), nullable=True, comment="When the result was known (UTC)."
        ),
        sa.Column("profit", sa.Double(), nullable=True, comment="What came back less the stake."),
        sa.Column(
            "closing_price",
            sa.Integer(),
            nullable=True,
            comment="The bookmaker's own closing odds on the outcome.",
        ),
        sa.Column("closing_point", sa.Double(), nullable=True, comment="Their point."),
        sa.Column("closing_probability", sa.Double(), nullable=True, comment="The fair probability at the close."),
        sa.Column(
            "clv",
            sa.Double(),
            nullable=True,
            comment="Closing line value: profit per unit that the fair close expects.",
        ),
        sa.ForeignKeyConstraint(["run_id"], ["analytics.backtest_runs.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "number"),
        schema="analytics",
        comment="Every bet of the backtests that were kept, in the order of placing.",
    )
    op.create_index(
        "ix_analytics_backtest_bets_event_id", "backtest_bets", ["event_id"], unique=False, schema="analytics"
    )


def downgrade() -> None:
    op.drop_index("ix_analytics_backtest_bets_event_id", table_name="backtest_bets", schema="analytics")
    op.drop_table("backtest_bets", schema="analytics")
    op.drop_index("ix_backtest_runs_strategy_created_at", table_name="backtest_runs", schema="analytics")
    op.drop_table("backtest_runs", schema="analytics")
