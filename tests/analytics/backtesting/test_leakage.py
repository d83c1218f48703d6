"""Nothing is known before it was known: what arrives after an instant changes nothing decided at or before it.

The laws D7, D8 and D10, from rows in Postgres to the bets: games are looked at, moved, played and corrected.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.backtesting.board import KnownOdds
from analytics.backtesting.config import BacktestConfig, PercentageStake
from analytics.backtesting.result import BacktestResult, Bet
from analytics.backtesting.values import BacktestEvent, BetOpportunity
from analytics.logistic import LogisticModel
from analytics.strategies.base import BettingStrategy, Parameters
from analytics.strategies.learned import FEATURES
from analytics.strategies.registry import strategy_named
from handlers.backtesting import Strategy, backtest_on
from storage.database import Database
from tests.collected import NOON, Scored, Seen, h2h, look, score

MINUTE = timedelta(minutes=1)
LAST_MINUTE = 60
GAMES = ("e1", "e2", "e3")
KNOWN_LATER = {"grade", "settled_at", "profit", "closing_price", "closing_point", "closing_probability", "clv"}
LAW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
async def collected(database: Database) -> None:
    """Collect a game of other days, so that whatever time a run is cut to is one of the data."""
    async with database.transaction() as connection:
        await look(connection, NOON - timedelta(days=2), Seen("other", {}, NOON + timedelta(days=2)))


@dataclass(frozen=True)
class Look:
    """An answer about one game: its start as then given, in minutes after noon, and a price of each bookmaker."""

    minute: int
    event_id: str
    start: int
    prices: dict[str, tuple[int, int]]

    @property
    def is_in_play(self) -> bool:
        """Tell whether the game had started by what the answer says."""
        return self.start <= self.minute

    async def store(self, connection: AsyncConnection) -> None:
        """Store it as received at its minute."""
        listed = {key: h2h(*prices) for key, prices in self.prices.items()}
        await look(connection, at(self.minute), Seen(self.event_id, listed, at(self.start)))


@dataclass(frozen=True)
class Result:
    """An answer that a game is over, or that its score was another."""

    minute: int
    event_id: str
    start: int
    home_score: int

    async def store(self, connection: AsyncConnection) -> None:
        """Store it as received at its minute."""
        await score(connection, at(self.minute), Scored(self.event_id, self.home_score, 1, at(self.start)))


Arrival = Look | Result


class TakesEverything(BettingStrategy[Parameters]):
    """Bets on every quote that it is shown, a part of the bankroll on each, and says what the lines did before."""

    name = "takes everything"
    decides_at = (0.25, 0.05)
    history_hours = 1.0
    sizing = PercentageStake(percent=3)

    async def evaluate_opportunity(
        self, event: BacktestEvent, odds: KnownOdds, config: BacktestConfig
    ) -> list[BetOpportunity]:
        """Return a bet on every quote."""
        moves = [(change.quote.number - odds.quotes[0].number, change.price) for change in odds.history]
        return [BetOpportunity(quote, 0.5, f"after {moves}") for quote in odds.quotes]


def at(minute: int) -> datetime:
    return NOON + minute * MINUTE


def config(**changes: Any) -> BacktestConfig:
    run = {"start": NOON - timedelta(days=1), "end": NOON + timedelta(days=1), "resamples": 0}
    return BacktestConfig.model_validate({**run, "max_quote_age_hours": 24, **changes})


prices = st.tuples(st.sampled_from([-150, -110, 105, 130]), st.sampled_from([-140, -105, 110]))


@st.composite
def arrivals(draw: st.DrawFn) -> list[Arrival]:
    """Draw what arrives in an hour: looks while starts move, results and their corrections; one thing a minute."""
    arrived: list[Arrival] = []
    for minute in sorted(draw(st.sets(st.integers(0, LAST_MINUTE), min_size=4, max_size=14))):
        event_id = draw(st.sampled_from(GAMES))
        before = [one for one in arrived if isinstance(one, Look) and one.event_id == event_id]
        start = before[-1].start if before else minute + draw(st.integers(4, 40))
        if start > minute and draw(st.booleans()):
            start = minute + draw(st.integers(1, 30))
        if before and start <= minute and draw(st.booleans()):
            arrived.append(Result(minute, event_id, start, draw(st.integers(0, 2))))
        else:
            listed = draw(st.dictionaries(st.sampled_from(["bovada", "pinnacle"]), prices))
            arrived.append(Look(minute, event_id, start, listed))
    return arrived


async def store_all(connection: AsyncConnection, arrived: Iterable[Arrival]) -> None:
    for one in arrived:
        await one.store(connection)


async def run(
    connection: AsyncConnection, strategy: Callable[[], Strategy] = TakesEverything, **changes: Any
) -> BacktestResult:
    return await backtest_on(connection, strategy(), config(**{"decide_at": [0.25, 0.05], **changes}))


SIMULTANEOUS = {"kind": "kelly", "simultaneous": True}
FITTED = LogisticModel(
    features=FEATURES,
    mean=(0.0,) * len(FEATURES),
    scale=(1.0,) * len(FEATURES),
    coefficients=(1.0, 0.01),
    intercept=0.3,
    games=0,
    trained_until=NOON - timedelta(days=9),
)
LEARNED = {"model": FITTED, "min_edge": 0, "max_edge": 5}
KINDS = pytest.mark.parametrize(
    ("strategy", "changes"),
    [
        pytest.param(partial(strategy_named, "flat", {}), {}, id="vectorised"),
        pytest.param(partial(strategy_named, "elo", {"min_games": 1, "min_edge": 0}), {}, id="elo"),
        pytest.param(partial(strategy_named, "arbitrage", {"max_profit": 0.5}), {}, id="arbitrage"),
        pytest.param(partial(strategy_named, "learned", LEARNED), {}, id="learned"),
        pytest.param(TakesEverything, {"sizing": SIMULTANEOUS}, id="simultaneous Kelly"),
    ],
)
FEW = settings(LAW, max_examples=12)


def decided(bets: Iterable[Bet], until: datetime) -> list[dict[str, Any]]:
    """Return what was decided at or before an instant: the bets without what became known later."""
    return [bet.model_dump(exclude=KNOWN_LATER) for bet in bets if bet.decided_at <= until]


@LAW
@given(arrived=arrivals(), minute=st.integers(0, LAST_MINUTE))
async def test_d7_what_arrives_later_changes_nothing_decided_before(
    database: Database, arrived: list[Arrival], minute: int
) -> None:
    async with database.transaction() as connection:
        await store_all(connection, [one for one in arrived if one.minute <= minute])
        cut = await run(connection)
        await store_all(connection, [one for one in arrived if one.minute > minute])
        full = await run(connection)
        assert decided(full.bets, at(minute)) == decided(cut.bets, at(minute))
        await connection.rollback()


@LAW
@given(arrived=arrivals(), minute=st.integers(1, LAST_MINUTE))
async def test_d8_a_run_cut_at_a_date_is_the_beginning_of_the_longer_one(
    database: Database, arrived: list[Arrival], minute: int
) -> None:
    async with database.transaction() as connection:
        await store_all(connection, arrived)
        full, cut = await run(connection), await run(connection, end=at(minute))
        assert list(cut.bets) == [bet for bet in full.bets if bet.decided_at < at(minute)]
        await connection.rollback()


@KINDS
@FEW
@given(arrived=arrivals(), minute=st.integers(1, LAST_MINUTE))
async def test_d7_and_d8_hold_for_strategies_of_every_kind(
    database: Database,
    strategy: Callable[[], Strategy],
    changes: dict[str, Any],
    arrived: list[Arrival],
    minute: int,
) -> None:
    async with database.transaction() as connection:
        await store_all(connection, [one for one in arrived if one.minute <= minute])
        before = await run(connection, strategy, **changes)
        await store_all(connection, [one for one in arrived if one.minute > minute])
        full = await run(connection, strategy, **changes)
        cut = await run(connection, strategy, **changes, end=at(minute))
        assert decided(full.bets, at(minute)) == decided(before.bets, at(minute))
        assert list(cut.bets) == [bet for bet in full.bets if bet.decided_at < at(minute)]
        await connection.rollback()


@LAW
@given(arrived=arrivals())
async def test_d10_no_price_from_in_play_is_ever_bet_on_or_counts_as_a_close(
    database: Database, arrived: list[Arrival]
) -> None:
    async with database.transaction() as connection:
        before = await connection.begin_nested()
        await store_all(connection, arrived)
        with_in_play = await run(connection)
        await before.rollback()
        await store_all(connection, [one for one in arrived if isinstance(one, Result) or not one.is_in_play])
        assert (await run(connection)).bets == with_in_play.bets
        await connection.rollback()


@LAW
@given(arrived=arrivals())
async def test_every_bet_is_decided_before_its_start_on_a_quote_seen_by_then(
    database: Database, arrived: list[Arrival]
) -> None:
    async with database.transaction() as connection:
        await store_all(connection, arrived)
        result = await run(connection)
        for bet in result.bets:
            assert bet.odds_timestamp <= bet.seen_at <= bet.decided_at <= bet.commence_time
            assert bet.settled_at is None or bet.settled_at > bet.decided_at
        assert all(day.bankroll - day.open_stakes >= -1e-9 for day in result.equity)
        settled = sum(bet.profit or 0.0 for bet in result.bets)
        assert not result.bets or abs(result.equity[-1].bankroll - 10_000 - settled) < 1e-6
        await connection.rollback()


@KINDS
async def test_a_strategy_of_every_kind_bets_where_it_may(
    database: Database, strategy: Callable[[], Strategy], changes: dict[str, Any]
) -> None:
    async with database.transaction() as connection:
        for number, start in enumerate((10, 40)):
            listed = {"bovada": (130, -140), "pinnacle": (-150, 150)}
            await Look(start - 5, f"e{number + 1}", start, listed).store(connection)
            await Result(start + 10, f"e{number + 1}", start, 2).store(connection)
        assert (await run(connection, strategy, **changes)).bets
        await connection.rollback()


class Snoops(TakesEverything):
    """Goes through everything within its reach and notes every instant that it finds there."""

    name = "snoops"

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[datetime, set[datetime]]] = []

    async def evaluate_opportunity(
        self, event: BacktestEvent, odds: KnownOdds, config: BacktestConfig
    ) -> list[BetOpportunity]:
        """Return nothing."""
        self.found.append((event.decided_at, set(instants_in([event._replace(commence_time=at(0)), odds]))))
        return []


def instants_in(value: Any) -> Iterable[datetime]:
    """Yield every instant within reach of a value, attributes and elements included."""
    if isinstance(value, datetime):
        yield value
    elif isinstance(value, tuple | list | set | frozenset):
        for element in value:
            yield from instants_in(element)
    elif isinstance(value, dict):
        yield from instants_in([*value.keys(), *value.values()])
    elif hasattr(value, "__dict__"):
        yield from instants_in(vars(value))


async def test_a_strategy_that_snoops_finds_nothing_from_after_its_decision(database: Database) -> None:
    async with database.transaction() as connection:
        for minute in range(0, 60, 3):
            price = -110 - minute
            await Look(minute, "e1", 40, {"bovada": (price, 105)}).store(connection)
        await Result(59, "e1", 40, 2).store(connection)
        snoop = Snoops()
        await backtest_on(connection, snoop, config(decide_at=[0.5, 0.25]))
        assert [decided_at for decided_at, _ in snoop.found] == [at(10), at(25)]
        for decided_at, found in snoop.found:
            assert len(found) > 3
            assert max(found) <= decided_at
