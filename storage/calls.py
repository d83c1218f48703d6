"""Keep every answered call to the feed: what was asked, what it cost, and its body where it could not be used."""

import hashlib
import zlib

from sqlalchemy.ext.asyncio import AsyncConnection

from core.feed.values import FeedAnswer
from storage.statements import as_json, fetch, run

_HAS = (
    "SELECT 1 FROM raw_data.api_responses"
    " WHERE job_run_id = :job_run_id AND endpoint = :endpoint AND received_at = :received_at LIMIT 1"
)

_IS_LOGGED = (
    "SELECT 1 FROM raw_data.api_responses"
    " WHERE received_at = :received_at AND endpoint = :endpoint AND sha256 = :sha256 LIMIT 1"
)


async def store_call(
    connection: AsyncConnection,
    answer: FeedAnswer,
    *,
    expected_credits: int,
    job_run_id: int | None,
    error: str | None = None,
    reservation: int | None = None,
) -> None:
    """Log one call with its credits, and settle what was set aside for it.

    Args:
        connection: An open transaction.
        answer: What came back.
        expected_credits: What the call was expected to cost.
        job_run_id: The run that made it.
        error: Why the answer could not be used; the body is then kept whole.
        reservation: The number of what was set aside for it.
    """
    await run(
        connection,
        "store_call",
        {
            "job_run_id": job_run_id,
            "received_at": answer.received_at.isoformat(),
            "duration_ms": answer.duration_ms,
            "status": answer.status,
            "byte_count": len(answer.body),
            "endpoint": answer.endpoint,
            "parameters": as_json(answer.parameters),
            "headers": as_json(answer.headers),
            "sha256": hashlib.sha256(answer.body).digest(),
            "error": error,
            "body": None if error is None else zlib.compress(answer.body),
            "expected": expected_credits,
            "charged": answer.credits.last,
            "remaining": answer.credits.remaining,
            "used": answer.credits.used,
            "reservation": reservation,
        },
    )


async def has_call(connection: AsyncConnection, answer: FeedAnswer, *, job_run_id: int) -> bool:
    """Tell whether a run's call is logged: a commit whose acknowledgement was lost leaves its writer in doubt."""
    names = {"job_run_id": job_run_id, "endpoint": answer.endpoint, "received_at": answer.received_at}
    return bool(await fetch(connection, _HAS, names))


async def is_logged(connection: AsyncConnection, answer: FeedAnswer) -> bool:
    """Tell whether an answer is logged already, by whichever run."""
    sha256 = hashlib.sha256(answer.body).digest()
    names = {"received_at": answer.received_at, "endpoint": answer.endpoint, "sha256": sha256}
    return bool(await fetch(connection, _IS_LOGGED, names))
