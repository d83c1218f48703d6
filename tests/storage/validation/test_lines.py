from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from core.feed.values import FeedEvent, FeedQuote
from storage.validation.lines import Line, is_regular, lines_of, sides_of
from storage.validation.rules import rules_of

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
LAKERS, CELTICS = "Los Angeles Lakers", "Boston Celtics"
EVENT = FeedEvent("e1", "basketball_nba", "NBA", NOON, LAKERS, CELTICS)
MARKETS = st.sampled_from(
    ["h2h", "spreads", "totals", "team_totals", "btts", "alternate_spreads", "player_points"]
)
NAMES = st.sampled_from([LAKERS, CELTICS, "Draw", "Over", "Under", "Yes", "No"])
POINTS = st.sampled_from([None, 0.0, 3.5, -3.5])


def offer(name: str, price: int = -110, point: float | None = None, description: str | None = None) -> FeedQuote:
    return FeedQuote("fanduel", "totals", name, description, price, point, NOON)


def test_sides_cannot_be_told_without_teams() -> None:
    assert sides_of(rules_of("h2h", "golf"), EVENT._replace(home_team=None, away_team=None)) == ()


def test_a_line_says_which_sides_are_not_quoted() -> None:
    rules = rules_of("totals", "basketball_nba")
    over, under, alone = offer("Over", point=220), offer("Under", point=220), offer("Under", point=221)
    assert lines_of([under, alone, over], rules, EVENT, ("Over", "Under")) == [
        Line([over, under], ()),
        Line([alone], ("Over",)),
    ]


def test_outcomes_of_no_side_and_without_point_are_in_no_line() -> None:
    rules = rules_of("totals", "basketball_nba")
    assert lines_of([offer("Odd", point=220), offer("Over")], rules, EVENT, ("Over", "Under")) == []


@given(
    market_key=MARKETS,
    quotes=st.lists(st.builds(offer, NAMES, point=POINTS, description=st.sampled_from([None, "a"])), max_size=3),
)
def test_a_regular_market_is_one_complete_line(market_key: str, quotes: list[FeedQuote]) -> None:
    rules = rules_of(market_key, "basketball_nba")
    sides = sides_of(rules, EVENT)
    if is_regular(quotes, rules, sides):
        (line,) = lines_of(quotes, rules, EVENT, sides)
        assert (sorted(line.quotes), line.missing) == (sorted(quotes), ())
        assert {quote.outcome_name for quote in quotes} == set(sides)
        assert all((quote.point is not None) is rules.needs_point for quote in quotes)
