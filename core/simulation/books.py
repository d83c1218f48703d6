"""The bookmakers of the simulated market: how dear, how quick and how early each one is."""

from dataclasses import dataclass

STALE_AFTER = 900
"""The feed drops a bookmaker that has not refreshed for this many seconds."""


@dataclass(frozen=True, slots=True)
class Bookmaker:
    """A bookmaker's manner.

    `overround` is the vig of a market; `lag` the seconds after which it follows the market, `refresh` those
    between two of its refreshes. `tick` is the grain of its opinion, `bias` the deviation of its own view of an
    event, and `shade` what it adds to the home side, all three as parts of the sport's usual move. `price_step`
    is the grain of its American prices; `opens` its place between the first (0) and the last (1) to open. One
    that is not `in_play` closes its markets at the start.
    """

    key: str
    title: str
    overround: float
    lag: int
    refresh: int
    tick: float
    bias: float
    shade: float
    price_step: int
    opens: float
    in_play: bool


BOOKMAKERS: tuple[Bookmaker, ...] = (
    Bookmaker("pinnacle", "Pinnacle", 0.026, 0, 20, 0.25, 0.0, 0.0, 1, 0.0, True),
    Bookmaker("betonlineag", "BetOnline.ag", 0.036, 90, 35, 0.4, 0.4, 0.0, 1, 0.1, True),
    Bookmaker("draftkings", "DraftKings", 0.045, 180, 30, 0.5, 0.7, 0.2, 1, 0.25, True),
    Bookmaker("fanduel", "FanDuel", 0.044, 150, 25, 0.5, 0.6, -0.2, 2, 0.35, True),
    Bookmaker("betmgm", "BetMGM", 0.048, 420, 45, 0.5, 0.9, 0.4, 5, 0.6, True),
    Bookmaker("williamhill_us", "Caesars", 0.047, 540, 110, 0.5, 0.9, 0.3, 1, 0.7, False),
    Bookmaker("betrivers", "BetRivers", 0.052, 660, 60, 0.5, 1.0, 0.0, 1, 0.85, True),
    Bookmaker("bovada", "Bovada", 0.046, 360, 50, 0.5, 0.8, 0.6, 5, 1.0, False),
)
