"""How a backtest reads: the verdict before any figure, each figure with what is unsure about it."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from analytics.backtesting.comparing import differences
from analytics.backtesting.result import DataQuality, Estimate
from handlers.cli.backtest_view import show_comparison, show_result
from tests.analytics.results import draw_bets, make_bet, make_result

RESULT = make_result(draw_bets(60))


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Return what prints something 160 columns wide and returns it, its white space narrowed."""
    monkeypatch.setenv("COLUMNS", "160")

    def printed(show: Callable[..., None], *arguments: Any, **options: Any) -> str:
        show(*arguments, **options)
        return " ".join(capsys.readouterr().out.split())

    return printed


@pytest.mark.parametrize(
    "told",
    [
        "Backtest 12 expected_value (min_edge=0.02, sharp_bookmakers=pinnacle)",
        "2025-09-05 18:00 to 2026-02-04 18:00 UTC, all sports, live data",
        "-6.0 to +9.0 % 0.310",
        "Calmar ratio n/a",
        "-10.0 to +10.0 % 0.400 0.900 +1.0 % (-2.0 to +4.0 %) 50.0 % (43.0 to 57.0 %)",
        "p (Holm) is that after looking at all of them",
        "900 decisions about 900 events, 880 made; left out: 3 already started",
        "42,000 quotes seen",
        " staked at decimal odds of ",
        "over the run's ",
        "60 of 60 bets judged by the close; 0 unjudged",
        "the last 20 of 60 bets: --verbose lists all",
    ],
)
def test_a_result_tells_its_figures_and_what_was_left_out(shown: Callable[..., str], told: str) -> None:
    assert told in shown(show_result, RESULT, "Backtest 12", verbose=False)


def test_the_verdict_comes_before_any_figure(shown: Callable[..., str]) -> None:
    text = shown(show_result, RESULT, "Backtest 12", verbose=False)
    assert text.index(RESULT.metrics.verdict) < text.index("return on stakes")


