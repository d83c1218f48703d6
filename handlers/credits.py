"""Set credits aside around a priced call."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from core.errors import CreditsWithheldError
from core.planning.credits import spendable_credits
from core.planning.wording import counted
from handlers.app import App
from handlers.jobs import JobRun
from handlers.planning import balance_of
from handlers.writing import writing
from storage.connection_errors import PASSING_FAILURES
from storage.locks import CREDITS
from storage.reservations import reserve_credits, settle_credits
from storage.schedule import read_balance

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def reserved_credits(app: App, run: JobRun, amount: int, *, closing: bool = False) -> AsyncIterator[int]:
    """Hold credits for a call that the block makes; yield the reservation's number.

    The block settles it in the transaction that logs the call, so that its cost counts once at any instant; where
    the block fails, it is settled then.

    Args:
        app: What to work with.
        run: The run that makes the call.
        amount: What the call may cost, in credits.
        closing: Whether it is a closing look, which alone may spend the reserve.

    Raises:
        CreditsWithheldError: The credits left do not cover the call, or are kept for closing looks.
    """
    now = app.clock.now()
    async with writing(app, run, lock=CREDITS) as connection:
        balance = balance_of(await read_balance(connection), app.settings.feed.quota)
        spendable = spendable_credits(balance, now, app.planner_policy, closing=closing)
        number = await reserve_credits(
            connection, amount=amount, spendable=spendable, now=now, job_run_id=run.number
        )
    if number is None:
        kept = "" if closing else ", those kept for closing looks apart"
        msg = f"the call costs {counted(amount, 'credit')}, and {spendable} are left for it{kept}"
        raise CreditsWithheldError(msg)
    try:
        yield number
    except Exception:
        await _settle(app, number)
        raise


async def _settle(app: App, number: int) -> None:
    """Give back what was set aside; a run that is cut off has no time for it, and what it held lapses.

    So does what cannot be given back, which is no reason to fail a run that has its answer.
    """
    try:
        async with app.database.one_by_one() as connection:
            await settle_credits(connection, number, app.clock.now())
    except PASSING_FAILURES as error:
        _log.warning("credits.unsettled", reservation=number, reason=str(error))
