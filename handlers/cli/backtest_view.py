"""How backtests are shown: one with its figures and their uncertainty, or several beside each other."""

from collections.abc import Callable, Iterable, Sequence

from rich.padding import Padding
from rich.text import Text

from analytics.backtesting.comparing import Difference
from analytics.backtesting.result import (
    BacktestResult,
    Bet,
    Breakdown,
    DataQuality,
    Estimate,
)
from analytics.backtesting.wording import (
    LOOKS,
    backed,
    bare_chance,
    ending,
    expected,
    grouping,
    in_usual_order,
    interval,
    judged,
    money,
    number,
    of_bets_at_the_close,
    percent,
    reasons_ungraded,
    signed_percent,
    streak,
    without_interval,
)
from core.periods import period_text
from core.planning.wording import counted
from handlers.cli.output import print_line, report, row, show, table

_FEW_BETS = 20
_COUNTS = {
    "listed_late": "first listed too late",
    "cancelled": "known to be cancelled",
    "refused": "already started",
    "without_odds": "without odds",
    "only_stale": "with stale odds only",
    "after_last_look": "after the last look at their sport",
}
_BETS_COUNTS = {
    "ungraded": "without a result",
    "untold": "that a known result does not grade",
    "unclosed": "without a closing line value",
    "cut_stakes": "at a stake that limits, or the money in hand, made smaller than the sizing says",
}
WHAT_TELLS = "--regulation-scores and --player-results bring what the feed does not tell of games"
"""What to do about bets that a known result does not grade."""
_UNPLACED_COUNTS = {
    "unwanted": "on which the sizing stakes nothing",
    "too_small": "at less than the least stake",
    "no_money": "for want of money in hand",
    "event_full": "on an event that had all the bets it may",
}


def show_result(result: BacktestResult, title: str, *, verbose: bool) -> None:
    """Print a result: the verdict first, then figures, breakdowns, what the data allowed; and its bets."""
    config = result.config
    console = report()
    print_line(Text.assemble((title, "bold"), f"  {result.strategy}{_parameters(result)}"))
    sports = ", ".join(config.sports) or "all sports"
    span = period_text(config.start, config.end)
    print_line(Text(f"{span}, {sports}, {', '.join(config.sources)} data"))
    console.print(Padding(Text(result.metrics.verdict, style="bold yellow"), (1, 2)))
    if result.metrics.bets:
        _show_figures(result)
    shown = {
        name: groups
        for name, groups in in_usual_order(result.breakdowns).items()
        if len(groups) > 1 or (groups and verbose)
    }
    for name, groups in shown.items():
        _show_breakdown(name, groups)
    if shown:
        print_line(Text(LOOKS, style="dim"))
    console.print()
    for line in (*data_lines(result.quality, len(result.bets)), *reasons_ungraded(result.bets)):
        print_line(line)
    if result.quality.decided and not result.bets:
        console.print("no bet was placed")
    if result.bets:
        _show_bets(result.bets if verbose else result.bets[-_FEW_BETS:], len(result.bets))


def show_comparison(results: Sequence[tuple[str, BacktestResult]], apart: Sequence[Difference]) -> None:
    """Print the figures of several results beside each other, and how each but the first differs from that."""
    names = [name for name, _ in results]
    made = table("", *names, right=names)
    for name, cell in _COMPARED.items():
        row(made, name, *(cell(result) for _, result in results))
    show(made)
    _show_differences(names, apart, results[0][1].config.confidence)
    for name, result in results:
        print_line(Text(f"{name}: {result.metrics.verdict}"))


def _show_differences(names: Sequence[str], apart: Sequence[Difference], confidence: float) -> None:
    first, share = names[0], f"{100 * confidence:g} % interval"
    columns = ("events of both", "difference", share, "p", "p (Holm)")
    made = table(f"against {first}", *columns, right=columns)
    for name, one in zip(names[1:], apart, strict=True):
        p_values = _p(one.mean), bare_chance(one.adjusted_p_value)
        row(made, name, f"{one.common_events:,}", *_estimate(one.mean)[:2], *p_values)
    show(made)
    told = (
        "difference: what a unit brought on the events that both bet on, on average, minus what it brought in"
        f" {first}; p: how often luck alone sets two such runs as far apart; interval: where the difference may be"
        " but for luck"
    )
    print_line(Text(told, style="dim"))
    for name, one in zip(names[1:], apart, strict=True):
        if one.only_here or one.only_there:
            alone = f"{one.only_here:,} events only {name} bet on, {one.only_there:,} only {first}"
            print_line(Text(f"{name}: {alone}"))


