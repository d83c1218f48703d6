import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.ratings import EloRatings

games = st.lists(
    st.tuples(st.sampled_from("ABCD"), st.sampled_from("ABCD"), st.integers(-40, 40)).filter(
        lambda game: game[0] != game[1]
    ),
    max_size=30,
)


def rated(played: list[tuple[str, str, int]], home_advantage: float = 0) -> EloRatings:
    ratings = EloRatings(k_factor=20, home_advantage=home_advantage)
    for home, away, margin in played:
        ratings.update(home, away, margin)
    return ratings


def test_teams_are_alike_until_they_have_played() -> None:
    assert rated([]).home_probability("A", "B") == 0.5
    assert rated([], home_advantage=100).home_probability("A", "B") == pytest.approx(0.6401, abs=1e-4)
    assert rated([]).games("A") == 0


@given(games)
def test_what_one_team_gains_the_other_loses(played: list[tuple[str, str, int]]) -> None:
    ratings = rated(played)
    assert sum(ratings.lead(team, "never played") for team in "ABCD") == pytest.approx(0, abs=1e-6)
    assert sum(ratings.games(team) for team in "ABCD") == 2 * len(played)


@given(games, st.integers(1, 40))
def test_a_win_raises_the_winner_and_a_higher_one_more(played: list[tuple[str, str, int]], margin: int) -> None:
    before = rated(played).lead("A", "B")
    won, won_higher = (rated([*played, ("A", "B", one)]).lead("A", "B") for one in (margin, margin + 1))
    assert before < won < won_higher


@given(games)
def test_the_two_teams_share_the_probability(played: list[tuple[str, str, int]]) -> None:
    ratings = rated(played)
    assert ratings.home_probability("A", "B") + ratings.home_probability("B", "A") == pytest.approx(1)


def test_an_upset_moves_ratings_more_than_what_was_expected() -> None:
    strong = [("A", "B", 20)] * 10
    before = rated(strong).lead("A", "B")
    expected, upset = (rated([*strong, ("A", "B", margin)]).lead("A", "B") for margin in (10, -10))
    assert before - upset > expected - before


def test_a_draw_moves_the_favourite_down() -> None:
    strong = [("A", "B", 20)] * 5
    assert rated([*strong, ("A", "B", 0)]).lead("A", "B") < rated(strong).lead("A", "B")


def test_the_largest_factor_does_not_let_ratings_grow_without_end() -> None:
    rng = np.random.default_rng(0)
    ratings = EloRatings(k_factor=200, home_advantage=400)
    for margin in rng.normal(3, 13, 3000).round().astype(int).tolist():
        home, away = rng.choice(list("ABCDEFGHIJ"), 2, replace=False).tolist()
        ratings.update(home, away, margin)
    assert max(abs(rating - 1500) for rating in ratings.ratings.values()) < 3000
