"""What a run may be asked: everything else is refused by name."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from analytics.backtesting.config import BacktestConfig, FlatStake, FractionalKelly, hours_of
from core.tiers import Tier

SEASON: dict[str, Any] = {"start": "2025-10-21T00:00:00Z", "end": "2026-04-13T00:00:00Z"}


def test_by_default_a_run_reads_live_data_alone_and_sizes_as_its_strategy_does() -> None:
    config = BacktestConfig(**SEASON)
    assert (config.sources, config.sizing) == (("live",), None)


def test_kelly_is_a_quarter_of_it_unless_said_otherwise() -> None:
    assert FractionalKelly().fraction == 0.25


def test_instants_are_kept_in_utc() -> None:
    config = BacktestConfig(start="2025-10-21T02:00:00+02:00", end=SEASON["end"])
    assert config.start == datetime(2025, 10, 21, tzinfo=UTC)
    assert config.start.tzinfo is UTC


def test_who_names_the_commission_of_one_exchange_leaves_the_others_as_they_are() -> None:
    usual, config = BacktestConfig(**SEASON), BacktestConfig(**SEASON, commission={"betfair_ex_uk": 2})
    assert config.commission == {**usual.commission, "betfair_ex_uk": 2}
    assert BacktestConfig.model_validate_json(config.model_dump_json()) == config


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"start": "2025-10-21T00:00:00"}, "timezone", id="an instant without its offset"),
        pytest.param({"end": SEASON["start"]}, "end must be after start", id="a run of no time"),
        pytest.param({"end": "2060-01-01T00:00:00Z"}, "by at most 7,320 days", id="a run of generations"),
        pytest.param(
            {"start": "9990-01-01T00:00Z", "end": "9999-12-31T00:00Z"}, "less than 9000", id="no such time"
        ),
        pytest.param(
            {"start": "0001-01-01T00:00+05:00"}, "years 1 to 9999", id="an instant that UTC does not have"
        ),
        pytest.param(
            {"max_quote_age_hours": 1e12}, "less than or equal to 1000000000", id="a quote older than man"
        ),
        pytest.param(
            {"confidence": 1 - 2**-53}, "less than or equal to 0.999999", id="certainty but for rounding"
        ),
        pytest.param({"bankrol": 100}, "Extra inputs are not permitted", id="a field that is none"),
        pytest.param({"bankroll": 0}, "greater than 0", id="no money"),
        pytest.param({"bankroll": float("inf")}, "finite number", id="money without end"),
        pytest.param({"sources": []}, "at least 1 item", id="no source"),
        pytest.param({"sources": ["rumour"]}, "'live', 'historical' or 'import'", id="an unknown source"),
        pytest.param(
            {"decide_at": [-1]},
            "hours before the start, 0 to 1,440, are expected",
            id="a decision after the start",
        ),
        pytest.param(
            {"decide_at": ["opening"]},
            "or a tier: early, sharp, pregame or closing",
            id="a tier that has no beginning",
        ),
        pytest.param({"sports": ["NBA; DROP"]}, "pattern", id="a key that is none"),
        pytest.param({"commission": {"smarkets": 100}}, "less than 100", id="an exchange that keeps everything"),
        pytest.param({"sizing": {"kind": "martingale"}}, "kelly", id="an unknown sizing"),
        pytest.param({"sizing": {"kind": "kelly", "fraction": 2}}, "less than or equal to 1", id="twice Kelly"),
    ],
)
def test_what_cannot_be_run_is_refused_by_name(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        BacktestConfig(**{**SEASON, **changes})


def test_a_run_reads_back_from_its_json() -> None:
    config = BacktestConfig(**SEASON, decide_at=(24.0, Tier.CLOSING), sizing=FlatStake(amount=50))
    assert BacktestConfig.model_validate_json(config.model_dump_json()) == config


@pytest.mark.parametrize(
    ("asked", "hours"),
    [
        pytest.param((), (12.0, 1.0), id="the strategy's own where nothing is asked"),
        pytest.param((1, 24, 6), (24.0, 6.0, 1.0), id="the earliest first"),
        pytest.param(("sharp", 3, "closing"), (24.0, 3.0), id="a tier at its beginning, nothing twice"),
    ],
)
def test_decisions_are_made_hours_before_the_start_or_when_a_tier_begins(
    asked: tuple[Any, ...], hours: tuple[float, ...]
) -> None:
    assert BacktestConfig(**SEASON, decide_at=asked).decision_hours((1.0, Tier.PREGAME)) == hours


def test_what_a_strategy_names_as_text_is_what_it_says() -> None:
    assert [hours_of("closing"), hours_of("0.5")] == [3, 0.5]  # type: ignore[arg-type]


def test_every_tier_that_begins_stands_for_an_hour() -> None:
    assert [hours_of(tier) for tier in (Tier.EARLY, Tier.SHARP, Tier.PREGAME, Tier.CLOSING)] == [72, 24, 12, 3]


@pytest.mark.parametrize(
    ("hours_before", "age"),
    [
        pytest.param(1, timedelta(hours=1), id="closing"),
        pytest.param(0, timedelta(hours=1), id="at the start"),
        pytest.param(10, timedelta(hours=6), id="pregame"),
        pytest.param(100, timedelta(hours=96), id="opening"),
    ],
)
def test_a_quote_is_stale_when_two_looks_would_have_missed_it(hours_before: float, age: timedelta) -> None:
    assert BacktestConfig(**SEASON).longest_quote_age(hours_before) == age
    assert BacktestConfig(**SEASON, max_quote_age_hours=200).longest_quote_age(hours_before).days == 8
