"""Sports of few goals a game that are played on until somebody wins."""

import random
from dataclasses import dataclass, field
from functools import lru_cache

from core.simulation.goals import Distribution, GoalScoring, chances_of_goals, rates_left, won
from core.simulation.scoring import Outlook, Play

_EVEN = 0.5


@dataclass(frozen=True, slots=True)
class OvertimeScoring:
    """Few goals a game, and one more where it would be drawn, by either team as likely: every bet counts it."""

    regulation: GoalScoring = field(default_factory=GoalScoring)

    def winner(self, outlook: Outlook) -> tuple[float, ...]:
        """Return the probabilities of home and away."""
        margins, _ = _played_on(*rates_left(outlook), round(outlook.lead))
        home = sum(p for margin, p in margins if margin > 0)
        return home, 1 - home

    def cover(self, outlook: Outlook, point: float) -> float:
        """Return the probability that the home team wins with `point` added to its score."""
        margins, _ = _played_on(*rates_left(outlook), round(outlook.lead))
        return won(margins, -point)

    def over(self, outlook: Outlook, point: float) -> float:
        """Return the probability that the total passes `point`."""
        _, totals = _played_on(*rates_left(outlook), round(outlook.lead))
        return won(totals, point - outlook.scored)

    def play(self, rng: random.Random, margin: float, total: float) -> Play:
        """Run a game; the goal that decides a level one comes at its end."""
        played = self.regulation.play(rng, margin, total)
        if played.home_score != played.away_score:
            return played
        home = int(rng.random() < _EVEN)
        return played._replace(home_score=played.home_score + home, away_score=played.away_score + 1 - home)


@lru_cache(maxsize=8192)
def _played_on(home_rate: float, away_rate: float, lead: int) -> tuple[Distribution, Distribution]:
    """Return the distributions of the final margin, and of the total still to come."""
    margins: dict[int, float] = {}
    totals: dict[int, float] = {}
    for home, p in enumerate(chances_of_goals(home_rate)):
        for away, q in enumerate(chances_of_goals(away_rate)):
            margin, total = home - away + lead, home + away
            ends = ((margin, total, 1.0),) if margin else ((1, total + 1, _EVEN), (-1, total + 1, _EVEN))
            for end, scored, share in ends:
                margins[end] = margins.get(end, 0.0) + p * q * share
                totals[scored] = totals.get(scored, 0.0) + p * q * share
    return tuple(sorted(margins.items())), tuple(sorted(totals.items()))
