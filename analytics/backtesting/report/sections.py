"""The parts of a report that are text: headline figures, breakdowns, data quality, settings, bets."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from itertools import chain
from typing import Any

from analytics.backtesting.result import BacktestResult, Bet, Breakdown, DataQuality, Estimate, Metrics
from analytics.backtesting.wording import (
    LOOKS,
    NONE,
    about,
    backed,
    bare_chance,
    chance,
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
    signed_percent,
    streak,
    without_interval,
)
from core.planning.wording import counted

MOST_BETS = 300
_LEAST_GROUPS = 2
_WORDS = {
    "without_odds": "no odds known",
    "only_stale": "only stale odds",
    "after_last_look": "after the last look at their sport",
    "listed_late": "listed too late",
    "refused": "refused: already started",
    "cancelled": "known to be cancelled",
    "by_source": "quotes by source",
    "decided": "decisions made",
    "postponed": "decisions of events postponed after them",
    "unclosed": "bets without a closing line value",
    "moved": "bets judged by the close of another number",
    "ungraded": "bets without a result",
    "untold": "bets that a known result does not grade",
    "unwanted": "not bet: the sizing stakes nothing",
    "too_small": "not bet: less than the least stake",
    "no_money": "not bet: too little money in hand",
    "event_full": "not bet: the event has all that it may",
    "cut_stakes": "bets at a stake that limits or the money in hand made smaller",
    "brought": "events of which a file of yours told more than the feed",
}


def cards(result: BacktestResult) -> str:
    """Return the headline figures, each with its uncertainty."""
    m = result.metrics
    made = [
        _card("Return on stakes", percent(m.roi.value, signed=True, digits=2), _notes(m.roi), m.roi.value),
        _card("Profit", money(m.profit, signed=True), _profit_notes(m), m.profit),
        _card("Bets", number(m.bets, 0), _bets_notes(m)),
        _card(
            "Closing line value",
            percent(m.mean_clv.value, signed=True, digits=2),
            [
                *_notes(m.mean_clv),
                f"positive on {percent(m.positive_clv_share.value)}",
                judged(result.quality, len(result.bets)),
                of_bets_at_the_close(result.bets),
            ],
            m.mean_clv.value,
        ),
        _card("Deepest drawdown", percent(m.max_drawdown.value), _drawdown_notes(result)),
        _card("Sharpe ratio", number(m.sharpe.value), _sharpe_notes(result)),
        _card("Bankroll", money(m.final_bankroll), [f"{money(result.config.bankroll)} at the beginning"]),
        _card("Bets for significance", about(m.bets_for_significance), ["at this edge and spread of profits"]),
    ]
    return f'<div class="cards">{"".join(made)}</div>'


def about_figures(result: BacktestResult) -> str:
    """Return what intervals and p-values are, and why there are none where that is so."""
    confidence = f"{100 * result.config.confidence:g}&nbsp;%"
    told = f"Intervals are at {confidence}, from resampled days; p is how often chance alone does as well."
    why_not = escape(without_interval(result))
    return f'<p class="note">{told}{f" Here: {why_not}." if why_not else ""}</p>'


def breakdowns(groups: dict[str, tuple[Breakdown, ...]]) -> str:
    """Return a table for each way of grouping the bets that tells some of them apart."""
    header = ("", "bets", "staked", "profit", "return", "interval", "p", "p (Holm)", "won", "CLV")
    made = []
    for name, rows in in_usual_order(groups).items():
        if len(rows) < _LEAST_GROUPS:
            continue
        cells = (
            (
                escape(row.group),
                number(row.bets, 0),
                money(row.staked),
                _signed(money(row.profit, signed=True), row.profit),
                _signed(percent(row.roi.value, signed=True), row.roi.value),
                interval(row.roi, signed_percent) or NONE,
                bare_chance(row.roi.p_value) or NONE,
                bare_chance(row.adjusted_p_value) or NONE,
                _with_interval(percent(row.win_rate.value), interval(row.win_rate, percent)),
                _with_interval(
                    percent(row.mean_clv.value, signed=True, digits=2), interval(row.mean_clv, signed_percent)
                ),
            )
            for row in rows
        )
        made.append(_card_of(f"By {escape(grouping(name))}", _table(header, cells)))
    note = f'<p class="note">{escape(LOOKS)}</p>'
    return "".join([note, *made]) if made else ""


def quality(data: DataQuality) -> str:
    """Return what the data allowed, what is zero left out but for the first lines."""
    listed = data.model_dump()
    by_source = listed.pop("by_source")
    shown = {name: f"{count:,}" for name, count in listed.items() if count or name in {"events", "decisions"}}
    if by_source:
        shown["by_source"] = ", ".join(f"{count:,} {source}" for source, count in sorted(by_source.items()))
    return _pairs((_WORDS.get(name, name.replace("_", " ")), escape(text)) for name, text in shown.items())


def settings(result: BacktestResult) -> str:
    """Return the strategy's parameters and the run's settings as they were taken, without those not set."""
    config = result.config.model_dump(mode="json")
    config |= {name: wording(config[name]) for name, wording in _WORDED_SETTINGS.items() if config[name]}
    asked = chain(result.parameters.items(), config.items())
    return _pairs(
        (name.replace("_", " "), escape(_plain(value))) for name, value in asked if value not in (None, [], ())
    )


def _decision_points(points: Sequence[float | str]) -> list[str]:
    return [f"{one} begins" if isinstance(one, str) else f"{one:g} h before the start" for one in points]


def _percents(by_bookmaker: Mapping[str, float]) -> list[str]:
    return [f"{key} {percent:g} %" for key, percent in by_bookmaker.items()]


_WORDED_SETTINGS: Mapping[str, Callable[[Any], object]] = {
    "decide_at": _decision_points,
    "commission": _percents,
    "resamples": "{:,}".format,
}
"""The settings of which a value alone would not say what it is."""


def bets_table(bets: Sequence[Bet]) -> str:
    """Return the bets, the latest first, as many as a page can bear."""
    header = ("decided (UTC)", "event", "bet", "price", "stake", "result", "profit", "CLV", "why")
    cells = (
        (
            f"{bet.decided_at:%Y-%m-%d %H:%M}",
            escape(f"{bet.away_team} at {bet.home_team}"),
            escape(_offer(bet)),
            f"{bet.price:+d}",
            money(bet.stake),
            escape(ending(bet) if bet.ungraded_because is None else f"{ending(bet)}: {bet.ungraded_because}"),
            _signed(money(bet.profit, signed=True), bet.profit),
            percent(bet.clv, signed=True),
            escape(bet.rationale),
        )
        for bet in reversed(bets[-MOST_BETS:])
    )
    cut = "" if len(bets) <= MOST_BETS else f", the last {MOST_BETS} of {len(bets):,}"
    return f"<details><summary>Bets{cut}</summary>{_table(header, cells, words=(0, 1, 2, 5, 8))}</details>"


def _offer(bet: Bet) -> str:
    return f"{backed(bet)}, {bet.market_key} at {bet.bookmaker_key}"


def _card(title: str, value: str, notes: Iterable[str], judged: float | None = None) -> str:
    lines = "".join(f"<p>{escape(note)}</p>" for note in notes if note).replace(" %", "&nbsp;%")
    return f'<div class="card"><h3>{escape(title)}</h3><strong>{_signed(value, judged)}</strong>{lines}</div>'


def _notes(estimate: Estimate, wording: Callable[[float | None], str] = signed_percent) -> list[str]:
    span = interval(estimate, wording)
    return [note for note in (span, chance(estimate.p_value)) if note]


def _drawdown_notes(result: BacktestResult) -> list[str]:
    days = result.metrics.max_drawdown_days
    return [*_notes(result.metrics.max_drawdown, percent), "" if days is None else f"{counted(days, 'day')} long"]


def _sharpe_notes(result: BacktestResult) -> list[str]:
    probabilistic = result.metrics.probabilistic_sharpe
    return [
        *_notes(result.metrics.sharpe, number),
        "" if probabilistic is None else f"above zero with a probability of {percent(probabilistic)}",
    ]


def _signed(text: str, judged: float | None) -> str:
    if not judged:
        return text
    return f'<span class="{"good" if judged > 0 else "bad"}">{text}</span>'


def _plain(value: object) -> str:
    if isinstance(value, dict):
        given = {name: one for name, one in value.items() if one is not None}
        return ", ".join(f"{name.replace('_', ' ')} {_plain(one)}" for name, one in given.items())
    if isinstance(value, list | tuple):
        return ", ".join(_plain(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,g}" if isinstance(value, float) else str(value)


def _profit_notes(m: Metrics) -> list[str]:
    factor = _beside(f"profit factor {number(m.profit_factor.value)}", interval(m.profit_factor, number))
    return [f"on {money(m.staked)} staked", factor, expected(m)]


def _bets_notes(m: Metrics) -> list[str]:
    return [
        f"{m.wins:,} won, {m.losses:,} lost, {m.pushes:,} pushed or void",
        _beside(f"{percent(m.win_rate.value)} won", interval(m.win_rate, percent)),
        f"most won in a row: {streak(m.longest_winning_streak)}",
        f"most lost in a row: {streak(m.longest_losing_streak)}",
    ]


def _beside(figure: str, span: str) -> str:
    return f"{figure}, {span}" if span else figure


def _with_interval(value: str, span: str) -> str:
    return f"{value}<br><small>{span}</small>" if span else value


def _card_of(title: str, inner: str) -> str:
    return f'<section class="panel"><h2>{title}</h2>{inner}</section>'


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    lines = "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in pairs)
    return f"<dl>{lines}</dl>"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], words: Sequence[int] = (0,)) -> str:
    kinds = ["word" if place in words else "figure" for place in range(len(header))]
    head = _row("th", kinds, header)
    body = "".join(_row("td", kinds, row) for row in rows)
    return f'<div class="scroll"><table><thead>{head}</thead><tbody>{body}</tbody></table></div>'


def _row(tag: str, kinds: Sequence[str], cells: Sequence[str]) -> str:
    pairs = zip(kinds, cells, strict=True)
    return f"<tr>{''.join(f'<{tag} class={kind}>{cell}</{tag}>' for kind, cell in pairs)}</tr>"
