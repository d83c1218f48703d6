from datetime import UTC, date, datetime

import pytest

from core.football_data.cells import Cells
from core.football_data.columns import Moment, Side
from core.football_data.values import FootballDataError


def cells(**values: str) -> Cells:
    return Cells("E0.csv", 7, values)


@pytest.mark.parametrize(
    ("values", "start"),
    [
        pytest.param(
            {"Date": "17/08/2024", "Time": "12:30"}, datetime(2024, 8, 17, 11, 30, tzinfo=UTC), id="summer"
        ),
        pytest.param(
            {"Date": "26/12/2024", "Time": "12:30"}, datetime(2024, 12, 26, 12, 30, tzinfo=UTC), id="winter"
        ),
        pytest.param({"Date": "26/12/24", "Time": ""}, None, id="the day alone"),
        pytest.param({"Date": "26/12/24"}, None, id="a file without times"),
    ],
)
def test_starts_are_uk_time(values: dict[str, str], start: datetime | None) -> None:
    assert cells(**values).start() == start


def test_a_year_may_have_two_digits() -> None:
    assert cells(Date="26/12/04").day() == date(2004, 12, 26)


@pytest.mark.parametrize(("text", "price"), [("1.93", 1.93), ("21", 21.0), ("", None), ("0", None)])
def test_an_empty_cell_and_a_zero_are_no_price(text: str, price: float | None) -> None:
    assert cells(PSH=text).decimal_odds("PSH") == price


@pytest.mark.parametrize(
    ("text", "home", "away"),
    [("-0.75", -0.75, 0.75), ("1", 1.0, -1.0), ("0", 0.0, 0.0), ("", None, None)],
)
def test_the_handicap_is_the_home_teams_and_the_opposite_the_away_teams(
    text: str, home: float | None, away: float | None
) -> None:
    row = cells(AHCh=text)
    assert row.point(Moment.CLOSE, Side.HOME) == home
    assert row.point(Moment.CLOSE, Side.AWAY) == away
    assert str(row.point(Moment.CLOSE, Side.AWAY)) != "-0.0"


@pytest.mark.parametrize(
    ("column", "text", "read", "accepted"),
    [
        pytest.param("Date", "2024-08-17", Cells.day, "31/12/2024", id="a date of another form"),
        pytest.param("Div", "EPL", Cells.league, "E0, E1", id="an unknown league"),
        pytest.param("PSH", "evens", lambda row: row.decimal_odds("PSH"), "above 1", id="a price in words"),
        pytest.param("PSH", "1", lambda row: row.decimal_odds("PSH"), "above 1", id="a price of one"),
        pytest.param("PSH", "-110", lambda row: row.decimal_odds("PSH"), "above 1", id="an American price"),
        pytest.param("PSH", "nan", lambda row: row.decimal_odds("PSH"), "above 1", id="not a number"),
        pytest.param("FTHG", "", lambda row: row.goals("FTHG"), "were played", id="a match to come"),
        pytest.param("HomeTeam", "", lambda row: row.team("HomeTeam"), "a team's name", id="no team"),
        pytest.param("AHh", "0.3", lambda row: row.point(Moment.BEFORE, Side.HOME), "quarters", id="no quarter"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_is_accepted(
    column: str, text: str, read: object, accepted: str
) -> None:
    with pytest.raises(FootballDataError) as raised:
        read(cells(**{column: text}))  # type: ignore[operator]
    assert f"E0.csv, line 7, column {column}: {text!r} is not" in str(raised.value)
    assert accepted in str(raised.value)


def test_a_time_that_is_none_is_named() -> None:
    with pytest.raises(FootballDataError, match=r"column Time: '25:00' is not a time as 15:00"):
        cells(Date="17/08/2024", Time="25:00").start()
