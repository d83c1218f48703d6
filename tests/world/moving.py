"""A market that moves one of its games to an earlier start."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.simulation.board import JsonObject, OddsBoard
from core.simulation.market import SimulatedMarket
from core.simulation.stamps import iso


class MovedMarket:
    """Serve a market; from an instant on, its first game that is far enough off starts earlier than it did."""

    def __init__(self, market: SimulatedMarket, *, at: datetime, earlier: timedelta) -> None:
        self._market = market
        self.at = at
        far_enough = at + earlier + timedelta(hours=4)
        listed = [(datetime.fromisoformat(row["commence_time"]), row["id"]) for row in market.events("", at)]
        start, self.event_id = min(one for one in listed if one[0] > far_enough)
        self.moved_to = start - earlier

    @property
    def bookmaker_keys(self) -> frozenset[str]:
        """The bookmakers of the market."""
        return self._market.bookmaker_keys

    def sports(self, at: datetime) -> Sequence[JsonObject]:
        """Return the market's sport."""
        return self._market.sports(at)

    def odds(self, sport_key: str, at: datetime) -> OddsBoard | None:
        """Return the market's prices."""
        board = self._market.odds(sport_key, at)
        return OddsBoard(self._moved(board.events, at), board.odds_format)

    def events(self, sport_key: str, at: datetime) -> Sequence[JsonObject]:
        """Return the market's games."""
        return self._moved(self._market.events(sport_key, at), at)

    def scores(self, sport_key: str, at: datetime, days_from: int | None) -> Sequence[JsonObject]:
        """Return the market's results."""
        return self._moved(self._market.scores(sport_key, at, days_from), at)

    def _moved(self, rows: Sequence[JsonObject], at: datetime) -> list[JsonObject]:
        moved = {"commence_time": iso(self.moved_to)}
        return [{**row, **moved} if at >= self.at and row["id"] == self.event_id else row for row in rows]
