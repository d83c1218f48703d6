from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.feed.values import EventOdds, FeedBookmaker, FeedEvent, FeedQuote
from core.quality import MOMENTARY, IssueKey, IssueType
from core.quotes import Head, RegionMemory, listing_digest
from core.scope import Scope
from core.tiers import Tier
from storage.event_updates import listed
from storage.folding import fold, is_unchanged
from storage.known import Heads, KnownEvent, NewestSnapshot
from storage.snapshots import Origin, ValidationPolicy

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
TIP_OFF = datetime(2026, 1, 10, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
EVENT = FeedEvent("e1", "basketball_nba", "NBA", TIP_OFF, "Lakers", "Celtics")
US = Scope.of(["h2h"], regions=["us"])
LAKERS = FeedQuote("fanduel", "h2h", "Lakers", None, -110, None, NOON)
CELTICS = LAKERS._replace(outcome_name="Celtics")
OFF, MARK, REJECT = ValidationPolicy.OFF, ValidationPolicy.MARK, ValidationPolicy.REJECT


def odds_of(*quotes: FeedQuote, keys: tuple[str, ...] = (), **changes: Any) -> EventOdds:
    bookmakers = dict.fromkeys((*(quote.bookmaker_key for quote in quotes), *keys))
    return EventOdds(
        EVENT._replace(**changes), tuple(FeedBookmaker(key, key.title()) for key in bookmakers), quotes, "{}"
    )


def test_a_new_event_adds_all_its_quotes_and_teaches_its_regions() -> None:
    memory = RegionMemory()
    folded = fold(odds_of(LAKERS, CELTICS), Origin(NOON, US), heads=Heads(), memory=memory)
    assert [change.price for change in folded.snapshot.changes] == [-110, -110]
    assert folded.snapshot.brought == (("us", "fanduel"),)
    assert folded.snapshot.tier is Tier.PREGAME
    assert memory.covers(US, "fanduel")


def test_an_event_in_play_adds_teaches_and_reports_nothing() -> None:
    memory = RegionMemory()
    broken = LAKERS._replace(price=3)
    folded = fold(odds_of(broken, commence_time=NOON), Origin(NOON, US), heads=Heads(), memory=memory)
    assert (folded.snapshot.tier, folded.snapshot.changes, folded.snapshot.brought) == (Tier.IN_PLAY, (), ())
    assert folded.checked.issues == ()
    assert not memory.covers(US, "fanduel")


@pytest.mark.parametrize(
    ("policy", "issues", "stored"),
    [
        pytest.param(
            OFF, set(), [("Celtics", -110, None), ("Lakers", 3, None)], id="off: neither looked at nor left out"
        ),
        pytest.param(
            MARK,
            {IssueType.PRICE_OUT_OF_RANGE},
            [("Celtics", -110, None), ("Lakers", 3, "price +3 is outside")],
            id="mark: stored and noted",
        ),
        pytest.param(REJECT, {IssueType.PRICE_OUT_OF_RANGE}, [("Celtics", -110, None)], id="reject: left out"),
    ],
)
def test_an_invalid_quote_is_treated_by_the_policy(
    policy: ValidationPolicy, issues: set[IssueType], stored: list[tuple[str, int, str | None]]
) -> None:
    folded = fold(
        odds_of(LAKERS._replace(price=3), CELTICS),
        Origin(NOON, US, validation=policy),
        heads=Heads(),
        memory=RegionMemory(),
    )
    assert {issue.issue_type for issue in folded.checked.issues} == issues
    for change, (name, price, note) in zip(folded.snapshot.changes, stored, strict=True):
        assert (change.key.outcome_name, change.price) == (name, price)
        assert (change.note is None) == (note is None)
        assert (note or "") in (change.note or "")


def test_a_snapshot_that_is_not_to_be_folded_is_checked_all_the_same() -> None:
    folded = fold(odds_of(LAKERS._replace(price=3)), Origin(NOON, US), heads=None, memory=RegionMemory())
    assert folded.snapshot.changes == ()
    assert IssueType.PRICE_OUT_OF_RANGE in {issue.issue_type for issue in folded.checked.issues}


def test_a_listing_known_to_be_unchanged_adds_and_reports_nothing() -> None:
    odds = odds_of(LAKERS._replace(price=3))
    folded = fold(odds, Origin(NOON, US), heads=None, memory=RegionMemory(), unchanged=True)
    assert (folded.snapshot.changes, folded.checked.issues) == ((), ())


SCOPES = [US, Scope.of(["h2h"], regions=["eu"]), Scope.of(["h2h"], bookmakers=["fanduel"])]
INVALID = LAKERS._replace(price=3)
LISTINGS = [(), (LAKERS,), (LAKERS, CELTICS), (CELTICS,), (INVALID, CELTICS), (LAKERS._replace(price=105),)]


class Look(NamedTuple):
    """One look at the event."""

    scope_id: int
    quotes: tuple[FeedQuote, ...]
    keys: tuple[str, ...]
    policy: ValidationPolicy
    in_play: bool
    refreshed: int


LOOKS = st.builds(
    Look,
    st.sampled_from(range(3)),
    st.sampled_from(LISTINGS),
    st.sampled_from([(), ("fanduel",), ("betmgm",)]),
    st.sampled_from(ValidationPolicy),
    st.booleans(),
    st.integers(0, 3),
)


@given(st.lists(st.tuples(LOOKS, st.integers(1, 2)), max_size=8))
def test_a_listing_taken_for_unchanged_changes_nothing_and_has_no_issue_of_its_own(
    looks: list[tuple[Look, int]],
) -> None:
    heads, memory, newest, at = Heads(), RegionMemory(), None, NOON
    lasting: set[IssueKey] = set()
    row = listed(None, EVENT, NOON, in_events_list=False)
    for look in [look for look, times in looks for _ in range(times)]:
        at += MINUTE
        quotes = tuple(quote._replace(last_update=NOON + look.refreshed * MINUTE) for quote in look.quotes)
        odds = odds_of(*quotes, keys=look.keys, commence_time=at if look.in_play else TIP_OFF)
        origin = Origin(at, SCOPES[look.scope_id], validation=look.policy)
        known = KnownEvent(row, newest, has_this_snapshot=False, memory=memory)
        taken_for_unchanged = is_unchanged(odds, listing_digest(odds), origin, known, look.scope_id)
        snapshot, checked = fold(odds, origin, heads=heads, memory=memory)
        before, lasting = lasting, {issue.key for issue in checked.issues if issue.issue_type not in MOMENTARY}
        if taken_for_unchanged:
            assert (list(snapshot.changes), list(snapshot.brought)) == ([], [])
            assert look.in_play or lasting == before
        for change in snapshot.changes:
            heads.heads[change.key] = Head(change.price, change.point, change.last_update, at)
        newest = NewestSnapshot(
            at, look.scope_id, look.policy.value, look.in_play, odds.newest_last_update, listing_digest(odds)
        )


def test_the_usual_unchanged_listing_is_taken_for_unchanged() -> None:
    row = listed(None, EVENT, NOON, in_events_list=False)
    odds = odds_of(LAKERS, CELTICS)
    newest = NewestSnapshot(NOON, 1, MARK.value, False, NOON, listing_digest(odds))
    known = KnownEvent(row, newest, has_this_snapshot=False, memory=RegionMemory({"us": ["fanduel"]}))
    refreshed = odds_of(*(quote._replace(last_update=NOON + MINUTE) for quote in odds.quotes))
    assert is_unchanged(refreshed, listing_digest(refreshed), Origin(NOON + MINUTE, US), known, 1)


@pytest.mark.parametrize(
    ("newest", "policy", "scope_id"),
    [
        pytest.param({}, REJECT, 1, id="what is rejected depends on the clock"),
        pytest.param({"validation": "off"}, MARK, 1, id="it was not checked before"),
        pytest.param({"in_play": True}, MARK, 1, id="it was in play and added nothing"),
        pytest.param({}, MARK, 2, id="something else was asked for"),
        pytest.param({}, MARK, None, id="nothing like it was ever asked for"),
        pytest.param({"listing_digest": "00"}, MARK, 1, id="something else was listed"),
        pytest.param({"newest_last_update": NOON + MINUTE}, MARK, 1, id="the feed's time runs backwards"),
        pytest.param({"newest_last_update": None}, MARK, 1, id="the feed told no time before"),
    ],
)
def test_nothing_is_taken_for_granted_where(
    newest: dict[str, Any], policy: ValidationPolicy, scope_id: int | None
) -> None:
    row = listed(None, EVENT, NOON, in_events_list=False)
    odds = odds_of(LAKERS)
    before = NewestSnapshot(NOON, 1, MARK.value, False, NOON, listing_digest(odds))._replace(**newest)
    known = KnownEvent(row, before, has_this_snapshot=False, memory=RegionMemory())
    origin = Origin(NOON + MINUTE, US, validation=policy)
    assert not is_unchanged(odds, listing_digest(odds), origin, known, scope_id)


def test_an_event_never_seen_is_no_unchanged_one() -> None:
    odds = odds_of(LAKERS)
    assert not is_unchanged(odds, listing_digest(odds), Origin(NOON, US), None, 1)
