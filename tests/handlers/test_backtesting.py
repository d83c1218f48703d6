"""A backtest from the database to its result: decided by what was known, settled by what became known."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from analytics.backtesting.board import KnownOdds, OddsBoard
from analytics.backtesting.config import BacktestConfig, FlatStake, FractionalKelly
from analytics.backtesting.result import BacktestResult
from analytics.backtesting.values import BacktestEvent, BetOpportunity, Opportunities
from analytics.strategies.base import BettingStrategy, Parameters, VectorisedStrategy
from analytics.strategies.registry import strategy_named
from core.errors import ConfigurationError
from core.tiers import Tier
from handlers.backtesting import as_it_is_now, backtest_on, run_backtest
from storage.database import Database
from storage.snapshots import Source
from tests.collected import NOON, TIP_OFF, Scored, Seen, h2h, look, score, season

HOUR = timedelta(hours=1)
WINTER: dict[str, Any] = {"start": datetime(2026, 1, 1, tzinfo=UTC), "end": datetime(2026, 3, 1, tzinfo=UTC)}


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[AsyncConnection]:
    """Yield a transaction."""
    async with database.transaction() as connection:
        yield connection


async def flat(connection: AsyncConnection, **changes: Any) -> BacktestResult:
    """Return a run that bets 100 on every favourite."""
    config = BacktestConfig.model_validate({**WINTER, "resamples": 100, **changes})
    return await backtest_on(connection, strategy_named("flat"), config)


async def test_favourites_are_bet_an_hour_before_the_start_at_the_best_price_known_then(
    connection: AsyncConnection,
) -> None:
    await season(connection)
    result = await flat(connection)
    assert [(bet.event_id, bet.bookmaker_key, bet.price) for bet in result.bets] == [
        (f"event{day}", "draftkings", -155) for day in range(5)
    ]
    first = result.bets[0]
    assert (first.decided_at, first.tier, first.quote_age) == (TIP_OFF - HOUR, Tier.CLOSING, timedelta(minutes=5))
    assert (first.grade, first.settled_at, first.profit) == ("loss", TIP_OFF + 3 * HOUR, -100)
    assert [bet.grade for bet in result.bets] == ["loss", "win", "win", "loss", "win"]
    assert result.metrics.profit == pytest.approx(3 * 100 * 100 / 155 - 200)
    assert result.quality == result.quality.model_copy(
        update={"events": 5, "decisions": 5, "decided": 5, "quotes": 20, "by_source": {"live": 20}}
    )


async def test_a_bet_is_judged_by_the_fair_close_of_the_sharp_bookmaker(connection: AsyncConnection) -> None:
    await season(connection, days=1)
    (bet,) = (await flat(connection)).bets
    assert (bet.closing_price, bet.closing_point) == (-160, None)
    assert bet.closing_probability is not None
    assert bet.clv == pytest.approx((1 + 100 / 155) * bet.closing_probability - 1)
    assert bet.fair_probability is not None
    assert bet.fair_probability < bet.closing_probability


async def test_the_result_says_what_the_strategy_chose_where_the_run_did_not(connection: AsyncConnection) -> None:
    await season(connection, days=1)
    chosen, asked = (
        await flat(connection),
        await flat(connection, decide_at=[6], sizing={"kind": "flat", "amount": 7}),
    )
    assert (chosen.config.decide_at, chosen.config.sizing) == ((1.0,), FlatStake(amount=100))
    assert (asked.bets[0].decided_at, asked.bets[0].stake) == (TIP_OFF - 6 * HOUR, 7)
    assert chosen.parameters == {"market": "h2h", "pick": "favourite"}


async def test_an_event_may_be_decided_several_times(connection: AsyncConnection) -> None:
    await season(connection, days=1)
    result = await flat(connection, decide_at=["closing", 1], max_quote_age_hours=9)
    assert [(bet.decided_at, bet.price) for bet in result.bets] == [
        (TIP_OFF - 3 * HOUR, -150),
        (TIP_OFF - HOUR, -155),
    ]


async def test_historical_odds_are_read_only_when_asked_for_and_the_result_says_so(
    connection: AsyncConnection,
) -> None:
    await look(
        connection,
        TIP_OFF - 2 * HOUR,
        Seen("event0", {"draftkings": h2h(-150, 130)}),
        source=Source.HISTORICAL,
    )
    with pytest.raises(ConfigurationError, match="there are no live odds of any sport"):
        await flat(connection, max_quote_age_hours=9)
    asked = await flat(connection, sources=["live", "historical"], max_quote_age_hours=9)
    assert [bet.source for bet in asked.bets] == ["historical"]
    assert asked.quality.by_source == {"historical": 2}


async def test_what_the_data_does_not_allow_is_counted(connection: AsyncConnection) -> None:
    prices = {"draftkings": h2h(-150, 130)}
    await look(connection, NOON, Seen("stale", prices), Seen("bare", {}), Seen("early", prices))
    await look(connection, TIP_OFF - HOUR / 2, Seen("late", prices))
    await look(connection, TIP_OFF, Seen("early", {}, TIP_OFF - 2 * HOUR))
    quality = (await flat(connection)).quality
    assert (quality.only_stale, quality.without_odds, quality.listed_late, quality.refused) == (1, 1, 1, 1)
    assert (quality.events, quality.decisions, quality.decided) == (4, 4, 0)


async def test_a_bet_on_a_game_without_a_result_stays_at_stake_and_is_counted(connection: AsyncConnection) -> None:
    await look(connection, TIP_OFF - 65 * timedelta(minutes=1), Seen("event0", {"draftkings": h2h(-150, 130)}))
    result = await flat(connection)
    assert [bet.grade for bet in result.bets] == [None]
    assert (result.quality.ungraded, result.metrics.bets, result.equity[-1].open_stakes) == (1, 0, 100)


async def test_a_game_put_off_for_days_after_the_bet_is_void_and_counted(connection: AsyncConnection) -> None:
    prices = {"draftkings": h2h(-150, 130)}
    await look(connection, TIP_OFF - 65 * timedelta(minutes=1), Seen("event0", prices))
    put_off = TIP_OFF + timedelta(days=4)
    await look(connection, TIP_OFF - timedelta(minutes=10), Seen("event0", prices, put_off))
    await score(connection, put_off + 3 * HOUR, Scored("event0", 110, 100, put_off))
    result = await flat(connection)
    assert [(bet.grade, bet.profit) for bet in result.bets] == [("void", 0)]
    assert result.quality.postponed == 1


async def test_a_strategy_that_has_run_before_decides_as_if_it_had_not(connection: AsyncConnection) -> None:
    await season(connection)
    elo = strategy_named("elo", {"min_games": 1, "min_edge": 0})
    config = BacktestConfig.model_validate({**WINTER, "resamples": 100})
    first, second = [await backtest_on(connection, elo, config) for _ in range(2)]
    assert "event0" not in {bet.event_id for bet in first.bets}
    assert first.bets
    assert second == first


async def test_steam_is_seen_where_the_lines_had_stood_for_days(connection: AsyncConnection) -> None:
    books = ("betmgm", "caesars", "draftkings", "fanduel")
    for hours, moved in ((50, 0), (1.1, 3)):
        prices = {book: h2h(-150, 130) if number < moved else h2h(-110, -110) for number, book in enumerate(books)}
        await look(connection, TIP_OFF - hours * HOUR, Seen("event0", prices))
    config = BacktestConfig.model_validate({**WINTER, "resamples": 0})
    (bet,) = (await backtest_on(connection, strategy_named("steam"), config)).bets
    assert (bet.bookmaker_key, bet.outcome_name, bet.price) == ("fanduel", "Lakers", -110)


async def test_a_price_that_no_odds_can_have_keeps_nobody_from_the_run(connection: AsyncConnection) -> None:
    await season(connection, days=1)
    for hours in (50, 1.1, 0.1):
        prices = {"bovada": h2h(50, -110), "pinnacle": h2h(110, -130)}
        await look(connection, TIP_OFF - hours * HOUR, Seen("odd", prices, TIP_OFF))
    await score(connection, TIP_OFF + 3 * HOUR, Scored("odd", 1, 2, TIP_OFF))
    result = await flat(connection, include_invalid=True)
    assert (result.quality.invalid_quotes, len(result.bets)) == (1, 2)
    steam = BacktestConfig.model_validate({**WINTER, "resamples": 0, "include_invalid": True})
    assert (await backtest_on(connection, strategy_named("steam"), steam)).quality.invalid_quotes == 1


async def test_kelly_without_probabilities_is_refused(connection: AsyncConnection) -> None:
    await season(connection, days=1)
    with pytest.raises(ConfigurationError, match="flat estimates no probabilities"):
        await flat(connection, sizing=FractionalKelly())


async def test_a_time_between_games_gives_a_result_without_bets(connection: AsyncConnection) -> None:
    await season(connection, days=1, first=TIP_OFF - timedelta(days=90))
    await look(connection, TIP_OFF + timedelta(days=90), Seen("later", {}, TIP_OFF + timedelta(days=91)))
    result = await flat(connection)
    assert (result.bets, result.metrics.bets, result.quality.events) == ((), 0, 0)
    assert BacktestResult.model_validate_json(result.model_dump_json()) == result


class Remembering(BettingStrategy[Parameters]):
    """Takes the first quote, and remembers what it saw."""

    name = "remembering"
    history_hours = 5.0
    sizing = FlatStake()

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[BacktestEvent, KnownOdds]] = []

    async def evaluate_opportunity(
        self, event: BacktestEvent, odds: KnownOdds, config: BacktestConfig
    ) -> list[BetOpportunity]:
        """Return a bet on the first quote."""
        self.seen.append((event, odds))
        return [BetOpportunity(odds.quotes[0], rationale="the first")]


async def test_a_strategy_sees_the_changes_before_the_decision_and_what_stood_where_it_asks_for_them(
    connection: AsyncConnection,
) -> None:
    await season(connection, days=2)
    strategy = Remembering()
    await backtest_on(connection, strategy, BacktestConfig(**WINTER, resamples=0))
    assert [event.event_id for event, _ in strategy.seen] == ["event0", "event1"]
    for event, odds in strategy.seen:
        assert all(change.odds_timestamp <= event.decided_at for change in odds.history)
        begun = event.decided_at - 5 * HOUR
        stood, changed = (
            {(one.quote.bookmaker_key, one.price) for one in odds.history if (one.odds_timestamp > begun) is later}
            for later in (False, True)
        )
        assert stood == {("draftkings", -150), ("draftkings", 130), ("pinnacle", -155), ("pinnacle", 140)}
        assert changed == {("draftkings", -155), ("pinnacle", -160), ("pinnacle", 145)}


async def test_progress_is_told(database: Database) -> None:
    async with database.transaction() as connection:
        await season(connection, days=3)
    told: list[tuple[int, int]] = []
    result = await run_backtest(
        database,
        Remembering(),
        BacktestConfig(**WINTER, resamples=0),
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert len(result.bets) == 3


class Totals(VectorisedStrategy[Parameters]):
    """Looks at totals alone."""

    name = "totals"
    sizing = FlatStake()

    def markets(self) -> tuple[str, ...]:
        """Return totals."""
        return ("totals",)

    def evaluate_board(self, board: OddsBoard, config: BacktestConfig) -> Opportunities:
        """Return a bet on every quote that there is."""
        return Opportunities.of(np.arange(len(board)))


async def test_only_the_markets_that_a_strategy_looks_at_are_read(connection: AsyncConnection) -> None:
    await season(connection, days=1)
    result = await backtest_on(connection, Totals(), BacktestConfig(**WINTER))
    assert (result.quality.decisions, len(result.bets)) == (1, 0)


async def test_a_run_sees_the_database_as_it_was_at_its_beginning_and_cannot_write(database: Database) -> None:
    async with database.transaction() as connection:
        await season(connection, days=1)
    async with as_it_is_now(database) as connection:
        before = (await connection.execute(text("SELECT count(*) FROM core_betting.events"))).scalar_one()
        async with database.transaction() as other:
            await season(other, days=2)
        after = (await connection.execute(text("SELECT count(*) FROM core_betting.events"))).scalar_one()
        assert (before, after) == (1, 1)
        with pytest.raises(DBAPIError, match="read-only transaction"):
            await connection.execute(text("DELETE FROM core_betting.events"))
        await connection.rollback()


def spread(number: float) -> dict[str, dict[str, tuple[int, float]]]:
    """Return a spread at even prices, by the home team's handicap."""
    return {"spreads": {"Lakers": (-110, number), "Celtics": (-110, -number)}}


