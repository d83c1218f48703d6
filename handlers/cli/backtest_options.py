"""The options by which a backtest is asked for, shared by the commands that run one."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from analytics.backtesting.config import BacktestConfig
from core.errors import ConfigurationError
from core.model_faults import validated
from core.periods import end_text, period_text
from handlers.cli.assignments import assignable, read_assignments
from handlers.cli.instants import ACCEPTED, end_of, instant_of
from handlers.known_names import check_sports
from handlers.known_span import known_span
from storage.database import Database

_OWN_OPTIONS = {
    "start": "--from",
    "end": "--to",
    "sports": "--sport",
    "sources": "--source",
    "decide_at": "--decide-at",
    "bookmakers": "--bookmaker",
    "bankroll": "--bankroll",
    "sizing": "--stake",
}
_A_DAY = timedelta(days=1)
_STAKES = {"kelly": "fraction", "flat": "amount", "percentage": "percent"}


StrategyName = Annotated[
    str,
    typer.Option(metavar="NAME", help="A name of odds backtest list-strategies, or path.py:Class of your own."),
]
Start = Annotated[
    datetime | None,
    typer.Option(
        "--from",
        metavar="TIME",
        parser=instant_of,
        help=f"First instant of a decision: {ACCEPTED}. By default all data.",
    ),
]
End = Annotated[
    datetime | None,
    typer.Option(
        "--to", metavar="TIME", parser=end_of, help="Decisions are made before it; a date is meant whole."
    ),
]
SportKeys = Annotated[
    list[str] | None, typer.Option("--sport", metavar="KEY", help="A sport; may be given several times.")
]
SourceNames = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="NAME", help="live, historical or import; live by default; may be repeated."),
]
DecideAt = Annotated[
    list[str] | None,
    typer.Option(
        metavar="WHEN", help="Hours before the start, or the tier that begins; may be repeated. By the strategy."
    ),
]
BookmakerKeys = Annotated[
    list[str] | None,
    typer.Option("--bookmaker", metavar="KEY", help="Where bets are placed; may be repeated. All by default."),
]
Money = Annotated[
    float | None, typer.Option("--bankroll", metavar="AMOUNT", help="Money at the beginning; 10,000 by default.")
]
Stake = Annotated[
    str | None,
    typer.Option(
        "--stake",
        metavar="RULE",
        help="kelly:FRACTION (with :simultaneous at its end, bets of an instant together), flat:AMOUNT or"
        " percentage:PERCENT. By the strategy.",
    ),
]
SettingValues = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Another setting of the run, listed below; may be repeated."),
]
PlayerFile = Annotated[
    Path | None,
    typer.Option(
        "--player-results",
        metavar="FILE",
        help="What players did, for bets on them: a CSV file of event_id, market_key, player, number.",
    ),
]
RegulationFile = Annotated[
    Path | None,
    typer.Option(
        "--regulation-scores",
        metavar="FILE",
        help="Scores of regulation time, for bets that end with it where the final score may hold more: a CSV file"
        " of event_id, home_score, away_score.",
    ),
]
ParameterValues = Annotated[
    list[str] | None,
    typer.Option("--param", "-p", metavar="NAME=VALUE", help="A parameter of the strategy; may be repeated."),
]


def settings_epilog() -> str:
    """Return the settings that `--set` takes, for the end of a help text."""
    lines = [
        f"- `{field.name}={field.default}`: {field.description}"
        for field in assignable(BacktestConfig, tuple(_OWN_OPTIONS))
    ]
    return "\n\n".join(["Settings for --set, with their defaults:", *lines])


def config_values(
    *,
    sports: Sequence[str] | None = None,
    sources: Sequence[str] | None = None,
    decide_at: Sequence[str] | None = None,
    bookmakers: Sequence[str] | None = None,
    bankroll: float | None = None,
    stake: str | None = None,
    settings: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Return what the options say of a run, without its time, for the model to validate.

    Raises:
        ConfigurationError: A setting or a stake cannot be read.
    """
    given = {
        "sports": sports,
        "sources": sources,
        "decide_at": decide_at,
        "bookmakers": bookmakers,
        "bankroll": bankroll,
        "sizing": None if stake is None else _sizing(stake),
    }
    others = read_assignments(settings or (), BacktestConfig, "--set", without=tuple(_OWN_OPTIONS))
    return {**others, **{name: value for name, value in given.items() if value is not None and value != []}}


async def read_config(
    database: Database,
    values: Mapping[str, Any],
    *,
    start: datetime | None,
    end: datetime | None,
    now: datetime,
) -> BacktestConfig:
    """Return the run's config; a time that is not given is that of the data, up to now.

    Raises:
        ConfigurationError: Something in it is not accepted, or there is no data, or none of that time.
    """
    _validated(values, start or (end or now) - _A_DAY, end or (start or now) + _A_DAY)
    async with database.transaction() as connection:
        await check_sports(connection, values.get("sports", ()))
        span = await known_span(connection, values.get("sports", ()), values.get("sources", ("live",)))
    if end is None:
        span = span._replace(end=min(span.end, now))
    span.check(start, end, names=("--from", "--to"), wording=end_text)
    return _validated(values, start or span.first_at, end or span.end)


def _validated(values: Mapping[str, Any], start: datetime, end: datetime) -> BacktestConfig:
    try:
        return validated(BacktestConfig, {"start": start, "end": end, **values}, "backtest")
    except ConfigurationError as error:
        given = f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC"
        raise ConfigurationError(_by_option(str(error)).replace(given, period_text(start, end))) from None


def _sizing(stake: str) -> dict[str, Any]:
    kind, *rest = stake.split(":")
    simultaneous = kind == "kelly" and len(rest) == 2 and rest[1] == "simultaneous"  # noqa: PLR2004
    if kind not in _STAKES or (len(rest) > 1 and not simultaneous):
        msg = f"--stake {stake}: kelly:FRACTION, kelly:FRACTION:simultaneous, flat:AMOUNT or percentage:PERCENT"
        raise ConfigurationError(f"{msg} is expected, as kelly:0.25")
    sized: dict[str, Any] = {"kind": kind}
    if rest:
        sized[_STAKES[kind]] = rest[0]
    return {**sized, "simultaneous": True} if simultaneous else sized


def _by_option(message: str) -> str:
    """Return a message with the options' names in place of the fields'."""
    message = message.replace("end must be after start", "--to must be after --from")
    for field, option in _OWN_OPTIONS.items():
        message = re.sub(rf" {field}(?:\.\w+)*:", f" {option}:", message)
    return message
