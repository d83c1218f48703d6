"""Credits set aside before a call, so that calls at the same time cannot spend the same credits."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import fetch

FORGOTTEN_AFTER = timedelta(minutes=15)
"""A reservation whose run died no longer counts after this."""

_RESERVE = (
    "INSERT INTO operational.credit_reservations (job_run_id, reserved_at, amount)"
    " SELECT :job_run_id, :now, CAST(:amount AS integer)"
    " WHERE CAST(:spendable AS bigint) IS NULL OR CAST(:spendable AS bigint) - ("
    "  SELECT coalesce(sum(amount), 0) FROM operational.credit_reservations"
    "  WHERE settled_at IS NULL AND reserved_at > :since"
    " ) >= CAST(:amount AS integer) RETURNING id"
)
_SETTLE = "UPDATE operational.credit_reservations SET settled_at = :now WHERE id = :number"


async def reserve_credits(
    connection: AsyncConnection, *, amount: int, spendable: int | None, now: datetime, job_run_id: int | None
) -> int | None:
    """Set credits aside; return the reservation's number, or None where they are not to be had.

    Args:
        connection: An open transaction that has locked the credits: what is spendable was read after that.
        amount: How many credits the call may cost.
        spendable: How many credits the account has for this kind of call; None where that is not known.
        now: The present instant, aware, in UTC.
        job_run_id: The run that makes the call.
    """
    reserved = await fetch(
        connection,
        _RESERVE,
        {
            "job_run_id": job_run_id,
            "now": now,
            "amount": amount,
            "spendable": spendable,
            "since": now - FORGOTTEN_AFTER,
        },
    )
    return int(reserved[0][0]) if reserved else None


async def settle_credits(connection: AsyncConnection, number: int, now: datetime) -> None:
    """End a reservation: the call's answer has told the balance, or there was none."""
    await fetch(connection, _SETTLE, {"now": now, "number": number})
