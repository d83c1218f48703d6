import pytest

from core.simulation.clubs import AMERICAN_CLUBS, ENGLISH_CLUBS


@pytest.mark.parametrize(("clubs", "count"), [(AMERICAN_CLUBS, 32), (ENGLISH_CLUBS, 20)])
def test_every_club_has_its_own_name(clubs: tuple[str, ...], count: int) -> None:
    assert len(set(clubs)) == len(clubs) == count
    assert all(club == club.strip() and club for club in clubs)
