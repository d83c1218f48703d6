"""A market whose games are moved while the world goes on."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from core.simulation.board import JsonObject, OddsBoard
from core.simulation.market import SimulatedMarket
from core.simulation.stamps import iso


class MovingMarket:
    """Serve a market, but for the starts of the games that have been moved."""

    def __init__(self, market: SimulatedMarket) -> None:
        self._market = market
        self._moves: dict[str, tuple[datetime, datetime]] = {}

    def starts(self, at: datetime) -> list[tuple[datetime, str]]:
        """Return when the games start that are listed at an instant, the earliest first, each with its id."""
        rows = self.events("", at)
        return sorted((datetime.fromisoformat(row["commence_time"]), row["id"]) for row in rows)

    def move(self, event_id: str, to: datetime, *, at: datetime) -> None:
        """Let a game start at another instant, from an instant on."""
        self._moves[event_id] = (at, to)

    @property
    def bookmaker_keys(self) -> frozenset[str]:
        """The bookmakers of the market."""
        return self._market.bookmaker_keys

    def sports(self, at: datetime) -> Sequence[JsonObject]:
        """Return the market's sport."""
        return self._market.sports(at)

    def odds(
        self, sport_key: str, at: datetime, bookmaker_keys: Collection[str] | None = None
    ) -> OddsBoard | None:
        """Return the market's prices."""
        board = self._market.odds(sport_key, at, bookmaker_keys)
        return OddsBoard(self._moved(board.events, at), board.odds_format)

    def events(self, sport_key: str, at: datetime) -> Sequence[JsonObject]:
        """Return the market's games."""
        return self._moved(self._market.events(sport_key, at), at)

    def scores(self, sport_key: str, at: datetime, days_from: int | None) -> Sequence[JsonObject]:
        """Return the market's results."""
        return self._moved(self._market.scores(sport_key, at, days_from), at)

    def _moved(self, rows: Sequence[JsonObject], at: datetime) -> list[JsonObject]:
        return [{**row, **self._change(row["id"], at)} for row in rows]

    def _change(self, event_id: str, at: datetime) -> JsonObject:
        since, to = self._moves.get(event_id, (None, at))
        return {} if since is None or at < since else {"commence_time": iso(to)}


class MovedMarket(MovingMarket):
    """Serve a market; from an instant on, its first game that is far enough off starts earlier than it did."""

    def __init__(self, market: SimulatedMarket, *, at: datetime, earlier: timedelta) -> None:
        super().__init__(market)
        self.at = at
        start, self.event_id = min(one for one in self.starts(at) if one[0] > at + earlier + timedelta(hours=4))
        self.moved_to = start - earlier
        self.move(self.event_id, self.moved_to, at=at)
