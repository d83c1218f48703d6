"""What a deployment does by itself, from its first minute: migrated, armed by the heartbeat, hop after hop."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from core.database_url import parse_database_url
from core.simulation.faults import Fault
from core.simulation.market import SimulatedMarket
from core.simulation.server import serve
from storage.database import Database
from tests.infra.account import Deployment
from tests.infra.calls import Call, recorded
from tests.infra.iam import Need
from tests.infra.lambda_platform import Platform
from tests.infra.needs import needs
from tests.lambda_runtime.ahead import AheadClock
from tests.lambda_runtime.packaged import Packaged
from tests.lambda_runtime.sandbox import Answer

SPORT = "basketball_nba"
START = datetime(2027, 1, 15, 20, tzinfo=UTC)
FEED_KEY = "sentinel-key-0123456789"
KEY_PARAMETER, OWNER_PARAMETER = "/linekeeper-dev/odds-api-key", "/linekeeper-dev/database-url/migrator"
FEWEST_HOPS, MOST_HOPS = 10, 80
LOST = '"AnswersLost"'
LAST_TOLD = ('"CloseAgeMinutes"', '"scores.stored"')
"""What a collector says last of a game: how it was closed, and its result."""
JOBS = ("fetch-odds", "fetch-scores", "update-status")
ROLES = ("collector", "scores", "status", "monitor", "backtest")
TOO_SHORT_SECONDS = 0.01
RETIRED = Fault("odds", error_code="INVALID_BOOKMAKERS", message="Invalid bookmakers: fanduel")


@dataclass(frozen=True)
class Loop:
    """What became of it."""

    migrated: Answer
    begun: dict[str, Any]
    ran_at_once: int
    hops: list[str]
    backtested: list[Answer]
    failed: list[Answer]
    armed: set[str]
    runs: list[tuple[str, str]]
    users: set[str]
    said: dict[str, str]
    calls: list[Call]
    invocations: list[tuple[str, str]]
    secrets: list[str]

    def needs_of(self, role: str) -> list[Need]:
        """Return every right that a role was seen to take."""
        invoked = [Need("lambda:InvokeFunction", arn) for invoker, arn in self.invocations if invoker == role]
        return [*invoked, *(need for call in self.calls if call.caller == role for need in needs(call))]

    @property
    def lines(self) -> dict[str, list[dict[str, Any]]]:
        """Return every line that the code logged, by function; of an error Lambda's client adds one, as text."""
        return {
            name: [json.loads(line) for line in said.splitlines() if line.startswith("{")]
            for name, said in self.said.items()
        }


async def run_loop(deployment: Deployment, packages: Mapping[str, Packaged], owner_url: str, folder: Path) -> Loop:
    """Let a deployment run until the first games are closed and over, then let some things go wrong."""
    clock = AheadClock(folder / "ahead")
    clock.set_to(START)
    market = SimulatedMarket(7, SPORT, START, days=3)
    async with serve(market, clock, api_key=FEED_KEY, rate_limit=None) as feed:
        platform = Platform(deployment, packages, feed.base_url, clock, folder)
        secrets = platform.client("ssm", "testing")
        _put(secrets, KEY_PARAMETER, FEED_KEY)
        _put(secrets, OWNER_PARAMETER, owner_url)
        try:
            async with platform.invocations_served():
                feed.inject(RETIRED)
                with recorded(deployment) as calls:
                    migrated = await platform.invoke("migrate", {})
                    [beat] = platform.schedules("linekeeper-dev-heartbeat")
                    begun = await platform.fire(beat)
                    ran_at_once = len(platform.calls)
                    hops = await _hops(platform)
                    armed = {one["Name"] for one in platform.schedules()}
                    await _loses_an_answer(platform, owner_url)
                    await platform.fire(beat)
                    backtested = await _backtests(platform)
                    failed = await _what_goes_wrong(platform, beat, secrets)
            names = [f"/linekeeper-dev/database-url/{role}" for role in ROLES]
            given = secrets.get_parameters(Names=[*names, KEY_PARAMETER], WithDecryption=True)["Parameters"]
            return Loop(
                migrated=migrated[-1],
                begun=begun[-1].payload,
                ran_at_once=ran_at_once,
                hops=hops,
                backtested=backtested,
                failed=failed,
                armed=armed,
                runs=await _query(owner_url, "SELECT job, outcome FROM operational.job_runs ORDER BY id"),
                users={one["Value"].split("//")[1].split(":")[0] for one in given if "//" in one["Value"]},
                said={name: function.output for name, function in platform.functions.items()},
                calls=[*calls, *platform.calls],
                invocations=platform.invocations,
                secrets=[FEED_KEY, *(one["Value"] for one in given)],
            )
        finally:
            await platform.stop()


async def _hops(platform: Platform) -> list[str]:
    hops: list[str] = []
    while len(hops) < FEWEST_HOPS or not all(platform.has_said(words) for words in LAST_TOLD):
        hops.append(await platform.fire_next())
        assert len(hops) < MOST_HOPS, hops
    return hops


async def _loses_an_answer(platform: Platform, owner_url: str) -> None:
    """Let the database refuse all that a look brings, until one was paid for in vain."""
    await _execute(owner_url, "REVOKE INSERT ON raw_data.api_responses FROM linekeeper_collector")
    for _ in range(MOST_HOPS):
        await platform.fire_next()
        if platform.has_said(LOST):
            break
    await _execute(owner_url, "GRANT INSERT ON raw_data.api_responses TO linekeeper_collector")


async def _backtests(platform: Platform) -> list[Answer]:
    """Backtest what was collected: first what would be read, then all of it, then from the part that is kept."""
    config = {"start": START.isoformat(), "end": platform.clock.now().isoformat(), "resamples": 100}
    asked = {"strategy": "flat", "config": config}
    answers = [*await platform.invoke("backtest", {**asked, "dry_run": True})]
    answers += await platform.invoke("backtest", asked)
    kept = {"run": answers[-1].payload["run"], "parts": 1}
    return [*answers, *await platform.invoke("backtest", {**asked, "resume": kept})]


async def _what_goes_wrong(platform: Platform, beat: Mapping[str, Any], secrets: Any) -> list[Answer]:
    """Fire schedules twice, delete them, let functions fail for good, and leave nothing to hand a schedule to."""
    for schedule in platform.schedules():
        await platform.fire(schedule)
        await platform.fire(schedule)
    for name in JOBS:
        platform.delete_schedules()
        await platform.invoke(name, {})
    answers: list[Answer] = []
    for name in ("heartbeat", "migrate", "backtest"):
        platform.function(name).timeout = TOO_SHORT_SECONDS
        answers += await platform.invoke(name, {})
    _put(secrets, KEY_PARAMETER, "a-key-that-is-wrong")
    for name in JOBS:
        await platform.function(name).stop()
        answers += await platform.invoke(name, {})
    for undeliverable in (platform.schedules()[0], beat):
        platform.gone.add(undeliverable["Target"]["Arn"])
        await platform.fire(undeliverable)
    return answers


def _put(secrets: Any, name: str, value: str) -> None:
    secrets.put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)


async def _execute(url: str, sql: str) -> None:
    database = Database(parse_database_url(url), pooled=False)
    try:
        async with database.transaction() as connection:
            await connection.execute(text(sql))
    finally:
        await database.close()


async def _query(url: str, sql: str) -> list[tuple[str, str]]:
    database = Database(parse_database_url(url), pooled=False)
    try:
        async with database.transaction() as connection:
            return [(row[0], row[1]) for row in await connection.execute(text(sql))]
    finally:
        await database.close()
