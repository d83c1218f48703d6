"""What a run tells CloudWatch: one line of JSON in its embedded metric format, which the log service reads."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TextIO

import structlog

from core.clock import Clock
from core.redaction import Redactor

NAMESPACE = "Linekeeper"
MOST_VALUES = 100
LARGEST_VALUE = 2**360
LONGEST_DIMENSION = 1024

MetricValue = float | Sequence[float] | None

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_log = structlog.get_logger(__name__)


class Metric(StrEnum):
    """A metric by its name in CloudWatch; `unit` is CloudWatch's own, which knows no minutes."""

    unit: str

    def __new__(cls, label: str, unit: str) -> "Metric":
        """Make a member of its name and unit."""
        member = str.__new__(cls, label)
        member._value_ = label
        member.unit = unit
        return member

    FETCH_SUCCESS = "FetchSuccess", "Count"
    LATENESS = "Lateness", "Seconds"
    EVENTS = "Events", "Count"
    QUOTES_SEEN = "QuotesSeen", "Count"
    QUOTES_STORED = "QuotesStored", "Count"
    CREDITS_LEFT = "CreditsLeft", "Count"
    CREDITS_SPENDABLE = "CreditsSpendable", "Count"
    CREDITS_AT_RESET = "CreditsAtReset", "Count"
    CLOSING_COVERAGE = "ClosingCoverage", "Percent"
    CLOSE_AGE_MINUTES = "CloseAgeMinutes", "None"
    MISSED_CLOSES = "MissedCloses", "Count"
    HEARTBEAT = "Heartbeat", "Count"
    REPAIRS = "Repairs", "Count"
    RUN_FAILED = "RunFailed", "Count"
    KEYS_REFUSED = "KeysRefused", "Count"
    ANSWERS_LOST = "AnswersLost", "Count"


def metrics_document(
    values: Mapping[Metric, MetricValue],
    *,
    job: str | None,
    sport_key: str | None,
    at: datetime,
    namespace: str = NAMESPACE,
    unwatched: Collection[Metric] = (),
) -> dict[str, object]:
    """Return the embedded metric document of what one job measured.

    Args:
        values: A number each, or up to 100 of them; None and no numbers at all are left out.
        job: The dimension of that name; None where it does not matter of which job.
        sport_key: The dimension of that name; None for a job of no sport.
        at: The aware instant measured at.
        namespace: What keeps the metrics of one deployment apart from those of another.
        unwatched: What no alarm and no graph looks at: a field of the line, for queries, but no metric, which
            costs by the hour.

    Raises:
        ValueError: CloudWatch would not take it: no watched metric, too many numbers, one that is not finite or
            beyond 2 ** 360, a dimension that is blank, too long or not printable ASCII, or a naive instant.
    """
    if at.tzinfo is None:
        raise ValueError("a metric is measured at an aware instant")
    given = {"job": job, "sport_key": sport_key}
    dimensions = {name: value for name, value in given.items() if value is not None}
    targets = {metric: _numbers(value) for metric, value in values.items() if not _is_absent(value)}
    faults = [_dimension_fault(name, value) for name, value in dimensions.items()]
    faults += [_value_fault(metric, value) for metric, value in targets.items()]
    if found := list(filter(None, faults)):
        raise ValueError("; ".join(found))
    watched = [metric for metric in targets if metric not in unwatched]
    if not watched:
        raise ValueError("there is no metric to tell")
    directive = {
        "Namespace": namespace,
        "Dimensions": [list(dimensions)],
        "Metrics": [{"Name": metric.value, "Unit": metric.unit} for metric in watched],
    }
    metadata = {"Timestamp": (at - _EPOCH) // _MILLISECOND, "CloudWatchMetrics": [directive]}
    return {"_aws": metadata, **dimensions, **{metric.value: value for metric, value in targets.items()}}


class MetricsEmitter:
    """Writes what jobs measured to a stream, one line a call; what cannot be told is logged and fails no run."""

    def __init__(self, stream: TextIO, *, clock: Clock, redactor: Redactor, namespace: str = NAMESPACE) -> None:
        """Write to a stream, on Lambda standard output, which stays the caller's to close."""
        self._stream = stream
        self._clock = clock
        self._redactor = redactor
        self._namespace = namespace

    def emit(
        self,
        values: Mapping[Metric, MetricValue],
        *,
        job: str | None = None,
        sport_key: str | None = None,
        unwatched: Collection[Metric] = (),
    ) -> None:
        """Write one line with every value that CloudWatch takes, or none where nothing watched is among them."""
        job = None if job is None else self._redactor.text(job)
        sport_key = None if sport_key is None else self._redactor.text(sport_key)
        usable = {metric: value for metric, value in values.items() if not _is_absent(value)}
        for metric in list(usable):
            if fault := _value_fault(metric, _numbers(usable[metric])):
                _log.warning("metrics.left_out", job=job, reason=fault)
                del usable[metric]
        if not usable.keys() - set(unwatched):
            return
        try:
            document = metrics_document(
                usable,
                job=job,
                sport_key=sport_key,
                at=self._clock.now(),
                namespace=self._namespace,
                unwatched=unwatched,
            )
            self._stream.write(json.dumps(document, allow_nan=False) + "\n")
            self._stream.flush()
        except (OSError, ValueError) as error:
            _log.warning("metrics.not_told", job=job, reason=self._redactor.text(str(error)))


def _is_absent(value: MetricValue) -> bool:
    return value is None or (isinstance(value, Sequence) and not value)


def _numbers(value: MetricValue) -> float | list[float]:
    return [_number(one) for one in value] if isinstance(value, Sequence) else _number(value or 0)


def _number(value: float) -> float:
    return int(value) if isinstance(value, bool) else value


def _value_fault(metric: Metric, value: float | list[float]) -> str | None:
    numbers = value if isinstance(value, list) else [value]
    if len(numbers) > MOST_VALUES:
        return f"{metric} has {len(numbers)} numbers, at most {MOST_VALUES} are taken at once"
    if any(not abs(number) <= LARGEST_VALUE for number in numbers):
        return f"{metric} has a number that is not finite or beyond 2 ** 360"
    return None


def _dimension_fault(name: str, value: str) -> str | None:
    if value.strip() and value.isascii() and value.isprintable() and len(value) <= LONGEST_DIMENSION:
        return None
    return f"the dimension {name} is not 1 to {LONGEST_DIMENSION} printable ASCII characters"
