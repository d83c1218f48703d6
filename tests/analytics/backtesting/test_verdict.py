from dataclasses import replace

import pytest

from analytics.backtesting.inference import Interval
from analytics.backtesting.no_edge import LuckAlone
from analytics.backtesting.verdict import Evidence, verdict

NOISE = Evidence(56, 0.03, Interval(-0.23, 0.29), LuckAlone(0.41, 0.63), 8749)
PROVED = Evidence(2400, 0.052, Interval(0.012, 0.091), LuckAlone(0.004, 0.997), 2100)
LOST = Evidence(1230, -0.045, Interval(-0.08, -0.01), LuckAlone(0.99, 0.01))


@pytest.mark.parametrize(
    ("evidence", "sentence"),
    [
        pytest.param(
            NOISE,
            "+3.0 % on 56 bets is noise: the 95 % interval is -23.0 % to +29.0 %, luck alone does as well in "
            "41 % of cases, and about 8,700 bets like these would tell.",
            id="few bets",
        ),
        pytest.param(
            PROVED,
            "+5.2 % on 2,400 bets is more than luck explains: the 95 % interval is +1.2 % to +9.1 %, "
            "and luck alone does as well in 0.4 % of cases.",
            id="many bets",
        ),
        pytest.param(
            replace(PROVED, tried=400, deflated_sharpe=0.62, best_p_value=0.02),
            "+5.2 % on 2,400 bets may be the luck of the best of many: the 95 % interval is +1.2 % to +9.1 %, "
            "luck alone does as well in 0.4 % of cases, and it is the best of 400 tried and with 62 % "
            "probability better than their luck.",
            id="the best of many",
        ),
        pytest.param(
            LOST,
            "-4.5 % on 1,230 bets is a loss beyond bad luck: the 95 % interval is -8.0 % to -1.0 %, "
            "and luck alone does as badly in 1 % of cases.",
            id="a sure loss",
        ),
        pytest.param(
            Evidence(21, -0.269, Interval(-0.5, -0.05), LuckAlone(0.98, 0.04)),
            "-26.9 % on 21 bets may be a loss beyond bad luck: the 95 % interval is -50.0 % to -5.0 %, luck alone "
            "does as badly in 4 % of cases, and fewer than 30 bets are too few to be sure.",
            id="a rare loss of few bets",
        ),
        pytest.param(
            Evidence(29, 0.4, Interval(0.1, 0.7), LuckAlone(0.02, 0.99)),
            "+40.0 % on 29 bets may be more than luck: the 95 % interval is +10.0 % to +70.0 %, luck alone does "
            "as well in 2 % of cases, and fewer than 30 bets are too few to be sure.",
            id="a rare profit of few bets",
        ),
        pytest.param(
            Evidence(40, -0.02, Interval(-0.3, 0.25), LuckAlone(0.6, 0.5)),
            "-2.0 % on 40 bets is no profit: the 95 % interval is -30.0 % to +25.0 %.",
            id="a loss",
        ),
        pytest.param(
            Evidence(1, 0.9, None, LuckAlone(0.5, 1.0)),
            "+90.0 % on 1 bet is noise: luck alone does as well in 50 % of cases.",
            id="one bet",
        ),
        pytest.param(
            Evidence(380, 1.79, None, LuckAlone(0.001, 1.0), ended_alike=True),
            "+179.0 % on 380 bets may be more than luck: luck alone does as well in 0.1 % of cases, and none was "
            "lost, which a price or a result known too early explains best.",
            id="every bet won",
        ),
        pytest.param(
            Evidence(20, 1.0, None, LuckAlone(0.001, 1.0)),
            "+100.0 % on 20 bets may be more than luck: luck alone does as well in 0.1 % of cases, and the days "
            "with bets are too few to be sure.",
            id="few days",
        ),
        pytest.param(
            Evidence(56, 0.03, None, None), "+3.0 % on 56 bets was not tested against luck.", id="nothing drawn"
        ),
        pytest.param(
            Evidence(0, None, None, None), "No bet was settled: there is nothing to say.", id="no bet at all"
        ),
    ],
)
def test_a_return_is_called_what_it_is(evidence: Evidence, sentence: str) -> None:
    assert verdict(evidence) == sentence


@pytest.mark.parametrize(
    "weak",
    [
        pytest.param(replace(PROVED, luck=LuckAlone(0.06, 0.95)), id="luck does as well too often"),
        pytest.param(replace(PROVED, interval=Interval(-0.001, 0.1)), id="the interval reaches below nothing"),
        pytest.param(
            replace(PROVED, interval=None, luck=LuckAlone(0.06, 0.95)),
            id="there is no interval and luck does as well",
        ),
    ],
)
def test_a_profit_with_one_weak_support_is_noise(weak: Evidence) -> None:
    assert "is noise" in verdict(weak)


@pytest.mark.parametrize(
    "weak",
    [
        pytest.param(replace(LOST, luck=LuckAlone(0.9, 0.11)), id="luck does as badly too often"),
        pytest.param(replace(LOST, luck=None), id="it was not tested"),
        pytest.param(replace(LOST, interval=Interval(-0.08, 0.001)), id="the interval reaches above nothing"),
        pytest.param(replace(LOST, interval=None), id="there is no interval"),
    ],
)
def test_a_loss_with_one_weak_support_is_no_more_than_no_profit(weak: Evidence) -> None:
    assert "is no profit" in verdict(weak)


def test_more_confidence_asks_for_more_evidence() -> None:
    assert "is noise" in verdict(replace(PROVED, confidence=0.999))


@pytest.mark.parametrize(
    ("deflated", "p_value", "claim"),
    [
        pytest.param(0.97, 0.02, "is more than luck explains", id="better than their luck by both"),
        pytest.param(
            0.94, 0.02, "may be the luck of the best of many", id="not surely better than the luck of many"
        ),
        pytest.param(0.97, 0.06, "may be the luck of the best of many", id="as many have one as good too often"),
        pytest.param(
            0.97, None, "may be the luck of the best of many", id="not compared with the luck of as many"
        ),
    ],
)
def test_the_best_of_many_counts_where_it_is_better_than_their_luck(
    deflated: float, p_value: float | None, claim: str
) -> None:
    assert claim in verdict(replace(PROVED, tried=400, deflated_sharpe=deflated, best_p_value=p_value))
