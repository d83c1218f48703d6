"""How games score: what a state of play says of the result, and how a game runs to it."""

import random
from typing import NamedTuple, Protocol

STEPS = 60
"""A game runs in so many steps, whatever its length on the wall."""

LEAST_LEFT = 0.01
"""Nothing is certain before the end: what is left of a game counts as this part of it at least."""


class Outlook(NamedTuple):
    """What somebody believes of a game.

    `margin` (home minus away) and `total` are the points expected of a whole game, `left` the part still to play
    (1 before the start), `lead` and `scored` the margin and the total so far.
    """

    margin: float
    total: float
    left: float = 1.0
    lead: float = 0.0
    scored: float = 0.0


class Play(NamedTuple):
    """One game as it ran: margin and total after each step (0 to STEPS), and the result."""

    leads: tuple[float, ...]
    totals: tuple[float, ...]
    home_score: int
    away_score: int


class Scoring(Protocol):
    """The probabilities of a game's outcomes; bets that would be given back are left out of them."""

    def winner(self, outlook: Outlook) -> tuple[float, ...]:
        """Return the probabilities of home, away and, where there are draws, a draw."""
        ...

    def cover(self, outlook: Outlook, point: float) -> float:
        """Return the probability that the home team wins with `point` added to its score."""
        ...

    def over(self, outlook: Outlook, point: float) -> float:
        """Return the probability that the total passes `point`."""
        ...

    def play(self, rng: random.Random, margin: float, total: float) -> Play:
        """Run a game of which `margin` and `total` are expected."""
        ...
