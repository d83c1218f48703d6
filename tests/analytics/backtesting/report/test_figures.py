"""The charts show the result's own figures, and nothing where there is too little to show."""

from datetime import timedelta

import pytest

from analytics.backtesting.report.figures import (
    clv_figure,
    equity_figure,
    monthly_figure,
    reliability_figure,
)
from tests.analytics.results import draw_bets, make_bet, make_result

pytest.importorskip("plotly", reason="figures need the extra research")

BETS = draw_bets(400)
RESULT = make_result(BETS)


def test_the_equity_chart_holds_every_day_with_its_drawdown_below_zero() -> None:
    bankroll, drawdown = equity_figure(RESULT).data
    assert list(bankroll.x) == [day.day for day in RESULT.equity]
    assert list(bankroll.y) == [round(day.bankroll, 2) for day in RESULT.equity]
    assert max(drawdown.y) <= 0
    assert min(drawdown.y) == pytest.approx(-max(day.drawdown for day in RESULT.equity), abs=1e-6)


def test_small_shares_are_told_apart_on_their_axes_and_few_bets_are_whole_ones() -> None:
    assert equity_figure(RESULT).layout.yaxis2.tickformat == ".2~%"
    few, many = (clv_figure(BETS[:count]) for count in (3, 400))
    assert (few.layout.yaxis.dtick, many.layout.yaxis.dtick) == (1, None)


def test_the_closing_line_values_are_all_counted_and_no_bar_spans_zero() -> None:
    figure = clv_figure((*BETS, make_bet(500, clv=None), make_bet(501, clv=4.0)))
    [bars] = figure.data
    assert sum(bars.y) == len(BETS) + 1
    assert all((middle - bars.width / 2) * (middle + bars.width / 2) > 0 for middle in bars.x)
    good = [count for count, colour in zip(bars.y, bars.marker.color, strict=True) if "good" in colour]
    assert sum(good) == sum(bet.clv > 0 for bet in BETS if bet.clv is not None) + 1


def test_the_months_add_up_to_the_profit() -> None:
    [bars] = monthly_figure(RESULT).data
    assert list(bars.x) == ["Sep 2025", "Oct 2025", "Nov 2025", "Dec 2025", "Jan 2026", "Feb 2026"]
    assert sum(bars.y) == pytest.approx(RESULT.metrics.profit, abs=0.05)


def test_reliability_compares_what_was_said_with_what_was_won() -> None:
    diagonal, strategy, close = reliability_figure(BETS).data
    assert (strategy.name, close.name) == ("the strategy", "the fair close")
    assert sum(strategy.customdata) == len(BETS)
    assert list(diagonal.x) == list(diagonal.y) == [0, 1]
    won = sum(count * share for count, share in zip(strategy.customdata, strategy.y, strict=True))
    assert won == pytest.approx(RESULT.metrics.wins, abs=0.1)


def test_pushes_and_halves_are_left_out_of_reliability() -> None:
    halves = [make_bet(number, grade=grade) for number, grade in enumerate(("push", "half_win", "void", None) * 9)]
    assert reliability_figure(halves) is None


def test_without_probabilities_or_closes_there_is_no_chart() -> None:
    bets = [make_bet(number, probability=None, closing_probability=None, clv=None) for number in range(50)]
    assert reliability_figure(bets) is None
    assert clv_figure(bets) is None


def test_one_value_is_enough_for_a_bar() -> None:
    assert sum(clv_figure([make_bet(clv=0.0, settled_at=None, quote_age=timedelta(0))]).data[0].y) == 1
