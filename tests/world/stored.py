"""What is promised of the data and the credits, judged by the rows of a world's database."""

import zlib
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import text

from core.errors import StorageError
from core.models import METADATA
from core.simulation.market import SimulatedMarket
from core.simulation.mishaps import CUT_OFF
from core.tiers import BOUNDARIES, Tier
from handlers.simulation.process import ProcessDiedError
from handlers.simulation.world import World
from storage.rebuild_check import rebuild_and_compare, stored_events

ORPHANS = {
    "quotes without a snapshot": (
        "SELECT count(*) FROM core_betting.quotes LEFT JOIN raw_data.odds_snapshots AS snapshots"
        " ON snapshots.id = quotes.snapshot_id WHERE snapshots.id IS NULL"
    ),
    "snapshots without a run": (
        "SELECT count(*) FROM raw_data.odds_snapshots AS snapshots LEFT JOIN operational.job_runs AS runs"
        " ON runs.id = snapshots.job_run_id WHERE runs.id IS NULL"
    ),
    "calls without a run": (
        "SELECT count(*) FROM raw_data.api_responses AS calls LEFT JOIN operational.job_runs AS runs"
        " ON runs.id = calls.job_run_id WHERE runs.id IS NULL"
    ),
    "looks without their call": (
        "SELECT count(*) FROM operational.fetch_logs AS looks LEFT JOIN raw_data.api_responses AS calls"
        " ON calls.job_run_id = looks.job_run_id AND calls.endpoint LIKE '%/odds' WHERE calls.id IS NULL"
    ),
}
_NEVER_ENDED = (
    "SELECT runs.job, runs.scheduled_at FROM operational.job_runs AS runs WHERE runs.outcome = 'running'"
    " AND EXISTS (SELECT FROM operational.job_runs AS later WHERE later.job = runs.job AND later.id > runs.id)"
)
_BOOKED = (
    "SELECT runs.job, runs.scheduled_at, sum(ledger.charged) FROM operational.credit_ledger AS ledger"
    " JOIN operational.job_runs AS runs ON runs.id = ledger.job_run_id GROUP BY 1, 2"
)
_WITHOUT_REASON = (
    "SELECT job, scheduled_at FROM operational.job_runs"
    " WHERE outcome <> 'running' AND (reason = '' OR finished_at IS NULL)"
)


async def query(world: World, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    async with world.app.database.transaction() as connection:
        return [tuple(row) for row in await connection.execute(text(sql), values)]


async def rows(world: World, *, but: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Return every row of every table as text, but for the tables named."""
    return {
        table.fullname: sorted(row[0] for row in await query(world, f"SELECT t::text FROM {table.fullname} AS t"))
        for table in METADATA.sorted_tables
        if table.fullname not in but
    }


async def d1_bodies_are_kept(world: World, bodies: list[bytes]) -> list[str]:
    """Every answer that could not be read is there as it came, with the reason."""
    kept = await query(world, "SELECT body FROM raw_data.api_responses WHERE error <> '' AND body IS NOT NULL")
    stored = {zlib.decompress(body) for (body,) in kept}
    return [f"{body[:40]!r} was not kept" for body in bodies if body not in stored]


async def d2_rows_follow_from_raw(world: World) -> list[str]:
    """Rebuilding the quotes of every event from its snapshots changes none."""
    async with world.app.database.transaction() as connection:
        rebuilt = [await rebuild_and_compare(connection, event) for event in await stored_events(connection)]
    return [f"{one.differing} quotes of {one.event_id} differ when rebuilt" for one in rebuilt if one.differing]


async def d4_nothing_without_its_origin(world: World) -> list[str]:
    """Every quote has its snapshot, every snapshot and call its run, every look its call."""
    counted = {what: (await query(world, sql))[0][0] for what, sql in ORPHANS.items()}
    return [f"{number} {what}" for what, number in counted.items() if number]


async def d5_every_run_ended(world: World) -> list[str]:
    """A run that is followed by another of its job has ended, and every end has a reason."""
    never = await query(world, _NEVER_ENDED)
    unexplained = await query(world, _WITHOUT_REASON)
    return [f"{job} of {at:%H:%M} never ended" for job, at in never] + [
        f"{job} of {at:%H:%M} ended without a reason" for job, at in unexplained
    ]


async def q1_the_balance_is_the_headers(world: World) -> list[str]:
    """What is spent stays within the plan and is booked, no more than that is, and the balance is one told."""
    account = world.server.account
    broken = (
        [] if account.used <= account.plan_credits else [f"{account.used} of {account.plan_credits} are spent"]
    )
    charged = sum(call.cost for call in world.server.calls)
    ((booked,),) = await query(world, "SELECT coalesce(sum(charged), 0) FROM operational.credit_ledger")
    if booked > charged:
        broken.append(f"{booked} credits are booked, {charged} were charged")
    broken += await _unbooked(world)
    told = {account.plan_credits - spent for spent in _running_totals(world)}
    balances = await query(world, "SELECT remaining FROM operational.credit_ledger WHERE remaining IS NOT NULL")
    return broken + [f"a balance of {left} was never told" for (left,) in balances if left not in told]


async def _unbooked(world: World) -> list[str]:
    """Return what was charged and is in no ledger, though the run lived and had a database to book it in."""
    booked = {(job, at): credits for job, at, credits in await query(world, _BOOKED)}
    charged: Counter[tuple[str, datetime]] = Counter()
    for one in world.invocations:
        cut_off = any(mishap.kind == CUT_OFF for mishap in one.mishaps)
        if not cut_off and not isinstance(one.error, ProcessDiedError | StorageError):
            charged[one.slot] += one.charged
    return [
        f"{job} of {at:%H:%M} was charged {credits} credits, and {booked.get((job, at), 0)} of them are booked"
        for (job, at), credits in charged.items()
        if credits > booked.get((job, at), 0)
    ]


def q2_only_closing_looks_touch_the_reserve(world: World, market: SimulatedMarket) -> list[str]:
    """No priced call leaves less than the reserve, but a look with a game about to start."""
    account = world.server.account
    reserve = account.plan_credits * world.app.settings.scheduler.credit_reserve
    left = account.remaining
    broken = []
    for call in reversed(world.server.calls):
        closing = call.endpoint == "odds" and _about_to_start(market, call.at)
        if call.cost and left < reserve and not closing:
            broken.append(f"{call.endpoint} of {call.at:%H:%M} left {left} of the {reserve:.0f} kept")
        left += call.cost
    return broken


def q3_no_tight_loop(world: World) -> list[str]:
    """After a quota error nothing priced is asked within the fallback interval."""
    priced = [call for call in world.server.calls if call.endpoint in {"odds", "scores"}]
    wait = world.app.settings.scheduler.fallback_interval - timedelta(minutes=1)
    return [
        f"{after.endpoint} was asked {after.at - call.at} after a quota error"
        for call, after in pairwise(priced)
        if call.status == 401 and after.at - call.at < wait
    ]


def _about_to_start(market: SimulatedMarket, at: datetime) -> bool:
    starts = (datetime.fromisoformat(row["commence_time"]) for row in market.events(market.league.sport_key, at))
    return any(at < start <= at + BOUNDARIES[Tier.CLOSING] for start in starts)


def _running_totals(world: World) -> list[int]:
    spent = 0
    totals = []
    for call in world.server.calls:
        spent += call.cost
        totals.append(spent)
    return totals
