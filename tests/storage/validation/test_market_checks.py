from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from core.feed.values import FeedQuote
from core.quality import Severity
from core.quotes import Head, selection_key
from storage.validation import market_checks
from storage.validation.listing import Listing

Quote = Callable[..., FeedQuote]
List = Callable[..., Listing]
Offer = tuple[str, int, float | None]
LAKERS, CELTICS = "Los Angeles Lakers", "Boston Celtics"


def test_a_market_without_last_update_is_one_issue_about_all_its_quotes(quote: Quote, listing: List) -> None:
    given = [quote(last_update=None), quote(outcome_name=CELTICS, last_update=None), quote(bookmaker_key="betmgm")]
    ((issue, quotes),) = market_checks.last_update_missing(listing(*given))
    assert (issue.severity, issue.outcome_name, quotes) == (Severity.ERROR, None, given[:2])
    assert issue.description == "fanduel h2h: has no last_update, neither the market nor its bookmaker"


@pytest.mark.parametrize(
    ("seconds", "wrong"),
    [
        pytest.param(-900, False, id="fifteen minutes old is usual"),
        pytest.param(60, False, id="a minute ahead may be the clocks"),
        pytest.param(61, True, id="more than a minute ahead is the future"),
    ],
)
def test_a_market_is_refreshed_before_the_snapshot(
    seconds: int, wrong: bool, quote: Quote, listing: List, noon: datetime
) -> None:
    dated = quote(last_update=noon + timedelta(seconds=seconds))
    found = list(market_checks.future_timestamp(listing(dated, quote(outcome_name=CELTICS))))
    assert [(issue.severity, quotes) for issue, quotes in found] == [(Severity.ERROR, [dated])] * wrong


def test_a_future_timestamp_says_how_far_ahead_it_is(quote: Quote, listing: List, noon: datetime) -> None:
    ((issue, _),) = market_checks.future_timestamp(listing(quote(last_update=noon + timedelta(minutes=5))))
    assert issue.description == "fanduel h2h: last_update 2026-01-10 12:05:00Z is 300 s after the snapshot"


@pytest.mark.parametrize(
    ("seconds", "wrong"),
    [
        pytest.param(30, False, id="later than the stored quote is how time goes"),
        pytest.param(0, False, id="the same instant may come again"),
        pytest.param(-5, False, id="a few seconds back is the feed's rounding"),
        pytest.param(-6, True, id="more than that is backwards"),
    ],
)
def test_time_goes_forward_from_the_stored_quote(
    seconds: int, wrong: bool, quote: Quote, listing: List, noon: datetime
) -> None:
    given = [quote(last_update=noon + timedelta(seconds=seconds)), quote(outcome_name=CELTICS)]
    heads = {selection_key(one): Head(-110, None, noon, noon) for one in given}
    found = list(market_checks.time_went_backwards(listing(*given, heads=heads)))
    assert [(issue.severity, issue.outcome_name) for issue, _ in found] == [(Severity.WARNING, None)] * wrong


def test_the_longest_step_back_of_a_market_is_told(quote: Quote, listing: List, noon: datetime) -> None:
    given = [quote(), quote(outcome_name=CELTICS)]
    heads = {
        selection_key(one): Head(-110, None, noon + timedelta(seconds=step), noon)
        for one, step in zip(given, (40, 70), strict=True)
    }
    ((issue, _),) = market_checks.time_went_backwards(listing(*given, heads=heads))
    assert issue.description == (
        "fanduel h2h: last_update 2026-01-10 12:00:00Z is 70 s before the 2026-01-10 12:01:10Z stored earlier"
    )


