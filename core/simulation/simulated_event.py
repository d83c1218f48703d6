"""One event of the simulated market: what it truly is, and what each bookmaker lists of it at any instant."""

import random
from collections.abc import Collection
from functools import cached_property
from hashlib import blake2b

from core.simulation.board import JsonObject
from core.simulation.books import BOOKMAKERS, STALE_AFTER, Bookmaker
from core.simulation.calendar import Fixture
from core.simulation.dice import dice
from core.simulation.leagues import League
from core.simulation.life import DAY, HOUR, MINUTE, Life, Window, live_through
from core.simulation.opinions import Move, Path, fair_path, followed_path, moves
from core.simulation.pricing import listed_markets
from core.simulation.scoring import STEPS, Outlook, Play
from core.simulation.stamps import iso_seconds

_IN_PLAY_LAG = 20
_SUSPENSIONS_A_DAY = 0.25


class SimulatedEvent:
    """An event, its truth and its quotes; all instants are epoch seconds.

    Everything follows from the seed and the fixture, whatever is asked, and in whatever order.
    """

    def __init__(self, seed: int, league: League, fixture: Fixture, length: int) -> None:
        key = f"{seed}:{league.sport_key}:{fixture.home_team}:{fixture.away_team}:{fixture.commence_time:%Y%m%d}"
        self.event_id = blake2b(key.encode(), digest_size=16).hexdigest()
        self.home_team, self.away_team = fixture.home_team, fixture.away_team
        self.league = league
        self._seed = seed
        self._scheduled = int(fixture.commence_time.timestamp())
        rng = self._dice("life")
        self._opens = {book.key: self._open(rng, book) for book in BOOKMAKERS}
        listed = min(self._opens.values()) - rng.randint(HOUR, 8 * HOUR)
        self.life: Life = live_through(rng, self._scheduled, listed, length)
        self._books: dict[str, tuple[Path, tuple[Window, ...], int]] = {}
        self._listed: dict[str, tuple[Outlook, list[JsonObject]]] = {}

    @cached_property
    def play(self) -> Play:
        """The game as it runs, and its result."""
        return self.league.scoring.play(self._dice("play"), *self._fair.at(self._true_start))

    def fair(self, at: int) -> Outlook:
        """Return the true outlook at an instant before the start: what an unbiased market would hold."""
        return Outlook(*self._fair.at(at))

    def step(self, at: int) -> int:
        """Return how far the game has run, from 0 before the start to STEPS at its end."""
        started, completed = self.life.started, self.life.completed
        if started is None or completed is None or at < started:
            return 0
        return min(STEPS, STEPS * (at - started) // (completed - started))

    def score(self, at: int) -> tuple[int, int]:
        """Return the points of home and away so far."""
        step = self.step(at)
        if step == STEPS:
            return self.play.home_score, self.play.away_score
        so_far = [(t + lead, t - lead) for lead, t in zip(self.play.leads, self.play.totals, strict=True)][
            : step + 1
        ]
        home = min(self.play.home_score, max(0, int(max(points for points, _ in so_far) / 2)))
        away = min(self.play.away_score, max(0, int(max(points for _, points in so_far) / 2)))
        return home, away

    def bookmakers(self, at: int, keys: Collection[str] | None = None) -> list[JsonObject]:
        """Return the bookmakers that list the event, all or those of the keys, with their markets."""
        if self.life.hidden.holds(at):
            return []
        asked = [book for book in BOOKMAKERS if keys is None or book.key in keys]
        return [row for book in asked if (row := self._bookmaker(book, at)) is not None]

    def is_priced(self, at: int) -> bool:
        """Tell whether any bookmaker lists the event."""
        return not self.life.hidden.holds(at) and any(self._bookmaker(book, at) for book in BOOKMAKERS)

    def _bookmaker(self, book: Bookmaker, at: int) -> JsonObject | None:
        if at < self._opens[book.key]:
            return None
        path, suspensions, phase = self._book(book)
        refreshed = self._refreshed(book, at, suspensions, phase)
        if at - refreshed >= STALE_AFTER:
            return None
        listed = self._markets(book, self._outlook(path, refreshed))
        if not listed:
            return None
        stamp = iso_seconds(refreshed)
        earlier = iso_seconds(refreshed - 1) if refreshed // book.refresh % 12 == 0 else stamp
        markets = [
            {**market, "last_update": earlier if place == 0 and len(listed) > 1 else stamp}
            for place, market in enumerate(listed)
        ]
        return {"key": book.key, "title": book.title, "last_update": stamp, "markets": markets}

    def _markets(self, book: Bookmaker, outlook: Outlook) -> list[JsonObject]:
        """Return what a bookmaker of an outlook lists; it seldom has another one than when it was asked last."""
        known = self._listed.get(book.key)
        if known is None or known[0] != outlook:
            listed = listed_markets(self.league.scoring, outlook, book, (self.home_team, self.away_team))
            known = self._listed[book.key] = outlook, listed
        return known[1]

    def _refreshed(self, book: Bookmaker, at: int, suspensions: tuple[Window, ...], phase: int) -> int:
        """Return when the bookmaker last refreshed: a suspended one stands still, and so does a closed one."""
        seen = next((window.start for window in suspensions if window.holds(at)), at)
        if self.life.started is not None and not book.in_play:
            seen = min(seen, self.life.started - 1)
        return max(seen - (seen + phase) % book.refresh, self._opens[book.key])

    def _outlook(self, path: Path, at: int) -> Outlook:
        if not self.life.has_started(at):
            return Outlook(*path.at(at))
        step = self.step(at - _IN_PLAY_LAG)
        margin, total = path.at(at)
        return Outlook(margin, total, 1 - step / STEPS, self.play.leads[step], self.play.totals[step])

    def _book(self, book: Bookmaker) -> tuple[Path, tuple[Window, ...], int]:
        """Return a bookmaker's opinion, suspensions and the phase of its refreshes."""
        if book.key not in self._books:
            rng = self._dice(book.key)
            path = followed_path(rng, self.league, self._opening, self._moves, book)
            self._books[book.key] = path, tuple(self._suspensions(rng, book)), rng.randrange(book.refresh)
        return self._books[book.key]

    def _suspensions(self, rng: random.Random, book: Bookmaker) -> list[Window]:
        opens, until = self._opens[book.key], self.life.starts[-1][1]
        starts = [at for at in range(opens + HOUR, until, HOUR) if rng.random() < _SUSPENSIONS_A_DAY * HOUR / DAY]
        return [Window(at, at + rng.randint(10 * MINUTE, 90 * MINUTE)) for at in starts]

    def _open(self, rng: random.Random, book: Bookmaker) -> int:
        first, last = self.league.open_hours
        hours = (first + (last - first) * book.opens) * rng.uniform(0.85, 1.15)
        return self._scheduled - round(hours * HOUR)

    @cached_property
    def _true_start(self) -> int:
        return self.life.starts[-1][1]

    @cached_property
    def _opening(self) -> tuple[float, float]:
        league = self.league
        strength = [
            dice(self._seed, league.sport_key, club).gauss(0, league.strength_deviation)
            for club in (self.home_team, self.away_team)
        ]
        total = self._dice("total").gauss(league.total_mean, league.total_spread)
        return league.home_edge + strength[0] - strength[1], total

    @cached_property
    def _moves(self) -> list[Move]:
        return moves(self._dice("moves"), self.league, self.life.listed.start, self._true_start)

    @cached_property
    def _fair(self) -> Path:
        return fair_path(self._opening, self._moves)

    def _dice(self, purpose: str) -> random.Random:
        return dice(self.event_id, purpose)
