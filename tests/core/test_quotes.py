from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.feed.values import EventOdds, FeedBookmaker, FeedEvent, FeedQuote
from core.quotes import Change, Head, RegionMemory, SelectionKey, changes, listing_digest, selection_key
from core.scope import Scope

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
LATER = datetime(2026, 1, 10, 13, tzinfo=UTC)
EVENT = FeedEvent("e1", "basketball_nba", "NBA", LATER, "Lakers", "Celtics")
QUOTE = FeedQuote("fanduel", "h2h", "Lakers", None, -110, None, NOON)
LINE = FeedQuote("fanduel", "spreads", "Lakers", None, -110, -3.5, NOON)
OVER = FeedQuote("fanduel", "player_points", "Over", "Anthony Davis", -115, 23.5, NOON)
EVERYTHING = Scope.of(["h2h", "spreads", "player_points"], bookmakers=["betmgm", "fanduel"])


def listed(*quotes: FeedQuote, bookmakers: tuple[str, ...] | None = None) -> EventOdds:
    keys = dict.fromkeys(quote.bookmaker_key for quote in quotes) if bookmakers is None else bookmakers
    return EventOdds(EVENT, tuple(FeedBookmaker(key, key.title()) for key in keys), quotes, "{}")


def head_of(quote: FeedQuote, **changed: Any) -> dict[SelectionKey, Head]:
    return {selection_key(quote): Head(quote.price, quote.point, quote.last_update, NOON)._replace(**changed)}


def changed_by(
    *quotes: FeedQuote,
    heads: dict[SelectionKey, Head] | None = None,
    scope: Scope = EVERYTHING,
    memory: RegionMemory | None = None,
    notes: dict[int, str] | None = None,
    reject_invalid: bool = False,
) -> list[Change]:
    memory = memory or RegionMemory()
    return changes(quotes, scope, heads or {}, memory, notes or {}, reject_invalid=reject_invalid)


@pytest.mark.parametrize(
    ("quote", "line"),
    [
        pytest.param(QUOTE, None, id="a market without points"),
        pytest.param(LINE, None, id="one line that moves"),
        pytest.param(OVER, 23.5, id="a prop, listed at several points at once"),
        pytest.param(LINE._replace(market_key="alternate_spreads"), -3.5, id="alternate lines"),
    ],
)
def test_the_point_is_part_of_a_selection_only_where_a_market_lists_several(
    quote: FeedQuote, line: float | None
) -> None:
    assert selection_key(quote).line == line


@pytest.mark.parametrize(
    ("quote", "head", "expected"),
    [
        pytest.param(QUOTE, {}, (-110, None), id="it is new"),
        pytest.param(QUOTE, head_of(QUOTE), None, id="it is as it was"),
        pytest.param(QUOTE._replace(last_update=LATER), head_of(QUOTE), None, id="it was only refreshed"),
        pytest.param(QUOTE, head_of(QUOTE, price=-105), (-110, None), id="its price moved"),
        pytest.param(LINE, head_of(LINE, point=-4.0), (-110, -3.5), id="its point moved"),
        pytest.param(LINE, head_of(LINE, point=None), (-110, -3.5), id="it got a point"),
        pytest.param(QUOTE, head_of(QUOTE, price=None), (-110, None), id="it came back"),
    ],
)
def test_a_listed_quote_is_a_change_when_price_or_point_differ(
    quote: FeedQuote, head: dict[SelectionKey, Head], expected: tuple[int, float | None] | None
) -> None:
    assert [(change.price, change.point) for change in changed_by(quote, heads=head)] == [expected] * bool(
        expected
    )


@pytest.mark.parametrize(
    ("scope", "head", "withdrawn"),
    [
        pytest.param(EVERYTHING, head_of(QUOTE), True, id="it was asked for"),
        pytest.param(EVERYTHING, head_of(QUOTE, price=None), False, id="it is withdrawn already"),
        pytest.param(Scope.of(["spreads"], bookmakers=["fanduel"]), head_of(QUOTE), False, id="another market"),
        pytest.param(Scope.of(["h2h"], bookmakers=["betmgm"]), head_of(QUOTE), False, id="another bookmaker"),
        pytest.param(Scope.of(["h2h"], regions=["us", "eu"]), head_of(QUOTE), True, id="its region"),
        pytest.param(Scope.of(["h2h"], regions=["eu"]), head_of(QUOTE), False, id="another region"),
        pytest.param(
            Scope.of(["h2h"], regions=["us"]),
            head_of(QUOTE._replace(market_key="h2h_lay")),
            True,
            id="a lay market comes with its own",
        ),
    ],
)
def test_a_quote_not_listed_is_withdrawn_when_the_request_would_have_brought_it(
    scope: Scope, head: dict[SelectionKey, Head], withdrawn: bool
) -> None:
    found = changed_by(heads=head, scope=scope, memory=RegionMemory({"us": ["fanduel"]}))
    assert found == [Change(key, None, None, None, None) for key in head] * withdrawn


