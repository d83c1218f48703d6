"""Elo ratings of teams: what a team's results say of its next one."""

from math import log

from pydantic import BaseModel, ConfigDict

from analytics.backtesting.values import KnownResult

_START = 1500.0
_SCALE = 400.0
_LEAST_LEAD = -1100.0


class EloRatings(BaseModel):
    """Ratings that move towards every result, the more so the less it was expected; as JSON they are kept exactly.

    `k_factor` is how far a result moves a rating at most, margin aside, `home_advantage` how many rating points
    playing at home is worth. Every team starts alike.

    Sources: A. Elo, The Rating of Chessplayers, Past and Present (1978); the weight of a margin, ln(margin + 1) *
    2.2 / (0.001 * lead + 2.2) with the winner's lead in rating, is FiveThirtyEight's (2014). It doubles at a lead
    of -1100 and is kept there: it would grow without end, and with it the ratings.
    """

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    k_factor: float
    home_advantage: float
    ratings: dict[str, float] = {}
    results: dict[str, int] = {}

    def games(self, team: str) -> int:
        """Return how many results of a team are in its rating."""
        return self.results.get(team, 0)

    def lead(self, home: str, away: str) -> float:
        """Return by how many rating points the home team is ahead, playing at home included.

        >>> EloRatings(k_factor=20, home_advantage=50).lead("Lakers", "Celtics")
        50.0
        """
        rated = self.ratings
        return rated.get(home, _START) - rated.get(away, _START) + self.home_advantage

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
        winners_lead = max(lead if margin > 0 else -lead, _LEAST_LEAD)
        weight = log(abs(margin) + 1) * 2.2 / (0.001 * winners_lead + 2.2) if margin else 1.0
        change = self.k_factor * weight * (ended - self.home_probability(home, away))
        self.ratings[home] = self.ratings.get(home, _START) + change
        self.ratings[away] = self.ratings.get(away, _START) - change
        for team in (home, away):
            self.results[team] = self.games(team) + 1


class SportRatings(BaseModel):
    """The ratings of each sport's teams, and whose results are in them."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    k_factor: float
    home_advantage: float
    sports: dict[str, EloRatings] = {}
    learned: set[str] = set()

    def of(self, sport_key: str) -> EloRatings:
        """Return the ratings of a sport."""
        if sport_key not in self.sports:
            self.sports[sport_key] = EloRatings(k_factor=self.k_factor, home_advantage=self.home_advantage)
        return self.sports[sport_key]

    def learn(self, result: KnownResult) -> bool:
        """Take in a result, and tell whether it was new: a correction of one that was taken in changes nothing."""
        if result.event_id in self.learned:
            return False
        self.learned.add(result.event_id)
        margin = result.home_score - result.away_score
        self.of(result.sport_key).update(result.home_team, result.away_team, margin)
        return True
