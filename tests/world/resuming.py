"""C4 in days of chaos: something is out of reach for hours, and is back; what is due comes again by itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.simulation.faults import Fault
from core.simulation.market import SimulatedMarket
from core.simulation.uncertain_scheduler import Moods
from handlers.simulation.process import leave_alone
from handlers.simulation.world import World
from tests.world import checks
from tests.world.due import GAP, Due, next_look, steady_starts
from tests.world.findings import Findings
from tests.world.scenarios import no_database
from tests.world.stored import query

SOON = timedelta(minutes=5)
RUNS = timedelta(minutes=1)
"""How long a run may take until its call is made."""

RESULTS_TAKE = timedelta(hours=3)
"""How long after a game is over its result may take to be stored, be it asked for an hour or two late."""

_CALLS = 5000
_RESULTS = "SELECT id FROM core_betting.events WHERE status = 'final'"


@dataclass(frozen=True, slots=True)
class Outage:
    """What was out of reach, until when, and how long after that what is due may take to come."""

    of: str
    began: datetime
    ended: datetime
    within: timedelta


async def outlast_an_outage(world: World, seed: int) -> Outage:
    """Let the scheduler, the database or the feed be out of reach for so long that something is due by then."""
    of = ("the scheduler", "the database", "the feed")[seed % 3]
    began, within = world.clock.now(), checks.resumes_within(world)
    world.disturbance = lambda: leave_alone
    world.scheduler.moods = Moods(throttled=1) if of == "the scheduler" else Moods()
    if of == "the database":
        world.disturbance = lambda: no_database
    if of == "the feed":
        world.server.inject(*[Fault(status=503)] * _CALLS)
        within = checks.resumes_after_the_feed_within(world)
    await world.run_for(world.app.settings.scheduler.status_interval + SOON)
    world.disturbance = lambda: leave_alone
    world.scheduler.moods = Moods()
    world.server.forget_faults()
    return Outage(of, began, world.clock.now(), within + RUNS)


async def c4_what_is_due_is_resumed(
    world: World, market: SimulatedMarket, outage: Outage, *, is_scarce: bool
) -> Findings:
    """From the end of an outage on, every look, list and result that is due comes within the time allowed.

    When a look is due is what the README says of the games that the feed lists, and never moves meanwhile. Where
    credits are short, only the looks just before a start are sure to be paid for.
    """
    found, now = Findings(), world.clock.now()
    interval = world.app.settings.scheduler.status_interval
    starts = [
        start
        for start in steady_starts(market, outage.began - interval, now)
        if start > outage.ended + outage.within
    ]

    def look(last: datetime) -> Due | None:
        since = max(last, outage.ended)
        return next_look(last, [start for start in starts if start > since], last_looks_only=is_scarce)

    def listing(last: datetime) -> Due | None:
        return Due(last + interval, now + interval)

    found.include(_resumed(world, "odds", outage, look))
    found.include(_resumed(world, "events", outage, listing))
    return found if is_scarce else found.include(await _results(world, market, outage))


def _resumed(world: World, endpoint: str, outage: Outage, due_after: Callable[[datetime], Due | None]) -> Findings:
    """Judge call after call of an endpoint, by when each is due after the one before."""
    found, now = Findings(), world.clock.now()
    calls = [
        call.at
        for call in world.server.calls
        if call.endpoint == endpoint and call.status == 200 and call.fault is None
    ]
    last = max(at for at in calls if at <= outage.ended)
    while (due := due_after(last)) is not None:
        within = outage.within if due.at <= outage.ended + outage.within else checks.resumes_within(world) + RUNS
        latest = min(max(due.at, last + GAP, outage.ended) + GAP + within, due.start)
        came = next((at for at in calls if at > max(last, outage.ended)), None)
        if came is None and latest > now:
            break
        found.judge(
            came is not None and came <= latest,
            f"{endpoint} was due at {due.at:%a %H:%M} and came at {came and format(came, '%H:%M:%S')};"
            f" {outage.of} was back at {outage.ended:%H:%M}",
        )
        if came is None:
            break
        last = came
    return found


async def _results(world: World, market: SimulatedMarket, outage: Outage) -> Findings:
    """Judge of every game that began in the world, and was over long before the outage, if its result is there."""
    stored = {event_id for (event_id,) in await query(world, _RESULTS)}
    first, over_by = world.server.calls[0].at.timestamp(), (outage.ended - RESULTS_TAKE).timestamp()
    found = Findings()
    for event in market.simulated_events:
        started, completed = event.life.started, event.life.completed
        if started is not None and completed is not None and first < started < completed <= over_by:
            found.judge(event.event_id in stored, f"the result of {event.event_id} is not stored")
    return found
