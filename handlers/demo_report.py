"""What a demo collected, read from what is stored: a value that can be shown or written as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.feed.credits import odds_cost
from core.scope import Scope
from handlers.demo_backtest import DemoBacktest, backtest_demo
from handlers.plan_report import FIXED_SAMPLING
from handlers.replay_report import ClosingCoverage, closing_coverage
from handlers.scratch import Scratch
from storage import highlights
from storage.closing import Close, read_closes
from storage.event_rows import EventRow
from storage.highlights import CalledOff, ChangedStart, EventLook, Look, OpenToClose, Steam
from storage.readers import OddsReader, OddsRow
from storage.summary import Sizes, Totals, read_sizes, read_statuses, read_totals

SHARP_BOOKMAKER = "pinnacle"
AS_OF = timedelta(hours=6)
_CLOSES, _MOVES = 10, 3
_STEAM_WITHIN, _STEAM_BOOKMAKERS = timedelta(minutes=35), 4
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FinishedGame:
    """A game that is over: its close and its result."""

    event: EventRow
    close: Close


@dataclass(frozen=True, slots=True)
class FollowedGame:
    """One game from first look to result, and what the as-of read answers about it at two instants."""

    event: EventRow
    looks: tuple[EventLook, ...]
    earlier_at: datetime
    earlier: tuple[OddsRow, ...]
    close_at: datetime
    close: tuple[OddsRow, ...]

    @property
    def moved(self) -> float:
        """Return by how many points the sharp bookmaker's spread or total moved in between, whichever more."""
        before = {row.selection_id: row.point for row in self.earlier if row.bookmaker_key == SHARP_BOOKMAKER}
        points = [(before.get(row.selection_id), row.point) for row in self.close]
        return max((abs(then - now) for then, now in points if then is not None and now is not None), default=0.0)


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What a demo collected; instants are virtual, aware UTC.

    `looks` is the ledger of `fetch-odds`; `snapshots_by_tier` counts each snapshot in its own event's tier.
    `changed_starts` are those of a day at most, `called_off` what was postponed or cancelled. `look_cost` and
    `fixed_sampling_credits` are in credits.
    """

    sport_key: str
    sport_title: str
    seed: int
    first_at: datetime
    last_at: datetime
    looks: tuple[Look, ...]
    snapshots_by_tier: Mapping[str, int]
    totals: Totals
    sizes: Sizes
    bytes_received: int
    in_play_quotes: int
    statuses: Mapping[str, int]
    look_cost: int
    fixed_sampling_looks: int
    fixed_sampling_credits: int
    closing: ClosingCoverage
    last_games: tuple[FinishedGame, ...]
    followed: FollowedGame | None
    largest_moves: tuple[OpenToClose, ...]
    steam: Steam | None
    changed_starts: tuple[ChangedStart, ...]
    called_off: tuple[CalledOff, ...]
    backtests: tuple[DemoBacktest, ...]
    database_url: str


async def read_demo_report(
    scratch: Scratch, *, sport_key: str, seed: int, first_at: datetime, last_at: datetime, scope: Scope
) -> DemoReport:
    """Return what a demo collected between two virtual instants."""
    fixed = (last_at - first_at) // FIXED_SAMPLING
    backtests = await backtest_demo(scratch.database, sport_key, first_at, last_at)
    async with scratch.database.transaction() as connection:
        closes = await read_closes(connection, first_at)
        events = {event.id: event for event in await _events(connection, first_at, sport_key)}
        finished = _finished(closes, events)
        changed = await highlights.read_changed_starts(connection)
        return DemoReport(
            sport_key=sport_key,
            sport_title=next((event.sport_title for event in events.values()), sport_key),
            seed=seed,
            first_at=first_at,
            last_at=last_at,
            looks=tuple(await highlights.read_looks(connection)),
            snapshots_by_tier=await highlights.read_snapshots_by_tier(connection),
            totals=await read_totals(connection),
            sizes=await read_sizes(connection),
            bytes_received=await highlights.read_bytes_received(connection),
            in_play_quotes=await highlights.read_in_play_quotes(connection),
            statuses=await read_statuses(connection),
            look_cost=odds_cost(scope),
            fixed_sampling_looks=fixed,
            fixed_sampling_credits=fixed * odds_cost(scope),
            closing=closing_coverage(closes),
            last_games=tuple(finished[-_CLOSES:]),
            followed=await _followed(connection, finished),
            largest_moves=tuple(await highlights.read_largest_moves(connection, SHARP_BOOKMAKER, _MOVES)),
            steam=await highlights.read_steam(connection, within=_STEAM_WITHIN, least=_STEAM_BOOKMAKERS),
            changed_starts=tuple(
                change for change in changed if abs(change.commence_time - change.before) <= _A_DAY
            ),
            called_off=tuple(await highlights.read_called_off(connection)),
            backtests=backtests,
            database_url=scratch.url,
        )


async def _events(connection: AsyncConnection, first_at: datetime, sport_key: str) -> list[EventRow]:
    end = first_at + timedelta(days=365)
    return await OddsReader(connection).get_events_by_date_range(first_at, end, sport_key=sport_key)


def _finished(closes: list[Close], events: Mapping[str, EventRow]) -> list[FinishedGame]:
    over = [FinishedGame(events[close.event_id], close) for close in closes if close.event_id in events]
    return [game for game in over if game.event.status == "final"]


async def _followed(connection: AsyncConnection, finished: Sequence[FinishedGame]) -> FollowedGame | None:
    """Follow the game whose line moved farthest from the earlier read to the close."""
    followed = [await _follow(connection, game.event) for game in finished]
    known_early = [game for game in followed if game.earlier]
    return max(known_early, key=lambda game: game.moved, default=None)


async def _follow(connection: AsyncConnection, event: EventRow) -> FollowedGame:
    reader = OddsReader(connection)
    earlier_at, close_at = event.scheduled_commence_time - AS_OF, event.scheduled_commence_time
    return FollowedGame(
        event=event,
        looks=tuple(await highlights.read_event_looks(connection, event.id)),
        earlier_at=earlier_at,
        earlier=tuple(await reader.get_odds_at_time(event.id, earlier_at)),
        close_at=close_at,
        close=tuple(await reader.get_odds_at_time(event.id, close_at)),
    )
