"""What a strategy is shown and what it answers, as frozen values.

`BacktestEvent` has no result and `KnownQuote` no later price: what is not there cannot leak.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.odds_math import FloatArray
from core.tiers import Tier, hours_until, tier_at

IntArray = NDArray[np.int64]
InstantArray = NDArray[np.datetime64]
"""Instants in UTC to the microsecond (`datetime64[us]`), NaT where there is none."""


class Side(IntEnum):
    """Which outcome of a market a quote is, told by its name and the event's teams; arrays hold the number."""

    OTHER = 0
    HOME = 1
    AWAY = 2
    DRAW = 3
    OVER = 4
    UNDER = 5
    YES = 6
    NO = 7

    @classmethod
    def of(cls, outcome_name: str, home_team: str, away_team: str) -> "Side":
        """Return the side that an outcome's name stands for.

        >>> Side.of("Lakers", "Lakers", "Celtics"), Side.of("Over", "Lakers", "Celtics")
        (<Side.HOME: 1>, <Side.OVER: 4>)
        """
        if outcome_name in (home_team, away_team):
            return cls.HOME if outcome_name == home_team else cls.AWAY
        return _NAMED_SIDES.get(outcome_name, cls.OTHER)


_NAMED_SIDES = {"Draw": Side.DRAW, "Over": Side.OVER, "Under": Side.UNDER, "Yes": Side.YES, "No": Side.NO}


class BacktestEvent(NamedTuple):
    """One decision about one event, as it was known then; instants are aware UTC.

    `number` is the decision's place in the run. `commence_time` is the start as known at `decided_at`.
    An event that is decided several times comes several times, each with its own instant.
    """

    number: int
    event_id: str
    sport_key: str
    home_team: str
    away_team: str
    commence_time: datetime
    decided_at: datetime

    @property
    def hours_before(self) -> float:
        """Return the hours from the decision to the start."""
        return hours_until(self.commence_time, self.decided_at)

    @property
    def tier(self) -> Tier:
        """Return the tier in which the decision falls: at the start itself the last one, for no bet is in play."""
        tier = tier_at(self.hours_before)
        return Tier.CLOSING if tier is Tier.IN_PLAY else tier


class KnownQuote(NamedTuple):
    """A bookmaker's quote as known at the decision.

    `number` is its row on the board: what a strategy answers with. `price` is American odds as quoted,
    `decimal_odds` the return of one unit with its stake, commission paid, `point` the handicap of the backed team
    or the total. `odds_timestamp` is since when the price stood, `seen_at` when a look last covered it; all
    instants are aware UTC. `stands_apart` tells that its bookmaker lists a draw where the sport's rules have none:
    a bet on a team then ends with regulation time and loses by a draw, and its price compares with no other's.
    """

    number: int
    bookmaker_key: str
    market_key: str
    outcome_name: str
    description: str | None
    side: Side
    price: int
    decimal_odds: float
    point: float | None
    odds_timestamp: datetime
    last_update: datetime | None
    seen_at: datetime
    source: str
    stands_apart: bool


class KnownResult(NamedTuple):
    """The final score of a game, from the instant at which it became known; instants are aware UTC.

    A correction comes as one more result of the same event.
    """

    event_id: str
    sport_key: str
    home_team: str
    away_team: str
    known_at: datetime
    home_score: int
    away_score: int


class LineChange(NamedTuple):
    """One change of a quote before the decision, received at an aware UTC instant; no price means withdrawn."""

    quote: KnownQuote
    odds_timestamp: datetime
    price: int | None
    point: float | None


@dataclass(frozen=True, slots=True)
class BetOpportunity:
    """A quote that a strategy would take.

    `probability` is the strategy's own estimate that the bet wins, None where it has none (then Kelly cannot size
    it). Opportunities of one event with the same `combination` are placed together or not at all, each with its
    `share` of the combination's stake (arbitrage); shares of one combination add up to 1.
    """

    quote: KnownQuote
    probability: float | None = None
    rationale: str = ""
    combination: int | None = None
    share: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Opportunities:
    """What a vectorised strategy would take: arrays of one length, in the order in which bets are placed.

    `quotes` are rows of the board, `probability` is NaN and `combination` -1 where there is none.
    `rationales` is one text for all, or one for each.
    """

    quotes: IntArray
    probability: FloatArray
    combination: IntArray
    share: FloatArray
    rationales: str | Sequence[str] = ""

    @classmethod
    def of(
        cls, quotes: IntArray, probability: FloatArray | None = None, rationales: str | Sequence[str] = ""
    ) -> "Opportunities":
        """Return single bets on these rows of the board."""
        count = len(quotes)
        return cls(
            quotes=quotes,
            probability=np.full(count, np.nan) if probability is None else probability,
            combination=np.full(count, -1, dtype=np.int64),
            share=np.ones(count),
            rationales=rationales,
        )

    def rationale(self, index: int) -> str:
        """Return why the bet at this place of the arrays is taken."""
        return self.rationales if isinstance(self.rationales, str) else self.rationales[index]
