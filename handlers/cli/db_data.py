"""`odds db reset` and `odds db rebuild`: what is done to the rows themselves."""

from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import track

from core.config import Settings
from core.database_url import DatabaseUrl
from core.errors import ConfigurationError
from core.planning.wording import counted
from handlers.cli.opening import read_settings, run, with_database
from handlers.cli.options import FOUND_SOMETHING, AsJson
from handlers.cli.output import aside, bytes_text, print_json, report
from handlers.guard import refuse_in_production
from handlers.named_database import located, unprepared_database
from storage import migrations
from storage.database import Database
from storage.rebuild_check import Rebuilt, rebuild_and_compare, stored_events
from storage.schema_version import drop_schemas, read_schema_version
from storage.status import read_database_size
from storage.summary import read_totals


def reset(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Delete everything that was collected, and start anew with an empty schema.

    Never in production, which a database of another machine is unless DATABASE_ENVIRONMENT says otherwise.
    Asks first, and tells what would be lost.
    """
    settings = read_settings()
    refuse_in_production(settings.database, what="odds db reset drops everything that was collected")
    with located(settings) as url:
        loss = run(_loss(settings, url))
        if not yes:
            typer.confirm(f"Delete {loss}, in database {url.database} at {url.address}?", abort=True, err=True)
        run(_reset(settings, url))
    report().print(f"Deleted {loss}; database {url.database} is empty, with its schema.", soft_wrap=True)


def rebuild(
    event: Annotated[str | None, typer.Option("--event", metavar="ID", help="Only this event.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make all quotes anew from the raw snapshots, and tell whether any row differed.

    It is safe at any time: each event is one transaction. Exit code 3 when a row differed; it is right
    from then on.
    """
    settings = read_settings()

    async def rebuild_all(database: Database) -> list[Rebuilt]:
        async with database.transaction() as connection:
            events = await stored_events(connection, event)
        if event is not None and not events:
            msg = f"there is no event {event!r} with snapshots; odds status events --json lists their ids"
            raise ConfigurationError(msg)
        rebuilt = []
        for one in track(events, "rebuilding", console=aside(), transient=True):
            async with database.transaction() as connection:
                rebuilt.append(await rebuild_and_compare(connection, one))
        return rebuilt

    rebuilt = with_database(settings, rebuild_all)
    differing = [each for each in rebuilt if each.differing]
    if as_json:
        print_json(
            {"events": len(rebuilt), "quotes": sum(each.quotes for each in rebuilt), "differing": differing}
        )
    else:
        _show(rebuilt, differing)
    if differing:
        raise typer.Exit(FOUND_SOMETHING)


def _show(rebuilt: list[Rebuilt], differing: list[Rebuilt]) -> None:
    quotes = sum(each.quotes for each in rebuilt)
    report().print(f"{quotes:,} quotes of {len(rebuilt):,} events were made anew from the raw snapshots.")
    for each in differing:
        report().print(f"{escape(each.event_id)} ({each.source}): {counted(each.differing, 'row')} differed")
    if not differing:
        report().print("They are the same as before, row for row.")


async def _loss(settings: Settings, url: DatabaseUrl) -> str:
    async with unprepared_database(settings, url) as database, database.transaction() as connection:
        version = await read_schema_version(connection)
        if not version.is_current:
            return "whatever is in the schemas of linekeeper"
        totals = await read_totals(connection)
        size = bytes_text(await read_database_size(connection))
    return f"{totals.events:,} events, {totals.snapshots:,} snapshots and {totals.quotes_stored:,} quotes ({size})"


async def _reset(settings: Settings, url: DatabaseUrl) -> None:
    async with unprepared_database(settings, url) as database:
        async with database.transaction() as connection:
            await drop_schemas(connection)
        await migrations.upgrade(database.engine)
