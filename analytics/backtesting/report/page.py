"""A result as one HTML page that needs nothing else: no network, no other file."""

from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from analytics.backtesting.report import figures, sections
from analytics.backtesting.result import BacktestResult
from analytics.optional import research_library
from core.periods import last_day

_ASSETS = files("analytics.backtesting.report")


def report_page(result: BacktestResult) -> str:
    """Return the page.

    Raises:
        ConfigurationError: plotly is not installed.
    """
    config, last = result.config, last_day(result.config.end)
    return Template(_asset("page.html")).substitute(
        title=escape(f"{result.strategy}, {config.start:%Y-%m-%d} to {last:%Y-%m-%d}"),
        strategy=escape(result.strategy),
        period=f"{config.start:%-d %b %Y} to {last:%-d %b %Y} UTC",
        sports=escape(", ".join(config.sports) or "all sports"),
        sources=escape(", ".join(config.sources)),
        verdict=escape(result.metrics.verdict).replace(" %", "&nbsp;%"),
        figures=_figures(result) if result.metrics.bets else "",
        breakdowns=sections.breakdowns(result.breakdowns),
        quality=sections.quality(result.quality),
        settings=sections.settings(result),
        bets=sections.bets_table(result.bets),
        style=_asset("page.css"),
        plotly=research_library("plotly.offline").get_plotlyjs(),
        script=_asset("page.js"),
    )


def _figures(result: BacktestResult) -> str:
    """Return the headline figures, what they rest on, and the charts."""
    charts = {
        "Bankroll and drawdown": figures.equity_figure(result),
        "Closing line value": figures.clv_figure(result.bets),
        "Reliability": figures.reliability_figure(result.bets),
        "Profit by month": figures.monthly_figure(result),
    }
    drawn = "".join(_chart(title, figure) for title, figure in charts.items())
    return f'{sections.cards(result)}{sections.about_figures(result)}<div class="charts">{drawn}</div>'


def _chart(title: str, figure: Any | None) -> str:  # noqa: ANN401
    """Return a panel with a figure's specification, which the page's script draws; JSON that ends no script."""
    wide = " wide" if title.startswith("Bankroll") else ""
    if figure is None:
        return f'<section class="panel"><h2>{title}</h2><p class="none">Too few bets to show.</p></section>'
    figure.update_layout(template="none")
    specification = figure.to_json().replace("<", "\\u003c")
    return (
        f'<section class="panel{wide}"><h2>{title}</h2><div class="chart"></div>'
        f'<script type="application/json">{specification}</script></section>'
    )


def _asset(name: str) -> str:
    return _ASSETS.joinpath(name).read_text(encoding="utf-8")
