"""What is promised of the credits, judged by the feed's own meter and by what the collector had been told."""

from bisect import bisect_right
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from http import HTTPStatus

from core.simulation.server import Call
from core.simulation.source import FeedSource
from core.tiers import BOUNDARIES, Tier
from handlers.simulation.world import RUN_LIMIT, World
from tests.world.findings import Findings
from tests.world.stored import query, undisturbed

PRICED = ("odds", "scores")
_UNDER_WAY = timedelta(minutes=1)
"""How long after a refusal a call of another run may still come that was under way."""

_BOOKED = (
    "SELECT runs.job, runs.scheduled_at, sum(ledger.charged) FROM operational.credit_ledger AS ledger"
    " JOIN operational.job_runs AS runs ON runs.id = ledger.job_run_id GROUP BY 1, 2"
)
_TOLD = (
    "SELECT recorded_at, remaining FROM operational.credit_ledger"
    " WHERE remaining IS NOT NULL ORDER BY recorded_at, id"
)


async def q1_spend_is_booked_and_within_the_plan(world: World) -> Findings:
    """What is charged is booked, no more than that is, and nothing is asked for with a balance known to be none.

    The balance is always one that the feed told.
    """
    charged = sum(call.cost for call in world.server.calls)
    ((booked,),) = await query(world, "SELECT coalesce(sum(charged), 0) FROM operational.credit_ledger")
    found = Findings()
    found.judge(booked <= charged, f"{booked} credits are booked, {charged} were charged")
    told = {call.remaining for call in world.server.calls}
    for _, left in await query(world, _TOLD):
        found.judge(left in told, f"a balance of {left} was never told")
    async for call, known in _known_to_be_low(world):
        found.judge(known > 0, f"{call.endpoint} of {call.at:%a %H:%M} was asked for though no credit was left")
    return found.include(await _everything_is_booked(world))


async def q2_only_closing_looks_touch_the_reserve(world: World, market: FeedSource) -> Findings:
    """No priced call takes of the reserve, as far as could be known, but a look with a game about to start."""
    reserve, interval = _reserve(world), world.app.settings.scheduler.status_interval
    found = Findings()
    async for call, known in _known_to_be_low(world):
        if call.cost and call.remaining < reserve:
            is_closing = call.endpoint == "odds" and _about_to_start(market, call, interval)
            found.judge(
                is_closing or known - call.cost >= reserve,
                f"{call.endpoint} of {call.at:%a %H:%M} left {call.remaining} of the {reserve:.0f} kept",
            )
    return found


def q3_no_tight_loop(world: World) -> Findings:
    """After a quota error nothing priced is asked within the fallback interval, unless the credits are reset.

    A run that died, or could not store anything, cannot tell the next one of it.
    """
    wait = world.app.settings.scheduler.fallback_interval - timedelta(minutes=1)
    priced = [call for call in world.server.calls if call.endpoint in PRICED]
    told = [one for one in undisturbed(world) if one.asked]
    found = Findings()
    for number, call in enumerate(priced):
        if call.status != HTTPStatus.UNAUTHORIZED or not any(one.began <= call.at <= one.ended for one in told):
            continue
        for after in priced[number + 1 :]:
            if after.at.month == call.at.month and not _was_under_way(call, after):
                found.judge(
                    after.at - call.at >= wait,
                    f"{after.endpoint} was asked {after.at - call.at} after a quota error",
                )
                break
        else:
            found.judge(True, "nothing was asked again")
    return found


async def _everything_is_booked(world: World) -> Findings:
    """What was charged to runs that lived, and had a database to book it in, is in the ledger."""
    booked = {(job, at): credits for job, at, credits in await query(world, _BOOKED)}
    charged: Counter[tuple[str, datetime]] = Counter()
    for one in undisturbed(world):
        charged[one.slot] += one.charged
    found = Findings()
    for (job, at), credits in (+charged).items():
        in_ledger = booked.get((job, at), 0)
        found.judge(
            credits <= in_ledger,
            f"{job} of {at:%H:%M} was charged {credits} credits, and {in_ledger} of them are booked",
        )
    return found


async def _known_to_be_low(world: World) -> AsyncIterator[tuple[Call, int]]:
    """Yield the priced calls made when the balance was within the reserve, each with the highest that was known.

    That is any balance that stood in the time of a run before the call; one of an earlier month stands no more.
    """
    told = await query(world, _TOLD)
    instants = [at for at, _ in told]
    for call in world.server.calls:
        first = max(bisect_right(instants, call.at - RUN_LIMIT) - 1, 0)
        standing = told[first : bisect_right(instants, call.at)]
        if call.endpoint not in PRICED or not standing or standing[0][0].month != call.at.month:
            continue
        known = max(left for _, left in standing)
        if known <= _reserve(world) + call.cost:
            yield call, known


def _reserve(world: World) -> float:
    return world.server.account.plan_credits * world.app.settings.scheduler.credit_reserve


def _was_under_way(call: Call, after: Call) -> bool:
    return after.endpoint != call.endpoint and after.at <= call.at + _UNDER_WAY


def _about_to_start(market: FeedSource, call: Call, interval: timedelta) -> bool:
    """Tell whether a game was about to start by the list, as it was then or could have been read last."""
    listed = [row for at in (call.at - interval, call.at) for row in market.events(call.sport_key or "", at)]
    starts = (datetime.fromisoformat(row["commence_time"]) for row in listed)
    return any(call.at < start <= call.at + BOUNDARIES[Tier.CLOSING] for start in starts)
