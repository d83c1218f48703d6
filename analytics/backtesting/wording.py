"""Figures as a reader meets them: rounded to what they can bear, with a sign where it matters."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from analytics.backtesting.inference import FEWEST_DAYS
from analytics.backtesting.result import BacktestResult, Bet, DataQuality, Estimate, Metrics, Streak
from analytics.backtesting.settlement import Grade

NONE = "n/a"
_CERTAIN = 0.001
LOOKS = (
    "In these groups, p is how often bets at the same odds bring as much without an edge, and p (Holm) is that"
    " after looking at all of them, of which the best looks good by luck alone."
)
"""What the p-values of breakdowns are."""
_GROUPINGS = ("market", "bookmaker", "tier", "odds", "edge", "month")
T = TypeVar("T")


def grouping(name: str) -> str:
    """Return by what a breakdown groups bets.

    >>> grouping("odds"), grouping("bookmaker")
    ('decimal odds', 'bookmaker')
    """
    return "decimal odds" if name == "odds" else name.replace("_", " ")


def money(value: float | None, *, signed: bool = False) -> str:
    """Return an amount of money.

    >>> money(1234.5), money(-90.911, signed=True), money(12, signed=True), money(None)
    ('1,234.50', '-90.91', '+12.00', 'n/a')
    """
    return NONE if value is None else _without_negative_zero(f"{value:{'+' if signed else ''},.2f}")


def percent(value: float | None, *, signed: bool = False, digits: int = 1) -> str:
    """Return a fraction in percent.

    >>> percent(0.0312, signed=True), percent(-0.5), percent(0), percent(None)
    ('+3.1 %', '-50.0 %', '0.0 %', 'n/a')
    """
    if value is None:
        return NONE
    sign = "+" if signed else ""
    return _without_negative_zero(f"{100 * value:{sign},.{digits}f}") + " %"


def number(value: float | None, digits: int = 2) -> str:
    """Return a plain figure.

    >>> number(1.005, 1), number(14200, 0), number(None)
    ('1.0', '14,200', 'n/a')
    """
    return NONE if value is None else _without_negative_zero(f"{value:,.{digits}f}")


def about(count: int | None) -> str:
    """Return a number that is not known better than by its first two digits.

    >>> about(23130), about(160), about(None)
    ('about 23,000', 'about 160', 'n/a')
    """
    return NONE if count is None else f"about {round(count, 2 - len(str(count))):,}"


def chance(p_value: float | None) -> str:
    """Return a p-value.

    >>> chance(0.3141), chance(0.00002), chance(None)
    ('p 0.314', 'p < 0.001', '')
    """
    if p_value is None:
        return ""
    return f"p < {_CERTAIN}" if p_value < _CERTAIN else f"p {p_value:.3f}"


def bare_chance(p_value: float | None) -> str:
    """Return a p-value below a heading that says what it is.

    >>> bare_chance(0.3141), bare_chance(0.00002), bare_chance(None)
    ('0.314', '< 0.001', '')
    """
    return chance(p_value).removeprefix("p ")


def interval(estimate: Estimate, wording: Callable[[float | None], str]) -> str:
    """Return an estimate's interval, its ends worded as given, a percent sign once; empty where it has none.

    >>> interval(Estimate(value=0.01, low=-0.062, high=0.09), percent)
    '-6.2 to 9.0 %'
    """
    if estimate.low is None or estimate.high is None:
        return ""
    return f"{wording(estimate.low).removesuffix(' %')} to {wording(estimate.high)}"


def signed_percent(value: float | None) -> str:
    """Return a fraction in percent, with its sign.

    >>> signed_percent(0.0312)
    '+3.1 %'
    """
    return percent(value, signed=True)


def streak(longest: Streak) -> str:
    """Return how long a streak was, beside what luck makes of it.

    >>> streak(Streak(longest=9, expected=7.94, p_value=0.22)), streak(Streak(longest=2))
    ('9 (7.9 by luck, p 0.220)', '2')
    """
    by_luck = f" ({number(longest.expected, 1)} by luck, {chance(longest.p_value)})" if longest.expected else ""
    return f"{longest.longest:,}{by_luck}"


def expected(metrics: Metrics) -> str:
    """Return what a strategy's estimates promised, and how much more their bets brought; empty without any."""
    if metrics.expected_profit is None:
        return ""
    signed, beyond = partial(money, signed=True), metrics.beyond_expected.value or 0.0
    span = interval(metrics.beyond_expected, signed)
    apart = f"{money(abs(beyond))} {'less' if beyond < 0 else 'more'}"
    unsure = f" (interval of the difference {span})" if span else ""
    return f"{signed(metrics.expected_profit)} was expected by the estimates; their bets brought {apart}{unsure}"


