from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.simulation.stamps import instant_of, iso, iso_seconds

WHOLE_SECONDS = st.integers(0, 4_000_000_000)


@given(WHOLE_SECONDS)
def test_an_instant_survives_being_written_either_way(seconds: int) -> None:
    instant = datetime.fromtimestamp(seconds, UTC)
    assert instant_of(iso(instant)) == instant_of(seconds) == instant_of(iso_seconds(seconds)) == instant


def test_an_instant_of_another_zone_is_written_in_utc() -> None:
    assert iso(datetime(2026, 3, 17, 16, tzinfo=timezone(timedelta(hours=-4)))) == "2026-03-17T20:00:00Z"


@pytest.mark.parametrize("stamp", ["soon", "2025-09-12T00:16:00", None, True, []])
def test_what_is_no_instant_is_refused(stamp: object) -> None:
    with pytest.raises(ValueError, match=r"not an instant|no offset|Invalid isoformat"):
        instant_of(stamp)
