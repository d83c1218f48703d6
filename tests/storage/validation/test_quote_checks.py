from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from core.feed.values import FeedQuote
from core.quality import Severity
from core.quotes import Head, selection_key
from storage.validation import quote_checks
from storage.validation.listing import Listing

Quote = Callable[..., FeedQuote]
List = Callable[..., Listing]
LAKERS, CELTICS = "Los Angeles Lakers", "Boston Celtics"


@pytest.mark.parametrize(
    ("price", "wrong"),
    [
        pytest.param(100, False, id="even money is a price"),
        pytest.param(-100, False, id="even money may be written with a minus"),
        pytest.param(10_000, False, id="the longest price accepted"),
        pytest.param(-10_000, False, id="the shortest price accepted"),
        pytest.param(99, True, id="below 100 is no American price"),
        pytest.param(-99, True, id="nor is it with a minus"),
        pytest.param(0, True, id="zero is no price"),
        pytest.param(10_001, True, id="longer than anything offered"),
        pytest.param(-100_000, True, id="shorter than anything offered"),
    ],
)
def test_a_price_is_within_what_american_odds_can_be(price: int, wrong: bool, quote: Quote, listing: List) -> None:
    given = quote(outcome_name=CELTICS, price=price)
    found = list(quote_checks.price_out_of_range(listing(quote(), given)))
    assert [(issue.severity, quotes) for issue, quotes in found] == [(Severity.ERROR, (given,))] * wrong


def test_the_sentence_names_the_quote_and_its_price(quote: Quote, listing: List) -> None:
    prop = quote(market_key="player_points", outcome_name="Over", description="Ann Bee", point=9.5, price=50)
    ((issue, _),) = quote_checks.price_out_of_range(listing(prop))
    assert issue.description == (
        "fanduel player_points Ann Bee Over: price +50 is outside -10000 to -100 and +100 to +10000"
    )


@pytest.mark.parametrize(
    ("market_key", "name", "point", "wrong"),
    [
        pytest.param("spreads", LAKERS, None, True, id="a spread needs one"),
        pytest.param("spreads", LAKERS, 0, False, id="a spread of zero is one"),
        pytest.param("totals", "Over", None, True, id="a total needs one"),
        pytest.param("alternate_spreads", LAKERS, None, True, id="so does an alternate spread"),
        pytest.param("team_totals_h1", "Over", None, True, id="and a team total of a half"),
        pytest.param("h2h", LAKERS, None, False, id="head to head has none"),
        pytest.param("player_anytime_td", "Yes", None, False, id="a prop may have none"),
        pytest.param("outrights", LAKERS, None, False, id="outrights have none"),
    ],
)
def test_a_line_needs_its_point(
    market_key: str, name: str, point: float | None, wrong: bool, *, quote: Quote, listing: List
) -> None:
    given = quote(market_key=market_key, outcome_name=name, point=point)
    found = [(issue.severity, quotes) for issue, quotes in quote_checks.point_missing(listing(given))]
    assert found == [(Severity.ERROR, (given,))] * wrong


def test_a_point_in_a_head_to_head_market_is_a_warning(quote: Quote, listing: List) -> None:
    ((issue, _),) = quote_checks.point_unexpected(
        listing(quote(point=-3.5), quote(outcome_name=CELTICS), quote(market_key="spreads", point=-3.5))
    )
    assert (issue.severity, issue.outcome_name) == (Severity.WARNING, LAKERS)
    assert issue.description == "fanduel h2h Los Angeles Lakers: has a point of -3.5 in a market without points"


@pytest.mark.parametrize(
    ("market_key", "name", "wrong"),
    [
        pytest.param("h2h", CELTICS, False, id="a team of the game fits"),
        pytest.param("h2h", "Draw", False, id="a draw fits"),
        pytest.param("h2h", "Chicago Bulls", True, id="another team does not"),
        pytest.param("h2h_lay", "Chicago Bulls", True, id="nor in a lay market"),
        pytest.param("h2h_q1", "Over", True, id="over is no team"),
        pytest.param("spreads", "Chicago Bulls", True, id="a spread is on the teams"),
        pytest.param("totals", "Under", False, id="under is a side of a total"),
        pytest.param("totals", CELTICS, True, id="a team is no side of a total"),
        pytest.param("btts", "Yes", False, id="both teams to score is yes or no"),
        pytest.param("btts", "Over", True, id="and nothing else"),
        pytest.param("outrights", "Chicago Bulls", False, id="an outright may be on anyone"),
        pytest.param("player_points", "Anything", False, id="of an unknown market nothing is asked"),
    ],
)
def test_an_outcome_is_a_side_of_its_market(
    market_key: str, name: str, wrong: bool, quote: Quote, listing: List
) -> None:
    given = quote(market_key=market_key, outcome_name=name)
    found = [(issue.severity, quotes) for issue, quotes in quote_checks.outcome_unfit(listing(given))]
    assert found == [(Severity.ERROR, (given,))] * wrong


def test_an_event_without_teams_has_no_names_to_fit(quote: Quote, listing: List) -> None:
    given = listing(quote(outcome_name="Anyone"), home_team=None, away_team=None)
    assert list(quote_checks.outcome_unfit(given)) == []


@pytest.mark.parametrize(
    ("before", "now", "wrong"),
    [
        pytest.param(-3.5, -3.5, False, id="a point that stays has not moved"),
        pytest.param(-3.5, 6.5, False, id="ten points are no more than ten"),
        pytest.param(-3.5, 7.0, True, id="ten and a half are"),
        pytest.param(12, 1, True, id="downwards too"),
        pytest.param(None, 30.0, False, id="from a withdrawn quote nothing moved"),
        pytest.param(-3.5, None, False, id="a missing point has not moved"),
    ],
)
def test_a_point_moves_at_most_ten_since_the_stored_quote(
    before: float | None, now: float | None, wrong: bool, *, quote: Quote, listing: List, noon: datetime
) -> None:
    given = quote(market_key="spreads", point=now)
    head = Head(-110, before, noon, noon - timedelta(hours=1))
    found = list(quote_checks.point_moved_far(listing(given, heads={selection_key(given): head})))
    assert [issue.severity for issue, _ in found] == [Severity.WARNING] * wrong


def test_a_far_move_says_from_where_to_where_and_since_when(quote: Quote, listing: List, noon: datetime) -> None:
    given = quote(market_key="totals", outcome_name="Over", point=231.5)
    head = Head(-110, 219.5, noon, noon)
    ((issue, _),) = quote_checks.point_moved_far(listing(given, heads={selection_key(given): head}))
    assert issue.description == (
        "fanduel totals Over: the point moved from 219.5 to 231.5, by more than 10, since 2026-01-10 12:00:00Z"
    )
