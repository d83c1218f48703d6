"""Results to report, export and frame: bets drawn from a seed, and figures to go with them."""

import random
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from analytics.backtesting.config import BacktestConfig, FractionalKelly
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

FIRST = datetime(2025, 9, 6, 18, tzinfo=UTC)
BANKROLL = 10_000.0


def make_bet(number: int = 0, **changes: Any) -> Bet:
    """Return a bet on Lakers -3.5, a day later for each number, with changes."""
    start = FIRST + timedelta(days=number)
    fields: dict[str, Any] = {
        "number": number,
        "event_id": f"event{number}",
        "sport_key": "basketball_nba",
        "home_team": "Lakers",
        "away_team": "Celtics",
        "commence_time": start,
        "decided_at": start - timedelta(hours=1),
        "tier": Tier.CLOSING,
        "bookmaker_key": "draftkings",
        "market_key": "spreads",
        "outcome_name": "Lakers",
        "description": None,
        "point": -3.5,
        "price": -110,
        "decimal_odds": 1 + 100 / 110,
        "odds_timestamp": start - timedelta(hours=4),
        "seen_at": start - timedelta(minutes=65),
        "quote_age": timedelta(minutes=5),
        "source": "live",
        "rationale": "the favourite",
        "combination": None,
        "probability": 0.55,
        "fair_probability": 0.53,
        "edge": 0.05,
        "stake": 100.0,
        "bankroll": BANKROLL,
        "grade": "win",
        "settled_at": start + timedelta(hours=3),
        "profit": 90.91,
        "closing_price": -115,
        "closing_point": -3.5,
        "closing_probability": 0.54,
        "clv": 0.03,
    }
    return Bet(**{**fields, **changes})


def draw_bets(count: int, seed: int = 7) -> tuple[Bet, ...]:
    """Return bets of a season whose outcomes follow their probabilities."""
    dice, bets = random.Random(seed), []
    for number in range(count):
        probability = dice.uniform(0.25, 0.75)
        closing = min(0.95, max(0.05, probability + dice.gauss(-0.01, 0.03)))
        decimal_odds = round(dice.gauss(1.0, 0.03) / probability, 2)
        won = dice.random() < closing
        start = FIRST + timedelta(days=number * 150 // count, hours=number % 5)
        bets.append(
            make_bet(
                number,
                commence_time=start,
                decided_at=start - timedelta(hours=1),
                settled_at=start + timedelta(hours=3),
                market_key=dice.choice(("h2h", "spreads", "totals")),
                bookmaker_key=dice.choice(("draftkings", "fanduel", "betmgm")),
                decimal_odds=decimal_odds,
                price=round(100 * (decimal_odds - 1)) if decimal_odds >= 2 else round(-100 / (decimal_odds - 1)),
                probability=probability,
                closing_probability=closing,
                clv=decimal_odds * closing - 1,
                grade="win" if won else "loss",
                profit=100 * (decimal_odds - 1) if won else -100.0,
            )
        )
    return tuple(bets)


def make_result(bets: tuple[Bet, ...] = (), **changes: Any) -> BacktestResult:
    """Return the result of a season with these bets."""
    staked, profit = sum(bet.stake for bet in bets), sum(bet.profit or 0.0 for bet in bets)
    fields: dict[str, Any] = {
        "strategy": "expected_value",
        "parameters": {"sharp_bookmakers": ["pinnacle"], "min_edge": 0.02},
        "config": BacktestConfig(
            start=FIRST - timedelta(days=1), end=FIRST + timedelta(days=151), sizing=FractionalKelly()
        ),
        "quality": DataQuality(events=900, decisions=900, decided=880, refused=3, quotes=42_000),
        "metrics": Metrics(
            bets=len(bets),
            events=len(bets),
            days=152,
            staked=staked,
            profit=profit,
            final_bankroll=BANKROLL + profit,
            roi=Estimate(value=profit / staked if staked else None, low=-0.06, high=0.09, p_value=0.31),
            bankroll_return=Estimate(value=profit / BANKROLL, low=-0.2, high=0.35),
            win_rate=Estimate(value=0.51, low=0.47, high=0.55),
            profit_factor=Estimate(value=1.04, low=0.9, high=1.2),
            mean_decimal_odds=2.1,
            wins=sum(bet.grade == "win" for bet in bets),
            losses=sum(bet.grade == "loss" for bet in bets),
            pushes=0,
            longest_winning_streak=Streak(longest=7, expected=6.4, p_value=0.41),
            longest_losing_streak=Streak(longest=9, expected=7.9, p_value=0.22),
            max_drawdown=Estimate(value=0.14, low=0.08, high=0.31),
            max_drawdown_days=23,
            sharpe=Estimate(value=0.6, low=-1.1, high=2.2, p_value=0.28),
            sortino=Estimate(value=0.9),
            calmar=Estimate(value=None),
            expected_profit=sum((bet.edge or 0.0) * bet.stake for bet in bets),
            mean_clv=Estimate(value=0.004, low=-0.002, high=0.01, p_value=0.1),
            positive_clv_share=Estimate(value=0.55, low=0.51, high=0.59),
            probabilistic_sharpe=0.72,
            bets_for_significance=14_200,
            verdict="This is what chance alone gives three times in ten: it shows no edge.",
        ),
        "breakdowns": {
            "market": tuple(_group(market, bets) for market in ("h2h", "spreads", "totals")),
            "bookmaker": tuple(_group(key, bets) for key in ("betmgm", "draftkings", "fanduel")),
        },
        "equity": _equity(bets),
        "bets": bets,
    }
    return BacktestResult(**{**fields, **changes})


def _group(group: str, bets: tuple[Bet, ...]) -> Breakdown:
    mine = [bet for bet in bets if group in (bet.market_key, bet.bookmaker_key)]
    staked, profit = sum(bet.stake for bet in mine), sum(bet.profit or 0.0 for bet in mine)
    roi = Estimate(value=profit / staked if staked else None, low=-0.1, high=0.1, p_value=0.4)
    return Breakdown(
        group=group,
        bets=len(mine),
        staked=staked,
        profit=profit,
        roi=roi,
        adjusted_p_value=0.9,
        win_rate=Estimate(value=0.5, low=0.43, high=0.57),
        mean_clv=Estimate(value=0.01, low=-0.02, high=0.04),
    )


def _equity(bets: tuple[Bet, ...]) -> tuple[EquityDay, ...]:
    days = {FIRST.date() + timedelta(days=day): 0.0 for day in range(151)} if bets else {}
    for bet in bets:
        days[bet.commence_time.date()] += bet.profit or 0.0
    levels = list(accumulate(days.values(), initial=BANKROLL))[1:]
    peaks = list(accumulate(levels, max, initial=BANKROLL))[1:]
    return tuple(
        EquityDay(day=day, bankroll=level, open_stakes=0.0, profit=profit, bets=2, drawdown=1 - level / peak)
        for (day, profit), level, peak in zip(days.items(), levels, peaks, strict=True)
    )
