"""A result is values all through: its JSON reads back as an equal one."""

from datetime import UTC, date, datetime, timedelta

import pytest

from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.result import (
    BacktestResult,
    Bet,
    Breakdown,
    DataQuality,
    EquityDay,
    Estimate,
    Metrics,
    Streak,
)
from core.tiers import Tier
from tests.analytics.results import make_bet

TIP_OFF = datetime(2026, 1, 10, 20, tzinfo=UTC)
NONE = Estimate(value=None)
ONE = Estimate(value=1.0)


@pytest.fixture
def bet() -> Bet:
    """Return a bet on the home team that won."""
    return Bet(
        number=0,
        event_id="event1",
        sport_key="basketball_nba",
        home_team="Lakers",
        away_team="Celtics",
        commence_time=TIP_OFF,
        decided_at=TIP_OFF - timedelta(hours=1),
        tier=Tier.CLOSING,
        bookmaker_key="draftkings",
        market_key="spreads",
        outcome_name="Lakers",
        description=None,
        point=-3.5,
        price=-110,
        decimal_odds=1 + 100 / 110,
        odds_timestamp=TIP_OFF - timedelta(hours=3),
        seen_at=TIP_OFF - timedelta(minutes=65),
        quote_age=timedelta(minutes=5),
        source="live",
        rationale="favourite",
        combination=None,
        probability=0.55,
        fair_probability=0.54,
        edge=0.05,
        stake=100.0,
        bankroll=10_000.0,
        grade="win",
        settled_at=TIP_OFF + timedelta(hours=3),
        profit=90.91,
        closing_price=-115,
        closing_point=-3.5,
        closing_probability=None,
        clv=None,
    )


@pytest.fixture
def result(bet: Bet) -> BacktestResult:
    """Return the result of a run with one bet."""
    return BacktestResult(
        strategy="flat",
        parameters={"pick": "favourite"},
        config=BacktestConfig(start=TIP_OFF - timedelta(days=9), end=TIP_OFF),
        quality=DataQuality(events=1, decisions=1, decided=1, quotes=48, by_source={"live": 48}),
        metrics=Metrics(
            bets=1,
            events=1,
            days=9,
            staked=100.0,
            profit=90.91,
            final_bankroll=10_090.91,
            roi=Estimate(value=0.9091, low=0.9, high=0.91, p_value=0.5),
            bankroll_return=NONE,
            win_rate=Estimate(value=1.0),
            profit_factor=NONE,
            mean_decimal_odds=1.909,
            wins=1,
            losses=0,
            pushes=0,
            longest_winning_streak=Streak(longest=1, expected=1.0, p_value=0.5),
            longest_losing_streak=Streak(longest=0),
            max_drawdown=Estimate(value=0.0),
            max_drawdown_days=None,
            sharpe=NONE,
            sortino=NONE,
            calmar=NONE,
            expected_profit=5.0,
            mean_clv=NONE,
            positive_clv_share=NONE,
            probabilistic_sharpe=None,
            bets_for_significance=None,
            verdict="One bet says nothing.",
        ),
        breakdowns={
            "market": (
                Breakdown(
                    group="spreads", bets=1, staked=100, profit=90.91, roi=NONE, win_rate=ONE, mean_clv=NONE
                ),
            )
        },
        equity=(
            EquityDay(day=date(2026, 1, 10), bankroll=10_090.91, open_stakes=0, profit=90.91, bets=1, drawdown=0),
        ),
        bets=(bet,),
    )


def test_the_json_of_a_result_reads_back_as_an_equal_one(result: BacktestResult) -> None:
    assert BacktestResult.model_validate_json(result.model_dump_json()) == result


def test_a_result_kept_before_a_figure_had_an_interval_reads_too(result: BacktestResult) -> None:
    kept = result.model_dump(mode="json")
    kept["metrics"] |= {"profit_factor": 1.2, "longest_winning_streak": 4, "longest_losing_streak": 0}
    del kept["metrics"]["beyond_expected"]
    kept["breakdowns"]["market"][0] |= {"win_rate": 0.5, "mean_clv": None}
    read = BacktestResult.model_validate(kept)
    assert (read.metrics.profit_factor, read.metrics.beyond_expected) == (Estimate(value=1.2), NONE)
    assert read.metrics.longest_winning_streak == Streak(longest=4)
    assert read.breakdowns["market"][0].win_rate == Estimate(value=0.5)
    assert read.breakdowns["market"][0].mean_clv == NONE


def test_a_figure_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="finite number"):
        Estimate(value=float("inf"))


def test_fair_odds_are_those_of_the_fair_probability(bet: Bet) -> None:
    assert bet.fair_decimal_odds == pytest.approx(1 / 0.54)
    assert bet.model_copy(update={"fair_probability": None}).fair_decimal_odds is None


def test_a_bet_tells_why_it_has_no_grade() -> None:
    assert make_bet().ungraded_because is None
    assert make_bet(grade=None, settled_at=None).ungraded_because == "the result is not known"
    prop = make_bet(grade=None, market_key="player_points", outcome_name="Over", point=20.5)
    assert prop.ungraded_because == "the player's number is not known"
    assert prop.model_copy(update={"point": 20.6}).ungraded_because == "its point cannot be graded"
