from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.feed.payloads import parse_odds, parse_scores
from core.feed.prices import american_of_decimal
from core.football_data.answers import CLOSE_LEAD, answers_of, taken_before
from core.football_data.reading import read_football_data

Csv = Callable[..., bytes]
HOURS = st.integers(0, 24 * 365 * 30)


def utc(*fields: int) -> datetime:
    return datetime(*fields, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("start", "taken"),
    [
        pytest.param(utc(2024, 8, 17, 14), utc(2024, 8, 16, 16), id="a Saturday: Friday 17:00 UK"),
        pytest.param(utc(2024, 8, 19, 19), utc(2024, 8, 16, 16), id="a Monday: Friday"),
        pytest.param(utc(2024, 12, 4, 19, 30), utc(2024, 12, 3, 13), id="a Wednesday: Tuesday 13:00 UK"),
        pytest.param(utc(2024, 12, 3, 20), utc(2024, 12, 3, 13), id="a Tuesday evening: the same day"),
        pytest.param(utc(2024, 8, 16, 19), utc(2024, 8, 16, 16), id="a Friday evening: the same day"),
        pytest.param(utc(2025, 12, 26, 15), utc(2025, 12, 23, 13), id="a Friday afternoon: the Tuesday"),
        pytest.param(utc(2024, 12, 3, 12, 30), utc(2024, 11, 29, 17), id="a Tuesday noon: the Friday"),
    ],
)
def test_prices_before_a_match_are_of_the_last_tuesday_or_friday(start: datetime, taken: datetime) -> None:
    assert taken_before(start) == taken


@given(HOURS)
def test_they_are_never_later_than_the_close_nor_older_than_four_days_and_a_bit(hours: int) -> None:
    start = utc(2000, 1, 1) + timedelta(hours=hours)
    assert timedelta(0) < start - CLOSE_LEAD - taken_before(start) < timedelta(days=4, hours=6)


def test_a_match_is_three_answers_in_order_of_time(csv: Csv) -> None:
    before, close, score = answers_of(read_football_data("E0.csv", csv()))
    assert [before.at, close.at] == [utc(2024, 8, 16, 16), utc(2024, 8, 17, 11, 29)]
    assert score.at == utc(2024, 8, 17, 13, 30)
    assert [answer.holds_scores for answer in (before, close, score)] == [False, False, True]


def test_the_feeds_own_reader_takes_them_whole(csv: Csv) -> None:
    before, close, score = answers_of(read_football_data("E0.csv", csv()))
    odds = parse_odds(close.body)
    assert not odds.malformed
    quotes = {(q.bookmaker_key, q.market_key, q.outcome_name): (q.price, q.point) for q in odds.events[0].quotes}
    assert quotes == {
        ("pinnacle", "h2h", "Ipswich"): (714, None),
        ("pinnacle", "h2h", "Draw"): (509, None),
        ("pinnacle", "h2h", "Nott'm Forest"): (-294, None),
        ("pinnacle", "spreads", "Ipswich"): (104, 1.25),
        ("pinnacle", "spreads", "Nott'm Forest"): (-111, -1.25),
    }
    assert {quote.bookmaker_key for quote in parse_odds(before.body).events[0].quotes} == {"bet365", "pinnacle"}
    [row] = parse_scores(score.body).scores
    assert (row.completed, row.home_score, row.away_score) == (True, 0, 2)


def test_the_raw_answer_keeps_the_price_as_written_and_where_it_stood(csv: Csv) -> None:
    [event] = orjson.loads(answers_of(read_football_data("E0.csv", csv()))[1].body)
    assert event["imported_from"] == {"file": "E0.csv", "line": 2}
    outcomes: list[dict[str, Any]] = event["bookmakers"][0]["markets"][0]["outcomes"]
    assert [outcome["decimal_odds"] for outcome in outcomes] == [8.14, 6.09, 1.34]


def test_matches_that_start_together_are_one_answer(csv: Csv) -> None:
    rows = [{}, {"HomeTeam": "Everton", "AwayTeam": "Fulham"}, {"HomeTeam": "Wolves", "Time": "15:00"}]
    answers = answers_of(read_football_data("E0.csv", csv(*rows)))
    assert [len(orjson.loads(answer.body)) for answer in answers] == [3, 2, 2, 1, 1]
    assert [answer.at for answer in answers] == sorted(answer.at for answer in answers)


def test_without_prices_at_the_close_there_is_no_close(csv: Csv) -> None:
    row = dict.fromkeys(("PSCH", "PSCD", "PSCA", "PCAHH", "PCAHA"), "")
    assert len(answers_of(read_football_data("E0.csv", csv(row)))) == 2


@given(st.integers(101, 100_000))
def test_rounding_to_american_odds_moves_a_profit_by_half_a_percent_at_most(hundredths: int) -> None:
    profit = Fraction(hundredths, 100) - 1
    american = american_of_decimal(hundredths / 100)
    kept = Fraction(american, 100) if american > 0 else Fraction(100, -american)
    assert abs(kept / profit - 1) <= Fraction(1, 199)
