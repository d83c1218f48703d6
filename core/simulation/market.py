"""A seeded market that moves: a league's season as the feed would list it, the same at every look."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from core.simulation.board import JsonObject, OddsBoard
from core.simulation.books import BOOKMAKERS
from core.simulation.calendar import fixtures
from core.simulation.leagues import league_of
from core.simulation.life import DAY
from core.simulation.simulated_event import SimulatedEvent
from core.simulation.stamps import iso_seconds
from core.sports import usual_duration


class SimulatedMarket:
    """Serve a simulated league; the same seed and instant give the same rows, whatever was asked before.

    Results follow the fair closing opinion of each event: a closing price without its vig is calibrated.
    """

    def __init__(self, seed: int, sport_key: str, start: datetime, days: int) -> None:
        """Draw up the events of `days` local dates from the one before `start` (aware) on.

        Raises:
            ConfigurationError: There is no simulated league of the sport.
        """
        self.league = league_of(sport_key)
        first = start.astimezone(self.league.zone).date() - timedelta(days=1)
        length = int(usual_duration(sport_key).total_seconds())
        drawn = fixtures(self.league, seed, first, days + 1)
        self.simulated_events = tuple(SimulatedEvent(seed, self.league, fixture, length) for fixture in drawn)

    @property
    def bookmaker_keys(self) -> frozenset[str]:
        """The eight bookmakers."""
        return frozenset(book.key for book in BOOKMAKERS)

    def sports(self, at: datetime) -> Sequence[JsonObject]:
        """Return the one sport of the market, active while it lists events."""
        return [
            {
                "key": self.league.sport_key,
                "group": self.league.group,
                "title": self.league.title,
                "description": self.league.title,
                "active": bool(self._listed(_seconds(at))),
                "has_outrights": False,
            }
        ]

    def odds(self, sport_key: str, at: datetime, bookmaker_keys: Collection[str] | None = None) -> OddsBoard:
        """Return the events that have prices, in order of their start, with those of all or of some bookmakers."""
        seconds = _seconds(at)
        priced = [
            {**self._row(event, seconds), "bookmakers": bookmakers}
            for event in self._listed(seconds)
            if (bookmakers := event.bookmakers(seconds, bookmaker_keys)) or event.is_priced(seconds)
        ]
        return OddsBoard(priced, "american")

    def events(self, sport_key: str, at: datetime) -> Sequence[JsonObject]:
        """Return upcoming and live events, in order of their start."""
        seconds = _seconds(at)
        return [self._row(event, seconds) for event in self._listed(seconds)]

    def scores(self, sport_key: str, at: datetime, days_from: int | None) -> Sequence[JsonObject]:
        """Return completed events of the last `days_from` days, live and upcoming ones."""
        seconds = _seconds(at)
        since = seconds - (days_from or 0) * DAY
        completed = [
            event
            for event in self.simulated_events
            if days_from is not None
            and event.life.completed is not None
            and since < event.life.completed <= seconds
        ]
        return [self._score_row(event, seconds) for event in (*completed, *self._listed(seconds))]

    def _listed(self, at: int) -> list[SimulatedEvent]:
        listed = [event for event in self.simulated_events if event.life.is_listed(at)]
        return sorted(listed, key=lambda event: (event.life.commence_time(at), event.event_id))

    def _row(self, event: SimulatedEvent, at: int) -> JsonObject:
        return {
            "id": event.event_id,
            "sport_key": self.league.sport_key,
            "sport_title": self.league.title,
            "commence_time": iso_seconds(event.life.commence_time(at)),
            "home_team": event.home_team,
            "away_team": event.away_team,
        }

    def _score_row(self, event: SimulatedEvent, at: int) -> JsonObject:
        row = {**self._row(event, at), "completed": False, "scores": None, "last_update": None}
        if not event.life.has_started(at):
            return row
        completed = event.life.completed is not None and at >= event.life.completed
        names = (event.home_team, event.away_team)
        scores = [{"name": name, "score": str(score)} for name, score in zip(names, event.score(at), strict=True)]
        until = event.life.completed if completed and event.life.completed else at - at % 30
        return {**row, "completed": completed, "scores": scores, "last_update": iso_seconds(until)}


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
