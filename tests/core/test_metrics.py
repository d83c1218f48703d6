"""What CloudWatch reads in the log: one valid embedded metric document a line, never a number it refuses."""

import io
import json
import math
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import jsonschema
import pytest
from botocore.session import get_session
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from core.clock import VirtualClock
from core.metrics import MOST_VALUES, Metric, MetricsEmitter, MetricValue, metrics_document
from core.redaction import Redactor

NOW = datetime(2025, 11, 21, 2, 30, 0, 123456, tzinfo=UTC)
UNITS = get_session().get_service_model("cloudwatch").shape_for("StandardUnit").enum
NAME = {"type": "string", "minLength": 1, "maxLength": 255}
METRIC_DEFINITION = {
    "type": "object",
    "required": ["Name"],
    "properties": {"Name": NAME, "Unit": {"enum": UNITS}, "StorageResolution": {"enum": [1, 60]}},
    "additionalProperties": False,
}
DIRECTIVE = {
    "type": "object",
    "required": ["Namespace", "Dimensions", "Metrics"],
    "properties": {
        "Namespace": {**NAME, "pattern": "^[^:]"},
        "Dimensions": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "array", "maxItems": 30, "uniqueItems": True, "items": NAME},
        },
        "Metrics": {"type": "array", "minItems": 1, "maxItems": 100, "items": METRIC_DEFINITION},
    },
    "additionalProperties": False,
}
METADATA = {
    "type": "object",
    "required": ["Timestamp", "CloudWatchMetrics"],
    "properties": {
        "Timestamp": {"type": "integer", "minimum": 0},
        "CloudWatchMetrics": {"type": "array", "minItems": 1, "items": DIRECTIVE},
    },
    "additionalProperties": False,
}
SCHEMA = {"type": "object", "required": ["_aws"], "properties": {"_aws": METADATA}}
NUMBER = {"type": "number", "minimum": -(2**360), "maximum": 2**360}
METRIC_TARGET = {"anyOf": [NUMBER, {"type": "array", "minItems": 1, "maxItems": 100, "items": NUMBER}]}
DIMENSION_TARGET = {"type": "string", "minLength": 1, "maxLength": 1024, "pattern": r"^[ -~]*[!-~][ -~]*$"}

usable_numbers = st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False, width=32)
any_numbers = st.integers() | st.floats() | st.booleans() | st.just(10**400)
metrics = st.sampled_from(list(Metric))


