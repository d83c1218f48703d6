"""What backtests of real seasons say: how far the close is right, and what betting without a reason brings."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.result import BacktestResult
from analytics.backtesting.wording import interval, percent, signed_percent
from analytics.strategies.base import BettingStrategy
from analytics.strategies.registry import strategy_named
from core.database_url import parse_database_url
from handlers.backtesting import run_backtest
from storage import migrations
from storage.database import Database
from tests.bench.figure import Figure
from tests.bench.server import BenchServer
from tests.handlers.real_backtests import (
    AT_THE_CLOSE,
    EPL,
    NFL,
    OUTCOMES,
    RICH,
    EveryQuote,
    calibration,
    off_the_close,
)
from tests.handlers.real_data import collect_nfl, import_seasons

DATABASE = "bench_real"
_STANDARD_ERRORS = 3
_SHARP = ("lowvig", "betonlineag")
_METHOD = (
    "five Premier League seasons imported, and of a recorded NFL season the looks an hour before each start and"
    " just before it, with their real scores; flat stakes, 95 % intervals by day"
)
_CLOSES: Sequence[tuple[str, Mapping[str, Any], str, str, Sequence[str]]] = (
    ("Premier League, Pinnacle", EPL, "pinnacle", "h2h", ("home", "draw", "away")),
    ("Premier League, Pinnacle", EPL, "pinnacle", "totals", ("over",)),
    ("NFL, DraftKings", NFL, "draftkings", "h2h", ("home",)),
    ("NFL, DraftKings", NFL, "draftkings", "spreads", ("home",)),
    ("NFL, DraftKings", NFL, "draftkings", "totals", ("over",)),
)
_FAVOURITES = (
    ("at the close, Premier League, Pinnacle", {**EPL, **AT_THE_CLOSE}, "pinnacle"),
    ("at the close, Premier League, Bet365", {**EPL, **AT_THE_CLOSE}, "bet365"),
    ("at the close, NFL, DraftKings", {**NFL, **AT_THE_CLOSE}, "draftkings"),
    ("1 h before, NFL, DraftKings", NFL, "draftkings"),
)


async def real_figures(server: BenchServer, folder: Path) -> list[Figure]:
    """Return what closes said and what happened, and what each way of betting brought."""
    await server.postgres.recreate_database(DATABASE)
    database = Database(parse_database_url(server.postgres.url(DATABASE)), pooled=False)
    try:
        await migrations.upgrade(database.engine)
        await import_seasons(database, folder)
        await collect_nfl(database, folder)
        return [*await _calibrations(database), *await _bets(database)]
    finally:
        await database.close()


async def _calibrations(database: Database) -> list[Figure]:
    figures = []
    for title, season, bookmaker, market, outcomes in _CLOSES:
        result = await _run(database, EveryQuote(), {**season, **AT_THE_CLOSE}, bookmaker)
        bets = [bet for bet in result.bets if bet.market_key == market]
        for outcome in outcomes:
            found = calibration(bets, OUTCOMES[outcome])
            said = sum(one.count * one.predicted for one in found.bins) / found.count
            was = sum(one.count * one.realised for one in found.bins) / found.count
            chance = "" if found.p_value is None else f" (p {found.p_value:.2f})"
            figures.append(
                Figure(
                    f"the close without its vig, {title}, {market}: {outcome}",
                    f"said {percent(said)}, was {percent(was)}{chance} of {found.count:,}",
                    f"within {_STANDARD_ERRORS} standard errors",
                    found.z is None or abs(found.z) <= _STANDARD_ERRORS,
                    _METHOD,
                )
            )
    return figures


async def _bets(database: Database) -> list[Figure]:
    figures = []
    for title, season, bookmaker in _FAVOURITES:
        result = await _run(database, strategy_named("flat"), season, bookmaker)
        figures.append(_figure(f"every favourite, {title}", result))
    for pick in ("favourite", "home"):
        result = await _run(database, strategy_named("flat", {"pick": pick}), NFL, None)
        figures.append(_figure(f"every {pick}, 1 h before, NFL, the best price", result))
    spreads = strategy_named("flat", {"market": "spreads", "pick": "home"})
    result = await _run(database, spreads, NFL, "draftkings")
    figures.append(_figure("every home spread, 1 h before, NFL, DraftKings", result))
    sharp = strategy_named("expected_value", {"sharp": _SHARP, "min_edge": 0.01})
    result = await _run(database, sharp, NFL, None)
    return [*figures, _figure("expected_value, 1 % by the sharp ones, 1 h before, NFL, the best price", result)]


def _figure(what: str, result: BacktestResult) -> Figure:
    deviation, expected = off_the_close(result)
    roi = result.metrics.roi
    return Figure(
        f"{what}: return",
        f"{percent(roi.value, signed=True)} ({interval(roi, signed_percent)}) on {result.metrics.bets:,} bets;"
        f" the close expects {signed_percent(expected)}",
        f"within {_STANDARD_ERRORS} standard errors of it",
        abs(deviation) <= _STANDARD_ERRORS,
        _METHOD,
    )


async def _run(
    database: Database, strategy: BettingStrategy[Any], season: Mapping[str, Any], bookmaker: str | None
) -> BacktestResult:
    """Return a run at one bookmaker whose own close judges the bets, or at all, judged by the sharp ones."""
    where: dict[str, Any] = {"fair_bookmakers": _SHARP}
    if bookmaker is not None:
        where = {"bookmakers": [bookmaker], "fair_bookmakers": [bookmaker]}
    return await run_backtest(database, strategy, BacktestConfig.model_validate({**RICH, **season, **where}))
