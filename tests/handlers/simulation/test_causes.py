"""A late close is explained by what hit the runs that were to look, and by nothing else."""

from datetime import UTC, datetime, timedelta

from core.simulation.mishaps import CUT_OFF, DIES, NEVER_FIRES, THROTTLES, Mishap
from core.triggers.base import Trigger
from handlers.simulation.causes import causes, history_of
from handlers.simulation.process import ProcessDiedError
from handlers.simulation.world import Beat, Invocation

START = datetime(2026, 1, 10, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DUE = START - 5 * MINUTE


def mishap(minutes: float, kind: str = DIES, job: str = "fetch-odds") -> Mishap:
    return Mishap(START - minutes * MINUTE, kind, job, "somewhere")


def run(minutes: float, *mishaps: Mishap, job: str = "fetch-odds", fails: bool = True) -> Invocation:
    at = START - minutes * MINUTE
    error = ProcessDiedError("somewhere") if fails else None
    return Invocation(Trigger(job, "nba", at, "planned"), 1, at, at, None, error, (), (), (), mishaps)


def beat(minutes: float, *mishaps: Mishap, fails: bool = True) -> Beat:
    error = ProcessDiedError("somewhere") if fails else None
    return Beat(START - minutes * MINUTE, frozenset(), 0, error, mishaps)


def explained(*runs: Invocation, beats: tuple[Beat, ...] = (), mishaps: tuple[Mishap, ...] = ()) -> list[Mishap]:
    return list(causes(history_of(runs, beats, mishaps), DUE, START))


def test_the_mishaps_of_failed_looks_explain_it_in_order_of_time() -> None:
    first, second = mishap(4.5), mishap(3.5, CUT_OFF)
    assert explained(run(3.5, second), run(4.5, first)) == [first, second]


def test_so_do_those_of_failed_heartbeats_and_triggers_that_never_fired() -> None:
    unfired, broken = mishap(5, NEVER_FIRES), mishap(3, THROTTLES, "heartbeat")
    assert explained(beats=(beat(3, broken),), mishaps=(unfired,)) == [unfired, broken]


def test_what_failed_before_the_look_was_due_or_after_the_start_has_no_part_in_it() -> None:
    assert explained(run(30, mishap(30)), run(-1, mishap(-1))) == []
    assert explained(mishaps=(mishap(30, NEVER_FIRES),)) == []


def test_what_met_a_mishap_and_ended_well_has_no_part_in_it() -> None:
    assert explained(run(4, mishap(4), fails=False), beats=(beat(4, mishap(4), fails=False),)) == []


def test_other_jobs_have_no_part_in_it() -> None:
    scores = mishap(4, job="fetch-scores")
    assert explained(run(4, scores, job="fetch-scores"), mishaps=(mishap(4, NEVER_FIRES, "fetch-scores"),)) == []


def test_a_run_that_failed_without_a_mishap_explains_nothing() -> None:
    assert explained(run(4)) == []
