"""What a backtest found: figures with their uncertainty, breakdowns, the equity by day, and every bet.

JSON made of a result reads back as an equal one. Money is in the bankroll's currency, shares and rates are
fractions, instants are aware UTC; a figure that is undefined is None.
"""

from datetime import date, timedelta
from typing import Any

from pydantic import Field, field_validator, model_validator

from analytics.backtesting.config import BacktestConfig, Source, Utc
from analytics.backtesting.grading import why_not_graded
from analytics.backtesting.settlement_rules import rules_of
from analytics.backtesting.values import Side
from analytics.frozen import Frozen
from core.tiers import Tier


class Estimate(Frozen):
    """A figure with its uncertainty: the interval at the run's confidence, and the p-value of no edge.

    The bare figure, as results have it that were kept before it had an interval, reads as one too.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None

    @model_validator(mode="before")
    @classmethod
    def _reads_a_bare_figure(cls, given: object) -> object:
        return {"value": given} if given is None or isinstance(given, int | float) else given


class Streak(Frozen):
    """The most bets in a row that ended alike, beside those at the same odds without an edge.

    `expected` is how many these have on average, `p_value` how often they have as many.
    """

    longest: int
    expected: float | None = None
    p_value: float | None = None

    @model_validator(mode="before")
    @classmethod
    def _reads_a_bare_figure(cls, given: object) -> object:
        return {"longest": given} if isinstance(given, int) else given


class Bet(Frozen):
    """One bet: what was known at the decision, what was staked, how it ended, and what the close said.

    `price` is as quoted; `decimal_odds` and all that follows from them are after commission. `probability` is the
    strategy's own estimate, `fair_probability` that of the fair bookmakers at the decision, `closing_probability`
    theirs at the close, for the bet's own point. `edge` is the profit per unit that the strategy's estimate
    expects, `clv` the one that the fair close expects, on another number too. Bets of one `combination`, which is
    numbered through the run, were placed together. `bankroll` is the money in hand and at stake when the bet was
    placed. `grade` is None while the result is unknown, or where it cannot be told: such a bet is in no figure.
    `profit` is what came back less the stake.
    """

    number: int
    event_id: str
    sport_key: str
    home_team: str
    away_team: str
    commence_time: Utc
    decided_at: Utc
    tier: Tier
    bookmaker_key: str
    market_key: str
    outcome_name: str
    description: str | None
    point: float | None
    price: int
    decimal_odds: float
    odds_timestamp: Utc
    seen_at: Utc
    quote_age: timedelta
    source: Source
    rationale: str
    combination: int | None
    probability: float | None
    fair_probability: float | None
    edge: float | None
    stake: float
    bankroll: float
    grade: str | None
    settled_at: Utc | None
    profit: float | None
    closing_price: int | None
    closing_point: float | None
    closing_probability: float | None
    clv: float | None

    @property
    def fair_decimal_odds(self) -> float | None:
        """Return the odds without vig at the decision."""
        return None if not self.fair_probability else 1 / self.fair_probability

    @property
    def clv_by(self) -> str | None:
        """Return what the closing line value was read from: the close of the same number, or of a moved one."""
        if self.clv is None:
            return None
        return "moved number" if self.closing_probability is None else "same number"

    @property
    def ungraded_because(self) -> str | None:
        """Return why the bet has no grade; None where it has one."""
        if self.grade is not None:
            return None
        if self.settled_at is None:
            return "the result is not known"
        side = Side.of(self.outcome_name, self.home_team, self.away_team)
        return why_not_graded(self.market_key, side, self.point, rules_of(self.sport_key))

    @property
    def quote_age_seconds(self) -> float:
        """Return the age of the quote at the decision, in seconds."""
        return self.quote_age.total_seconds()


class Breakdown(Frozen):
    """The settled bets of one group: a market, a bookmaker, a month, a tier, a band of odds or of edge.

    `adjusted_p_value` is the p-value of its return after looking at all groups of the run, by Holm's method: the
    best of many groups looks good by luck alone.
    """

    group: str
    bets: int
    staked: float
    profit: float
    roi: Estimate
    adjusted_p_value: float | None = None
    win_rate: Estimate
    mean_clv: Estimate


class EquityDay(Frozen):
    """The end of one day (UTC): money in hand and at stake, and what the day's settled bets brought.

    `bankroll` counts open bets at their stake. `drawdown` is the fall from the highest bankroll so far, a
    fraction.
    """

    day: date
    bankroll: float
    open_stakes: float
    profit: float
    bets: int
    drawdown: float


class DataQuality(Frozen):
    """What the data allowed, in counts of decisions unless said otherwise.

    A decision is left out when its event was first listed nearer to the start than it was to be (`listed_late`),
    was known to be cancelled (`cancelled`) or had started (`refused`), or when no quote was known (`without_odds`)
    or none fresh enough: due later than the last look at its sport (`after_last_look`), or not (`only_stale`).
    `stale_quotes` and `invalid_quotes` count quotes left out, `quotes` and `by_source` those that the strategy
    saw. `postponed` counts those made whose event was moved beyond the sport's
    rule afterwards, `ungraded` bets whose result is unknown, `untold` those that a known result does not grade
    for want of a score of regulation time, of a part of the game, or of a player's number, `unclosed` bets
    without a closing line value, `moved` those that were judged by the close of another number. What a strategy
    would have taken is no bet where the sizing stakes nothing on it (`unwanted`) or less than the least stake
    (`too_small`), where too little money was in hand or allowed to be at stake (`no_money`), or where its event
    had as many bets as it may (`event_full`). `cut_stakes` counts the bets whose stake a limit or the
    money in hand made smaller than the sizing says. `brought` counts the events that a file of the user's told of.
    """

    events: int = 0
    decisions: int = 0
    decided: int = 0
    listed_late: int = 0
    cancelled: int = 0
    refused: int = 0
    without_odds: int = 0
    only_stale: int = 0
    after_last_look: int = 0
    quotes: int = 0
    stale_quotes: int = 0
    invalid_quotes: int = 0
    postponed: int = 0
    ungraded: int = 0
    untold: int = 0
    unclosed: int = 0
    moved: int = 0
    unwanted: int = 0
    too_small: int = 0
    no_money: int = 0
    event_full: int = 0
    cut_stakes: int = 0
    brought: int = 0
    by_source: dict[Source, int] = Field(default={})


class Metrics(Frozen):
    """The headline figures over the settled bets; days without bets count.

    `probabilistic_sharpe` is the probability that the true Sharpe ratio is above 0 where no other strategy was
    tried; what trying many does to the best is told by a `SweepResult`. The p-value of the Sharpe ratio is that of
    the return: both are of bets without an edge at their own odds. `expected_profit` is what the strategy's
    estimates promised, `beyond_expected` how much more the bets with one brought: the estimates are off where its
    interval leaves 0 out.
    """

    bets: int
    events: int
    days: int
    staked: float
    profit: float
    final_bankroll: float
    roi: Estimate
    bankroll_return: Estimate
    win_rate: Estimate
    profit_factor: Estimate
    mean_decimal_odds: float | None
    wins: int
    losses: int
    pushes: int
    longest_winning_streak: Streak
    longest_losing_streak: Streak
    max_drawdown: Estimate
    max_drawdown_days: int | None
    sharpe: Estimate
    sortino: Estimate
    calmar: Estimate
    expected_profit: float | None
    beyond_expected: Estimate = Estimate(value=None)
    mean_clv: Estimate
    positive_clv_share: Estimate
    probabilistic_sharpe: float | None
    bets_for_significance: int | None
    verdict: str


class BacktestResult(Frozen):
    """One run, whole: what was asked, what the data allowed, what came of it."""

    strategy: str
    parameters: dict[str, Any]
    config: BacktestConfig
    quality: DataQuality
    metrics: Metrics
    breakdowns: dict[str, tuple[Breakdown, ...]]
    equity: tuple[EquityDay, ...]
    bets: tuple[Bet, ...]

    @field_validator("parameters")
    @classmethod
    def _in_one_order(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Order parameters by name: a database keeps JSON in an order of its own."""
        return dict(sorted(given.items()))
