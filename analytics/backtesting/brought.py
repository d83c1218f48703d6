"""What a user brings of games that the feed does not tell: bets that rest on it are graded by that."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from analytics.backtesting.history import EventHistory, PlayerNumbers, Score
from core.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Brought:
    """What players did, and the scores of regulation time, by event id; known with the result of the game."""

    players: Mapping[str, PlayerNumbers] = field(default_factory=dict)
    regulation: Mapping[str, Score] = field(default_factory=dict)

    @property
    def event_ids(self) -> set[str]:
        """Return the events that something was brought of."""
        return {*self.players, *self.regulation}

    def joined_to(self, histories: Mapping[str, EventHistory]) -> dict[str, EventHistory]:
        """Return the events with what was brought of them, by id.

        Raises:
            ConfigurationError: A score of regulation time is above the final one.
        """
        return {event_id: self._joined_to(history) for event_id, history in histories.items()}

    def _joined_to(self, history: EventHistory) -> EventHistory:
        players, regulation = self.players.get(history.event_id), self.regulation.get(history.event_id)
        if players is None and regulation is None:
            return history
        if regulation is not None:
            _check(regulation, history)
        return replace(history, players=players or {}, regulation=regulation)


NOTHING_BROUGHT = Brought()


def _check(regulation: Score, history: EventHistory) -> None:
    final = history.final_score
    if final is not None and (regulation.home > final.home or regulation.away > final.away):
        raise ConfigurationError(
            f"{history.event_id}, {history.away_team} at {history.home_team}: the home and away scores of"
            f" regulation time, {regulation.home} and {regulation.away}, are above the final ones,"
            f" {final.home} and {final.away}"
        )
