"""Elo ratings of teams: what a team's results say of its next one."""

from collections import Counter
from math import log

_START = 1500.0
_SCALE = 400.0


class EloRatings:
    """Ratings that move towards every result, the more so the less it was expected.

    Sources: A. Elo, The Rating of Chessplayers, Past and Present (1978); the weight of a margin, ln(margin + 1) *
    2.2 / (0.001 * lead + 2.2) with the winner's lead in rating, is FiveThirtyEight's (2014).
    """

    def __init__(self, *, k_factor: float, home_advantage: float) -> None:
        """Start with every team alike.

        Args:
            k_factor: How far a result moves a rating at most, margin aside.
            home_advantage: Rating points that playing at home is worth.
        """
        self._k_factor = k_factor
        self._home_advantage = home_advantage
        self._ratings: dict[str, float] = {}
        self._games: Counter[str] = Counter()

    def games(self, team: str) -> int:
        """Return how many results of a team are in its rating."""
        return self._games[team]

    def lead(self, home: str, away: str) -> float:
        """Return by how many rating points the home team is ahead, playing at home included.

        >>> EloRatings(k_factor=20, home_advantage=50).lead("Lakers", "Celtics")
        50.0
        """
        rated = self._ratings
        return rated.get(home, _START) - rated.get(away, _START) + self._home_advantage

    def home_probability(self, home: str, away: str) -> float:
        """Return the probability that the home team wins a game that has a winner: 1 / (1 + 10 ** (-lead / 400)).

        >>> round(EloRatings(k_factor=20, home_advantage=100).home_probability("Lakers", "Celtics"), 4)
        0.6401
        """
        return float(1 / (1 + 10 ** (-self.lead(home, away) / _SCALE)))

    def update(self, home: str, away: str, margin: int) -> None:
        """Take in a result: home score less away score. What one team gains the other loses."""
        ended = (margin > 0) + 0.5 * (margin == 0)
        lead = self.lead(home, away)
        winners_lead = lead if margin > 0 else -lead
        weight = log(abs(margin) + 1) * 2.2 / (0.001 * winners_lead + 2.2) if margin else 1.0
        change = self._k_factor * weight * (ended - self.home_probability(home, away))
        self._ratings[home] = self._ratings.get(home, _START) + change
        self._ratings[away] = self._ratings.get(away, _START) - change
        self._games.update((home, away))
