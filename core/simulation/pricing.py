"""From an opinion to a bookmaker's listed markets: its vig, its grain of prices, its points in halves."""

from collections.abc import Iterable
from math import ceil, floor
from typing import TypeAlias

from core.simulation.board import JsonObject
from core.simulation.books import Bookmaker
from core.simulation.scoring import Outlook, Scoring

_Outcome: TypeAlias = tuple[str, float, float | None]
_LEAST_LIKELY, _SUREST = 0.012, 0.965
_COARSER = ((1_000, 50), (500, 25), (200, 5))


def american_price(implied: float, step: int) -> int:
    """Return the American price of an implied probability, on the grain of its size, to the bookmaker's favour.

    >>> american_price(0.5, 1), american_price(0.523, 1), american_price(0.4, 5), american_price(0.82, 1)
    (100, -110, 150, -460)
    """
    if implied <= 0.5:  # noqa: PLR2004
        fair = 100 * (1 - implied) / implied
        grain = _grain(fair, step)
        return max(100, floor(fair / grain) * grain)
    fair = 100 * implied / (1 - implied)
    grain = _grain(fair, step)
    return -max(100, ceil(fair / grain - 1e-9) * grain)


def listed_markets(
    scoring: Scoring, outlook: Outlook, book: Bookmaker, teams: tuple[str, str]
) -> list[JsonObject]:
    """Return h2h, spreads and totals (without their times) as a bookmaker of this opinion lists them.

    A market whose outcome is all but certain is not listed.

    Args:
        scoring: How the sport scores.
        outlook: The bookmaker's opinion.
        book: Whose vig and grain apply.
        teams: Home and away.
    """
    home, away = teams
    margin = outlook.lead + outlook.margin * outlook.left
    point = -_half(margin)
    cover = scoring.cover(outlook, point)
    line = _half(outlook.scored + outlook.total * outlook.left)
    over = scoring.over(outlook, line)
    listed = (
        ("h2h", _by_name(zip((home, away, "Draw"), scoring.winner(outlook), (None, None, None), strict=False))),
        ("spreads", _by_name(((home, cover, point), (away, 1 - cover, -point)))),
        ("totals", [("Over", over, line), ("Under", 1 - over, line)]),
    )
    return [
        {"key": key, "outcomes": [_outcome(outcome, book) for outcome in outcomes]}
        for key, outcomes in listed
        if all(_LEAST_LIKELY < outcome[1] * (1 + book.overround) < _SUREST for outcome in outcomes)
    ]


def _by_name(outcomes: Iterable[_Outcome]) -> list[_Outcome]:
    """Order outcomes as the feed does: teams by name, a draw last."""
    return sorted(outcomes, key=lambda outcome: (outcome[0] == "Draw", outcome[0]))


def _outcome(outcome: _Outcome, book: Bookmaker) -> JsonObject:
    name, probability, point = outcome
    row: JsonObject = {"name": name, "price": american_price(probability * (1 + book.overround), book.price_step)}
    if point is not None:
        row["point"] = int(point) if point == int(point) else point
    return row


def _half(points: float) -> float:
    return round(points * 2) / 2


def _grain(fair: float, step: int) -> int:
    return next((grain for above, grain in _COARSER if fair > above), step)