def test_an_invalid_quote_is_stored_with_its_note_or_taken_for_not_listed() -> None:
    (marked,) = changed_by(QUOTE, notes={0: "why"})
    assert (marked.price, marked.note) == (-110, "why")
    assert changed_by(QUOTE, notes={0: "why"}, reject_invalid=True) == []
    (withdrawn,) = changed_by(QUOTE, heads=head_of(QUOTE), notes={0: "why"}, reject_invalid=True)
    assert withdrawn.price is None


def test_changes_come_in_the_order_of_their_selections() -> None:
    quotes = [OVER._replace(point=point) for point in (25.5, -1.0, 23.5)]
    both = changed_by(*quotes, QUOTE, heads=head_of(LINE._replace(bookmaker_key="betmgm")))
    assert [change.key[:2] + change.key[4:] for change in both] == [
        ("betmgm", "spreads", None),
        ("fanduel", "h2h", None),
        ("fanduel", "player_points", -1.0),
        ("fanduel", "player_points", 23.5),
        ("fanduel", "player_points", 25.5),
    ]


def test_a_region_is_known_by_the_bookmakers_that_it_brought() -> None:
    memory = RegionMemory({"us": ["fanduel"]})
    europe = Scope.of(["h2h"], regions=["eu", "us"])
    assert list(memory.learn(europe, ["pinnacle", "fanduel"])) == [
        ("eu", "fanduel"),
        ("eu", "pinnacle"),
        ("us", "pinnacle"),
    ]
    assert list(memory.learn(europe, ["pinnacle"])) == []
    assert memory.covers(Scope.of(["h2h"], regions=["us"]), "pinnacle")
    assert not memory.covers(Scope.of(["h2h"], regions=["uk"]), "pinnacle")


def test_a_request_by_bookmaker_teaches_nothing_of_regions() -> None:
    memory = RegionMemory()
    assert list(memory.learn(EVERYTHING, ["fanduel"])) == []
    assert not memory.covers(Scope.of(["h2h"], regions=["us"]), "fanduel")


QUOTES = st.lists(
    st.builds(
        FeedQuote,
        st.sampled_from(["betmgm", "fanduel"]),
        st.sampled_from(["h2h", "spreads", "player_points"]),
        st.sampled_from(["Lakers", "Celtics"]),
        st.none(),
        st.sampled_from([-110, 100]),
        st.sampled_from([-3.5, 4.0]),
        st.sampled_from([NOON, LATER, None]),
    ),
    unique_by=selection_key,
    max_size=6,
).map(tuple)


@given(QUOTES, QUOTES)
def test_folding_a_listing_gives_the_listing_and_folding_it_again_nothing(
    before: tuple[FeedQuote, ...], now: tuple[FeedQuote, ...]
) -> None:
    heads: dict[SelectionKey, Head] = {}
    for quotes in (before, now):
        for change in changed_by(*quotes, heads=heads):
            heads[change.key] = Head(change.price, change.point, change.last_update, NOON)
    standing = {key: (head.price, head.point) for key, head in heads.items() if head.price is not None}
    assert standing == {selection_key(quote): (quote.price, quote.point) for quote in now}
    assert changed_by(*now, heads=heads) == []


@given(QUOTES, QUOTES)
def test_listings_with_one_digest_list_the_same(one: tuple[FeedQuote, ...], other: tuple[FeedQuote, ...]) -> None:
    told_apart = [[(*quote[:6], quote.last_update is None) for quote in quotes] for quotes in (one, other)]
    same = told_apart[0] == told_apart[1]
    assert (listing_digest(listed(*one)) == listing_digest(listed(*other))) == same


def test_a_bookmaker_without_quotes_is_part_of_a_listing() -> None:
    digests = {
        listing_digest(listed(QUOTE, bookmakers=keys))
        for keys in [("fanduel",), ("fanduel", "betmgm"), ("betmgm", "fanduel")]
    }
    assert len(digests) == 3


def test_a_refresh_leaves_the_digest_as_it_is() -> None:
    assert listing_digest(listed(QUOTE)) == listing_digest(listed(QUOTE._replace(last_update=LATER)))
    assert listing_digest(listed(QUOTE)) != listing_digest(listed(QUOTE._replace(last_update=None)))
