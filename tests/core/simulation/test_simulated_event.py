from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.simulation.books import BOOKMAKERS, STALE_AFTER
from core.simulation.calendar import Fixture
from core.simulation.leagues import LEAGUES
from core.simulation.life import DAY, HOUR
from core.simulation.scoring import STEPS
from core.simulation.simulated_event import SimulatedEvent

NBA = LEAGUES["basketball_nba"]
FIXTURE = Fixture("Boise Ridgebacks", "Reno High Rollers", datetime(2026, 1, 13, 0, 30, tzinfo=UTC))
SCHEDULED = int(FIXTURE.commence_time.timestamp())


def event(seed: int = 7) -> SimulatedEvent:
    return SimulatedEvent(seed, NBA, FIXTURE, 9_000)


def usual() -> Iterator[SimulatedEvent]:
    """Yield events that are neither postponed nor cancelled."""
    return (one for one in map(event, range(60)) if not one.life.absent.end and one.life.started is not None)


@given(st.lists(st.integers(-6 * DAY, 5 * HOUR), min_size=2, max_size=8), st.integers(0, 5))
@settings(max_examples=40)
def test_what_is_listed_depends_on_the_seed_and_the_instant_alone(offsets: list[int], seed: int) -> None:
    asked_in_any_order = event(seed)
    seen = {at: orjson.dumps(asked_in_any_order.bookmakers(SCHEDULED + at)) for at in offsets}
    for at, rows in seen.items():
        assert orjson.dumps(event(seed).bookmakers(SCHEDULED + at)) == rows


@given(st.integers(-6 * DAY, 5 * HOUR), st.integers(0, 40))
def test_no_quote_is_stale_or_from_the_future(offset: int, seed: int) -> None:
    at = SCHEDULED + offset
    for row in event(seed).bookmakers(at):
        stamps = [row["last_update"], *(market["last_update"] for market in row["markets"])]
        ages = [at - datetime.fromisoformat(stamp).timestamp() for stamp in stamps]
        assert all(0 <= age <= STALE_AFTER for age in ages)
        assert stamps[0] == max(stamps)


def test_bookmakers_open_one_after_the_other_days_ahead() -> None:
    one = next(usual())
    openings = [
        next(at for at in range(one.life.listed.start, SCHEDULED, 600) if book.key in keys(one, at))
        for book in BOOKMAKERS
    ]
    assert min(openings) < SCHEDULED - 3 * DAY
    assert len(set(openings)) > 5


def test_a_bookmaker_suspends_and_comes_back() -> None:
    one = next(usual())
    looks = range(SCHEDULED - DAY, SCHEDULED - HOUR, 300)
    counts = {len(keys(one, at)) for at in looks}
    assert max(counts) == 8
    assert min(min(len(keys(other, at)) for at in looks) for other in list(usual())[:20]) < 8


def test_in_play_only_those_that_offer_it_go_on() -> None:
    one = next(usual())
    assert one.life.started is not None
    in_play = {book.key for book in BOOKMAKERS if book.in_play}
    assert keys(one, one.life.started + HOUR) <= in_play
    assert keys(one, one.life.started + HOUR)


def test_before_the_start_is_listed_no_price_knows_the_game() -> None:
    for one in list(usual())[:20]:
        assert one.life.started is not None
        before = one.life.started - 1
        assert one.step(before) == 0
        assert one.score(before) == (0, 0)
        assert one.fair(before).left == 1.0


def test_the_score_only_grows_and_ends_as_the_result() -> None:
    for one in list(usual())[:20]:
        assert one.life.started is not None
        assert one.life.completed is not None
        scores = [one.score(at) for at in range(one.life.started, one.life.completed + 1, 60)]
        assert all(a <= c and b <= d for (a, b), (c, d) in pairwise(scores))
        assert one.score(one.life.completed) == (one.play.home_score, one.play.away_score)
        assert one.step(one.life.completed) == STEPS


def test_ids_look_like_the_feeds() -> None:
    assert len({event(seed).event_id for seed in range(5)}) == 5
    assert all(len(event(seed).event_id) == 32 for seed in range(5))


@pytest.mark.slow
def test_the_closing_opinion_is_calibrated() -> None:
    sure = [
        (NBA.scoring.winner(one.fair(one.life.started - 1))[0], one.play.home_score > one.play.away_score)
        for one in map(event, range(1500))
        if one.life.started is not None
    ]
    expected = sum(probability for probability, _ in sure) / len(sure)
    assert sum(won for _, won in sure) / len(sure) == pytest.approx(expected, abs=0.04)
    favoured = [(p, won) for p, won in sure if p > 0.65]
    assert sum(won for _, won in favoured) / len(favoured) == pytest.approx(
        sum(p for p, _ in favoured) / len(favoured), abs=0.05
    )


def keys(one: SimulatedEvent, at: int) -> set[str]:
    return {row["key"] for row in one.bookmakers(at)}
