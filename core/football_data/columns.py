"""The price columns of football-data.co.uk: which bookmaker, market and outcome each of them prices.

A column is named bookmaker, then `C` where it is the close, then outcome: `PSCH` is Pinnacle's closing price on
the home team. The market's best and average prices (`Max…`, `Avg…`) are nobody's offer, and no bookmakers here.
"""

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

TOTAL_GOALS = 2.5


class Moment(Enum):
    """When a price was taken: before the match, or as the last before its start; the value is in the name."""

    BEFORE = ""
    CLOSE = "C"

    @property
    def handicap_column(self) -> str:
        """Return the column of the home team's Asian handicap, one for all bookmakers."""
        return f"AH{self.value}h"


class Side(Enum):
    """What an outcome is, without the teams' names."""

    HOME = "home"
    DRAW = "Draw"
    AWAY = "away"
    OVER = "Over"
    UNDER = "Under"


class Bookmaker(NamedTuple):
    """A bookmaker by the feed's key, and how its columns begin; other markets than h2h may begin differently."""

    key: str
    title: str
    prefix: str
    other_prefix: str = ""


class PriceColumn(NamedTuple):
    """What a column prices."""

    name: str
    bookmaker: Bookmaker
    market_key: str
    side: Side


BOOKMAKERS = (
    Bookmaker("bet365", "Bet365", "B365"),
    Bookmaker("betfair_ex_uk", "Betfair Exchange", "BFE"),
    Bookmaker("betfair_sb_uk", "Betfair Sportsbook", "BF"),
    Bookmaker("betfred_uk", "Betfred", "BFD"),
    Bookmaker("betmgm", "BetMGM", "BMGM"),
    Bookmaker("betvictor", "BetVictor", "VC"),
    Bookmaker("betvictor", "BetVictor", "BV"),
    Bookmaker("bwin", "bwin", "BW"),
    Bookmaker("coral", "Coral", "CL"),
    Bookmaker("interwetten", "Interwetten", "IW"),
    Bookmaker("ladbrokes_uk", "Ladbrokes", "LB"),
    Bookmaker("onexbet", "1xBet", "1XB"),
    Bookmaker("pinnacle", "Pinnacle", "PS", "P"),
    Bookmaker("williamhill", "William Hill", "WH"),
)
_SUFFIXES = (
    ("h2h", "H", Side.HOME),
    ("h2h", "D", Side.DRAW),
    ("h2h", "A", Side.AWAY),
    ("spreads", "AHH", Side.HOME),
    ("spreads", "AHA", Side.AWAY),
    ("totals", f">{TOTAL_GOALS}", Side.OVER),
    ("totals", f"<{TOTAL_GOALS}", Side.UNDER),
)


def price_columns(header: list[str], moment: Moment) -> list[PriceColumn]:
    """Return the columns of a header that hold bookmakers' prices of this moment, in the order of `BOOKMAKERS`.

    >>> [column.name for column in price_columns(["PSH", "PSCH", "PC>2.5", "AvgCH"], Moment.CLOSE)]
    ['PSCH', 'PC>2.5']
    """
    present = frozenset(header)
    return [column for column in _all_columns(moment) if column.name in present]


def _all_columns(moment: Moment) -> Iterator[PriceColumn]:
    for bookmaker in BOOKMAKERS:
        for market_key, suffix, side in _SUFFIXES:
            of_others = bookmaker.other_prefix if market_key != "h2h" else ""
            prefix = of_others or bookmaker.prefix
            yield PriceColumn(f"{prefix}{moment.value}{suffix}", bookmaker, market_key, side)
