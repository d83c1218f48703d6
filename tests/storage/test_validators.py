import lzma
import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.feed.payloads import parse_odds
from core.feed.values import EventOdds, FeedBookmaker, FeedEvent, FeedQuote, Malformed
from core.quality import Checked, IssueType, Severity
from core.quotes import Head, SelectionKey, selection_key
from core.scope import Scope
from storage.validators import check_event, issues_of_malformed, issues_of_refused

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
TEAMS = LAKERS, CELTICS = ("Los Angeles Lakers", "Boston Celtics")
EVENT = FeedEvent("e1", "basketball_nba", "NBA", NOON + timedelta(hours=8), LAKERS, CELTICS)
SCOPE = Scope.of(["h2h", "spreads", "totals"], bookmakers=["betmgm", "fanduel", "pinnacle"])
RECORDING = (
    Path(os.environ.get("LINEKEEPER_SHARED_DATA", Path(__file__).parents[2].parent / "shared/data"))
    / "recordings/nfl-2025-week12.jsonl.xz"
)

Quotes = list[FeedQuote]


def checked(quotes: Quotes, heads: dict[SelectionKey, Head] | None = None) -> Checked:
    keys = dict.fromkeys(quote.bookmaker_key for quote in quotes)
    odds = EventOdds(EVENT, tuple(FeedBookmaker(key, key) for key in keys), tuple(quotes), "{}")
    return check_event(odds, snapshot_time=NOON, scope=SCOPE, heads=heads or {})


def american(probability: float) -> int:
    favoured = probability >= 0.5
    return round(-100 * probability / (1 - probability) if favoured else 100 * (1 - probability) / probability)


@st.composite
def clean_market(draw: st.DrawFn, bookmaker_key: str, market_key: str) -> Quotes:
    """Two sides of a market as a bookmaker prices it, with a vig of 4 to 12 %, in either order."""
    vig = draw(st.floats(0.04, 0.12))
    fair = draw(st.floats(0.1, 0.9))
    first, second = american(min(fair * (1 + vig), 0.98)), american(min((1 - fair) * (1 + vig), 0.98))
    point = draw(st.integers(-60, 60)) / 2
    points = {"h2h": (None, None), "spreads": (point, -point), "totals": (200 + point, 200 + point)}[market_key]
    names = ("Over", "Under") if market_key == "totals" else TEAMS
    updated = NOON - timedelta(seconds=draw(st.integers(-60, 900)))
    sides = [
        FeedQuote(bookmaker_key, market_key, name, None, price, at, updated)
        for name, price, at in zip(names, (first, second), points, strict=True)
    ]
    return draw(st.permutations(sides))


@given(data=st.data())
def test_a_clean_event_has_no_issues(data: st.DataObject) -> None:
    quotes = [
        quote
        for bookmaker_key in SCOPE.bookmakers
        for market_key in SCOPE.markets
        for quote in data.draw(clean_market(bookmaker_key, market_key))
    ]
    heads = {selection_key(quote): Head(quote.price, quote.point, quote.last_update, NOON) for quote in quotes}
    assert checked(quotes, heads) == ((), {})


ANY_QUOTE = st.builds(
    FeedQuote,
    st.sampled_from(["fanduel", "betmgm"]),
    st.sampled_from(["h2h", "h2h_lay", "spreads", "totals", "alternate_totals", "player_points", "outrights"]),
    st.sampled_from([*TEAMS, "Draw", "Over", "Under", "Yes"]),
    st.sampled_from([None, "Ann Bee"]),
    st.sampled_from([-20_000, -140, -110, -50, 0, 110, 130]),
    st.sampled_from([None, 0.0, 3.5, -3.5, 20.0]),
    st.sampled_from([None, NOON, NOON - timedelta(minutes=2), NOON + timedelta(minutes=2)]),
)
ANY_QUOTES = st.lists(ANY_QUOTE, max_size=8, unique_by=selection_key)
ANY_HEADS = st.dictionaries(
    ANY_QUOTE.map(selection_key),
    st.builds(Head, st.just(-110), st.sampled_from([None, 3.5]), st.sampled_from([None, NOON]), st.just(NOON)),
)


