"""The functions in Lambda's own runtime, in several processes at once, behind a real PgBouncer."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.wire.pooler import pooler
from tests.world.stored import ORPHANS

if TYPE_CHECKING:
    from tests.lambda_runtime.stack import Stack

ROUNDS = 6
JOBS = ("fetch-odds", "fetch-scores", "update-status")


@pytest.fixture
def pooled(deployed: "Stack", database_url: str, open_folder: Path) -> Iterator["Stack"]:
    """Yield a deployment whose functions share two connections to the database."""
    with pooler(database_url, open_folder, servers=2) as url:
        deployed.put_secret(deployed.url_parameter, url)
        yield deployed


@pytest.mark.slow
async def test_r2_several_processes_work_behind_a_transaction_pooler_without_one_failure(pooled: "Stack") -> None:
    functions = [pooled.function(job) for job in JOBS]
    functions += [pooled.another(f"handlers.functions.{job.replace('-', '_')}") for job in JOBS]
    functions.append(pooled.function("heartbeat"))
    for _ in range(ROUNDS):
        answers = await asyncio.gather(*(function.invoke() for function in functions))
        assert [answer.error for answer in answers] == [None] * len(functions)
        pooled.clock.set_to(pooled.clock.now() + timedelta(minutes=40))
    assert [len(function.sandboxes) for function in functions] == [1] * len(functions)
    outcomes = [outcome for _, outcome, _ in await pooled.runs()]
    assert set(outcomes) <= {"stored", "skipped"}
    assert outcomes.count("stored") > ROUNDS
    assert [what for what, sql in ORPHANS.items() if await pooled.query(sql) != [(0,)]] == []
