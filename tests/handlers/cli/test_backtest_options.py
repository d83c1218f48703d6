"""How a backtest is asked for: every setting has its way in, and a mistake names the option."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from analytics.backtesting.config import BacktestConfig, FlatStake, FractionalKelly, PercentageStake
from core.errors import ConfigurationError
from handlers.cli.assignments import assignable
from handlers.cli.backtest_options import (
    _OWN_OPTIONS,
    config_values,
    read_config,
    settings_epilog,
)
from storage.database import Database
from tests.collected import NOON, TIP_OFF, Seen, h2h, look, season

FIRST, LAST = datetime(2025, 9, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
NOW = datetime(2026, 3, 1, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
async def collected(database: Database) -> None:
    """Collect five games, of five days in January."""
    async with database.transaction() as connection:
        await season(connection)


@pytest.fixture
def asked(database: Database) -> Callable[..., Awaitable[BacktestConfig]]:
    """Return what makes a config of options, for September to January unless told otherwise."""

    async def read(start: datetime | None = FIRST, end: datetime | None = LAST, **options: Any) -> BacktestConfig:
        return await read_config(database, config_values(**options), start=start, end=end, now=NOW)

    return read


@pytest.mark.usefixtures("collected")
@pytest.mark.parametrize(
    ("stake", "sizing"),
    [
        pytest.param("kelly:0.5", FractionalKelly(fraction=0.5), id="half Kelly"),
        pytest.param("kelly", FractionalKelly(), id="the usual Kelly"),
        pytest.param("kelly:0.1:simultaneous", FractionalKelly(fraction=0.1, simultaneous=True), id="together"),
        pytest.param("flat:25", FlatStake(amount=25), id="an amount"),
        pytest.param("percentage:2", PercentageStake(percent=2), id="a percentage"),
    ],
)
async def test_a_stake_is_a_rule_with_its_figure(
    asked: Callable[..., Awaitable[BacktestConfig]], stake: str, sizing: object
) -> None:
    assert (await asked(stake=stake)).sizing == sizing


@pytest.mark.usefixtures("collected")
async def test_options_and_settings_make_one_config(asked: Callable[..., Awaitable[BacktestConfig]]) -> None:
    config = await asked(
        sports=["basketball_nba"],
        sources=["live", "import"],
        decide_at=["1", "closing"],
        bookmakers=["fanduel"],
        bankroll=500,
        settings=["limits.max_stake=50", "devig_method=shin", "fair_bookmakers=pinnacle,lowvig"],
    )
    assert (config.sports, config.sources, config.bookmakers) == (
        ("basketball_nba",),
        ("live", "import"),
        ("fanduel",),
    )
    assert config.decision_hours(()) == (3.0, 1.0)
    assert (config.bankroll, config.limits.max_stake, config.devig_method) == (500, 50, "shin")
    assert config.fair_bookmakers == ("pinnacle", "lowvig")


def test_every_setting_has_a_way_in_and_is_explained() -> None:
    ways = set(_OWN_OPTIONS) | {field.name.split(".")[0] for field in assignable(BacktestConfig)}
    assert ways == BacktestConfig.model_fields.keys()
    told = settings_epilog()
    assert all(f"`{field.name}=" in told for field in assignable(BacktestConfig, tuple(_OWN_OPTIONS)))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        pytest.param({"stake": "all"}, "--stake all: kelly:FRACTION", id="no rule"),
        pytest.param({"stake": "flat:1:simultaneous"}, "is expected, as kelly:0.25", id="not of this rule"),
        pytest.param({"stake": "kelly:2"}, "--stake: input should be less than", id="too much"),
        pytest.param({"decide_at": ["soon"]}, "--decide-at: hours before the start, 0 to 1,440", id="no time"),
        pytest.param({"sources": ["rumour"]}, "--source: input should be 'live', 'historical' or", id="no source"),
        pytest.param({"sports": ["NBA!"]}, "--sport: string should match", id="no key"),
        pytest.param({"bankroll": -1}, "--bankroll: input should be greater than 0, not -1", id="no money"),
        pytest.param({"settings": ["bankroll=1"]}, "--set 'bankroll=1': NAME=VALUE is expected", id="an option's"),
        pytest.param(
            {"start": LAST, "end": FIRST},
            "backtest: --to must be after --from, by at most 7,320 days, not 2026-02-01 through 2025-08-31 UTC",
            id="the wrong way round",
        ),
    ],
)
async def test_a_mistake_names_the_option_and_what_it_accepts(
    asked: Callable[..., Awaitable[BacktestConfig]], options: dict[str, Any], told: str
) -> None:
    with pytest.raises(ConfigurationError) as raised:
        await asked(**options)
    assert told in str(raised.value)


@pytest.mark.usefixtures("collected")
@pytest.mark.parametrize(
    ("span", "told"),
    [
        pytest.param({"start": NOW}, "--from 2026-03-01 00:00 UTC: ", id="begins after all of it"),
        pytest.param({"start": LAST, "end": NOW}, "--from 2026-02-01 00:00 UTC: ", id="lies after all of it"),
        pytest.param({"end": FIRST}, "--to 2025-08-31: ", id="ends before all of it"),
        pytest.param({"start": FIRST - WEEK, "end": FIRST}, "--to 2025-08-31: ", id="lies before it"),
    ],
)
async def test_a_time_without_data_is_told_with_the_time_that_has_some(
    asked: Callable[..., Awaitable[BacktestConfig]], span: dict[str, datetime], told: str
) -> None:
    with pytest.raises(ConfigurationError) as raised:
        await asked(**{"start": None, "end": None, **span})
    data = "live odds of any sport are from 2026-01-10 14:00 UTC to 2026-01-14 20:00 UTC"
    assert str(raised.value) == f"{told}a time within the data is expected: {data}"


@pytest.mark.usefixtures("collected")
async def test_a_time_left_open_is_that_of_the_data_up_to_now(
    asked: Callable[..., Awaitable[BacktestConfig]], database: Database
) -> None:
    config = await asked(start=None, end=None)
    assert (config.start, config.end) == (TIP_OFF - timedelta(hours=6), TIP_OFF + timedelta(days=4, seconds=1))
    async with database.transaction() as connection:
        await look(connection, NOON, Seen("coming", {"pinnacle": h2h(-110, -110)}, NOW + WEEK))
    assert (await asked(start=FIRST, end=None)).end == NOW
    with pytest.raises(ConfigurationError, match=r"to 2026-03-01 00:00 UTC$"):
        await asked(start=NOW + timedelta(days=1), end=None)


async def test_without_data_the_way_to_some_is_told(asked: Callable[..., Awaitable[BacktestConfig]]) -> None:
    with pytest.raises(
        ConfigurationError, match=r"there are no import odds of soccer_epl: .* odds import takes in"
    ):
        await asked(start=None, sources=["import"], sports=["soccer_epl"])
