"""The jobs, by name."""

import pytest

from core.errors import ConfigurationError
from core.triggers.virtual import JOB_ORDER
from handlers.registry import JOBS, job_named


@pytest.mark.parametrize("name", ["fetch-odds", "fetch-scores", "update-status"])
def test_a_job_is_found_by_its_name(name: str) -> None:
    assert job_named(name).name == name


def test_an_unknown_name_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ConfigurationError, match="no job 'fetch_odds'; the jobs are update-status,"):
        job_named("fetch_odds")


def test_the_jobs_fire_in_the_order_that_virtual_time_knows() -> None:
    assert tuple(JOBS) == JOB_ORDER


def test_whatever_a_job_plans_beside_itself_is_a_job() -> None:
    assert {name for job in JOBS.values() for name in job.also_plans} <= JOBS.keys()
