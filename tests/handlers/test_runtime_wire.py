"""The functions in Lambda's own runtime, where the way to Postgres is cut, closed, slow or silent."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.database_url import parse_database_url
from tests.wire.wire import Judge, Wire, after, containing, wire_to
from tests.world.stored import ORPHANS

if TYPE_CHECKING:
    from tests.lambda_runtime.function import LambdaFunction
    from tests.lambda_runtime.sandbox import Answer
    from tests.lambda_runtime.stack import Stack

SNAPSHOTS = "SELECT count(*), count(DISTINCT snapshot_time) FROM raw_data.odds_snapshots"
STORING = containing("INSERT INTO raw_data.odds_snapshots")
COMMIT = containing("COMMIT")


@pytest.fixture
async def wire(deployed: "Stack", database_url: str) -> AsyncIterator[Wire]:
    """Yield the wire by which the functions reach the database."""
    port = parse_database_url(database_url).port
    async with wire_to(port) as wire:
        through = database_url.replace(f":{port}/", f":{wire.port}/")
        deployed.put_secret(deployed.url_parameter, through)
        yield wire
        await deployed.stop()


async def failed(deployed: "Stack", function: "LambdaFunction") -> "Answer":
    """Run a look that is due, and return how it failed: the chain armed and nothing half-written."""
    answer = await function.invoke(deployed.planned("fetch-odds"))
    assert answer.error is not None
    assert "fetch-odds" in deployed.armed()
    assert [what for what, sql in ORPHANS.items() if await deployed.query(sql) != [(0,)]] == []
    return answer


async def works_again(deployed: "Stack", wire: Wire) -> None:
    """Mend the wire; the next run works, by one connection, and every run before it has ended."""
    wire.mend()
    connections = wire.connections
    await deployed.fire_next()
    assert wire.connections == connections + 1
    *before, last = await deployed.runs()
    assert last == ("fetch-odds", "stored", 1)
    assert {outcome for _, outcome, _ in before} <= {"failed"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "begins",
    [
        pytest.param(lambda _: True, id="from the beginning"),
        pytest.param(containing("job_leases"), id="while the slot is taken"),
        pytest.param(STORING, id="while the answer is stored"),
        pytest.param(after(STORING, COMMIT), id="while the answer is committed"),
    ],
)
async def test_r3_where_postgres_swallows_packets_a_run_ends_by_its_deadline(
    deployed: "Stack", wire: Wire, begins: Judge
) -> None:
    function = deployed.function("fetch-odds", timeout=6)
    wire.swallow_from = begins
    answer = await failed(deployed, function)
    assert answer.error is not None
    assert answer.error["errorType"] == "DeadlineError"
    assert "did not end within" in answer.error["errorMessage"]
    assert answer.seconds < 6
    [measured] = [line for line in function.lines if "RunFailed" in line]
    assert (measured["RunFailed"], measured["FetchSuccess"]) == (1, 0)
    await works_again(deployed, wire)
    assert len(function.sandboxes) == 1


@pytest.mark.slow
async def test_a_connection_cut_in_the_middle_of_storing_is_made_up_for_within_the_run(
    deployed: "Stack", wire: Wire
) -> None:
    wire.cut_before = STORING
    answer = await deployed.function("fetch-odds").invoke(deployed.planned("fetch-odds"))
    assert answer.error is None
    await stored_once(deployed)


@pytest.mark.slow
async def test_d3_an_answer_whose_commit_was_not_confirmed_is_not_stored_twice(
    deployed: "Stack", wire: Wire
) -> None:
    wire.cut_after = after(STORING, COMMIT)
    answer = await deployed.function("fetch-odds").invoke(deployed.planned("fetch-odds"))
    assert answer.error is None
    await stored_once(deployed)


async def stored_once(deployed: "Stack") -> None:
    """Make sure that one answer was paid for and is stored, once and whole, by one run."""
    [(snapshots, looks)] = await deployed.query(SNAPSHOTS)
    assert (snapshots > 0, looks) == (True, 1)
    assert deployed.server.credits_used == 1
    assert await deployed.runs() == [("fetch-odds", "stored", 1)]
    assert await deployed.query("SELECT count(*) FROM raw_data.api_responses WHERE endpoint LIKE '%/odds'") == [
        (1,)
    ]


@pytest.mark.slow
async def test_a_database_that_is_away_fails_the_run_by_name_and_one_that_wakes_slowly_does_not(
    deployed: "Stack", wire: Wire
) -> None:
    function = deployed.function("fetch-odds")
    await wire.refuse()
    answer = await failed(deployed, function)
    assert answer.error is not None
    assert answer.error["errorType"] == "DatabaseUnreachableError"
    assert f"127.0.0.1:{wire.port}" in answer.error["errorMessage"]
    await wire.listen()
    wire.sleep(3)
    deployed.clock.set_to(deployed.clock.now() + timedelta(minutes=1))
    assert (await function.invoke(deployed.planned("fetch-odds"))).error is None
    assert await deployed.runs() == [("fetch-odds", "stored", 1)]