@pytest.mark.parametrize(
    ("market_key", "offers", "wrong"),
    [
        pytest.param("h2h", [(LAKERS, -110, None), (CELTICS, -110, None)], 0, id="4.8 % is usual"),
        pytest.param("h2h", [(LAKERS, -102, None), (CELTICS, -102, None)], 1, id="1 % is too little"),
        pytest.param("h2h", [(LAKERS, 110, None), (CELTICS, 110, None)], 1, id="less than nothing is too little"),
        pytest.param("h2h", [(LAKERS, -140, None), (CELTICS, -140, None)], 1, id="16.7 % is too much"),
        pytest.param("h2h", [(LAKERS, -140, None)], 0, id="one side tells nothing"),
        pytest.param("spreads", [(LAKERS, 110, -3.5), (CELTICS, 110, 3.5)], 1, id="a spread has opposite points"),
        pytest.param("spreads", [(LAKERS, 110, -3.5), (CELTICS, 110, 4.5)], 0, id="others are two lines"),
        pytest.param("spreads", [(LAKERS, 110, 0), (CELTICS, 110, 0)], 1, id="a spread of zero is one"),
        pytest.param("totals", [("Over", 110, 220.5), ("Under", 110, 220.5)], 1, id="a total has one point"),
        pytest.param("totals", [("Over", 110, 220.5), ("Under", 110, 221)], 0, id="two totals are two lines"),
        pytest.param("h2h_lay", [(LAKERS, 110, None), (CELTICS, 110, None)], 0, id="lay prices add up to less"),
        pytest.param("outrights", [("Yes", 110, None), ("No", 110, None)], 0, id="a field is never complete"),
        pytest.param("h2h", [(LAKERS, 50, None), (CELTICS, 110, None)], 0, id="an impossible price tells nothing"),
        pytest.param(
            "alternate_totals",
            [("Over", 110, 210), ("Under", 110, 210), ("Over", 110, 230), ("Under", 110, 230)],
            2,
            id="each line of many is judged",
        ),
    ],
)
def test_a_complete_line_leaves_the_bookmaker_two_to_fifteen_percent(
    market_key: str, offers: list[Offer], wrong: int, quote: Quote, listing: List
) -> None:
    given = [
        quote(market_key=market_key, outcome_name=name, price=price, point=point) for name, price, point in offers
    ]
    found = list(market_checks.vig_out_of_range(listing(*given)))
    assert [issue.severity for issue, _ in found] == [Severity.WARNING] * wrong


@pytest.mark.parametrize(
    ("sport_key", "prices", "wrong"),
    [
        pytest.param("soccer_epl", (-140, 120), False, id="soccer without the draw is incomplete"),
        pytest.param("soccer_epl", (150, 240, 190), False, id="soccer with the draw adds up to 103.9 %"),
        pytest.param("soccer_epl", (-150, 240, 190), True, id="or to too much"),
        pytest.param("boxing_boxing", (-150, 240, 190), True, id="a draw counts in any sport that lists it"),
    ],
)
def test_a_draw_belongs_to_the_line(
    sport_key: str, prices: tuple[int, ...], wrong: bool, quote: Quote, listing: List
) -> None:
    names = (LAKERS, CELTICS, "Draw")
    given = [quote(outcome_name=name, price=price) for name, price in zip(names, prices, strict=False)]
    assert bool(list(market_checks.vig_out_of_range(listing(*given, sport_key=sport_key)))) is wrong


def test_props_are_judged_by_player_and_line(quote: Quote, listing: List) -> None:
    given = [
        quote(market_key="player_points", outcome_name=name, description=player, point=point, price=price)
        for player, point, price in [("Ann Bee", 9.5, -110), ("Cy Dee", 9.5, 130), ("Cy Dee", 11.5, -105)]
        for name in ("Over", "Under")
    ]
    ((issue, _),) = market_checks.vig_out_of_range(listing(*given))
    assert issue.outcome_description == "Cy Dee"
    assert issue.description == (
        "fanduel player_points: the vig is -13.0%, outside 2% to 15% (Over +130, Under +130)"
    )


@pytest.mark.parametrize(
    ("market_key", "offers", "missing"),
    [
        pytest.param("totals", [("Over", 220.5), ("Under", 220.5)], [], id="both sides are there"),
        pytest.param("totals", [("Over", 220.5)], ["Under"], id="only over"),
        pytest.param("h2h", [(CELTICS, None)], [LAKERS], id="only the away team"),
        pytest.param(
            "spreads", [(LAKERS, -3.5), (CELTICS, 4.5)], [CELTICS, LAKERS], id="sides of different lines"
        ),
        pytest.param("h2h_lay", [(CELTICS, None)], [], id="an exchange may have no one to lay"),
        pytest.param("alternate_totals", [("Over", 220.5)], [], id="an alternate line may have one side"),
        pytest.param("player_anytime_td", [("Yes", None)], [], id="so may a prop"),
    ],
)
def test_a_line_has_all_its_sides(
    market_key: str, offers: list[tuple[str, float | None]], missing: list[str], quote: Quote, listing: List
) -> None:
    given = [quote(market_key=market_key, outcome_name=name, point=point) for name, point in offers]
    found = [issue for issue, _ in market_checks.side_missing(listing(*given))]
    assert [(issue.outcome_name, issue.severity) for issue in found] == [
        (name, Severity.WARNING) for name in missing
    ]


def test_a_missing_side_is_told_with_what_is_listed(quote: Quote, listing: List) -> None:
    given = listing(quote(), quote(outcome_name=CELTICS), sport_key="soccer_epl")
    ((issue, _),) = market_checks.side_missing(given)
    assert issue.description == "fanduel h2h: lists Boston Celtics and Los Angeles Lakers without Draw"