@given(quotes=ANY_QUOTES, heads=ANY_HEADS, data=st.data())
def test_the_order_of_the_quotes_changes_nothing(
    quotes: Quotes, heads: dict[SelectionKey, Head], data: st.DataObject
) -> None:
    def verdicts(given_quotes: Quotes) -> tuple[object, object]:
        issues, notes = checked(given_quotes, heads)
        return Counter(issues), Counter((given_quotes[index], note) for index, note in notes.items())

    assert verdicts(quotes) == verdicts(data.draw(st.permutations(quotes)))


@given(quotes=ANY_QUOTES, heads=ANY_HEADS)
def test_the_same_event_is_judged_the_same_again(quotes: Quotes, heads: dict[SelectionKey, Head]) -> None:
    assert checked(quotes, heads) == checked(quotes, heads)


@given(quotes=ANY_QUOTES, heads=ANY_HEADS)
def test_quotes_are_invalid_exactly_where_an_error_is_found(
    quotes: Quotes, heads: dict[SelectionKey, Head]
) -> None:
    issues, notes = checked(quotes, heads)
    errors = {issue.description for issue in issues if issue.severity is Severity.ERROR}
    assert {reason for note in notes.values() for reason in note.split("; ")} == errors


def test_a_quote_with_warnings_stays_valid() -> None:
    issues, notes = checked([FeedQuote("fanduel", "h2h", LAKERS, None, -110, 3.5, NOON)])
    assert IssueType.POINT_UNEXPECTED in {issue.issue_type for issue in issues}
    assert notes == {}


def test_a_note_joins_all_reasons() -> None:
    quote = FeedQuote("fanduel", "totals", "Over", None, 50, None, NOON)
    note = checked([quote]).notes[0]
    assert note == (
        "fanduel totals Over: price +50 is outside -10000 to -100 and +100 to +10000; "
        "fanduel totals Over: has no point, which this market needs"
    )


def test_a_part_that_could_not_be_read_keeps_its_path_and_fragment() -> None:
    part = Malformed("$[3].bookmakers[0].key", "missing", '{"title":"FanDuel"}', "e1")
    elsewhere = part._replace(path="$[7].bookmakers[2].key")
    first, second = issues_of_malformed([part, elsewhere])
    assert first.description == "$[3].bookmakers[0].key could not be read: missing"
    assert (first.raw_fragment, first.event_id, first.severity) == (part.fragment, "e1", Severity.ERROR)
    assert first.key == second.key


def test_keys_that_the_feed_refuses_are_named() -> None:
    issues = issues_of_refused(bookmakers=["circasports"], markets=["h2h_q9"])
    assert [(issue.issue_type, issue.description) for issue in issues] == [
        (
            IssueType.BOOKMAKER_REFUSED,
            "the feed does not offer bookmaker circasports; the request was made without it",
        ),
        (IssueType.MARKET_REFUSED, "the feed does not offer market h2h_q9; the request was made without it"),
    ]


def recorded(count: int) -> Iterator[tuple[datetime, tuple[EventOdds, ...]]]:
    with lzma.open(RECORDING, "rt") as lines:
        for line in islice(lines, count):
            answer = orjson.loads(line)
            yield datetime.fromisoformat(answer["commit_time"]), parse_odds(orjson.dumps(answer["body"])).events


@pytest.mark.skipif(not RECORDING.exists(), reason=f"no recording at {RECORDING}")
def test_real_answers_have_no_invalid_quote_before_the_start() -> None:
    scope = Scope.of(["h2h", "spreads", "totals"], regions=["us"])
    types: Counter[IssueType] = Counter()
    for at, events in recorded(60):
        for odds in events:
            if odds.event.commence_time > at:
                issues, notes = check_event(odds, snapshot_time=at, scope=scope, heads={})
                types.update(issue.issue_type for issue in issues)
                assert notes == {}
    assert types.keys() == {IssueType.MARKET_MISSING}
