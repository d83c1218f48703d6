"""The charts of a report, as plotly figures; colours are the page's variables, so that they follow its theme."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from analytics.backtesting.reliability import Reliability, reliability
from analytics.backtesting.result import BacktestResult, Bet
from analytics.optional import research_library

ACCENT, SECOND, GOOD, BAD = "var(--accent)", "var(--second)", "var(--good)", "var(--bad)"
SOFT_BAD, MUTED = "var(--soft-bad)", "var(--muted)"
_CLV_BINS = 32
_OUTLIERS_PERCENT = 1.0
_LEAST_FOR_BINS = 20
_STANDARD_ERRORS = 2
_FEW_BETS = 5


def equity_figure(result: BacktestResult) -> Any:  # noqa: ANN401
    """Return the bankroll at the end of each day, and below it the fall from its highest so far."""
    go, subplots = research_library("plotly.graph_objects"), research_library("plotly.subplots")
    days = [day.day for day in result.equity]
    figure = subplots.make_subplots(
        rows=2, cols=1, shared_xaxes=True, row_heights=[0.72, 0.28], vertical_spacing=0.06
    )
    bankroll = [round(day.bankroll, 2) for day in result.equity]
    drawdown = [-round(day.drawdown, 6) for day in result.equity]
    line = {"color": ACCENT, "width": 2}
    shown = "%{y:,.0f}<extra>bankroll</extra>"
    figure.add_trace(go.Scatter(x=days, y=bankroll, line=line, mode="lines", hovertemplate=shown), 1, 1)
    figure.add_hline(y=result.config.bankroll, line={"color": MUTED, "width": 1, "dash": "dot"}, row=1, col=1)
    figure.add_trace(
        go.Scatter(
            x=days,
            y=drawdown,
            line={"color": BAD, "width": 1},
            mode="lines",
            fill="tozeroy",
            fillcolor=SOFT_BAD,
            hovertemplate="%{y:.1%}<extra>drawdown</extra>",
        ),
        2,
        1,
    )
    figure.update_layout(showlegend=False, hovermode="x unified", height=430)
    figure.update_yaxes(title_text="bankroll", tickformat=",.0f", row=1, col=1)
    figure.update_yaxes(title_text="drawdown", tickformat=".2~%", nticks=4, row=2, col=1)
    return figure


def clv_figure(bets: Sequence[Bet]) -> Any:  # noqa: ANN401
    """Return how often each closing line value was had, outliers in the outer bars; None without any."""
    values = np.array([bet.clv for bet in bets if bet.clv is not None])
    if not values.size:
        return None
    go = research_library("plotly.graph_objects")
    low, high = np.percentile(values, [_OUTLIERS_PERCENT, 100 - _OUTLIERS_PERCENT])
    width = _even(max(high - low, 0.01) / _CLV_BINS)
    edges = np.arange(np.floor(low / width), np.ceil(high / width) + 2) * width
    counts, _ = np.histogram(np.clip(values, edges[0], edges[-1] - width / 2), edges)
    middles = (edges[:-1] + edges[1:]) / 2
    figure = go.Figure(
        go.Bar(
            x=np.round(middles, 6).tolist(),
            y=counts.tolist(),
            width=width * 0.92,
            marker={"color": [GOOD if middle > 0 else BAD for middle in middles]},
            hovertemplate="around %{x:.1%}: %{y} bets<extra></extra>",
        )
    )
    mean = float(values.mean())
    figure.add_vline(x=mean, line={"color": ACCENT, "width": 2, "dash": "dash"})
    figure.update_layout(showlegend=False, height=330, bargap=0)
    figure.update_xaxes(title_text=f"closing line value (mean {mean:+.2%})", tickformat=".2~%")
    figure.update_yaxes(title_text="bets", dtick=1 if counts.max() <= _FEW_BETS else None)
    return figure


def reliability_figure(bets: Sequence[Bet]) -> Any:  # noqa: ANN401
    """Return the share of bets won by the probability given to them; None where too few have one."""
    go = research_library("plotly.graph_objects")
    figure = go.Figure(
        go.Scatter(
            x=[0, 1], y=[0, 1], mode="lines", line={"color": MUTED, "width": 1, "dash": "dot"}, hoverinfo="skip"
        )
    )
    figure.data[0].showlegend = False
    estimates = {
        "the strategy": ([(bet.probability, bet) for bet in bets], ACCENT),
        "the fair close": ([(bet.closing_probability, bet) for bet in bets], SECOND),
    }
    for name, (pairs, colour) in estimates.items():
        found = _reliability(pairs)
        if found is not None:
            figure.add_trace(_reliability_trace(found, name, colour))
    if len(figure.data) == 1:
        return None
    figure.update_layout(height=360, legend={"orientation": "h", "y": 1.12, "x": 0})
    figure.update_xaxes(title_text="probability given", tickformat=".0%", range=[0, 1], dtick=0.25)
    figure.update_yaxes(title_text="share won", tickformat=".0%", range=[0, 1], dtick=0.25)
    return figure


def monthly_figure(result: BacktestResult) -> Any:  # noqa: ANN401
    """Return the profit of each month, by the day on which bets settled."""
    go = research_library("plotly.graph_objects")
    months: dict[str, float] = defaultdict(float)
    for day in result.equity:
        months[f"{day.day:%b %Y}"] += day.profit
    profits = [round(profit, 2) for profit in months.values()]
    figure = go.Figure(
        go.Bar(
            x=list(months),
            y=profits,
            marker={"color": [GOOD if profit >= 0 else BAD for profit in profits]},
            hovertemplate="%{x}: %{y:+,.2f}<extra></extra>",
        )
    )
    figure.update_layout(showlegend=False, height=330)
    figure.update_xaxes(type="category", nticks=12)
    figure.update_yaxes(title_text="profit", tickformat=",.0f")
    return figure


def _reliability(pairs: Sequence[tuple[float | None, Bet]]) -> Reliability | None:
    told = [(p, bet.grade == "win") for p, bet in pairs if p is not None and bet.grade in {"win", "loss"}]
    sound = [(p, won) for p, won in told if 0 < p < 1]
    if len(sound) < _LEAST_FOR_BINS:
        return None
    bins = min(10, len(sound) // (_LEAST_FOR_BINS // 2))
    return reliability([p for p, _ in sound], [won for _, won in sound], bins=bins)


def _reliability_trace(found: Reliability, name: str, colour: str) -> Any:  # noqa: ANN401
    return research_library("plotly.graph_objects").Scatter(
        x=[round(one.predicted, 4) for one in found.bins],
        y=[round(one.realised, 4) for one in found.bins],
        error_y={
            "type": "data",
            "array": [round(_STANDARD_ERRORS * one.standard_error, 4) for one in found.bins],
            "color": colour,
            "thickness": 1,
            "width": 3,
        },
        customdata=[one.count for one in found.bins],
        mode="markers",
        marker={"color": colour, "size": 8},
        name=name,
        hovertemplate="said %{x:.1%}, won %{y:.1%} of %{customdata} bets<extra></extra>",
    )


def _even(width: float) -> float:
    """Return the next larger width that starts with 1, 2 or 5."""
    power = 10.0 ** np.floor(np.log10(width))
    return float(next(step * power for step in (1, 2, 5, 10) if step * power >= width * (1 - 1e-9)))
