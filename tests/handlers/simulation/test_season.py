"""A season, or the beginning of one, in a world where everything may fail."""

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import ConfigurationError
from handlers.scratch import Scratch
from handlers.simulation.season import SeasonRequest, simulate_season
from handlers.simulation.season_report import SeasonReport
from storage.database import Database

NFL = "americanfootball_nfl"


async def simulated(database: Database, request: SeasonRequest) -> tuple[SeasonReport, list[datetime]]:
    reached: list[datetime] = []
    report = await simulate_season(request, Scratch(database, "the url"), reached.append)
    return report, reached


@pytest.mark.parametrize(
    ("sport_key", "start", "end"),
    [
        pytest.param(NFL, datetime(2025, 9, 1, 12, tzinfo=UTC), datetime(2026, 1, 11, 12, tzinfo=UTC), id="NFL"),
        pytest.param(
            "soccer_epl",
            datetime(2025, 8, 12, 12, tzinfo=UTC),
            datetime(2026, 5, 25, 12, tzinfo=UTC),
            id="EPL",
        ),
    ],
)
def test_a_season_is_that_of_the_league_and_a_few_days(sport_key: str, start: datetime, end: datetime) -> None:
    request = SeasonRequest(sport_key, 1, 0.05)
    assert (request.start, request.end) == (start, end)


def test_a_season_may_be_cut_short_and_not_stretched() -> None:
    assert SeasonRequest(NFL, 1, 0, days=9).end == SeasonRequest(NFL, 1, 0).start + timedelta(days=9)
    assert SeasonRequest(NFL, 1, 0, days=900).end == SeasonRequest(NFL, 1, 0).end


def test_a_sport_without_a_simulated_league_is_named() -> None:
    with pytest.raises(ConfigurationError, match="no simulated market for 'golf'"):
        _ = SeasonRequest("golf", 1, 0).start


@pytest.mark.slow
async def test_without_faults_every_close_is_fresh_and_nothing_is_made_up_for(database: Database) -> None:
    report, reached = await simulated(database, SeasonRequest(NFL, 1, 0, days=8))
    assert reached[-1] == report.last_at
    assert report.coverage.events > 10
    assert (report.fresh, report.closing, report.worse) == (1.0, 1.0, ())
    assert (report.mishaps, report.retries, report.mended) == ({}, 0, 0)
    assert not report.is_wrong
