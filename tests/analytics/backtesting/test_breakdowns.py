"""Bets in groups: each bet once in each way of grouping, groups in an order that a reader expects."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from analytics.backtesting.breakdowns import MOST_DRAWS_FOR_RARE, break_down
from analytics.backtesting.result import Bet, Breakdown
from core.tiers import Tier
from tests.analytics.boards import season
from tests.analytics.results import make_bet

AUGUST = datetime(2025, 8, 31, 20, tzinfo=UTC)


def grouped(name: str, *changes: dict[str, Any]) -> tuple[Breakdown, ...]:
    bets = [make_bet(number, **change) for number, change in enumerate(changes)]
    return break_down(bets, season(resamples=200))[name]


@pytest.mark.parametrize(
    ("name", "changes", "groups"),
    [
        pytest.param("market", [{"market_key": "totals"}, {"market_key": "h2h"}], ["h2h", "totals"], id="market"),
        pytest.param("bookmaker", [{"bookmaker_key": "bovada"}], ["bovada"], id="bookmaker"),
        pytest.param("month", [{}, {}], ["2025-09"], id="month"),
        pytest.param(
            "month",
            [{"decided_at": AUGUST, "settled_at": AUGUST + timedelta(hours=9)}],
            ["2025-08"],
            id="the month of the decision",
        ),
        pytest.param(
            "tier",
            [{"tier": Tier.CLOSING}, {"tier": Tier.OPENING}],
            ["opening", "closing"],
            id="the farthest tier first",
        ),
        pytest.param(
            "odds",
            [{"decimal_odds": 11.0}, {"decimal_odds": 1.2}, {"decimal_odds": 2.0}],
            ["1.00 to 1.50", "2.00 to 3.00", "10.00 and more"],
            id="bands of odds, the shortest first",
        ),
        pytest.param(
            "edge",
            [{"edge": None}, {"edge": 0.3}, {"edge": -0.01}, {"edge": 0.02}],
            ["below 0%", "2% to 5%", "10% and more", "no estimate"],
            id="bands of edge, those without an estimate last",
        ),
    ],
)
def test_groups_are_in_order(name: str, changes: list[dict[str, Any]], groups: list[str]) -> None:
    assert [row.group for row in grouped(name, *changes)] == groups


def test_a_group_has_the_figures_of_its_bets() -> None:
    won: dict[str, Any] = {"stake": 100.0, "profit": 90.0, "clv": 0.02}
    lost: dict[str, Any] = {"stake": 100.0, "profit": -100.0, "grade": "loss", "clv": None}
    (row,) = grouped("market", *[won, lost] * 6)
    assert (row.bets, row.staked, row.profit, row.win_rate.value, row.mean_clv.value) == (12, 1200, -60, 0.5, 0.02)
    assert row.roi.value == -0.05
    assert row.roi.low is not None
    assert row.win_rate.low is not None
    assert row.win_rate.low < 0.5 < (row.win_rate.high or 0)
    assert row.mean_clv.low is None


def test_every_figure_of_a_group_has_its_interval() -> None:
    bets: list[dict[str, Any]] = [
        {"clv": 0.01 * (number % 4), "profit": 90.0 if number % 2 else -100.0} for number in range(40)
    ]
    (row,) = grouped("market", *bets)
    for figure in (row.roi, row.win_rate, row.mean_clv):
        assert figure.value is not None
        assert figure.low is not None
        assert figure.low < figure.value < (figure.high or 0)


@pytest.mark.parametrize("days", [1, 2, 4])
def test_few_days_of_bets_give_no_interval(days: int) -> None:
    ways: list[dict[str, Any]] = [{"profit": 90.0}, {"profit": -100.0, "grade": "loss"}]
    (row,) = grouped("market", *(ways[day % 2] for day in range(days)))
    assert (row.roi.low, row.roi.high) == (None, None)


def lucky_bookmakers(seed: int) -> list[Bet]:
    """Return bets at fair odds at twenty bookmakers."""
    won = np.random.default_rng(seed).random(400) < 0.5
    return [
        make_bet(
            number,
            bookmaker_key=f"book{number % 20}",
            decimal_odds=2.0,
            profit=100.0 if won[number] else -100.0,
        )
        for number in range(400)
    ]


def test_the_best_of_many_groups_without_an_edge_is_called_luck() -> None:
    looks = [break_down(lucky_bookmakers(seed), season(resamples=1000))["bookmaker"] for seed in range(20)]
    alone = sum(min(row.roi.p_value or 1 for row in rows) <= 0.05 for rows in looks)
    after_all = sum(min(row.adjusted_p_value or 1 for row in rows) <= 0.05 for rows in looks)
    assert alone >= 4
    assert after_all <= 2


def test_an_edge_of_one_group_is_found_among_many() -> None:
    bets = lucky_bookmakers(1)
    sharp = [make_bet(n, bookmaker_key="slow", decimal_odds=2.5, profit=150.0) for n in range(400, 420)]
    rows = {row.group: row for row in break_down([*bets, *sharp], season(resamples=5000))["bookmaker"]}
    assert (rows["slow"].adjusted_p_value or 1) < 0.05


def test_an_edge_everywhere_is_found_though_there_are_a_hundred_looks() -> None:
    won = np.random.default_rng(2).random(1500) < 0.75
    bets = [
        make_bet(number, bookmaker_key=f"book{number % 70}", decimal_odds=2.0, profit=100.0 if wins else -100.0)
        for number, wins in enumerate(won.tolist())
    ]
    found = break_down(bets, season(resamples=1000))
    assert sum(map(len, found.values())) > 100
    (whole,) = found["market"]
    assert (whole.adjusted_p_value or 1) < 0.05


def test_a_confidence_that_no_draws_could_reach_does_not_ask_for_as_many() -> None:
    bets = [make_bet(number, decimal_odds=3.0, profit=200.0) for number in range(15)]
    [group] = break_down(bets, season(resamples=10, confidence=0.999999))["market"]
    assert group.roi.p_value is not None
    assert 1 / (2 + MOST_DRAWS_FOR_RARE) <= group.roi.p_value < 1e-5


def test_groups_of_the_same_bets_are_one_look() -> None:
    found = break_down([make_bet(number) for number in range(6)], season(resamples=200))
    chances = {(row.roi.p_value, row.adjusted_p_value) for rows in found.values() for row in rows}
    assert len(chances) == 1
    ((alone, after_all),) = chances
    assert alone == after_all


@pytest.mark.parametrize(
    ("ending", "value"),
    [
        pytest.param({"profit": -100.0, "grade": "loss"}, -1, id="lost"),
        pytest.param({"profit": 50.0}, 0.5, id="won"),
    ],
)
def test_bets_that_all_ended_alike_have_no_interval(ending: dict[str, Any], value: float) -> None:
    (row,) = grouped("market", *[{**ending, "stake": 100.0}] * 8)
    assert (row.roi.value, row.roi.low, row.roi.high) == (value, None, None)


def test_bets_without_a_grade_are_in_no_group() -> None:
    assert grouped("market", {"grade": None, "profit": None}) == ()


def test_every_bet_is_in_one_group_of_each_kind() -> None:
    bets = [make_bet(number, edge=number / 100, decimal_odds=1 + number / 3 + 0.1) for number in range(20)]
    for rows in break_down(bets, season(resamples=0)).values():
        assert sum(row.bets for row in rows) == 20
