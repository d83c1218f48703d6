"""How long a sweep takes over a season, and how long it takes to resample a season's bets."""

import os
import time

import numpy as np

from analytics.backtesting.bet_arrays import BetArrays
from analytics.backtesting.board_building import screen
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.inference import interval, resampled_sums
from analytics.backtesting.known import Known, known_of
from analytics.backtesting.sweep import compare
from analytics.backtesting.trials import bets_of, ground_of
from analytics.backtesting.trying import try_all
from analytics.strategies.expected_value import ExpectedValueParameters, ExpectedValueStrategy
from tests.analytics.boards import (
    HOUR,
    TIP_OFF,
    Quoted,
    all_made,
    board_of,
    decision,
    h2h,
    history_of,
    season,
    spread,
    total,
)
from tests.bench.figure import Figure

_GAMES = 1_230
_SETS = 10_000
_RESAMPLES = 10_000
_MOST_SWEEP_SECONDS = 60
_MOST_RESAMPLING_SECONDS = 1
_BOOKMAKERS = ("pinnacle", "bovada", "fanduel", "draftkings", "betmgm", "betrivers", "caesars", "lowvig")


def sweep_figures(*, quick: bool) -> list[Figure]:
    """Return both figures; a quick sweep is of a few games and sets."""
    games, sets = (40, 50) if quick else (_GAMES, _SETS)
    config = season(end="2029-01-01T00:00Z")
    known = _season(games, config)
    return [_sweep(known, sets, config), _resampling(games)]


def expected_value() -> type[ExpectedValueStrategy]:
    """Return the strategy that is swept, in any process."""
    return ExpectedValueStrategy


def _sweep(known: Known, sets: int, config: BacktestConfig) -> Figure:
    cores = os.cpu_count() or 1
    parameter_sets = [
        ExpectedValueParameters(min_edge=float(edge), max_edge=0.2) for edge in np.linspace(0.0, 0.1, sets)
    ]
    begun = time.perf_counter()
    ground = ground_of(known)
    outcomes = try_all(expected_value, parameter_sets, ground, config, processes=cores)

    def bets_at(place: int) -> BetArrays:
        return bets_of(ExpectedValueStrategy(parameter_sets[place]), ground, config)

    compare("expected_value", parameter_sets, outcomes, config, quality=known.quality, bets_of=bets_at)
    seconds = time.perf_counter() - begun
    return Figure(
        f"sweep: {sets:,} sets of parameters over {len(known.decisions.made):,} games",
        f"{seconds:.1f} s",
        f"≤ {_MOST_SWEEP_SECONDS} s on 2 cores",
        seconds <= _MOST_SWEEP_SECONDS,
        f"expected_value by its least edge, {len(known.board):,} quotes of an invented season in memory, settled, "
        f"tried in {cores} processes and compared, with all that says how far the best is luck",
    )


def _resampling(bets: int) -> Figure:
    rng = np.random.default_rng(1)
    day = np.sort(rng.integers(0, max(bets // 7, 1), bets))
    profits = np.where(rng.random(bets) < 0.52, 0.91, -1.0)
    columns = np.stack([np.bincount(day, weights=profits), np.bincount(day)], axis=1)
    begun = time.perf_counter()
    sums = resampled_sums(columns, resamples=_RESAMPLES, rng=rng)
    interval(sums[:, 0] / sums[:, 1], 0.95, days=len(columns))
    seconds = time.perf_counter() - begun
    return Figure(
        f"{_RESAMPLES:,} resamples of {bets:,} bets by day",
        f"{seconds:.2f} s",
        f"≤ {_MOST_RESAMPLING_SECONDS} s",
        seconds <= _MOST_RESAMPLING_SECONDS,
        f"the interval of the return on investment of {bets:,} bets on {len(columns)} days",
    )


def _season(games: int, config: BacktestConfig) -> Known:
    """Return an invented season: 48 quotes at each decision, and a result of each game."""
    rng = np.random.default_rng(1)
    made = tuple(
        decision(number, TIP_OFF + 3 * HOUR * number, event_id=f"event{number}") for number in range(games)
    )
    board = board_of(*(_quotes(rng) for _ in made), decisions=made)
    scores = rng.integers(90, 130, (games, 2)).tolist()
    histories = {
        one.event_id: history_of(one, (home, away)) for one, (home, away) in zip(made, scores, strict=True)
    }
    screened = screen(board, np.ones(len(board), dtype=np.bool_), config)
    return known_of(all_made(made), histories, board, screened)


def _quotes(rng: np.random.Generator) -> list[Quoted]:
    quotes = []
    for bookmaker_key, shade in zip(_BOOKMAKERS, rng.integers(0, 9, len(_BOOKMAKERS)).tolist(), strict=True):
        prices = (-102 - shade, -118 + shade)
        quotes += h2h(bookmaker_key, *prices) + spread(bookmaker_key, -3.5, *prices)
        quotes += total(bookmaker_key, 220.5, *prices)
    return quotes
