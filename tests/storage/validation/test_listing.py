from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from core.feed.values import FeedQuote
from core.quotes import Head, selection_key
from storage.validation.listing import Listing

Quote = Callable[..., FeedQuote]
List = Callable[..., Listing]


def test_quotes_are_arranged_by_bookmaker_and_market_wherever_they_stand(quote: Quote, listing: List) -> None:
    home, elsewhere, away = quote(), quote(bookmaker_key="betmgm"), quote(outcome_name="Boston Celtics")
    given = listing(home, elsewhere, away)
    assert {key: market.quotes for key, market in given.markets.items()} == {
        ("fanduel", "h2h"): [home, away],
        ("betmgm", "h2h"): [elsewhere],
    }
    assert [market.bookmaker_key for market in given.irregular] == ["betmgm"]


@pytest.mark.parametrize(
    ("point", "age", "moved", "older"),
    [
        pytest.param(-3.5, 0, False, False, id="the same again"),
        pytest.param(-4.5, 0, True, False, id="another point"),
        pytest.param(-3.5, 1, False, True, id="an earlier update"),
    ],
)
def test_quotes_are_compared_with_what_is_stored(
    point: float, age: int, moved: bool, older: bool, *, quote: Quote, listing: List, noon: datetime
) -> None:
    given = quote(market_key="spreads", point=point, last_update=noon - timedelta(seconds=age))
    arranged = listing(given, heads={selection_key(given): Head(-110, -3.5, noon, noon)})
    assert (bool(arranged.moved), bool(arranged.older)) == (moved, older)
