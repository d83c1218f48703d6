import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.simulation.board import JsonObject
from core.simulation.books import BOOKMAKERS, Bookmaker
from core.simulation.goals import GoalScoring
from core.simulation.points import PointScoring
from core.simulation.pricing import american_price, listed_markets
from core.simulation.scoring import Outlook

NBA = PointScoring(12.0, 18.0)
TEAMS = ("Kings", "Aces")
BOOKS = st.sampled_from(BOOKMAKERS)


def implied(price: int) -> float:
    return 100 / (price + 100) if price > 0 else -price / (100 - price)


def by_key(markets: list[JsonObject]) -> dict[str, list[JsonObject]]:
    return {market["key"]: market["outcomes"] for market in markets}


@given(st.floats(0.012, 0.965), st.sampled_from([1, 2, 5]))
def test_a_price_is_american_on_its_grain_and_never_to_the_backers_favour(probability: float, step: int) -> None:
    price = american_price(probability, step)
    assert 100 <= abs(price) <= 10_000
    assert implied(price) >= probability - 1e-9
    assert implied(price) - probability < 0.02
    if abs(price) > 200:
        assert price % 5 == 0


@given(st.floats(-14, 14), st.floats(200, 250), BOOKS)
def test_every_complete_market_has_a_believable_vig(margin: float, total: float, book: Bookmaker) -> None:
    for market in listed_markets(NBA, Outlook(margin, total), book, TEAMS):
        vig = sum(implied(outcome["price"]) for outcome in market["outcomes"]) - 1
        assert 0.02 <= vig <= 0.12


@given(st.floats(-1.2, 1.2), st.floats(2.2, 3.4), BOOKS)
def test_three_way_markets_have_a_believable_vig_too(margin: float, total: float, book: Bookmaker) -> None:
    outcomes = by_key(listed_markets(GoalScoring(), Outlook(margin, total), book, TEAMS))["h2h"]
    assert [outcome["name"] for outcome in outcomes] == ["Aces", "Kings", "Draw"]
    assert 0.02 <= sum(implied(outcome["price"]) for outcome in outcomes) - 1 <= 0.15


@given(st.floats(-14, 14), BOOKS)
def test_the_markets_of_a_game_agree(margin: float, book: Bookmaker) -> None:
    markets = by_key(listed_markets(NBA, Outlook(margin, 228.0), book, TEAMS))
    aces, kings = markets["spreads"]
    over, under = markets["totals"]
    assert aces["point"] == -kings["point"]
    assert over["point"] == under["point"]
    assert (kings["point"] * 2) % 1 == 0
    assert abs(kings["point"] + margin) <= 0.25
    if abs(margin) > 1.5:
        prices = {outcome["name"]: implied(outcome["price"]) for outcome in markets["h2h"]}
        assert (prices["Kings"] > prices["Aces"]) == (margin > 0)


def test_outcomes_stand_by_name_as_the_feed_writes_them() -> None:
    markets = listed_markets(NBA, Outlook(3.0, 228.2), BOOKMAKERS[0], TEAMS)
    assert [market["key"] for market in markets] == ["h2h", "spreads", "totals"]
    assert [[outcome["name"] for outcome in market["outcomes"]] for market in markets] == [
        ["Aces", "Kings"],
        ["Aces", "Kings"],
        ["Over", "Under"],
    ]
    assert "point" not in markets[0]["outcomes"][0]
    assert isinstance(markets[1]["outcomes"][0]["point"], int)


def test_a_market_that_is_all_but_decided_is_not_listed() -> None:
    late = Outlook(0.0, 228.0, left=0.05, lead=20, scored=214)
    assert "h2h" not in by_key(listed_markets(NBA, late, BOOKMAKERS[0], TEAMS))


@pytest.mark.parametrize("book", BOOKMAKERS, ids=lambda book: book.key)
def test_the_sharp_bookmaker_is_the_cheapest(book: Bookmaker) -> None:
    def vig(one: Bookmaker) -> float:
        outcomes = by_key(listed_markets(NBA, Outlook(3.0, 228.0), one, TEAMS))["h2h"]
        return sum(implied(outcome["price"]) for outcome in outcomes)

    assert vig(BOOKMAKERS[0]) <= vig(book)