def _parameters(result: BacktestResult) -> str:
    given = ", ".join(f"{name}={parameter_text(value)}" for name, value in result.parameters.items())
    return f" ({given})" if given else ""


def parameter_text(value: object) -> str:
    """Return the value of a strategy's parameter, several set apart by commas."""
    if isinstance(value, list | tuple):
        return ",".join(map(parameter_text, value))
    if value is None:
        return "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _show_figures(result: BacktestResult) -> None:
    m, share = result.metrics, f"{100 * result.config.confidence:g} % interval"
    made = table("figure", "value", share, "p", right=("value", share, "p"))
    row(made, "return on stakes", *_estimate(m.roi))
    row(made, "return on bankroll", *_estimate(m.bankroll_return))
    row(made, "closing line value", *_estimate(m.mean_clv))
    row(made, "bets that beat the close", *_estimate(m.positive_clv_share, signed=False))
    row(made, "bets won", *_estimate(m.win_rate, signed=False))
    row(made, "profit factor", number(m.profit_factor.value), interval(m.profit_factor, number), "")
    row(made, "deepest drawdown", *_estimate(m.max_drawdown, signed=False))
    for name, ratio in (("Sharpe ratio", m.sharpe), ("Sortino ratio", m.sortino), ("Calmar ratio", m.calmar)):
        row(made, name, number(ratio.value), interval(ratio, number), _p(ratio))
    show(made)
    lines = [
        without_interval(result),
        f"{counted(m.bets, 'bet')} on {counted(m.events, 'event')} over the run's {counted(m.days, 'day')}:"
        f" {m.wins:,} won, {m.losses:,} lost, {m.pushes:,} pushed or void; at most"
        f" {streak(m.longest_winning_streak)} won and {streak(m.longest_losing_streak)} lost in a row",
        f"{money(m.staked)} staked at decimal odds of {number(m.mean_decimal_odds)} on average, profit"
        f" {money(m.profit, signed=True)}; the bankroll went from {money(result.config.bankroll)} to"
        f" {money(m.final_bankroll)}",
        expected(m),
        f"probability that the Sharpe ratio is above zero {percent(m.probabilistic_sharpe)}",
    ]
    told = (judged(result.quality, len(result.bets)), of_bets_at_the_close(result.bets), *_commission(result))
    for line in filter(None, (*lines, *told)):
        print_line(line)


def _commission(result: BacktestResult) -> list[str]:
    taken = {bet.bookmaker_key: result.config.commission.get(bet.bookmaker_key) for bet in result.bets}
    paid = ", ".join(f"{percent:g} % at {key}" for key, percent in sorted(taken.items()) if percent)
    return [f"commission of winnings, in all these figures: {paid}"] if paid else []


def _estimate(estimate: Estimate, *, signed: bool = True) -> tuple[str, str, str]:
    worded = signed_percent if signed else percent
    return percent(estimate.value, signed=signed, digits=2), interval(estimate, worded), _p(estimate)


def _p(estimate: Estimate) -> str:
    return "" if estimate.value is None else bare_chance(estimate.p_value)


def _with_interval(estimate: Estimate, wording: Callable[[float | None], str]) -> str:
    span = interval(estimate, wording)
    return "" if estimate.value is None else f"{wording(estimate.value)}{f' ({span})' if span else ''}"


def _show_breakdown(name: str, groups: Iterable[Breakdown]) -> None:
    columns = ("bets", "profit", "return", "interval", "p", "p (Holm)", "CLV (interval)", "won (interval)")
    made = table(f"by {grouping(name)}", *columns, right=columns)
    for one in groups:
        row(
            made,
            one.group,
            one.bets,
            _judged(f"{one.profit:+,.0f}", one.profit),
            percent(one.roi.value, signed=True),
            interval(one.roi, signed_percent),
            _p(one.roi),
            bare_chance(one.adjusted_p_value),
            _with_interval(one.mean_clv, signed_percent),
            _with_interval(one.win_rate, percent),
        )
    show(made)


