from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.simulation.dice import dice
from core.simulation.life import DAY, HOUR, MINUTE, Life, Window, live_through

COMMENCE, LENGTH = 1_768_264_200, 9_000
LISTED = COMMENCE - 5 * DAY
SEEDS = st.integers()


def life(seed: int) -> Life:
    return live_through(dice("life", seed), COMMENCE, LISTED, LENGTH)


@given(SEEDS)
def test_the_starts_are_listed_one_after_the_other(seed: int) -> None:
    since = [at for at, _ in life(seed).starts]
    assert since[0] == LISTED
    assert all(earlier < later for earlier, later in pairwise(since))


@given(SEEDS)
def test_the_true_start_is_listed_when_the_game_has_begun(seed: int) -> None:
    lived = life(seed)
    if lived.started is None or lived.completed is None:
        return
    announced, begins = lived.commence_time(lived.started - 1), lived.commence_time(lived.started)
    assert begins < lived.started
    assert -7 * MINUTE <= begins - announced <= 12 * MINUTE
    assert 0.8 * LENGTH <= lived.completed - begins <= 1.35 * LENGTH
    assert lived.is_listed(lived.completed - 1)
    assert not lived.is_listed(lived.completed)


@given(SEEDS)
def test_prices_are_never_hidden_near_the_start(seed: int) -> None:
    lived = life(seed)
    if lived.started is not None and lived.hidden.end:
        assert lived.hidden.end <= lived.commence_time(lived.started - 1) - HOUR


def test_of_many_events_some_are_moved_postponed_and_cancelled() -> None:
    lives = [life(seed) for seed in range(2000)]
    cancelled = [lived for lived in lives if lived.started is None]
    postponed = [lived for lived in lives if lived.absent != Window(0, 0)]
    played = [lived for lived in lives if lived.started is not None]
    early = [lived for lived in played if lived.starts[-1][1] < lived.starts[-2][1] - 2 * MINUTE]
    assert 5 <= len(cancelled) <= 30
    assert 12 <= len(postponed) <= 50
    assert 30 <= len(early) <= 120


def test_a_postponed_event_vanishes_and_comes_back_later() -> None:
    lived = next(lived for lived in map(life, range(500)) if lived.absent != Window(0, 0))
    assert lived.is_listed(lived.absent.start - 1)
    assert not lived.is_listed(lived.absent.start)
    assert lived.is_listed(lived.absent.end)
    assert lived.commence_time(lived.absent.end) >= COMMENCE + 4 * DAY


def test_a_cancelled_event_never_comes_back() -> None:
    lived = next(lived for lived in map(life, range(500)) if lived.started is None)
    assert lived.completed is None
    assert lived.listed.end < COMMENCE
    assert not lived.is_listed(COMMENCE + 90 * DAY)
    assert not lived.has_started(COMMENCE + 90 * DAY)
