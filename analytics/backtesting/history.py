"""What became known of an event, and when: decisions are made of it, and bets are settled by it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from analytics.backtesting.grading import GameResult, PlayerNumber
from analytics.backtesting.settlement_rules import rules_of
from analytics.backtesting.values import KnownResult

PlayerNumbers = Mapping[tuple[str, str], PlayerNumber]
"""What players did in a game, by the key of the market, that of its main line for alternates, and the player."""


class Score(NamedTuple):
    """What both teams scored by some time of a game."""

    home: int
    away: int


class StartKnown(NamedTuple):
    """A start, from the instant at which it became known; instants are aware UTC."""

    seen_at: datetime
    commence_time: datetime


class StatusKnown(NamedTuple):
    """A status and the scores, from the instant at which they became known, aware, in UTC."""

    changed_at: datetime
    status: str
    home_score: int | None
    away_score: int | None


class ResultKnown(NamedTuple):
    """A result, from the instant at which it became known, aware, in UTC."""

    known_at: datetime
    result: GameResult


@dataclass(frozen=True, slots=True)
class EventHistory:
    """An event with all that became known of it, the oldest first; no strategy ever sees one.

    `players` is what players did and `regulation` the score of regulation time, None where nobody told it: both
    are known with the result of the game.
    """

    event_id: str
    sport_key: str
    home_team: str
    away_team: str
    starts: tuple[StartKnown, ...]
    statuses: tuple[StatusKnown, ...]
    players: PlayerNumbers = field(default_factory=dict)
    regulation: Score | None = None

    @property
    def started_at(self) -> datetime:
        """Return the start as the newest answer gave it."""
        return self.starts[-1].commence_time

    @property
    def is_brought(self) -> bool:
        """Tell whether a user brought something of the event that the feed does not tell."""
        return bool(self.players) or self.regulation is not None

    @property
    def final_score(self) -> Score | None:
        """Return the final score as the newest answer with one gave it, None where none did."""
        final = [status for status in self.statuses if status.status == "final"]
        scores = [(status.home_score, status.away_score) for status in reversed(final)]
        return next((Score(home, away) for home, away in scores if home is not None and away is not None), None)

    def status_at(self, instant: datetime) -> str | None:
        """Return the status as it was known at an instant."""
        known = [status.status for status in self.statuses if status.changed_at <= instant]
        return known[-1] if known else None

    def results(self, decided_at: datetime, commence_time: datetime) -> Iterator[ResultKnown]:
        """Yield what became known of the result of a bet: the first tells when it was settled, others correct it.

        A game put off beyond the sport's rule is void from the old start on, or from when the move was seen
        after it, for good. What was taken back moves no money: a cancellation of a game that was listed again, a
        final status without the scores that others have.

        Args:
            decided_at: When the bet was placed, aware.
            commence_time: The start as it was known then, aware: how far the game was moved counts from it.
        """
        ends = self._ends(decided_at)
        put_off = self._put_off(commence_time)
        if put_off is not None and not (ends and ends[0].changed_at < put_off.known_at):
            yield put_off
            return
        home, away = self.regulation or (None, None)
        for known in ends:
            later = max(self._start_at(known.changed_at) - commence_time, timedelta(0))
            yield ResultKnown(
                known.changed_at,
                GameResult(cancelled=True)
                if known.status == "cancelled"
                else GameResult(known.home_score, known.away_score, home, away, later=later),
            )

    def _ends(self, decided_at: datetime) -> list[StatusKnown]:
        """Return the ends that became known after a decision and were not taken back."""
        final = [known for known in self.statuses if known.changed_at > decided_at and known.status == "final"]
        scored = [known for known in final if known.home_score is not None and known.away_score is not None]
        last = self.statuses[-1:]
        cancelled = [known for known in last if known.changed_at > decided_at and known.status == "cancelled"]
        return [*(scored or final), *cancelled]

    def _put_off(self, commence_time: datetime) -> ResultKnown | None:
        """Return when a start beyond the rule was known while the game was to be on, None where that never was."""
        rules = rules_of(self.sport_key)
        untils = [start.seen_at for start in self.starts[1:]]
        for start, until in zip(self.starts, [*untils, None], strict=True):
            at, later = max(start.seen_at, commence_time), start.commence_time - commence_time
            if rules.moved_too_far(later) and (until is None or at < until):
                return ResultKnown(at, GameResult(later=later))
        return None

    def _start_at(self, instant: datetime) -> datetime:
        known = [start.commence_time for start in self.starts if start.seen_at <= instant]
        return known[-1] if known else self.starts[0].commence_time


def known_results(histories: Iterable[EventHistory]) -> list[KnownResult]:
    """Return the final scores of events, and their corrections, in the order in which they became known."""
    found = [
        KnownResult(
            history.event_id,
            history.sport_key,
            history.home_team,
            history.away_team,
            status.changed_at,
            status.home_score,
            status.away_score,
        )
        for history in histories
        for status in history.statuses
        if status.status == "final" and status.home_score is not None and status.away_score is not None
    ]
    return sorted(found, key=lambda result: (result.known_at, result.event_id))
