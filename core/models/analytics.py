"""The schema `analytics`: what is derived from the odds; here the backtests that were kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Double, Index, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import SQLModel

from core.models.columns import column, identity, instant

SCHEMA = "analytics"


def _amount(comment: str, **options: Any) -> Any:  # noqa: ANN401
    return column(comment, sa_type=Double, **options)


class BacktestRun(SQLModel, table=True):
    """One backtest: what was asked, and what came of it."""

    __tablename__ = "backtest_runs"
    __table_args__ = (
        Index("ix_backtest_runs_strategy_created_at", "strategy", "created_at"),
        {"schema": SCHEMA, "comment": "Every backtest that was kept: what was asked of it, and its figures."},
    )

    id: int | None = identity("Number of the run.", Integer)
    created_at: datetime = instant("When it was kept (UTC).")
    strategy: str = column("The strategy's name.", sa_type=Text)
    parameters: dict[str, Any] = column("The strategy's parameters.", sa_type=JSONB)
    config: dict[str, Any] = column("Decisions, data, money and limits, as asked.", sa_type=JSONB)
    first_instant: datetime = instant("First instant of a decision (UTC).")
    end_instant: datetime = instant("Decisions were made before this instant (UTC).")
    bets: int = column("Settled bets.", sa_type=Integer)
    staked: float = _amount("Money staked on them.")
    profit: float = _amount("What came back less the stakes.")
    roi: float | None = _amount("Profit per unit staked.", nullable=True)
    roi_low: float | None = _amount("Lower end of its interval.", nullable=True)
    roi_high: float | None = _amount("Upper end of its interval.", nullable=True)
    mean_clv: float | None = _amount("Mean closing line value.", nullable=True)
    max_drawdown: float | None = _amount("Deepest fall from a peak, a fraction.", nullable=True)
    quality: dict[str, Any] = column("What the data allowed, counted.", sa_type=JSONB)
    metrics: dict[str, Any] = column("Every figure with its uncertainty.", sa_type=JSONB)
    breakdowns: dict[str, Any] = column("Figures by market, bookmaker, month and so on.", sa_type=JSONB)
    equity: list[Any] = column("The bankroll by day.", sa_type=JSONB)


class BacktestBet(SQLModel, table=True):
    """One bet of a backtest."""

    __tablename__ = "backtest_bets"
    __table_args__ = (
        {"schema": SCHEMA, "comment": "Every bet of the backtests that were kept, in the order of placing."},
    )

    run_id: int = column(
        "The backtest.",
        sa_type=Integer,
        primary_key=True,
        foreign_key="analytics.backtest_runs.id",
        ondelete="CASCADE",
    )
    number: int = column("Place of the bet in its run, from 0.", sa_type=Integer, primary_key=True)
    event_id: str = column("The event.", sa_type=Text, index=True)
    sport_key: str = column("The sport.", sa_type=Text)
    home_team: str = column("Home team.", sa_type=Text)
    away_team: str = column("Away team.", sa_type=Text)
    commence_time: datetime = instant("Start as known at the decision (UTC).")
    decided_at: datetime = instant("The decision: nothing later was known (UTC).")
    tier: str = column("Tier of the decision.", sa_type=Text)
    bookmaker_key: str = column("The bookmaker.", sa_type=Text)
    market_key: str = column("The market.", sa_type=Text)
    outcome_name: str = column("The outcome that was backed.", sa_type=Text)
    description: str | None = column("Whom a prop is about.", sa_type=Text, nullable=True)
    point: float | None = _amount("Handicap of the backed team, or the total.", nullable=True)
    price: int = column("American odds taken.", sa_type=Integer)
    decimal_odds: float = _amount("The same as a return per unit, stake included.")
    odds_timestamp: datetime = instant("Since when the price stood (UTC).")
    seen_at: datetime = instant("The last look at it before the decision (UTC).")
    source: str = column("live, historical or import.", sa_type=Text)
    rationale: str = column("Why it was taken.", sa_type=Text)
    combination: int | None = column(
        "Bets of one decision with the same number were placed together.", sa_type=BigInteger, nullable=True
    )
    probability: float | None = _amount("The strategy's estimate that it wins.", nullable=True)
    fair_probability: float | None = _amount("That of the fair bookmakers at the decision.", nullable=True)
    edge: float | None = _amount("Profit per unit that the estimate expects.", nullable=True)
    stake: float = _amount("Money staked.")
    bankroll: float = _amount("Money in hand and at stake when it was placed.")
    grade: str | None = column(
        "How it ended; empty where the result is unknown or does not grade it.", sa_type=Text, nullable=True
    )
    settled_at: datetime | None = instant("When the result was known (UTC).", nullable=True)
    profit: float | None = _amount("What came back less the stake.", nullable=True)
    closing_price: int | None = column(
        "The bookmaker's own closing odds on the outcome.", sa_type=Integer, nullable=True
    )
    closing_point: float | None = _amount("Their point.", nullable=True)
    closing_probability: float | None = _amount("The fair probability at the close.", nullable=True)
    clv: float | None = _amount("Closing line value: profit per unit that the fair close expects.", nullable=True)
