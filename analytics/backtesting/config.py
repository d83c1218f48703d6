"""What a backtest is asked to do, validated: the decisions it covers, the money it has, what it reads."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
    model_validator,
)

from analytics.backtesting.commission import USUAL_PERCENT
from analytics.devig import DevigMethod
from analytics.frozen import Frozen
from core.tiers import BOUNDARIES, INTERVALS, Tier, tier_at

Source = Literal["live", "historical", "import"]
LONGEST_RUN = timedelta(days=366 * 20)
MOST_DECISIONS_AN_EVENT = 24
_LOOKS_MISSED = 2
_END_OF_TIME = datetime(9000, 1, 1, tzinfo=UTC)
"""Beyond it, what is reckoned from an instant would soon be none."""


def _in_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("an instant of the years 1 to 9999 is expected, in UTC too") from None


Utc = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Hours = Annotated[float, Field(ge=0, le=24 * 60)]
Key = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[a-z0-9_]+$")]
Commission = Annotated[float, Field(ge=0, lt=100)]
BoundTier = Literal[Tier.EARLY, Tier.SHARP, Tier.PREGAME, Tier.CLOSING]


def _told_in_short(value: object, read: ValidatorFunctionWrapHandler) -> object:
    """Say once what is accepted, in place of what each kind of it would not take."""
    try:
        return read(value)
    except ValidationError:
        tiers = "early, sharp, pregame or closing"
        raise ValueError(f"hours before the start, 0 to 1,440, are expected, or a tier: {tiers}") from None


DecisionPoint = Annotated[Hours | BoundTier, WrapValidator(_told_in_short)]


class FractionalKelly(Frozen):
    """Stake a fraction of what Kelly says; a Kelly of zero or less is no bet, and never lifted to the minimum."""

    kind: Literal["kelly"] = "kelly"
    fraction: float = Field(default=0.25, gt=0, le=1, description="share of the full Kelly stake")
    simultaneous: bool = Field(default=False, description="size the bets of one instant together, with those open")


class FlatStake(Frozen):
    """Stake the same amount each time."""

    kind: Literal["flat"] = "flat"
    amount: float = Field(default=100.0, gt=0, description="money staked on each bet")


class PercentageStake(Frozen):
    """Stake a percentage of the bankroll."""

    kind: Literal["percentage"] = "percentage"
    percent: float = Field(default=1.0, gt=0, le=100, description="percent of the bankroll")


Sizing = Annotated[FractionalKelly | FlatStake | PercentageStake, Field(discriminator="kind")]


class Limits(Frozen):
    """What no stake passes. The bankroll, of which percentages are, is the money in hand and at stake."""

    min_stake: float = Field(default=1.0, ge=0, description="a smaller stake is no bet")
    max_stake: float | None = Field(default=None, gt=0, description="money on one bet at most")
    max_stake_percent: float = Field(default=5.0, gt=0, le=100, description="percent on one bet at most")
    max_open_percent: float = Field(default=100.0, gt=0, le=100, description="percent at stake at a time at most")
    max_bets_per_event: int | None = Field(default=None, ge=1, description="bets on one event at most")


class BacktestConfig(Frozen):
    """A run: which decisions, on what data, with what money.

    Decisions that fall in `[start, end)` are made: an event belongs to a run by when it is decided, so that a run
    cut at a date is the beginning of the longer one.
    """

    start: Utc = Field(description="first instant of a decision, with its offset")
    end: Utc = Field(lt=_END_OF_TIME, description="decisions are made before this instant")
    sports: tuple[Key, ...] = Field(default=(), max_length=50, description="sport keys; none means all")
    sources: tuple[Source, ...] = Field(default=("live",), min_length=1, description="live, historical, import")
    decide_at: tuple[DecisionPoint, ...] = Field(
        default=(),
        max_length=MOST_DECISIONS_AN_EVENT,
        description="hours before the start, or the tier that begins; none means the strategy's own",
    )
    bookmakers: tuple[Key, ...] = Field(
        default=(), max_length=100, description="where bets are placed; none means all"
    )
    bankroll: float = Field(default=10_000.0, gt=0, le=1e12, description="money at the beginning")
    sizing: Sizing | None = Field(default=None, description="by default the strategy's own")
    limits: Limits = Limits()
    commission: dict[Key, Commission] = Field(
        default=dict(USUAL_PERCENT),
        max_length=100,
        description="percent of net winnings that an exchange keeps, by bookmaker; one not named keeps the usual",
    )
    max_quote_age_hours: float | None = Field(
        default=None,
        gt=0,
        le=1e9,
        description="a quote not seen for longer is stale; by default twice the interval of the decision's tier",
    )
    include_invalid: bool = Field(default=False, description="also bet on quotes that a check found invalid")
    fair_bookmakers: tuple[Key, ...] = Field(
        default=("pinnacle", "betfair_ex_eu", "circasports", "betonlineag", "lowvig"),
        max_length=20,
        description="whose odds without vig are fair: the first on the line; all, where none is on another line",
    )
    devig_method: DevigMethod = Field(default=DevigMethod.POWER, description="how the vig is taken out")
    resamples: int = Field(default=10_000, ge=0, le=100_000, description="bootstrap resamples; 0 for no intervals")
    confidence: float = Field(default=0.95, gt=0.5, le=0.999999, description="of the intervals")
    seed: int = Field(default=0, ge=0, lt=2**63, description="of the resampling")

    @field_validator("commission")
    @classmethod
    def _is_usual_elsewhere(cls, given: dict[str, float]) -> dict[str, float]:
        return dict(sorted({**USUAL_PERCENT, **given}.items()))

    @model_validator(mode="after")
    def _spans_some_time(self) -> Self:
        if not timedelta(0) < self.end - self.start <= LONGEST_RUN:
            span = f"{self.start:%Y-%m-%d %H:%M} to {self.end:%Y-%m-%d %H:%M} UTC"
            msg = f"end must be after start, by at most {LONGEST_RUN.days:,} days, not {span}"
            raise ValueError(msg)
        return self

    def decision_hours(self, usual: tuple[float | Tier, ...]) -> tuple[float, ...]:
        """Return how many hours before the start to decide, the earliest first; `usual` where nothing is asked."""
        return tuple(sorted({hours_of(point) for point in self.decide_at or usual}, reverse=True))

    def longest_quote_age(self, hours_before: float) -> timedelta:
        """Return how long ago a quote may have been seen last, that many hours before the start.

        >>> year = {"start": "2025-01-01T00:00Z", "end": "2026-01-01T00:00Z"}
        >>> BacktestConfig(**year).longest_quote_age(1.0) == timedelta(hours=1)
        True
        """
        if self.max_quote_age_hours is not None:
            return timedelta(hours=self.max_quote_age_hours)
        tier = tier_at(hours_before)
        return _LOOKS_MISSED * INTERVALS[Tier.CLOSING if tier is Tier.IN_PLAY else tier]


def hours_of(point: float | Tier) -> float:
    """Return the hours before the start of a decision point; a tier stands for the instant at which it begins.

    >>> hours_of(Tier.CLOSING), hours_of(0.5)
    (3.0, 0.5)
    """
    begins = BOUNDARIES.get(point) if isinstance(point, str) else None
    return float(point) if begins is None else begins / timedelta(hours=1)
