"""What a backtest allows to say, in one honest sentence."""

from dataclasses import dataclass

from analytics.backtesting.inference import FEWEST_BETS, Interval
from analytics.backtesting.no_edge import LuckAlone
from analytics.backtesting.result import Estimate
from analytics.backtesting.wording import about

_TOO_FEW = f"fewer than {FEWEST_BETS} bets are too few to be sure"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a return on investment, and against.

    `roi` is profit per unit staked, `interval` where it lies with `confidence`, `luck` how often no edge does as
    well and as badly, `bets_needed` how many bets like these would prove it. Where the strategy is the best of
    `tried`, `deflated_sharpe` is the probability that it is better than luck makes the best of so many, and
    `best_p_value` how often as many without an edge have one that looks as good. `ended_alike` says that none was
    lost, or none won.
    """

    bets: int
    roi: float | None
    interval: Interval | None
    luck: LuckAlone | None
    bets_needed: int | None = None
    confidence: float = 0.95
    tried: int = 1
    deflated_sharpe: float | None = None
    best_p_value: float | None = None
    ended_alike: bool = False

    @property
    def estimate(self) -> Estimate:
        """Return the return on investment with its interval, and how often luck does as well."""
        low, high = self.interval or (None, None)
        return Estimate(
            value=self.roi, low=low, high=high, p_value=None if self.luck is None else self.luck.as_good
        )


def verdict(evidence: Evidence) -> str:
    """Return what a return on investment says, and how surely.

    It is more than luck, or a loss beyond bad luck, where its interval leaves 0 out and no edge does as well, or
    as badly, no oftener than the confidence allows. With fewer than 30 bets, and a profit without an interval, it
    only may be. Without an edge, of 1,000 runs each at odds of 1.1, 2 and 8 (30 to 1,000 bets, one or ten a day,
    or three of an event that end alike or not), at most 3.9 % were called more than luck, and 4.2 % a loss beyond
    bad luck.

    >>> print(verdict(Evidence(56, 0.03, Interval(-0.23, 0.29), LuckAlone(0.41, 0.6), 8700)))
    +3.0 % on 56 bets is noise: the 95 % interval is -23.0 % to +29.0 %, luck alone does as well in 41 % of \
cases, and about 8,700 bets like these would tell.
    """
    if evidence.roi is None or evidence.bets == 0:
        return "No bet was settled: there is nothing to say."
    claim, reasons = _loss(evidence) if evidence.roi <= 0 else _profit(evidence)
    given = [reason for reason in (*reasons, _tried(evidence)) if reason]
    bets = f"{evidence.bets:,} {'bet' if evidence.bets == 1 else 'bets'}"
    return f"{_percent(evidence.roi)} on {bets} {claim}{': ' if given else ''}{_joined(given)}."


def _loss(evidence: Evidence) -> tuple[str, list[str]]:
    span, luck = evidence.interval, evidence.luck
    if luck is None or luck.as_bad > 1 - evidence.confidence or span is None or span.high >= 0:
        return "is no profit", [_span(evidence)]
    reasons = [_span(evidence), _luck(luck.as_bad, "badly")]
    if evidence.bets < FEWEST_BETS:
        return "may be a loss beyond bad luck", [*reasons, _TOO_FEW]
    return "is a loss beyond bad luck", reasons


def _profit(evidence: Evidence) -> tuple[str, list[str]]:
    span, luck, rare = evidence.interval, evidence.luck, 1 - evidence.confidence
    if luck is None:
        return "was not tested against luck", [_span(evidence)]
    reasons = [_span(evidence), _luck(luck.as_good, "well")]
    if luck.as_good <= rare and span is None:
        unbeaten = "none was lost, which a price or a result known too early explains best"
        unsure = "the days with bets are too few to be sure"
        return "may be more than luck", [*reasons, unbeaten if evidence.ended_alike else unsure]
    if luck.as_good > rare or span is None or span.low <= 0:
        return "is noise", [*reasons, _needed(evidence)]
    if evidence.bets < FEWEST_BETS:
        return "may be more than luck", [*reasons, _TOO_FEW]
    if _may_be_best_by_luck(evidence):
        return "may be the luck of the best of many", reasons
    return "is more than luck explains", reasons


def _may_be_best_by_luck(evidence: Evidence) -> bool:
    if evidence.tried == 1:
        return False
    by_luck = evidence.best_p_value is None or evidence.best_p_value > 1 - evidence.confidence
    return by_luck or evidence.deflated_sharpe is None or evidence.deflated_sharpe < evidence.confidence


def _span(evidence: Evidence) -> str:
    if evidence.interval is None:
        return ""
    low, high = evidence.interval
    return f"the {100 * evidence.confidence:g} % interval is {_percent(low)} to {_percent(high)}"


def _luck(p_value: float, how: str) -> str:
    share = 100 * p_value
    return f"luck alone does as {how} in {f'{share:.0f}' if share >= 1 else f'{share:.2g}'} % of cases"


def _needed(evidence: Evidence) -> str:
    needed = evidence.bets_needed
    if needed is None or needed <= evidence.bets:
        return ""
    return f"{about(needed)} bets like these would tell"


def _tried(evidence: Evidence) -> str:
    if evidence.tried == 1:
        return ""
    best = f"it is the best of {evidence.tried:,} tried"
    if evidence.deflated_sharpe is None:
        return best
    return f"{best} and with {100 * evidence.deflated_sharpe:.0f} % probability better than their luck"


def _joined(reasons: list[str]) -> str:
    if len(reasons) <= 1:
        return "".join(reasons)
    return f"{', '.join(reasons[:-1])}, and {reasons[-1]}"


def _percent(share: float) -> str:
    return f"{100 * share:+.1f} %"