def read(line: str) -> dict[str, Any]:
    """Return a line's document, checked as the specification asks: by schema, then every target it refers to."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    assert line.count("\n") == 1
    assert line.endswith("\n")
    document: dict[str, Any] = json.loads(line, parse_constant=refuse)
    jsonschema.validate(document, SCHEMA)
    for directive in document["_aws"]["CloudWatchMetrics"]:
        for metric in directive["Metrics"]:
            jsonschema.validate(document[metric["Name"]], METRIC_TARGET)
        for name in (name for names in directive["Dimensions"] for name in names):
            jsonschema.validate(document[name], DIMENSION_TARGET)
    return document


def emitted(
    values: Mapping[Metric, MetricValue],
    job: str = "fetch-odds",
    sport_key: str | None = None,
    unwatched: Collection[Metric] = (),
) -> str:
    stream = io.StringIO()
    MetricsEmitter(stream, clock=VirtualClock(NOW), redactor=Redactor(["sentinel"])).emit(
        values, job=job, sport_key=sport_key, unwatched=unwatched
    )
    return stream.getvalue()


def test_a_run_is_one_line_with_its_numbers_units_dimensions_and_instant() -> None:
    values: dict[Metric, MetricValue] = {
        Metric.LATENESS: 12.5,
        Metric.EVENTS: 3,
        Metric.CLOSE_AGE_MINUTES: [4.0, 6.5],
    }
    assert read(emitted(values, sport_key="basketball_nba")) == {
        "_aws": {
            "Timestamp": 1763692200123,
            "CloudWatchMetrics": [
                {
                    "Namespace": "Linekeeper",
                    "Dimensions": [["job", "sport_key"]],
                    "Metrics": [
                        {"Name": "Lateness", "Unit": "Seconds"},
                        {"Name": "Events", "Unit": "Count"},
                        {"Name": "CloseAgeMinutes", "Unit": "None"},
                    ],
                }
            ],
        },
        "job": "fetch-odds",
        "sport_key": "basketball_nba",
        "Lateness": 12.5,
        "Events": 3,
        "CloseAgeMinutes": [4.0, 6.5],
    }


@pytest.mark.parametrize("metric", list(Metric))
def test_every_metric_has_a_name_of_its_own_and_a_unit_of_cloudwatch(metric: Metric) -> None:
    document = read(emitted({metric: 1}))
    assert document[metric.value] == 1
    assert metric.unit in UNITS
    assert metric.value not in {"_aws", "job", "sport_key"}
    assert len(Metric) <= 100


def test_what_nothing_looks_at_is_a_field_for_queries_and_no_metric_that_costs() -> None:
    values = {Metric.EVENTS: 3, Metric.CREDITS_LEFT: 480}
    document = read(emitted(values, unwatched={Metric.CREDITS_LEFT}))
    [directive] = document["_aws"]["CloudWatchMetrics"]
    assert [metric["Name"] for metric in directive["Metrics"]] == ["Events"]
    assert document["CreditsLeft"] == 480
    assert emitted(values, unwatched=set(Metric)) == ""


def test_two_deployments_tell_the_same_metric_under_names_of_their_own() -> None:
    told = {}
    for namespace in ("linekeeper-dev", "linekeeper-prod"):
        stream = io.StringIO()
        emitter = MetricsEmitter(stream, clock=VirtualClock(NOW), redactor=Redactor([]), namespace=namespace)
        emitter.emit({Metric.HEARTBEAT: 1}, job="heartbeat")
        [directive] = read(stream.getvalue())["_aws"]["CloudWatchMetrics"]
        told[namespace] = directive["Namespace"]
    assert told == {"linekeeper-dev": "linekeeper-dev", "linekeeper-prod": "linekeeper-prod"}


def test_a_job_of_no_sport_has_the_job_as_its_only_dimension() -> None:
    document = read(emitted({Metric.HEARTBEAT: 1}, job="heartbeat"))
    assert document["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["job"]]
    assert "sport_key" not in document


def test_a_metric_of_no_job_in_particular_has_no_dimension() -> None:
    stream = io.StringIO()
    MetricsEmitter(stream, clock=VirtualClock(NOW), redactor=Redactor([])).emit({Metric.ANSWERS_LOST: 1})
    document = read(stream.getvalue())
    assert document["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [[]]
    assert document.keys() == {"_aws", "AnswersLost"}


@pytest.mark.parametrize(("truth", "number"), [(True, 1), (False, 0)])
def test_a_truth_is_told_as_a_number(truth: bool, number: int) -> None:
    assert f'"FetchSuccess": {number}' in emitted({Metric.FETCH_SUCCESS: truth})


@pytest.mark.parametrize("absent", [None, [], ()], ids=["not known", "no numbers", "none at all"])
def test_what_is_not_known_is_left_out_and_nothing_is_no_line(absent: MetricValue) -> None:
    assert "CreditsLeft" not in read(emitted({Metric.EVENTS: 0, Metric.CREDITS_LEFT: absent}))
    with capture_logs() as lines:
        assert emitted({Metric.CREDITS_LEFT: absent}) == ""
    assert lines == []


@given(values=st.dictionaries(metrics, usable_numbers | st.lists(usable_numbers, min_size=1, max_size=100)))
def test_every_usable_number_is_told_as_it_is(values: dict[Metric, MetricValue]) -> None:
    if line := emitted(values, sport_key="icehockey_nhl"):
        document = read(line)
        assert {metric: document[metric.value] for metric in values} == values
    else:
        assert not values


@given(
    values=st.dictionaries(metrics, any_numbers | st.lists(any_numbers, max_size=120) | st.none()),
    job=st.text(max_size=20),
    sport_key=st.none() | st.text(max_size=20),
)
def test_whatever_is_measured_there_is_one_valid_line_or_none(
    values: dict[Metric, MetricValue], job: str, sport_key: str | None
) -> None:
    if line := emitted(values, job, sport_key):
        assert read(line)["_aws"]["Timestamp"] == 1763692200123


@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, -math.inf, 1e300, [1.0, math.nan], [0.0] * (MOST_VALUES + 1)],
    ids=["not a number", "infinite", "infinite below", "too large", "one of them not", "too many"],
)
def test_a_value_that_cloudwatch_refuses_costs_that_metric_alone_and_is_logged(value: MetricValue) -> None:
    with capture_logs() as lines:
        document = read(emitted({Metric.HEARTBEAT: 1, Metric.LATENESS: value}))
    assert document["Heartbeat"] == 1
    assert "Lateness" not in document
    assert [line["event"] for line in lines] == ["metrics.left_out"]
    with pytest.raises(ValueError, match="Lateness"):
        metrics_document({Metric.LATENESS: value}, job="fetch-odds", sport_key=None, at=NOW)


@pytest.mark.parametrize("job", ["", "  ", "fetch\nodds", "jób", "j" * 1025])
def test_a_dimension_that_cloudwatch_refuses_is_not_told(job: str) -> None:
    with capture_logs() as lines:
        assert emitted({Metric.EVENTS: 1}, job=job) == ""
    assert [line["event"] for line in lines] == ["metrics.not_told"]


@pytest.mark.parametrize("at", [NOW.replace(tzinfo=None), None], ids=["a naive instant", "no metric"])
def test_what_makes_no_document_is_refused(at: datetime | None) -> None:
    with pytest.raises(ValueError, match="aware instant" if at else "no metric"):
        metrics_document({Metric.EVENTS: 1} if at else {}, job="fetch-odds", sport_key=None, at=at or NOW)


@given(offset=st.integers(-12, 14), at=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001
def test_the_timestamp_is_in_whole_milliseconds_whatever_the_zone(offset: int, at: datetime) -> None:
    instant = at.replace(tzinfo=timezone(timedelta(hours=offset)))
    document = read(json.dumps(metrics_document({Metric.EVENTS: 1}, job="j", sport_key=None, at=instant)) + "\n")
    told = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=document["_aws"]["Timestamp"])
    assert timedelta(0) <= instant - told < timedelta(milliseconds=1)


def test_a_stream_that_cannot_be_written_fails_no_run() -> None:
    stream = io.StringIO()
    stream.close()
    with capture_logs() as lines:
        MetricsEmitter(stream, clock=VirtualClock(NOW), redactor=Redactor([])).emit({Metric.EVENTS: 1}, job="j")
    assert [line["event"] for line in lines] == ["metrics.not_told"]


def test_a_secret_in_a_dimension_is_not_told() -> None:
    assert "sentinel" not in emitted({Metric.EVENTS: 1}, job="a-sentinel-job", sport_key="sentinel")
