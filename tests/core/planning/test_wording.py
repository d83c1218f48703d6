"""How durations and instants read."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from core.planning.wording import counted, duration_text, instant_text


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        pytest.param(timedelta(0), "0 s", id="nothing"),
        pytest.param(timedelta(seconds=59), "59 s", id="under a minute"),
        pytest.param(timedelta(seconds=89), "1 min", id="rounded to the minute"),
        pytest.param(timedelta(minutes=59, seconds=45), "1 h", id="rounded up to the hour"),
        pytest.param(timedelta(hours=48), "2 d", id="whole days"),
        pytest.param(timedelta(days=1, minutes=5), "1 d", id="two units at most"),
    ],
)
def test_a_duration_reads_in_its_largest_units(duration: timedelta, text: str) -> None:
    assert duration_text(duration) == text


def test_an_instant_reads_in_utc() -> None:
    eastern = timezone(timedelta(hours=-4))
    assert instant_text(datetime(2026, 9, 13, 13, 5, tzinfo=eastern)) == "Sun 13 Sep 17:05 UTC"
    assert instant_text(datetime(2026, 9, 1, tzinfo=UTC)) == "Tue 1 Sep 00:00 UTC"


def test_nothing_is_plural() -> None:
    assert counted(0, "credit") == "0 credits"
