"""When results are asked for, and when that costs something."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.planning.results import (
    SCORE_WINDOW,
    ScoresCall,
    UnfinishedEvent,
    plan_scores,
    results_due,
    scores_call,
)
from core.planning.values import Balance, PlannerPolicy, Wake

NFL = "americanfootball_nfl"
START = datetime(2026, 9, 13, 17, tzinfo=UTC)
END = START + timedelta(hours=3, minutes=10)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
POLICY = PlannerPolicy()
EMPTY = Balance(51, 500, datetime(2026, 10, 1, tzinfo=UTC))


def game(name: str = "Bills at Texans", *, listed: bool, start: datetime = START) -> UnfinishedEvent:
    return UnfinishedEvent(name, start, name, listed)


def call(
    *events: UnfinishedEvent, now: datetime, last_call: datetime | None = None, balance: Balance | None = None
) -> ScoresCall | None:
    return scores_call(events, sport_key=NFL, now=now, last_call=last_call, policy=POLICY, balance=balance)


def wake(
    *events: UnfinishedEvent,
    now: datetime,
    last_check: datetime | None = None,
    last_call: datetime | None = None,
    sport_key: str = NFL,
) -> Wake:
    return plan_scores(
        events, sport_key=sport_key, now=now, last_check=last_check, last_call=last_call, policy=POLICY
    )


@pytest.mark.parametrize(
    ("listed", "now", "last_call", "paid"),
    [
        pytest.param(True, START + HOUR, None, False, id="not while it is played"),
        pytest.param(False, START + HOUR, None, False, id="not before its usual end, though it left the list"),
        pytest.param(True, END + HOUR, None, False, id="not while it is listed"),
        pytest.param(False, END, None, True, id="once it has left the list"),
        pytest.param(True, END + 2 * HOUR, None, True, id="two hours late, though it is listed"),
        pytest.param(False, END + 20 * MINUTE, END + 6 * MINUTE, False, id="not again within 15 minutes"),
        pytest.param(False, END + 20 * MINUTE, END + 5 * MINUTE, True, id="again after 15 minutes"),
        pytest.param(False, END + 4 * HOUR, END + 3.5 * HOUR, False, id="later only every hour"),
        pytest.param(False, END + 30 * HOUR, END + 20 * HOUR, False, id="then only every 12 hours"),
        pytest.param(False, START + 71 * HOUR, START + 70 * HOUR, True, id="an hour before it is forgotten"),
        pytest.param(False, START + 71.5 * HOUR, START + 71 * HOUR, False, id="the last chance is taken once"),
        pytest.param(False, START + 72 * HOUR, START + 60 * HOUR, False, id="never when it is forgotten"),
    ],
)
def test_a_result_is_paid_for_only_when_there_is_something_to_learn(
    listed: bool, now: datetime, last_call: datetime | None, paid: bool
) -> None:
    assert (call(game(listed=listed), now=now, last_call=last_call) is not None) is paid


@pytest.mark.parametrize(
    ("now", "days_from"),
    [
        pytest.param(END, 1, id="today's game"),
        pytest.param(START + DAY, 1, id="exactly a day old"),
        pytest.param(START + DAY + MINUTE, 2, id="over a day old"),
        pytest.param(START + 2.5 * DAY, 3, id="over two days old"),
    ],
)
def test_the_call_reaches_back_to_the_oldest_awaited_game(now: datetime, days_from: int) -> None:
    made = call(game(listed=False), game("young", listed=False, start=now - 3.5 * HOUR), now=now)
    assert made is not None
    assert made.days_from == days_from


def test_the_last_chance_is_flagged() -> None:
    now = START + 71 * HOUR + MINUTE
    made = call(game(listed=False), game("young", listed=False, start=START + HOUR), now=now)
    assert made is not None
    assert made.event_ids == ("Bills at Texans", "young")
    assert made.last_chance == ("Bills at Texans",)
    assert made.reason == "last chance for the result of Bills at Texans, and 1 more result awaited"


def test_one_call_waits_up_to_an_hour_for_games_that_end_at_about_the_same_time() -> None:
    gone, listed = game("gone", listed=False), game("listed", listed=True, start=START + 30 * MINUTE)
    assert call(gone, listed, now=END + 59 * MINUTE) is None
    assert call(gone, listed, now=END + HOUR) is not None
    assert call(gone, game("listed", listed=False, start=START + 30 * MINUTE), now=END + 31 * MINUTE) is not None


def test_a_schedule_tells_of_one_call_for_games_that_end_within_an_hour() -> None:
    starts = [START + 3 * HOUR, START, START + HOUR, START + HOUR + MINUTE]
    assert results_due(starts, NFL) == (END, END + HOUR + MINUTE, END + 3 * HOUR)
    assert results_due(starts, "tennis_atp_us_open") == ()


def test_a_result_never_spends_the_reserve() -> None:
    assert call(game(listed=False), now=END, balance=EMPTY) is None
    assert call(game(listed=False), now=END, balance=Balance(52, 500, EMPTY.resets_at)) is not None


@pytest.mark.parametrize(
    ("listed", "now", "last_check", "last_call", "at", "reason"),
    [
        pytest.param(
            True, START, None, None, END, "Bills at Texans should be ending", id="first at its usual end"
        ),
        pytest.param(
            True,
            END + MINUTE,
            END,
            None,
            END + 15 * MINUTE,
            "Bills at Texans had no result 0 s after its usual end",
            id="every 15 minutes while it is listed",
        ),
        pytest.param(
            False,
            END + 20 * MINUTE,
            END + 20 * MINUTE,
            END + 20 * MINUTE,
            END + 35 * MINUTE,
            "Bills at Texans had no result 20 min after its usual end",
            id="every 15 minutes until it is final",
        ),
        pytest.param(
            False,
            END + MINUTE,
            END + MINUTE,
            None,
            END + 4 * MINUTE,
            "Bills at Texans is no longer listed after its usual end",
            id="never within the minimum gap",
        ),
        pytest.param(
            True, START - 3 * DAY, None, None, START - 2 * DAY, "no game is to end before then", id="a day"
        ),
    ],
)
def test_the_free_list_is_read_when_games_should_be_ending(
    *,
    listed: bool,
    now: datetime,
    last_check: datetime | None,
    last_call: datetime | None,
    at: datetime,
    reason: str,
) -> None:
    planned = wake(game(listed=listed), now=now, last_check=last_check, last_call=last_call)
    assert (planned.at, planned.reason, planned.run) == (at, reason, None)


def test_a_sport_without_scores_is_never_asked_for() -> None:
    planned = wake(game(listed=False), now=END, sport_key="tennis_atp_us_open")
    assert (planned.at, planned.reason) == (END + DAY, "the feed has no scores for tennis_atp_us_open")
    fight = [game(listed=False)]
    assert scores_call(fight, sport_key="mma_mixed_martial_arts", now=END, last_call=None, policy=POLICY) is None


def test_a_forgotten_game_wakes_nobody() -> None:
    now = START + SCORE_WINDOW
    assert wake(game(listed=False), now=now, last_check=now - HOUR, last_call=now - HOUR).at == now + DAY


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 90)), min_size=1, max_size=8))
def test_following_the_plan_brings_every_result_within_hours_for_a_few_credits(
    games: list[tuple[int, int]],
) -> None:
    """A world where each game leaves the list, with its result, some minutes after its usual end."""
    starts = {str(number): START + minutes * MINUTE for number, (minutes, _) in enumerate(games)}
    ended = {str(number): END + (minutes + late) * MINUTE for number, (minutes, late) in enumerate(games)}
    awaited, calls, now = set(starts), 0, START - HOUR
    last_check: datetime | None = None
    last_call: datetime | None = None
    while awaited:
        listing = [game(name, listed=now < ended[name], start=starts[name]) for name in sorted(awaited)]
        if call(*listing, now=now, last_call=last_call) is not None:
            calls, last_call = calls + 1, now
            awaited = {name for name in awaited if now < ended[name]}
        last_check = now
        listing = [each for each in listing if each.event_id in awaited]
        planned = wake(*listing, now=now, last_check=last_check, last_call=last_call)
        assert planned.at >= now + POLICY.minimum_gap
        now = planned.at if awaited else now
    assert calls <= len(games)
    assert now <= max(ended.values()) + 90 * MINUTE


@given(st.booleans())
def test_a_game_without_a_result_costs_a_bounded_number_of_calls(listed: bool) -> None:
    calls, now = 0, END
    last_call: datetime | None = None
    while now < START + SCORE_WINDOW + DAY:
        if call(game(listed=listed), now=now, last_call=last_call) is not None:
            calls, last_call = calls + 1, now
        now = wake(game(listed=listed), now=now, last_check=now, last_call=last_call).at
    assert calls <= 26
