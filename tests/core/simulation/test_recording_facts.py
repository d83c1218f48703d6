from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from core.scope import Scope
from core.simulation.recording import RecordingError
from core.simulation.recording_facts import SAMPLE, sample
from core.simulation.recording_writer import RecordingWriter

NOON = datetime(2025, 9, 11, 12, tzinfo=UTC)


def test_a_recording_tells_its_sport_scope_and_time(
    record: Callable[..., Path], make_event: Callable[..., Any]
) -> None:
    facts = sample(record((0, []), (5, [make_event()]), (60, [])))
    assert (facts.sport_key, facts.sport_title, facts.odds_format) == ("americanfootball_nfl", "NFL", "american")
    assert facts.first_at == NOON
    assert facts.markets == ("h2h", "totals")
    assert facts.bookmakers == ("betonlineag", "draftkings", "oldbook", "pinnacle")


def test_its_scope_asks_by_the_regions_of_its_bookmakers(
    record: Callable[..., Path], make_event: Callable[..., Any]
) -> None:
    facts = sample(record((0, [make_event()])))
    assert facts.scope == Scope.of(["h2h", "totals"], regions=["eu", "us"])


def test_lay_markets_are_asked_for_by_their_own_market(
    record: Callable[..., Path], make_event: Callable[..., Any]
) -> None:
    event = make_event()
    event["bookmakers"][0]["markets"] = [{"key": "h2h_lay", "outcomes": []}]
    assert sample(record((0, [event]))).scope.markets == ("h2h", "totals")


def test_decimal_prices_are_recognised(record: Callable[..., Path], make_event: Callable[..., Any]) -> None:
    assert sample(record((0, [make_event(prices=(1.67, 2.3))]))).odds_format == "decimal"


def test_a_sample_stops_early_but_not_before_it_has_an_event(
    record: Callable[..., Path], make_event: Callable[..., Any]
) -> None:
    empty: list[tuple[int, list[object]]] = [(minutes, []) for minutes in range(SAMPLE + 5)]
    facts = sample(record(*empty, (90, [make_event()]), (91, [make_event()])))
    assert facts.sport_key == "americanfootball_nfl"


def test_what_later_answers_list_belongs_to_the_scope_from_then_on(
    record: Callable[..., Path], make_event: Callable[..., Any]
) -> None:
    facts = sample(record((0, [make_event()])))
    assert facts.with_listed({"h2h"}, {"pinnacle"}) is facts
    grown = facts.with_listed({"spreads"}, {"sport888"})
    assert grown.scope.markets == ("h2h", "spreads", "totals")
    assert "sport888" in grown.bookmakers


def test_the_scope_is_the_widest_that_the_lines_name(tmp_path: Path, make_event: Callable[..., Any]) -> None:
    wide = Scope.of(["h2h", "totals"], bookmakers=["draftkings", "pinnacle"])
    narrow = Scope.of(["h2h"], bookmakers=["pinnacle"])
    with RecordingWriter(tmp_path / "r.jsonl") as writer:
        for minutes, scope in enumerate((narrow, wide, narrow)):
            writer.write(NOON + timedelta(minutes=minutes), orjson.dumps([make_event()]), scope)
    assert sample(tmp_path / "r.jsonl").scope == wide


def test_a_recording_without_an_event_is_refused(record: Callable[..., Path]) -> None:
    with pytest.raises(RecordingError, match="lists no event"):
        sample(record((0, []), (5, [])))


def test_the_real_week_is_described(shared_data: Path) -> None:
    facts = sample(shared_data / "recordings" / "nfl-2025-week12.jsonl.xz")
    assert facts.scope == Scope.of(["h2h", "spreads", "totals"], regions=["us"])
    assert len(facts.bookmakers) >= 9
