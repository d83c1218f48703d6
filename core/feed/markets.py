"""What a market key says of its market: its family, and whether the point is part of an outcome's identity."""

from functools import lru_cache

_LAY = {"h2h_lay": "h2h", "outrights_lay": "outrights"}
_PERIOD_SUFFIXES = (
    *(f"_q{n}" for n in range(1, 5)),
    *(f"_h{n}" for n in range(1, 3)),
    *(f"_p{n}" for n in range(1, 4)),
    *(f"_1st_{n}_innings" for n in (1, 3, 5, 7)),
)
_ONE_LINE_FAMILIES = frozenset(
    {"h2h", "h2h_3_way", "spreads", "totals", "team_totals", "outrights", "btts", "draw_no_bet", "double_chance"}
)


def asked_market(market_key: str) -> str:
    """Return the market that a request names to get this one: lay markets come along with their own.

    >>> asked_market("h2h_lay"), asked_market("spreads")
    ('h2h', 'spreads')
    """
    return _LAY.get(market_key, market_key)


def is_lay(market_key: str) -> bool:
    """Tell whether prices of this market are offers to lay, as exchanges list them."""
    return market_key in _LAY


def is_outright(market_key: str) -> bool:
    """Tell whether the market lists a whole field of competitors instead of one game's sides."""
    return asked_market(market_key) == "outrights"


def family(market_key: str) -> str:
    """Return the market without its period and without the lay suffix.

    >>> family("spreads_h1"), family("h2h_lay"), family("totals_1st_5_innings"), family("player_points")
    ('spreads', 'h2h', 'totals', 'player_points')
    """
    key = asked_market(market_key)
    for suffix in _PERIOD_SUFFIXES:
        if key.endswith(suffix) and not key.startswith("player_"):
            return key.removesuffix(suffix)
    return key


@lru_cache(maxsize=4096)
def point_is_identity(market_key: str) -> bool:
    """Tell whether one bookmaker may list the same outcome at several points at once.

    Then the point belongs to the selection (alternate lines, player props); elsewhere it is a
    property of the quote and moves with it (The Odds API v4, event odds: the identity of a prop
    outcome is its market, name, description and point).

    >>> point_is_identity("spreads"), point_is_identity("alternate_spreads"), point_is_identity("player_points")
    (False, True, True)
    """
    return family(market_key) not in _ONE_LINE_FAMILIES