def _judged(text: str, value: float) -> Text:
    return Text(text, style="green" if value > 0 else "red" if value < 0 else "")


def data_lines(data: DataQuality, bets: int) -> list[str]:
    """Return what the data allowed, in sentences."""
    left_out = [f"{getattr(data, name):,} {words}" for name, words in _COUNTS.items() if getattr(data, name)]
    unsettled = [f"{getattr(data, name):,} {words}" for name, words in _BETS_COUNTS.items() if getattr(data, name)]
    sources = ", ".join(f"{count:,} {source}" for source, count in sorted(data.by_source.items()))
    if not data.decisions:
        return ["no known event is to be decided in this time"]
    lines = [
        f"{counted(data.decisions, 'decision')} about {counted(data.events, 'event')}, {data.decided:,} made"
        + (f"; left out: {', '.join(left_out)}" if left_out else ""),
        f"{data.quotes:,} quotes seen{f' ({sources})' if sources else ''}, {data.stale_quotes:,} stale and"
        f" {data.invalid_quotes:,} invalid left out",
    ]
    if data.postponed:
        lines.append(
            f"of {counted(data.decided, 'decision')} made: {data.postponed:,} of events postponed after it"
        )
    if unsettled:
        lines.append(f"of {counted(bets, 'bet')}: {', '.join(unsettled)}")
    if data.untold:
        lines.append(WHAT_TELLS)
    if data.brought:
        lines.append(f"of {counted(data.brought, 'event')} a file of yours told what the feed does not")
    unplaced = [
        f"{getattr(data, name):,} {words}" for name, words in _UNPLACED_COUNTS.items() if getattr(data, name)
    ]
    if unplaced:
        lines.append(f"not placed: {', '.join(unplaced)}")
    if data.after_last_look:
        lines.append(
            f"the odds end before {counted(data.after_last_look, 'decision')}: more looks decide them, --to leaves"
            " them out"
        )
    if data.only_stale > data.decided:
        lines.append(
            "most quotes were stale by then: --decide-at 0 decides at the close, --set max_quote_age_hours=HOURS"
            " allows older ones"
        )
    return lines


def _show_bets(bets: Sequence[Bet], of: int) -> None:
    made = table(
        "decided (UTC)",
        "price",
        "stake",
        "result",
        "profit",
        "CLV",
        "bet",
        right=("price", "stake", "profit", "CLV"),
    )
    for bet in bets:
        row(
            made,
            f"{bet.decided_at:%Y-%m-%d %H:%M}",
            f"{bet.price:+d}",
            money(bet.stake),
            ending(bet),
            money(bet.profit, signed=True) if bet.profit is not None else "",
            percent(bet.clv, signed=True) if bet.clv is not None else "",
            f"{backed(bet)} at {bet.bookmaker_key}",
        )
    show(made)
    if len(bets) < of:
        report().print(f"the last {len(bets)} of {of:,} bets: --verbose lists all")


_COMPARED: dict[str, Callable[[BacktestResult], str]] = {
    "strategy": lambda result: result.strategy,
    "bets": lambda result: f"{result.metrics.bets:,}",
    "staked": lambda result: money(result.metrics.staked),
    "profit": lambda result: money(result.metrics.profit, signed=True),
    "return on stakes": lambda result: percent(result.metrics.roi.value, signed=True, digits=2),
    "interval of the return": lambda result: interval(result.metrics.roi, signed_percent),
    "p of the return": lambda result: _p(result.metrics.roi),
    "closing line value": lambda result: percent(result.metrics.mean_clv.value, signed=True, digits=2),
    "interval of the CLV": lambda result: interval(result.metrics.mean_clv, signed_percent),
    "bets won": lambda result: percent(result.metrics.win_rate.value),
    "deepest drawdown": lambda result: percent(result.metrics.max_drawdown.value),
    "Sharpe ratio": lambda result: number(result.metrics.sharpe.value),
    "final bankroll": lambda result: money(result.metrics.final_bankroll),
}
