"""What a user brings of games is joined to their histories, and must fit them."""

from dataclasses import replace

import pytest

from analytics.backtesting.brought import NOTHING_BROUGHT, Brought
from analytics.backtesting.grading import PlayerNumber
from analytics.backtesting.history import Score, StatusKnown
from core.errors import ConfigurationError
from tests.analytics.boards import HOUR, TIP_OFF, decision, history_of

HOCKEY = history_of(decision(sport_key="icehockey_nhl"), (3, 2))
BY_ID = {HOCKEY.event_id: HOCKEY}


def test_what_is_brought_of_an_event_is_joined_to_its_history() -> None:
    told = {("player_points", "A"): PlayerNumber(1)}
    brought = Brought({HOCKEY.event_id: told, "unseen": told}, {HOCKEY.event_id: Score(2, 2)})
    joined = brought.joined_to(BY_ID)
    assert joined == {HOCKEY.event_id: replace(HOCKEY, players=told, regulation=Score(2, 2))}
    assert joined[HOCKEY.event_id].is_brought
    assert brought.event_ids == {HOCKEY.event_id, "unseen"}
    assert NOTHING_BROUGHT.joined_to(BY_ID) == BY_ID
    assert not HOCKEY.is_brought


@pytest.mark.parametrize("score", [Score(4, 2), Score(2, 3)], ids=["the home one", "the away one"])
def test_a_score_of_regulation_time_above_the_final_one_is_refused(score: Score) -> None:
    told = (
        f"{HOCKEY.event_id}, Celtics at Lakers: the home and away scores of regulation time,"
        f" {score.home} and {score.away}, are above the final ones, 3 and 2"
    )
    with pytest.raises(ConfigurationError, match=told):
        Brought(regulation={HOCKEY.event_id: score}).joined_to(BY_ID)


def test_the_final_score_is_the_corrected_one_and_where_there_is_none_any_fits() -> None:
    corrected = replace(HOCKEY, statuses=(*HOCKEY.statuses, StatusKnown(TIP_OFF + 9 * HOUR, "final", 4, 3)))
    unplayed = history_of(decision())
    for history in (corrected, unplayed):
        brought = Brought(regulation={history.event_id: Score(3, 3)})
        assert brought.joined_to({history.event_id: history})[history.event_id].regulation == (3, 3)
