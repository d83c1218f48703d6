from statistics import mean

from hypothesis import given
from hypothesis import strategies as st

from core.simulation.books import BOOKMAKERS
from core.simulation.dice import dice
from core.simulation.leagues import LEAGUES
from core.simulation.life import DAY
from core.simulation.opinions import Move, Path, fair_path, followed_path, moves

NBA = LEAGUES["basketball_nba"]
UNTIL = 5 * DAY
SHARP, *RETAIL = BOOKMAKERS


@given(st.integers())
def test_nothing_moves_after_the_start(seed: int) -> None:
    assert all(0 <= move.at < UNTIL for move in moves(dice(seed), NBA, 0, UNTIL))


def test_an_opinion_has_no_direction_beforehand() -> None:
    drifts = [sum(move.margin for move in moves(dice("drift", n), NBA, 0, UNTIL)) for n in range(400)]
    assert abs(mean(drifts)) < 0.5
    assert 1 < mean(abs(drift) for drift in drifts) < 5


def test_a_fair_opinion_moves_at_once() -> None:
    path = fair_path((2.0, 220.0), [Move(100, 1.5, 0.0, None), Move(200, 0.0, -3.0, "pinnacle")])
    assert [path.at(at) for at in (0, 99, 100, 200)] == [(2.0, 220.0), (2.0, 220.0), (3.5, 220.0), (3.5, 217.0)]


def test_steam_is_seen_by_its_leader_first_and_by_all_within_minutes() -> None:
    steam = [Move(1000, 3.0, 0.0, SHARP.key)]
    seen = {book.key: when(followed_path(dice(book.key), NBA, (2.0, 220.0), steam, book)) for book in BOOKMAKERS}
    assert seen.pop(SHARP.key) == 1000
    assert all(1020 <= at <= 1000 + 17 * 60 for at in seen.values())


def test_a_retail_leader_moves_before_the_sharp_one() -> None:
    steam = [Move(1000, 3.0, 0.0, RETAIL[-1].key)]
    assert when(followed_path(dice(1), NBA, (2.0, 220.0), steam, RETAIL[-1])) == 1000
    assert when(followed_path(dice(1), NBA, (2.0, 220.0), steam, SHARP)) > 1000


def test_a_bookmaker_stays_near_the_fair_opinion() -> None:
    changes = moves(dice("near"), NBA, 0, UNTIL)
    fair = fair_path((2.0, 220.0), changes).at(UNTIL + DAY)
    for book in BOOKMAKERS:
        margin, total = followed_path(dice(book.key), NBA, (2.0, 220.0), changes, book).at(UNTIL + DAY)
        assert abs(margin - fair[0]) < 5 * NBA.margin_step
        assert abs(total - fair[1]) < 5 * NBA.total_step


def when(path: Path) -> int:
    """Return when a path makes its one move."""
    (at,) = path.instants
    assert path.at(at - 1) != path.at(at)
    return at
