"""Any sequence of trouble, chosen by hypothesis: the promises hold at every step and after the last.

Here they are a handful; `make chaos` tries others.
"""

from datetime import timedelta

import pytest
from hypothesis.stateful import run_state_machine_as_test

from storage.embedded import EmbeddedPostgres
from tests.world.instead import nothing, without_unique_slot
from tests.world.machine import TroubledWorld
from tests.world.trouble import bounded, sequences_of_trouble

pytestmark = pytest.mark.slow

SEQUENCES = bounded(5, same=True)


@pytest.fixture
def troubled(postgres_server: EmbeddedPostgres, migrated_template: str) -> type[TroubledWorld]:
    """Return the machine, with a server for its databases."""

    class Here(TroubledWorld):
        def __init__(self) -> None:
            super().__init__(postgres_server, migrated_template)

    return Here


def test_c1_c2_c4_c5_d2_d4_d5_q1_q3_hold_whatever_sequence_of_trouble_comes(troubled: type[TroubledWorld]) -> None:
    run_state_machine_as_test(troubled, settings=SEQUENCES)


@pytest.mark.parametrize(
    ("where", "broken"),
    [
        pytest.param("handlers.runs.arm_fallback", nothing, id="no fallback is armed"),
        pytest.param("handlers.runs.begin_run", without_unique_slot(), id="a slot is not unique"),
        pytest.param("handlers.fetch_odds.store_call", nothing, id="a call is not logged"),
    ],
)
def test_c1_c2_d4_are_seen_to_break_by_some_sequence(
    troubled: type[TroubledWorld], monkeypatch: pytest.MonkeyPatch, where: str, broken: object
) -> None:
    monkeypatch.setattr(where, broken)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(troubled, settings=SEQUENCES)


def test_a_sequence_that_breaks_a_promise_is_told_of_once(
    postgres_server: EmbeddedPostgres, migrated_template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.runs.arm_fallback", nothing)
    found = sequences_of_trouble(postgres_server, migrated_template, 1, 5)
    assert len(found) == 1
    assert found.judged <= 5
    assert "nothing armed" in found[0]


def test_c2_a_look_that_met_four_odd_answers_paid_for_none_of_them(troubled: type[TroubledWorld]) -> None:
    """Found by the machine: at a tier boundary the run asks again at once, which a check took for paying twice."""
    world = troubled()  # type: ignore[call-arg]
    for minutes in (178, 21, 103):
        world.time_passes(timedelta(minutes=minutes))
        world.nothing_promised_of_the_chain_is_broken()
    world.the_feed_fails("the feed's answer is odd", 3, timedelta(minutes=2))
    world.the_feed_fails("the feed's answer is a page", 1, timedelta(minutes=26))
    world.nothing_promised_of_the_chain_is_broken()
    world.teardown()
