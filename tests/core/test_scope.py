import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.scope import Scope

KEYS = st.lists(st.sampled_from([f"k{number}" for number in range(30)]), min_size=1)


@given(markets=KEYS, bookmakers=KEYS, data=st.data())
def test_equal_requests_are_equal_scopes(markets: list[str], bookmakers: list[str], data: st.DataObject) -> None:
    scope = Scope.of(markets, bookmakers=bookmakers)
    shuffled = Scope.of(data.draw(st.permutations(markets)) + markets, bookmakers=tuple(reversed(bookmakers)))
    assert scope == shuffled
    assert hash(scope) == hash(shuffled)


@given(bookmakers=KEYS)
def test_bookmakers_win_over_regions_and_count_as_one_region_by_tens(bookmakers: list[str]) -> None:
    scope = Scope.of(["h2h"], bookmakers=bookmakers, regions=["us", "eu"])
    assert scope.regions == ()
    assert scope.region_count == (len(set(bookmakers)) + 9) // 10


@given(regions=KEYS)
def test_each_region_counts(regions: list[str]) -> None:
    assert Scope.of(["h2h"], regions=regions).region_count == len(set(regions))


def test_lay_markets_are_asked_with_their_own() -> None:
    scope = Scope.of(["h2h", "totals"], regions=["uk"])
    assert scope.asks_market("h2h")
    assert scope.asks_market("h2h_lay")
    assert not scope.asks_market("outrights_lay")
    assert not scope.asks_market("spreads")


def test_a_scope_needs_a_market() -> None:
    with pytest.raises(ValueError, match="at least one market"):
        Scope.of([], regions=["us"])


def test_a_scope_needs_bookmakers_or_regions() -> None:
    with pytest.raises(ValueError, match="bookmakers or regions"):
        Scope.of(["h2h"])
