from collections.abc import Callable

from core.feed.values import FeedQuote
from core.quality import Severity
from core.scope import Scope
from storage.validation import coverage_checks
from storage.validation.listing import Listing

Quote = Callable[..., FeedQuote]
List = Callable[..., Listing]
TWO_BOOKMAKERS = Scope.of(["h2h"], bookmakers=["fanduel", "circasports", "pinnacle"])


def test_each_bookmaker_asked_for_and_absent_is_an_issue(quote: Quote, listing: List) -> None:
    found = [issue for issue, _ in coverage_checks.bookmaker_missing(listing(quote(), scope=TWO_BOOKMAKERS))]
    assert [(issue.bookmaker_key, issue.severity) for issue in found] == [
        ("circasports", Severity.INFO),
        ("pinnacle", Severity.INFO),
    ]


def test_a_request_by_region_expects_no_bookmaker(quote: Quote, listing: List) -> None:
    assert list(coverage_checks.bookmaker_missing(listing(quote()))) == []


def test_an_event_that_nobody_lists_is_one_issue(listing: List) -> None:
    given = listing(scope=TWO_BOOKMAKERS)
    ((issue, _),) = coverage_checks.event_without_bookmakers(given)
    assert (issue.event_id, issue.severity) == ("e1", Severity.INFO)
    assert list(coverage_checks.bookmaker_missing(given)) == []


def test_an_event_that_somebody_lists_is_none(quote: Quote, listing: List) -> None:
    assert list(coverage_checks.event_without_bookmakers(listing(quote()))) == []


def test_each_market_that_a_listed_bookmaker_lacks_is_an_issue(quote: Quote, listing: List) -> None:
    given = listing(quote(), quote(bookmaker_key="betmgm", market_key="totals"), bookmakers=("fanduel", "betmgm"))
    found = [issue for issue, _ in coverage_checks.market_missing(given)]
    assert [(issue.bookmaker_key, issue.market_key, issue.severity) for issue in found] == [
        ("fanduel", "spreads", Severity.WARNING),
        ("fanduel", "totals", Severity.WARNING),
        ("betmgm", "h2h", Severity.WARNING),
        ("betmgm", "spreads", Severity.WARNING),
    ]


def test_a_bookmaker_listed_without_any_market_lacks_all_of_them(listing: List) -> None:
    found = list(coverage_checks.market_missing(listing(bookmakers=("fanduel",))))
    assert len(found) == 3
