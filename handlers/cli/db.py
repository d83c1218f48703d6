"""`odds db`: the database, and the embedded server that is used where DATABASE_URL is not set."""

from typing import Annotated

import typer
from pydantic import SecretStr
from rich.markup import escape

from core.config import Settings
from core.database_url import DatabaseUrl, parse_database_url
from core.errors import ConfigurationError
from handlers.cli import db_data, db_schema
from handlers.cli.opening import read_settings, run
from handlers.cli.output import report
from handlers.cli.psql import run_psql
from handlers.named_database import DATABASE_NAME, embedded, located, make_embedded, unprepared_database
from handlers.role_logins import let_roles_in
from storage.catalogue import read_database_names
from storage.database import Database
from storage.upgrading import Upgrade, bring_up_to_date

app = typer.Typer(
    name="db",
    no_args_is_help=True,
    help="The database: DATABASE_URL's, or else an embedded Postgres. Costs no credits.",
)

Name = Annotated[
    str | None,
    typer.Argument(metavar="NAME", help="A database of the embedded server, such as linekeeper_demo."),
]


@app.command()
def up() -> None:
    """Start the embedded Postgres and leave it running.

    Commands that find no server start one and stop it at their end; leave it up to look at the data
    while nothing else runs, or to spare every command the second that starting takes.
    """
    settings = read_settings()
    _refuse_own_database(settings, "odds db up")
    server = embedded(settings)
    state = "was started" if server.start() else "runs already"
    run(make_embedded(settings))
    report().print(
        f"The embedded Postgres {state} on port {server.port}; its data is in {escape(str(server.home))}.",
        soft_wrap=True,
    )
    report().print("odds db psql opens it, odds db url prints its URL, odds db down stops it.")


@app.command()
def down() -> None:
    """Stop the embedded Postgres, whoever uses it; its data is kept."""
    stopped = embedded(read_settings()).stop()
    report().print("The embedded Postgres was stopped." if stopped else "The embedded Postgres was not running.")


@app.command()
def url(name: Name = None) -> None:
    """Print the URL of a database of the embedded Postgres, starting it and leaving it up.

    - `psql "$(odds db url)"`

    - `DATABASE_URL=$(odds db url linekeeper_replay) odds status show`
    """
    settings = read_settings()
    if name is None:
        _refuse_own_database(settings, "odds db url without a NAME")
    server = embedded(settings)
    server.start()
    run(_check_name(settings, name))
    typer.echo(server.url(name or DATABASE_NAME))


@app.command()
def migrate(
    logins: Annotated[
        bool,
        typer.Option(
            "--logins", help="Also give a new password to every role, and print the URLs by which they connect."
        ),
    ] = False,
) -> None:
    """Bring the schema of the database up to date; nothing changes where it is already.

    The embedded database is migrated by itself; one of your own when you say so, with this command.
    With the schema come roles, one for each job, one for backtests and one, linekeeper_analyst, for people who
    read: none of them can log in until it has a password.
    """
    settings = read_settings()
    with located(settings) as where:
        upgrade, urls = run(_migrate(settings, where, logins=logins))
    place = f"{where.database} at {where.address}"
    if upgrade.is_newer:
        told = f"is {upgrade.after}, newer than this linekeeper, which knows {upgrade.known}: it was left as it is"
        report().print(f"The schema of {place} {told}.", soft_wrap=True)
    elif upgrade.before == upgrade.after:
        report().print(f"The schema of {place} is up to date ({upgrade.after}).", soft_wrap=True)
    else:
        before = upgrade.before or "nothing"
        report().print(f"The schema of {place} went from {before} to {upgrade.after}.", soft_wrap=True)
    for role, url in urls.items():
        typer.echo(f"{role}\t{url.get_secret_value()}")


@app.command()
def psql(
    name: Name = None,
    command: Annotated[
        list[str] | None,
        typer.Option(
            "--command", "-c", metavar="SQL", help="Run this and end, instead of asking; may be repeated."
        ),
    ] = None,
) -> None:
    """Open psql on the database; the server is started for it where none runs.

    On the embedded server the four schemas are searched by themselves, so that a name is enough:

    - `odds db psql -c "select * from closing_lines limit 5"`

    - `odds db psql linekeeper_demo -c "select * from line_movement limit 5"`

    `odds db schema` tells what there is.
    """
    settings = read_settings()
    queries = [part for query in command or () for part in ("--command", query)]
    arguments = ["--no-psqlrc", *queries] if queries else []
    own = settings.database.parsed_url
    if own is not None and name is None:
        raise typer.Exit(run_psql(own, arguments, find_our_schemas=False))
    server = embedded(settings)
    with server.ensure_running():
        run(_check_name(settings, name))
        where = parse_database_url(server.url(name or DATABASE_NAME))
        raise typer.Exit(run_psql(where, arguments, find_our_schemas=True))


app.command("schema")(db_schema.show_schema)
app.command("reset")(db_data.reset)
app.command("rebuild")(db_data.rebuild)


def _refuse_own_database(settings: Settings, command: str) -> None:
    where = settings.database.parsed_url
    if where is not None:
        msg = (
            f"DATABASE_URL names a database of your own at {where.address}; {command} is about the embedded one, "
            "which is used where DATABASE_URL is not set"
        )
        raise ConfigurationError(msg)


async def _check_name(settings: Settings, name: str | None) -> None:
    """Make the database of collecting where it is asked for; any other has to be there."""
    if name in (None, DATABASE_NAME):
        await make_embedded(settings)
        return
    server = Database(parse_database_url(embedded(settings).url("postgres")), pooled=False)
    try:
        async with server.transaction() as connection:
            names = await read_database_names(connection)
    finally:
        await server.close()
    if name not in names:
        msg = f"the embedded server has no database {name!r}; it has {', '.join(names) or 'none yet'}"
        raise ConfigurationError(msg)


async def _migrate(
    settings: Settings, where: DatabaseUrl, *, logins: bool
) -> tuple[Upgrade, dict[str, SecretStr]]:
    urls: dict[str, SecretStr] = {}

    async def keep(role: str, url: SecretStr) -> None:
        urls[role] = url

    async with unprepared_database(settings, where) as database:
        upgrade = await bring_up_to_date(database)
        if logins:
            owner = settings.database.url or SecretStr(embedded(settings).url(DATABASE_NAME))
            await let_roles_in(database, owner, keep, {})
    return upgrade, urls
