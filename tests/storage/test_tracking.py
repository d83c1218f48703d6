from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.quality import Issue, IssueKey, IssueType, Severity
from core.quotes import RegionMemory
from core.scope import Scope
from storage.tracking import track

SCOPE = Scope.of(["h2h", "spreads"], bookmakers=["fanduel", "betmgm"])
ISSUE = Issue(IssueType.VIG_OUT_OF_RANGE, Severity.WARNING, "e1", "fanduel", "h2h", None, None, "the vig is 1.0%")
ABSENT = Issue(IssueType.BOOKMAKER_MISSING, Severity.INFO, "e1", "fanduel", None, None, None, "not listed")


def test_an_issue_opens_once() -> None:
    opened, closed = track(
        [], [ISSUE, ISSUE._replace(description="the vig is 1.1%")], ["e1"], scope=SCOPE, memories={}
    )
    assert (opened, closed) == ([ISSUE], [])
    again = track([ISSUE.key], [ISSUE], ["e1"], scope=SCOPE, memories={})
    assert again == ([], [])


@pytest.mark.parametrize(
    ("issue", "scope", "closes"),
    [
        pytest.param(ISSUE, SCOPE, True, id="its event was looked at and shows it no more"),
        pytest.param(ISSUE._replace(event_id="e2"), SCOPE, False, id="its event is not in the answer"),
        pytest.param(ISSUE._replace(event_id=None), SCOPE, True, id="it is about the answer as a whole"),
        pytest.param(
            ISSUE, Scope.of(["totals"], bookmakers=["fanduel"]), False, id="its market was not asked for"
        ),
        pytest.param(ISSUE, Scope.of(["h2h"], bookmakers=["bovada"]), False, id="its bookmaker was not asked for"),
        pytest.param(
            ISSUE._replace(market_key="h2h_lay"), SCOPE, True, id="lay markets come with the market asked for"
        ),
        pytest.param(ISSUE, Scope.of(["h2h"], regions=["us"]), True, id="its bookmaker was seen in the region"),
        pytest.param(ISSUE, Scope.of(["h2h"], regions=["eu"]), False, id="its bookmaker is of another region"),
        pytest.param(ABSENT, SCOPE, True, id="the absent bookmaker is there"),
        pytest.param(
            ABSENT, Scope.of(["h2h"], regions=["us"]), False, id="a request by region expects no bookmaker"
        ),
    ],
)
def test_an_open_issue_closes_where_the_answer_would_have_shown_it(
    issue: Issue, scope: Scope, closes: bool
) -> None:
    memories = {"e1": RegionMemory({"us": ["fanduel"]})}
    tracked = track([issue.key], [], ["e1"], scope=scope, memories=memories)
    assert tracked == ([], [issue.key] * closes)


EVENTS = ("e1", "e2")
ISSUES = st.builds(
    Issue,
    st.sampled_from([IssueType.VIG_OUT_OF_RANGE, IssueType.SIDE_MISSING]),
    st.just(Severity.WARNING),
    st.sampled_from(EVENTS),
    st.sampled_from(["fanduel", "betmgm"]),
    st.sampled_from(["h2h", "spreads"]),
    st.none(),
    st.none(),
    st.text(max_size=3),
)
SCOPES = st.sampled_from([SCOPE, Scope.of(["h2h"], bookmakers=["fanduel"])])
LOOKS = st.lists(st.tuples(st.lists(ISSUES), st.sets(st.sampled_from(EVENTS)), SCOPES), max_size=8)


@given(looks=LOOKS)
def test_each_issue_opens_and_closes_in_turn(looks: list[tuple[list[Issue], Collection[str], Scope]]) -> None:
    still_open: set[IssueKey] = set()
    for found, covered, scope in looks:
        shown = [issue for issue in found if issue.event_id in covered]
        opened, closed = track(still_open, shown, covered, scope=scope, memories={})
        keys = [issue.key for issue in opened]
        assert len(set(keys)) == len(keys)
        assert still_open.isdisjoint(keys)
        assert still_open.issuperset(closed)
        assert all(key.event_id in covered for key in closed)
        still_open = (still_open | set(keys)) - set(closed)
        assert still_open.issuperset(issue.key for issue in shown)
