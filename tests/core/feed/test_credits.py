from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.feed.credits import event_odds_cost, odds_cost, read_credits, scores_cost
from core.scope import Scope

NAMES = st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=25)


@pytest.mark.parametrize(
    ("bookmakers", "regions", "expected"),
    [
        pytest.param(0, ["us"], 3, id="one region"),
        pytest.param(0, ["us", "eu"], 6, id="two regions"),
        pytest.param(1, [], 3, id="one bookmaker is one region"),
        pytest.param(10, [], 3, id="ten bookmakers are one region"),
        pytest.param(11, [], 6, id="eleven are two"),
        pytest.param(10, ["us", "eu"], 3, id="bookmakers win over regions"),
    ],
)
def test_odds_cost_markets_times_regions(bookmakers: int, regions: list[str], expected: int) -> None:
    scope = Scope.of(
        ["h2h", "spreads", "totals"], bookmakers=[f"b{n}" for n in range(bookmakers)], regions=regions
    )
    assert odds_cost(scope) == expected


@given(markets=NAMES, regions=NAMES)
def test_the_odds_of_one_event_cost_what_came_and_never_more_than_was_asked(
    markets: list[str], regions: list[str]
) -> None:
    scope = Scope.of(markets, regions=regions)
    assert event_odds_cost(scope) == odds_cost(scope) == len(set(markets)) * len(set(regions))
    assert event_odds_cost(scope, returned_markets=1) == len(set(regions))
    assert event_odds_cost(scope, returned_markets=0) == 0


def test_scores_cost_one_credit_and_two_with_completed_games() -> None:
    assert scores_cost() == 1
    assert [scores_cost(days) for days in (1, 2, 3)] == [2, 2, 2]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param(
            {"x-requests-remaining": "480", "x-requests-used": "20", "x-requests-last": "3"},
            (480, 20, 3),
            id="all",
        ),
        pytest.param({"X-Requests-Remaining": "0"}, (0, None, None), id="any case, some absent"),
        pytest.param({"x-requests-last": "many"}, (None, None, None), id="no number"),
        pytest.param({}, (None, None, None), id="none"),
    ],
)
def test_credits_are_read_from_the_headers(headers: dict[str, str], expected: tuple[int | None, ...]) -> None:
    assert read_credits(headers) == expected


def test_a_real_ledger_was_charged_in_multiples_of_what_a_scope_costs(shared_data: Path) -> None:
    scope = Scope.of(["h2h", "spreads", "totals"], regions=["us"])
    with (shared_data / "quota" / "kevbowl_backfill_receipts.jsonl").open("rb") as lines:
        receipts = [orjson.loads(line) for line in lines]
    assert {receipt["creditsObserved"] for receipt in receipts} == {3 * 10 * odds_cost(scope) + 1}
