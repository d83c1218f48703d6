from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.scope import Scope
from core.simulation.recording import RecordingError
from core.simulation.recording_facts import SAMPLE, describe, sample

NOON = datetime(2025, 9, 11, 12, tzinfo=UTC)


def test_a_recording_tells_its_sport_scope_and_time(
    record: Callable[..., Path], make_event: Callable[..., Any]
) -> None:
    facts = describe(record((0, []), (5, [make_event()]), (60, [])))
    assert (facts.sport_key, facts.sport_title, facts.odds_format) == ("americanfootball_nfl", "NFL", "american")
    assert (facts.first_at, facts.last_at, facts.answer_count) == (NOON, NOON + timedelta(hours=1), 3)
    assert facts.markets == ("h2h", "totals")
    assert facts.bookmakers == ("betonlineag", "draftkings", "oldbook", "pinnacle")


def test_its_scope_asks_by_the_regions_of_its_bookmakers(
    record: Callable[..., Path], make_event: Callable[..., Any]
) -> None:
    facts = describe(record((0, [make_event()])))
    assert facts.scope == Scope.of(["h2h", "totals"], regions=["eu", "us"])


def test_lay_markets_are_asked_for_by_their_own_market(
    record: Callable[..., Path], make_event: Callable[..., Any]
) -> None:
    event = make_event()
    event["bookmakers"][0]["markets"] = [{"key": "h2h_lay", "outcomes": []}]
    assert describe(record((0, [event]))).scope.markets == ("h2h", "totals")


def test_decimal_prices_are_recognised(record: Callable[..., Path], make_event: Callable[..., Any]) -> None:
    assert describe(record((0, [make_event(prices=(1.67, 2.3))]))).odds_format == "decimal"


def test_a_sample_stops_early_but_not_before_it_has_an_event(
    record: Callable[..., Path], make_event: Callable[..., Any]
) -> None:
    empty: list[tuple[int, list[object]]] = [(minutes, []) for minutes in range(SAMPLE + 5)]
    facts = sample(record(*empty, (90, [make_event()]), (91, [make_event()])))
    assert facts.sport_key == "americanfootball_nfl"
    assert (facts.last_at, facts.answer_count) == (None, None)


def test_a_short_recording_is_known_to_its_end_by_a_sample(
    record: Callable[..., Path], make_event: Callable[..., Any]
) -> None:
    assert sample(record((0, [make_event()]))).answer_count == 1


def test_a_recording_without_an_event_is_refused(record: Callable[..., Path]) -> None:
    with pytest.raises(RecordingError, match="lists no event"):
        sample(record((0, []), (5, [])))


def test_the_real_week_is_described(shared_data: Path) -> None:
    path = shared_data / "recordings" / "nfl-2025-week12.jsonl.xz"
    progress: list[int] = []
    facts = describe(path, progress.append)
    assert facts.answer_count == 350
    assert facts.last_at is not None
    assert facts.last_at - facts.first_at > timedelta(days=5)
    assert len(facts.bookmakers) == 11
    assert progress[-1] == path.stat().st_size
