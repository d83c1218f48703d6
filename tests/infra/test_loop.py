"""From what Terraform built to a running loop: its settings, its schedules, the zips, Lambda's runtime client."""

import pytest

from tests.infra.loop import FEWEST_HOPS, ROLES, SPORT, Loop
from tests.infra.loop import JOBS as JOB_NAMES

pytestmark = pytest.mark.slow
JOBS = set(JOB_NAMES)


def test_the_schema_and_the_roles_are_made_by_the_function_that_migrates(loop: Loop) -> None:
    assert loop.migrated.error is None
    assert loop.migrated.payload["before"] is None
    assert set(loop.migrated.payload["passwords_given"]) >= set(ROLES)
    assert loop.users == {f"linekeeper_{role}" for role in ROLES}


def test_the_first_heartbeat_mends_every_job_and_has_run_what_is_due(loop: Loop) -> None:
    assert (loop.begun["sound"], set(loop.begun["repaired"])) == (0, {f"{job} for {SPORT}" for job in JOBS})
    assert loop.ran_at_once > 0


def test_every_run_arms_the_next_for_ten_hops_and_more(loop: Loop) -> None:
    assert len(loop.hops) >= FEWEST_HOPS
    assert set(loop.hops) == JOBS
    assert loop.armed == {f"{job}.{SPORT}" for job in JOBS}
    chain = loop.runs[loop.ran_at_once : loop.ran_at_once + len(loop.hops)]
    assert [job for job, _ in chain] == loop.hops
    assert {outcome for _, outcome in chain} == {"stored", "skipped"}


def test_what_was_collected_is_backtested_and_kept_in_the_bucket(loop: Loop) -> None:
    assert [answer.error for answer in loop.backtested] == [None, None, None]
    would_read, run, from_what_is_kept = (answer.payload for answer in loop.backtested)
    assert would_read["status"] == "dry run"
    assert would_read["decisions"] == run["quality"]["decided"]
    assert run["metrics"]["bets"] > 0
    assert run["result"] == f"s3://linekeeper-dev-results-123456789012/results/{run['run']}/result.json"
    assert from_what_is_kept == run


def test_no_secret_is_in_anything_said(loop: Loop) -> None:
    assert [secret for secret in loop.secrets if secret in str(loop.said)] == []


def test_what_failed_for_good_was_raised_so_that_lambda_keeps_it(loop: Loop) -> None:
    assert len(loop.failed) >= 5
    assert [answer.payload for answer in loop.failed if answer.error is None] == []
