"""AWS's own rules for a request, checked before it is sent: an emulator accepts what AWS refuses."""

import json
import re
import zoneinfo
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from core.triggers.errors import InvalidScheduleError

if TYPE_CHECKING:
    from botocore.model import Shape

LARGEST_INPUT_BYTES = 256 * 1024
_AT = re.compile(r"at\(([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})\)")
_FUNCTION_ARN = re.compile(
    r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_$-]{1,128})?"
)
_SHOWN = 100


def check_shape(request: object, shape: "Shape", field: str = "") -> None:
    """Check a request against an input shape of botocore's service model: members, enums, patterns, bounds.

    Args:
        request: A value of the shape.
        shape: A `botocore.model.Shape`. Kinds that no request here uses are left to botocore.
        field: Path of the value in the whole request.

    Raises:
        InvalidScheduleError: Names the first field that breaks a rule.
    """
    if shape.type_name == "structure":
        _check_structure(request, shape, field)
    elif shape.type_name == "string":
        _check_string(request, shape.metadata, field)
    elif shape.type_name == "integer":
        if not isinstance(request, int) or isinstance(request, bool):
            raise InvalidScheduleError(field, f"is {_shown(request)}, not a whole number")
        _check_bounds(request, shape.metadata, field, "")


def check_schedule(request: Mapping[str, Any], now: datetime) -> None:
    """Check what AWS asks of a one-time schedule of a function beyond the shape of the request.

    Raises:
        InvalidScheduleError: Names the field: the expression or its zone, the window, the function or its input.
    """
    zone = _zone(request["ScheduleExpressionTimezone"])
    fires_at = read_expression(request["ScheduleExpression"], zone)
    if fires_at is None:
        fault = f"is {_shown(request['ScheduleExpression'])}, not at(yyyy-mm-ddThh:mm:ss) without a zone"
        raise InvalidScheduleError("ScheduleExpression", fault)
    if fires_at <= now:
        fault = f"is {request['ScheduleExpression']}, which is not in the future of {now.isoformat()}"
        raise InvalidScheduleError("ScheduleExpression", fault)
    window = request["FlexibleTimeWindow"]
    if (window["Mode"] == "FLEXIBLE") != ("MaximumWindowInMinutes" in window):
        raise InvalidScheduleError(
            "FlexibleTimeWindow.MaximumWindowInMinutes", "goes with the mode FLEXIBLE alone"
        )
    _check_target(request["Target"])


def read_expression(expression: object, zone: tzinfo = UTC) -> datetime | None:
    """Return the instant of an `at()` expression, aware, or None when it is none."""
    found = _AT.fullmatch(expression) if isinstance(expression, str) else None
    if found is None:
        return None
    try:
        return datetime.fromisoformat(found[1]).replace(tzinfo=zone)
    except ValueError:
        return None


def _check_structure(request: object, shape: "Shape", field: str) -> None:
    if not isinstance(request, Mapping):
        raise InvalidScheduleError(field, f"is {_shown(request)}, not a structure")
    for name in shape.required_members:
        if name not in request:
            raise InvalidScheduleError(_path(field, name), "is missing")
    for name, value in request.items():
        if name not in shape.members:
            raise InvalidScheduleError(_path(field, name), f"is unknown; known are {', '.join(shape.members)}")
        check_shape(value, shape.members[name], _path(field, name))


def _check_string(value: object, rules: Mapping[str, Any], field: str) -> None:
    if not isinstance(value, str):
        raise InvalidScheduleError(field, f"is {_shown(value)}, not a text")
    accepted = rules.get("enum")
    if accepted and value not in accepted:
        raise InvalidScheduleError(field, f"is {_shown(value)}; accepted is {' or '.join(accepted)}")
    _check_bounds(len(value), rules, field, " characters long")
    pattern = rules.get("pattern")
    if pattern and not re.fullmatch(pattern, value, re.ASCII):
        raise InvalidScheduleError(field, f"is {_shown(value)}, which does not match {pattern}")


def _check_bounds(measure: int, rules: Mapping[str, Any], field: str, unit: str) -> None:
    least, most = rules.get("min"), rules.get("max")
    if least is not None and measure < least:
        raise InvalidScheduleError(field, f"is {measure}{unit}; the least is {least}")
    if most is not None and measure > most:
        raise InvalidScheduleError(field, f"is {measure}{unit}; the most is {most}")


def _check_target(target: Mapping[str, Any]) -> None:
    if not _FUNCTION_ARN.fullmatch(target["Arn"]):
        fault = f"is {_shown(target['Arn'])}, not arn:aws:lambda:REGION:ACCOUNT:function:NAME"
        raise InvalidScheduleError("Target.Arn", fault)
    size = len(target["Input"].encode())
    if size > LARGEST_INPUT_BYTES:
        fault = f"is {size:,} bytes long; the most is {LARGEST_INPUT_BYTES:,}"
        raise InvalidScheduleError("Target.Input", fault)
    try:
        json.loads(target["Input"])
    except ValueError:
        raise InvalidScheduleError("Target.Input", "is not JSON") from None


def _zone(name: str) -> tzinfo:
    """Return a zone of the IANA database; UTC is known where a machine has no copy of it, as on Lambda."""
    if name == "UTC":
        return UTC
    if name not in zoneinfo.available_timezones():
        fault = f"is {_shown(name)}, not a zone of the IANA database such as UTC or Europe/Paris"
        raise InvalidScheduleError("ScheduleExpressionTimezone", fault)
    return zoneinfo.ZoneInfo(name)


def _path(field: str, name: object) -> str:
    return f"{field}.{name}" if field else str(name)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
