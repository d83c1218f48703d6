"""The headline figures of a run, each with its uncertainty: days are drawn again, bets are decided anew."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from analytics.backtesting.bet_arrays import BetArrays, arrays_of
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.evidence import evidence_of
from analytics.backtesting.inference import (
    FEWEST_DAYS,
    Interval,
    interval,
    resampled_sums,
    sign_flip_p_value,
)
from analytics.backtesting.metrics import (
    calmar_ratio,
    daily_returns,
    defined,
    expected_profit,
    in_a_year,
    longest_drawdown_days,
    longest_streaks,
    max_drawdown,
    profit_factor,
    sharpe_ratio,
    sortino_ratio,
    win_rate,
)
from analytics.backtesting.paths import Paths, Ratios, daily_moments, ratios_of, resampled_paths
from analytics.backtesting.result import Bet, EquityDay, Estimate, Metrics, Streak
from analytics.backtesting.selection import probabilistic_sharpe
from analytics.backtesting.settlement import Grade
from analytics.backtesting.streaks import streaks_by_luck
from analytics.backtesting.verdict import Evidence, verdict
from analytics.odds_math import FloatArray

_RETURNED = (Grade.PUSH, Grade.VOID)
_SUMMED = ("profit", "stake", "won", "decided", "clv", "judged", "beat", "gained", "lost", "beyond")
_BY_CLOSES = ("mean_clv", "positive_clv_share")
_BY_PATHS = (*Paths._fields, *Ratios._fields, "calmar")
_MOST_STREAK_DRAWS = 500


class Luck(NamedTuple):
    """What luck alone explains of bets, which no close has a say in: their return, and their longest streaks."""

    evidence: Evidence
    wins: Streak
    losses: Streak


def luck_of(bets: BetArrays, config: BacktestConfig) -> Luck:
    """Return what luck explains of the bets of a run that were at risk, by draws of their own."""
    evidence = evidence_of(bets, None, config, *np.random.default_rng(config.seed).spawn(1))
    return Luck(evidence, *_streaks(bets, config))


def measure(
    bets: Sequence[Bet],
    equity: Sequence[EquityDay],
    config: BacktestConfig,
    luck: Callable[[], Luck] | None = None,
) -> Metrics:
    """Return the figures of a run over its settled bets; a bet without a grade is in none of them.

    A void bet was never at risk: it counts among the bets, but neither in what was staked nor in what was expected
    or said by the close. Ratios of a year are undefined where there are too few days with bets to tell of one.

    Args:
        bets: All bets of the run.
        equity: Its bankroll by day.
        config: The money at the beginning, and how often and how to resample.
        luck: Returns what luck explains of the bets, where that is being worked out already.
    """
    settled = [bet for bet in bets if bet.grade is not None]
    at_risk = _at_risk(bets)
    arrays = arrays_of(at_risk, equity[0].day if equity else None)
    money = np.array([config.bankroll, *(day.bankroll for day in equity)])
    returns = daily_returns(money)
    rng = np.random.default_rng(config.seed)
    with ThreadPoolExecutor(1) as beside:
        judged = beside.submit(luck or (lambda: luck_of(arrays, config)))
        spans = _intervals(arrays, returns, config, rng)
    evidence, wins, losses = judged.result()
    evidence = replace(evidence, interval=spans.get("roi"))
    known = arrays.clv[~np.isnan(arrays.clv)]
    expected = expected_profit(arrays.stake, arrays.edge)
    by_luck = None if evidence.luck is None else evidence.luck.as_good
    enough = len(np.unique(arrays.day)) >= FEWEST_DAYS

    def estimate(name: str, value: float | None, p_value: float | None = None) -> Estimate:
        low, high = spans.get(name) or (None, None)
        return Estimate(value=value, low=low, high=high, p_value=p_value)

    def of_a_year(name: str, ratio: Callable[[FloatArray], FloatArray], p_value: float | None = None) -> Estimate:
        return estimate(name, defined(ratio(returns)), p_value) if enough else Estimate(value=None)

    return Metrics(
        bets=len(settled),
        events=len({bet.event_id for bet in settled}),
        days=len(equity),
        staked=float(arrays.stake.sum()),
        profit=float(arrays.profit.sum()),
        final_bankroll=float(money[-1]),
        roi=estimate("roi", evidence.roi, by_luck),
        bankroll_return=estimate("bankroll_return", float(money[-1] / money[0] - 1)),
        win_rate=estimate("win_rate", defined(win_rate(arrays.profit))),
        profit_factor=estimate("profit_factor", defined(profit_factor(arrays.profit))),
        mean_decimal_odds=float(arrays.decimal_odds.mean()) if at_risk else None,
        wins=sum(bet.grade in (Grade.WIN, Grade.HALF_WIN) for bet in settled),
        losses=sum(bet.grade in (Grade.LOSS, Grade.HALF_LOSS) for bet in settled),
        pushes=sum(bet.grade in _RETURNED for bet in settled),
        longest_winning_streak=wins,
        longest_losing_streak=losses,
        max_drawdown=estimate("max_drawdown", float(max_drawdown(money))),
        max_drawdown_days=longest_drawdown_days(money) or None,
        sharpe=of_a_year("sharpe", sharpe_ratio, by_luck),
        sortino=of_a_year("sortino", sortino_ratio),
        calmar=of_a_year("calmar", calmar_ratio),
        expected_profit=expected,
        beyond_expected=estimate(
            "beyond_expected", None if expected is None else float(arrays.by_day("beyond").sum())
        ),
        mean_clv=estimate(
            "mean_clv",
            float(known.mean()) if len(known) else None,
            sign_flip_p_value(arrays.by_day("clv"), resamples=config.resamples, rng=rng),
        ),
        positive_clv_share=estimate("positive_clv_share", float((known > 0).mean()) if len(known) else None),
        probabilistic_sharpe=probabilistic_sharpe(returns) if enough and not arrays.ended_alike else None,
        bets_for_significance=evidence.bets_needed,
        verdict=verdict(evidence),
    )


def _at_risk(bets: Sequence[Bet]) -> list[Bet]:
    return [bet for bet in bets if bet.grade not in (None, Grade.VOID)]


def _intervals(
    arrays: BetArrays, returns: FloatArray, config: BacktestConfig, rng: np.random.Generator
) -> dict[str, Interval]:
    """Return where each figure lies when the days are drawn again.

    None does where there are too few days with bets. Where every bet was lost, or every one won, the draws have
    none that ended otherwise: what follows from how bets ended is without an interval then. So is what follows
    from the bankroll's path where a correction of a result left debts, which days drawn after it would multiply.
    """
    days = len(np.unique(arrays.day))
    if days < FEWEST_DAYS or not config.resamples:
        return {}
    moments = daily_moments(returns)
    drawn = resampled_sums(
        np.column_stack([moments, *(arrays.by_day(name, len(returns)) for name in _SUMMED)]),
        resamples=config.resamples,
        rng=rng,
    )
    of_moments, of_bets = np.split(drawn, [moments.shape[1]], axis=1)
    sums = dict(zip(_SUMMED, of_bets.T, strict=True))
    paths = resampled_paths(returns, resamples=config.resamples, rng=rng)
    annual = in_a_year(1 + paths.bankroll_return, len(returns))
    resampled = {
        "roi": _divided(sums["profit"], sums["stake"]),
        "win_rate": _divided(sums["won"], sums["decided"]),
        "mean_clv": _divided(sums["clv"], sums["judged"]),
        "positive_clv_share": _divided(sums["beat"], sums["judged"]),
        "profit_factor": _divided(sums["gained"], sums["lost"]),
        "beyond_expected": sums["beyond"],
        "calmar": _divided(annual, paths.max_drawdown),
        **paths._asdict(),
        **ratios_of(of_moments, returns)._asdict(),
    }
    spans = {name: interval(values, config.confidence, days=days) for name, values in resampled.items()}
    told = _BY_CLOSES if arrays.ended_alike else tuple(spans)
    untold = _BY_PATHS if (returns < -1).any() else ()
    return {name: span for name in told if name not in untold and (span := spans[name]) is not None}


def _streaks(bets: BetArrays, config: BacktestConfig) -> tuple[Streak, Streak]:
    wins, losses = longest_streaks(bets.profit)
    draws, rng = min(config.resamples, _MOST_STREAK_DRAWS), np.random.default_rng(config.seed)
    by_luck = streaks_by_luck(bets, resamples=draws, rng=rng)
    if by_luck is None:
        return Streak(longest=wins), Streak(longest=losses)
    won, lost = by_luck
    return Streak(longest=wins, **won._asdict()), Streak(longest=losses, **lost._asdict())


def _divided(above: FloatArray, below: FloatArray) -> FloatArray:
    return np.asarray(np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0))
