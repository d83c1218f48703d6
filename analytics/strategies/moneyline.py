"""What strategies share that have an opinion about who wins."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from analytics.backtesting.board import KnownOdds
from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.grading import draw_is_priced
from analytics.backtesting.settlement_rules import rules_of
from analytics.backtesting.values import BacktestEvent, BetOpportunity, KnownQuote, Side
from analytics.devig import no_vig_multiplicative
from analytics.odds_math import american_to_decimal

_TEAMS = (Side.HOME, Side.AWAY)


def two_way_quotes(event: BacktestEvent, odds: KnownOdds) -> list[KnownQuote]:
    """Return the moneyline of bookmakers that price no draw; nothing where the sport's rules have one."""
    if draw_is_priced("h2h", rules_of(event.sport_key), lists_draw=False):
        return []
    return [quote for quote in odds.of_market("h2h") if not quote.stands_apart]


def market_probability(quotes: Iterable[KnownQuote]) -> float | None:
    """Return the mean of the bookmakers' fair chances of the home team; None where none quotes both teams."""
    by_bookmaker: dict[str, dict[Side, float]] = defaultdict(dict)
    for quote in quotes:
        by_bookmaker[quote.bookmaker_key][quote.side] = float(american_to_decimal(quote.price))
    both = [[sides[Side.HOME], sides[Side.AWAY]] for sides in by_bookmaker.values() if len(sides) == len(_TEAMS)]
    return float(no_vig_multiplicative(both)[:, 0].mean()) if both else None


def best_side(
    quotes: Iterable[KnownQuote],
    home_probability: float,
    config: BacktestConfig,
    *,
    min_edge: float,
    max_edge: float,
) -> list[BetOpportunity]:
    """Return the best price of the team with the larger edge, if that is from the least to the most.

    Args:
        quotes: The moneyline, of two ways.
        home_probability: That the home team wins.
        config: Where bets may be placed.
        min_edge: The least expected profit per unit.
        max_edge: The most.
    """
    chances = {Side.HOME: home_probability, Side.AWAY: 1 - home_probability}
    offered = [
        quote
        for quote in quotes
        if quote.side in chances and (not config.bookmakers or quote.bookmaker_key in config.bookmakers)
    ]

    def edge(quote: KnownQuote) -> float:
        return chances[quote.side] * quote.decimal_odds - 1

    best = max(offered, key=edge, default=None)
    if best is None or not min_edge <= edge(best) <= max_edge:
        return []
    probability = chances[best.side]
    rationale = f"{best.decimal_odds:.3f} for a chance of {probability:.1%}: an edge of {edge(best):.1%}"
    return [BetOpportunity(best, float(np.clip(probability, 0, 1)), rationale)]