def judged(quality: DataQuality, bets: int) -> str:
    """Return how many of some bets have a closing line value, and what those were read from.

    >>> judged(DataQuality(unclosed=10, moved=12), 50)
    '40 of 50 bets judged by the close, 12 of them on a number that moved; 10 unjudged'
    """
    moved = f", {quality.moved:,} of them on a number that moved" if quality.moved else ""
    return (
        f"{bets - quality.unclosed:,} of {bets:,} bets judged by the close{moved}; {quality.unclosed:,} unjudged"
    )


def of_bets_at_the_close(bets: Sequence[Bet]) -> str:
    """Return what closing line values are where every bet was decided at the start; empty where one was not."""
    if not bets or any(bet.decided_at < bet.commence_time for bet in bets):
        return ""
    return "decided at the close itself: these values are what its own prices expect, and no proof of skill"


def without_interval(result: BacktestResult) -> str:
    """Return why the return of a run has no interval; empty where it has one, or is undefined itself."""
    m = result.metrics
    if m.roi.value is None or m.roi.low is not None:
        return ""
    if not result.config.resamples:
        return "no intervals and no p-values: no draws were asked for (resamples)"
    at_risk = [bet for bet in result.bets if bet.grade not in (None, Grade.VOID)]
    days = len({*{bet.event_id: bet.decided_at.date() for bet in reversed(at_risk)}.values()})
    if days < FEWEST_DAYS:
        return f"no intervals and no ratios of a year: bets on fewer than {FEWEST_DAYS} days are too few to tell"
    if not m.wins or not m.losses:
        return "no interval of what follows from how bets ended: all ended alike, so that draws of days do too"
    return "no interval of the return: too few draws were asked for (resamples)"


def backed(bet: Bet) -> str:
    """Return what a bet is on: the player if any, the outcome, and the point, a handicap with its sign."""
    form = "+g" if "spreads" in bet.market_key else "g"
    point = "" if bet.point is None else f" {bet.point:{form}}"
    whom = f"{bet.description} " if bet.description else ""
    return f"{whom}{bet.outcome_name}{point}"


def ending(bet: Bet) -> str:
    """Return how a bet ended: its grade, that its result is not known, or that this does not grade it."""
    return (bet.grade or ("no result" if bet.settled_at is None else "ungraded")).replace("_", " ")


def reasons_ungraded(bets: Iterable[Bet]) -> list[str]:
    """Return why bets have no grade, the most frequent reason first."""
    reasons = Counter(bet.ungraded_because for bet in bets if bet.ungraded_because is not None)
    return [f"{count:,} ungraded: {reason}" for reason, count in reasons.most_common()]


def in_usual_order(groups: Mapping[str, T]) -> dict[str, T]:
    """Return what is grouped, the usual groupings first and in their order.

    >>> list(in_usual_order({"edge": 1, "colour": 2, "market": 3}))
    ['market', 'edge', 'colour']
    """
    usual = [name for name in _GROUPINGS if name in groups]
    return {name: groups[name] for name in (*usual, *(name for name in groups if name not in usual))}


def _without_negative_zero(text: str) -> str:
    return text[1:] if text.startswith("-") and not any(digit in "123456789" for digit in text) else text
