"""The jobs that there are, by name."""

from core.errors import ConfigurationError
from handlers import fetch_odds, fetch_scores, update_status
from handlers.jobs import Job

JOBS = {job.name: job for job in (update_status.JOB, fetch_scores.JOB, fetch_odds.JOB)}


def job_named(name: str) -> Job:
    """Return a job; raises ConfigurationError for a name that is none."""
    try:
        return JOBS[name]
    except KeyError:
        msg = f"there is no job {name!r}; the jobs are {', '.join(JOBS)}"
        raise ConfigurationError(msg) from None
