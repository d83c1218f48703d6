"""Dates and instants are read from ISO texts, and what is none of them is told what is accepted."""

from datetime import UTC, date, datetime, timedelta

import pytest
import typer

from handlers.cli.instants import day_of, end_of, instant_of, last_instant_of


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        pytest.param("2025-09-14", datetime(2025, 9, 14, tzinfo=UTC), id="a date begins at midnight UTC"),
        pytest.param(
            "2025-09-14T17:30", datetime(2025, 9, 14, 17, 30, tzinfo=UTC), id="without an offset it is UTC"
        ),
        pytest.param("2025-09-14T17:30+02:00", datetime(2025, 9, 14, 15, 30, tzinfo=UTC), id="an offset counts"),
    ],
)
def test_an_instant_is_read_from_iso_text(text: str, instant: datetime) -> None:
    assert instant_of(text) == instant


def test_a_date_at_the_end_is_meant_whole() -> None:
    assert datetime(2025, 9, 14, 23, 59, 59, tzinfo=UTC) < last_instant_of("2025-09-14")
    assert last_instant_of("2025-09-14") < datetime(2025, 9, 15, tzinfo=UTC)
    assert last_instant_of("2025-09-14T12:00Z") == datetime(2025, 9, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["soon", "0001-01-01T00:00+05:00", "9999-12-31T23:00-05:00"])
def test_text_that_is_no_instant_in_utc_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="2025-11-20T18:00Z"):
        instant_of(text)


def test_the_last_day_that_there_is_has_no_end() -> None:
    with pytest.raises(typer.BadParameter, match="9999-12-31 is the last day that there is"):
        end_of("9999-12-31")


def test_a_date_before_which_all_lies_is_meant_whole() -> None:
    assert end_of("2026-01-31") == datetime(2026, 2, 1, tzinfo=UTC)
    assert end_of("2026-01-31T12:00") == datetime(2026, 1, 31, 12, tzinfo=UTC)
    assert end_of("2026-01-31T12:00+02:00") == datetime(2026, 1, 31, 12, tzinfo=UTC) - timedelta(hours=2)
    with pytest.raises(typer.BadParameter):
        end_of("tomorrow")


def test_a_day_is_a_date_and_nothing_else() -> None:
    assert day_of("2026-01-31") == date(2026, 1, 31)
    for text in ("yesterday", "2026-13-01", "2026-01-31T12:00"):
        with pytest.raises(typer.BadParameter, match=f"'{text}' is no date, such as 2025-11-20"):
            day_of(text)