@pytest.mark.parametrize("width", [60, 80])
def test_a_narrow_terminal_shows_every_word_that_a_wide_one_does(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    def words(columns: int) -> Counter[str]:
        monkeypatch.setenv("COLUMNS", str(columns))
        show_result(make_result(draw_bets(1230)), "Backtest 12", verbose=False)
        return Counter(word for word in capsys.readouterr().out.split() if "─" not in word)

    assert words(250) - words(width) == Counter()


def test_verbose_lists_every_bet(shown: Callable[..., str]) -> None:
    text = shown(show_result, RESULT, "Backtest 12", verbose=True)
    assert text.count("Lakers -3.5 at ") == 60
    assert "the last" not in text


def test_a_bet_that_cannot_be_graded_says_why(shown: Callable[..., str]) -> None:
    bet = make_bet(grade=None, profit=None, clv=None, description="LeBron James", outcome_name="Over", point=25.5)
    text = shown(
        show_result, make_result((bet.model_copy(update={"market_key": "player_points"}),)), "x", verbose=False
    )
    assert "100.00 ungraded LeBron James Over 25.5 at draftkings" in text
    assert "1 ungraded: the player's number is not known" in text


@pytest.mark.parametrize(("decided", "told"), [(0, True), (120, True), (300, False)])
def test_where_most_quotes_were_stale_the_way_on_is_told(
    shown: Callable[..., str], decided: int, told: bool
) -> None:
    quality = DataQuality(events=380, decisions=380, decided=decided, only_stale=380 - decided)
    text = shown(show_result, make_result(quality=quality), "x", verbose=False)
    assert ("--set max_quote_age_hours=HOURS" in text) is told
    assert ("--decide-at 0 decides at the close" in text) is told


def test_decisions_after_the_last_look_are_told_apart_with_what_brings_them(shown: Callable[..., str]) -> None:
    quality = DataQuality(events=58, decisions=58, decided=22, without_odds=2, after_last_look=34)
    text = shown(show_result, make_result(quality=quality), "x", verbose=False)
    assert "22 made; left out: 2 without odds, 34 after the last look at their sport" in text
    assert "the odds end before 34 decisions: more looks decide them, --to leaves them out" in text
    assert "max_quote_age_hours" not in text


def test_without_a_bet_no_figure_is_shown_and_without_a_decision_that_is_said(shown: Callable[..., str]) -> None:
    text = shown(show_result, make_result(quality=DataQuality(), breakdowns={}), "x", verbose=False)
    assert "no known event is to be decided in this time" in text
    assert "n/a" not in text
    assert "0 of 0" not in text


def test_a_run_that_placed_no_bet_is_told_from_one_whose_bets_are_not_settled(shown: Callable[..., str]) -> None:
    open_bet = make_bet(grade=None, profit=None, settled_at=None)
    assert "no bet was placed" in shown(show_result, make_result(), "x", verbose=False)
    assert "no bet was placed" not in shown(show_result, make_result((open_bet,)), "x", verbose=False)


def test_without_an_interval_the_reason_is_told(shown: Callable[..., str]) -> None:
    metrics = RESULT.metrics.model_copy(update={"roi": Estimate(value=0.1)})
    few = make_result((make_bet(0), make_bet(1, grade="loss")), metrics=metrics)
    assert "bets on fewer than 5 days are too few to tell" in shown(show_result, few, "x", verbose=False)
    assert "too few to tell" not in shown(show_result, RESULT, "x", verbose=False)


def test_a_figure_that_is_undefined_has_no_p_value(shown: Callable[..., str]) -> None:
    metrics = RESULT.metrics.model_copy(update={"sharpe": Estimate(value=None, p_value=1.0)})
    text = shown(show_result, RESULT.model_copy(update={"metrics": metrics}), "x", verbose=False)
    assert "Sharpe ratio n/a Sortino" in text


def test_events_postponed_after_the_decision_are_counted_among_the_decisions(shown: Callable[..., str]) -> None:
    quality = DataQuality(events=16, decisions=16, decided=16, postponed=5)
    text = shown(show_result, make_result(quality=quality), "x", verbose=False)
    assert "of 16 decisions made: 5 of events postponed after it" in text
    assert "0 bets: 5" not in text


def test_what_was_not_placed_is_told_with_its_reason(shown: Callable[..., str]) -> None:
    quality = DataQuality(events=40, decisions=40, decided=40, no_money=28, unwanted=2)
    text = shown(show_result, make_result(quality=quality), "x", verbose=False)
    assert "not placed: 2 on which the sizing stakes nothing, 28 for want of money in hand" in text


def test_closing_line_values_of_bets_at_the_close_are_said_to_be_no_proof(shown: Callable[..., str]) -> None:
    at_it = make_bet(0, decided_at=make_bet(0).commence_time)
    assert "no proof of skill" in shown(show_result, make_result((at_it,)), "x", verbose=False)
    assert "no proof of skill" not in shown(show_result, make_result((make_bet(0),)), "x", verbose=False)


def test_stakes_that_are_smaller_than_was_asked_for_are_told(shown: Callable[..., str]) -> None:
    quality = DataQuality(events=40, decisions=40, decided=40, cut_stakes=7)
    text = shown(show_result, make_result(quality=quality), "x", verbose=False)
    assert ": 7 at a stake that limits, or the money in hand, made smaller than the sizing says" in text


def test_what_the_feed_does_not_tell_is_said_to_be_brought_or_how_to_bring_it(shown: Callable[..., str]) -> None:
    quality = DataQuality(events=16, decisions=16, decided=16, untold=3, brought=13)
    text = shown(show_result, make_result(quality=quality), "x", verbose=False)
    assert "--regulation-scores and --player-results bring what the feed does not tell of games" in text
    assert "of 13 events a file of yours told what the feed does not" in text


def test_a_parameter_that_is_not_set_and_groups_by_odds_are_named_as_such(shown: Callable[..., str]) -> None:
    named = make_result(parameters={"model": None}, breakdowns={"odds": RESULT.breakdowns["market"]})
    text = shown(show_result, named, "x", verbose=False)
    assert "(model=none)" in text
    assert "by decimal odds" in text


def test_without_groups_nothing_is_told_of_them(shown: Callable[..., str]) -> None:
    assert "Holm" not in shown(show_result, make_result(breakdowns={"market": ()}), "x", verbose=False)


def test_results_stand_beside_each_other(shown: Callable[..., str]) -> None:
    others = make_result(draw_bets(40), strategy="flat"), make_result(strategy="flat")
    named = [("3", RESULT), ("4", others[0]), ("5", others[1])]
    text = shown(show_comparison, named, differences([RESULT, *others]))
    assert "5 0 n/a" in text
    assert "against 3 events of both difference" in text
    assert "4: 0 events only 4 bet on, 20 only 3" in text
    assert "strategy expected_value flat flat" in text
    assert "bets 60 40 0" in text
    assert text.count(RESULT.metrics.verdict) == 3