async def test_a_number_that_moved_is_judged_once_enough_games_are_over(connection: AsyncConnection) -> None:
    for day in range(30):
        start, ids = NOON + timedelta(days=day), [f"moved{5 * day + game}" for game in range(5)]
        for before, number in ((timedelta(minutes=65), -2.5), (timedelta(minutes=5), -4.5)):
            seen = [Seen(event_id, {"pinnacle": spread(number)}, start) for event_id in ids]
            await look(connection, start - before, *seen)
        scores = [100 + (7 * day + 5 * game) % 19 for game in range(5)]
        ended = [Scored(event_id, home, 104, start) for event_id, home in zip(ids, scores, strict=True)]
        await score(connection, start + 3 * HOUR, *ended)
    config = BacktestConfig.model_validate({**WINTER, "resamples": 100})
    result = await backtest_on(connection, strategy_named("flat", {"market": "spreads"}), config)
    judged = [bet for bet in result.bets if bet.clv is not None]
    assert {(bet.point, bet.closing_point, bet.clv_by) for bet in judged} <= {
        (-2.5, -4.5, "moved number"),
        (2.5, 4.5, "moved number"),
    }
    assert all((bet.clv or 0) > 0 for bet in judged if bet.point == -2.5)
    assert len(judged) + result.quality.unclosed == len(result.bets) == 150
    assert 0 < result.quality.moved == len(judged) <= 30
    assert min(bet.decided_at for bet in judged) > NOON + timedelta(days=20)
    assert BacktestResult.model_validate_json(result.model_dump_json()) == result
    later = await backtest_on(
        connection,
        strategy_named("flat", {"market": "spreads"}),
        config.model_copy(update={"start": judged[3].decided_at - HOUR}),
    )
    assert [bet.clv for bet in later.bets] == [bet.clv for bet in result.bets[-len(later.bets) :]]
