"""A late close is explained by mishaps that met each of its chances up to the start, and by nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import DeadlineError, LinekeeperError
from core.simulation.mishaps import CUT_OFF, DATABASE_HANGS, DIES, NEVER_FIRES, THROTTLES, Mishap
from core.triggers.base import Trigger
from handlers.simulation.causes import Recovery, causes, history_of
from handlers.simulation.invocations import Beat, Invocation
from handlers.simulation.process import ProcessDiedError

START = datetime(2026, 1, 10, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DUE = START - 5 * MINUTE
RECOVERY = Recovery(heartbeat_interval=MINUTE, minimum_gap=3 * MINUTE)


def mishap(minutes: float, kind: str = DIES, job: str = "fetch-odds") -> Mishap:
    return Mishap(START - minutes * MINUTE, kind, job, "somewhere")


def run(
    minutes: float,
    *mishaps: Mishap,
    attempt: int = 1,
    job: str = "fetch-odds",
    error: BaseException | None = None,
    lasted: timedelta | None = None,
) -> Invocation:
    at = START - minutes * MINUTE
    ended = at if lasted is None else at + lasted
    return Invocation(
        Trigger(job, "nba", at, "planned", "closing"), attempt, at, ended, None, error, (), (), (), mishaps
    )


def died(minutes: float, attempt: int = 1, job: str = "fetch-odds") -> Invocation:
    return run(minutes, mishap(minutes, job=job), attempt=attempt, job=job, error=ProcessDiedError("somewhere"))


def recorded(minutes: float, attempt: int = 1) -> Invocation:
    """Return a run that was cut off and could say so: it armed a retry."""
    return run(minutes, mishap(minutes, CUT_OFF), attempt=attempt, error=LinekeeperError("cut off"))


def hung(minutes: float, lasted: timedelta = 5 * MINUTE) -> Invocation:
    """Return a run whose database fell silent, and which was cut off in the end."""
    silence = mishap(minutes, DATABASE_HANGS)
    return run(minutes, silence, attempt=3, error=DeadlineError("not in time"), lasted=lasted)


def beat(minutes: float, *mishaps: Mishap, lasted: timedelta = timedelta(0)) -> Beat:
    began = START - minutes * MINUTE
    return Beat(began, began + lasted, frozenset(), 0, ProcessDiedError("x") if mishaps else None, mishaps)


def broken_beat(minutes: float, lasted: timedelta = timedelta(0)) -> Beat:
    return beat(minutes, mishap(minutes, THROTTLES, "heartbeat"), lasted=lasted)


def explained(
    *runs: Invocation,
    beats: tuple[Beat, ...] = (),
    mishaps: tuple[Mishap, ...] = (),
    also_due: tuple[datetime, ...] = (),
) -> list[Mishap]:
    return list(causes(history_of(runs, beats, mishaps, RECOVERY, [DUE, *also_due]), DUE, START))


def test_three_attempts_that_die_one_after_the_other_explain_it_in_order_of_time() -> None:
    runs = died(4.5), died(3.5, attempt=2), died(1.5, attempt=3)
    assert explained(*reversed(runs)) == [one.mishaps[0] for one in runs]


def test_a_look_may_have_been_put_off_by_the_minimum_gap_for_the_starts_that_follow() -> None:
    runs, also_due = (died(1.4), died(0.4, attempt=2)), (DUE + 3 * MINUTE,)
    assert explained(*runs, also_due=also_due) == [one.mishaps[0] for one in runs]
    assert explained(died(0.9), died(0.1, attempt=2), also_due=also_due) == []


def test_a_heartbeat_that_failed_before_a_look_that_was_put_off_is_none_of_its_chances() -> None:
    before, beats = mishap(9.3, NEVER_FIRES), (broken_beat(5), broken_beat(4))
    runs, also_due = (died(1.4), died(0.4, attempt=2)), (DUE + 3 * MINUTE,)
    told = explained(*runs, beats=beats, mishaps=(before,), also_due=also_due)
    assert told[-2:] == [one.mishaps[0] for one in runs]


def test_a_look_that_was_put_off_without_a_reason_is_not_explained_by_what_it_met_then() -> None:
    runs = died(1.4), died(0.4, attempt=2)
    assert explained(*runs) == []
    assert explained(*runs, also_due=(DUE + 4 * MINUTE, DUE - MINUTE)) == []
    assert explained(mishaps=(mishap(1.9, NEVER_FIRES),)) == []


@pytest.mark.parametrize(
    ("job", "first_at"),
    [
        pytest.param("fetch-odds", 1.2, id="the minimum gap after a run of its own"),
        pytest.param("update-status", 2.2, id="as soon as the scheduler takes it after another's"),
    ],
)
def test_a_look_may_have_been_put_off_by_the_run_that_armed_it(job: str, first_at: float) -> None:
    before = run(5.1, job=job)
    runs = died(first_at, attempt=2), died(0.1, attempt=3)
    assert explained(*runs, before) == [one.mishaps[0] for one in runs]
    assert explained(*runs, run(8.5, job=job)) == []


def test_a_first_attempt_alone_does_not_the_platform_tries_again_after_a_minute() -> None:
    assert explained(died(4.5)) == []


def test_a_first_attempt_within_a_minute_of_the_start_does() -> None:
    at_last = died(0.5)
    assert explained(died(4.5), died(3.5, attempt=2), died(1.5, attempt=3), at_last)[-1] == at_last.mishaps[0]


def test_a_trigger_that_never_fired_does_not_where_a_heartbeat_could_see_it_in_time() -> None:
    assert explained(mishaps=(mishap(5, NEVER_FIRES),)) == []


def test_it_does_where_every_heartbeat_failed_from_when_it_could_be_seen() -> None:
    unfired, beats = mishap(5, NEVER_FIRES), tuple(broken_beat(minutes) for minutes in (3.5, 2.5, 1.5, 0.5))
    assert explained(beats=beats, mishaps=(unfired,)) == [unfired, *(one.mishaps[0] for one in beats)]


@pytest.mark.parametrize(
    "sound",
    [
        pytest.param(3.5, id="the first that could see it"),
        pytest.param(1.5, id="a later one"),
    ],
)
def test_it_does_not_where_one_of_these_heartbeats_was_sound(sound: float) -> None:
    beats = tuple(broken_beat(minutes) for minutes in (4.5, 3.5, 2.5, 1.5, 0.5) if minutes != sound)
    assert explained(beats=beats, mishaps=(mishap(5, NEVER_FIRES),)) == []


def test_heartbeats_that_fail_explain_nothing_where_no_look_was_lost() -> None:
    assert explained(beats=tuple(broken_beat(tenths / 10) for tenths in range(60))) == []


def test_a_heartbeat_has_no_part_in_it_while_the_retry_of_a_run_is_soundly_armed() -> None:
    runs = recorded(4.5), recorded(3.5, attempt=2)
    assert explained(*runs, beats=(broken_beat(1.4), broken_beat(0.4))) == []
    assert len(explained(*runs, recorded(1.5, attempt=3))) == 3


def test_a_death_is_seen_by_a_heartbeat_when_its_turn_is_over() -> None:
    last = died(4.2, attempt=3)
    assert explained(last) == []
    beats = tuple(broken_beat(minutes) for minutes in (3.0, 2.0, 1.0))
    assert explained(last, beats=beats) == [last.mishaps[0], *(one.mishaps[0] for one in beats)]


def test_a_run_that_hangs_is_made_up_for_by_a_heartbeat_once_its_turn_is_over() -> None:
    silent = hung(4.9)
    assert explained(silent) == []
    beats = tuple(broken_beat(minutes) for minutes in (3.9, 2.9, 1.9, 0.9))
    assert explained(silent, beats=beats) == [silent.mishaps[0], *(one.mishaps[0] for one in beats)]
    assert explained(silent, beats=beats[:2]) == []


def test_a_heartbeat_that_hangs_does_not_put_off_the_next() -> None:
    unfired, beat = mishap(5, NEVER_FIRES), broken_beat(2.5, lasted=2 * MINUTE)
    assert explained(beats=(beat,), mishaps=(unfired,)) == []


def test_a_heartbeat_sees_what_there_is_when_it_begins() -> None:
    unfired, early = mishap(5, NEVER_FIRES), broken_beat(4.1, lasted=MINUTE)
    later = tuple(broken_beat(minutes) for minutes in (3.1, 2.1, 1.1, 0.1))
    assert unfired in explained(beats=later, mishaps=(unfired,))
    assert early.mishaps[0] not in explained(beats=(early, *later), mishaps=(unfired,))


def test_what_failed_long_before_the_look_was_due_or_after_the_start_has_no_part_in_it() -> None:
    assert explained(died(30), died(-1)) == []
    assert explained(mishaps=(mishap(30, NEVER_FIRES),)) == []


def test_what_met_a_mishap_and_ended_well_has_no_part_in_it() -> None:
    assert explained(run(0.5, mishap(0.5))) == []


def test_other_jobs_have_no_part_in_it() -> None:
    assert explained(died(0.5, job="fetch-scores"), mishaps=(mishap(2, NEVER_FIRES, "fetch-scores"),)) == []


def test_a_run_that_failed_without_a_mishap_explains_nothing() -> None:
    assert explained(run(3, attempt=3, error=LinekeeperError("of its own"))) == []


def test_a_run_that_died_in_a_long_turn_keeps_the_others_away_until_that_is_over() -> None:
    held = died(5.5)
    long_turn = replace(held, trigger=replace(held.trigger, tier=None))
    assert explained(held) == []
    assert explained(long_turn) == [*held.mishaps]
