import pytest

from core.quality import Issue, IssueType, Severity

ISSUE = Issue(IssueType.VIG_OUT_OF_RANGE, Severity.WARNING, "e1", "fanduel", "h2h", None, None, "the vig is 1.0%")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"description": "the vig is 1.1%"}, id="the numbers may change"),
        pytest.param({"raw_fragment": "{}"}, id="the fragment may change"),
        pytest.param({"severity": Severity.ERROR}, id="the severity may change"),
    ],
)
def test_an_issue_stays_the_same_one(changes: dict[str, str]) -> None:
    assert ISSUE._replace(**changes).key == ISSUE.key  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "field",
    [
        "issue_type", "event_id", "bookmaker_key", "market_key", "outcome_name", "outcome_description", "path",
    ],
)  # fmt: skip
def test_elsewhere_it_is_another_issue(field: str) -> None:
    assert ISSUE._replace(**{field: "other"}).key != ISSUE.key  # type: ignore[arg-type]
