"""The text of a report: every figure with its uncertainty, nothing that a name could break."""

from analytics.backtesting.report.sections import (
    MOST_BETS,
    about_figures,
    bets_table,
    breakdowns,
    cards,
    quality,
    settings,
)
from analytics.backtesting.result import DataQuality, Estimate
from tests.analytics.results import draw_bets, make_bet, make_result

RESULT = make_result(draw_bets(40))
EVIL = '<script>alert("x")</script>'


def test_a_headline_figure_stands_with_its_interval_and_its_p_value() -> None:
    text = cards(RESULT)
    assert "-6.0 to +9.0&nbsp;%" in text
    assert "p 0.310" in text
    assert "<strong>about 14,000</strong>" in text


def test_where_there_is_no_interval_the_reason_is_told() -> None:
    assert "Here:" not in about_figures(RESULT)
    metrics = RESULT.metrics.model_copy(update={"roi": Estimate(value=0.1)})
    few = make_result((make_bet(0), make_bet(1, grade="loss")), metrics=metrics)
    assert "Here: no intervals and no ratios of a year: bets on fewer than 5 days" in about_figures(few)


def test_a_figure_without_an_interval_stands_alone() -> None:
    bare = RESULT.metrics.model_copy(
        update={"win_rate": Estimate(value=0.8), "profit_factor": Estimate(value=2.0)}
    )
    text = cards(RESULT.model_copy(update={"metrics": bare}))
    assert "<p>80.0&nbsp;% won</p>" in text
    assert "<p>profit factor 2.00</p>" in text


def test_beside_the_closing_line_value_stands_how_many_bets_have_none() -> None:
    text = cards(make_result(draw_bets(40), quality=DataQuality(unclosed=3, moved=5)))
    assert "37 of 40 bets judged by the close, 5 of them on a number that moved; 3 unjudged" in text


def test_closing_line_values_of_bets_at_the_close_are_said_to_be_no_proof() -> None:
    at_it = make_bet(0, decided_at=make_bet(0).commence_time)
    assert "no proof of skill" in cards(make_result((at_it,)))
    assert "no proof of skill" not in cards(RESULT)


def test_what_is_undefined_is_said_to_be() -> None:
    assert "n/a" in cards(make_result())


def test_a_breakdown_of_several_groups_is_a_table_with_a_line_each() -> None:
    text = breakdowns(RESULT.breakdowns)
    assert text.count("<table>") == 2
    assert text.count("<tr>") == 2 + 6
    assert "By market" in text
    assert "By decimal odds" in breakdowns({"odds": RESULT.breakdowns["market"]})
    assert "<td class=figure>0.400</td><td class=figure>0.900</td>" in text
    assert "of which the best looks good by luck alone" in text
    assert breakdowns({"market": RESULT.breakdowns["market"][:1]}) == ""


def test_the_data_says_what_it_did_not_allow_and_leaves_zeros_out() -> None:
    text = quality(DataQuality(events=3, decisions=3, only_stale=2, by_source={"live": 9, "import": 1000}))
    assert "only stale odds" in text
    assert "1,000 import, 9 live" in text
    assert "refused" not in text


def test_the_settings_are_the_parameters_and_the_config_as_taken() -> None:
    text = settings(RESULT)
    assert "min edge" in text
    assert "kind kelly, fraction 0.25, simultaneous no" in text
    assert "max quote age hours" not in text


def test_a_setting_says_what_its_value_is() -> None:
    config = RESULT.config.model_copy(update={"decide_at": (2.5, "closing")})
    text = settings(RESULT.model_copy(update={"config": config}))
    assert "2.5 h before the start, closing begins" in text
    assert "betfair_ex_uk 5 %" in text
    assert "<dd>10,000</dd>" in text


def test_bets_are_listed_from_the_latest_as_many_as_a_page_can_bear() -> None:
    bets = tuple(make_bet(number) for number in range(MOST_BETS + 5))
    text = bets_table(bets)
    assert text.count("<tr>") == 1 + MOST_BETS
    assert f"the last {MOST_BETS} of {len(bets)}" in text
    assert text.index(f"{bets[-1].decided_at:%Y-%m-%d %H:%M}") < text.index(
        f"{bets[-2].decided_at:%Y-%m-%d %H:%M}"
    )
    assert "Lakers -3.5, spreads at draftkings" in text


def test_no_text_of_a_feed_or_a_strategy_is_read_as_markup() -> None:
    bet = make_bet(home_team=EVIL, outcome_name=EVIL, rationale=EVIL, grade=None, profit=None)
    result = make_result((bet,), parameters={"note": EVIL})
    assert EVIL not in bets_table([bet]) + settings(result) + cards(result)
