"""`NAME=VALUE` on the command line: the fields of a model, its parts reached by a dot."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import BaseModel

from core.errors import ConfigurationError

_NONE = "none"


class Assignable(NamedTuple):
    """A field that can be given: its name, its default as it would be typed, and what it is."""

    name: str
    default: str
    description: str
    takes_several: bool
    takes_pairs: bool
    may_be_none: bool


def assignable(model: type[BaseModel], without: Sequence[str] = ()) -> list[Assignable]:
    """Return the fields of a model in its order, those of a part as `part.field`."""
    return list(_fields(model.model_json_schema(), model.model_json_schema().get("$defs", {}), "", without))


def read_assignments(
    texts: Sequence[str], model: type[BaseModel], option: str, *, without: Sequence[str] = ()
) -> dict[str, Any]:
    """Return what texts as `name=value` assign, for the model to validate.

    Several values are set apart by commas, values by key are given as `key:value`.

    Raises:
        ConfigurationError: A text is no assignment, or names no field.
    """
    known = {field.name: field for field in assignable(model, without)}
    values: dict[str, Any] = {}
    for text in texts:
        name, sign, value = (part.strip() for part in text.partition("="))
        if not sign or name not in known:
            raise ConfigurationError(f"{option} {text!r}: {_accepted(known)}")
        *parts, last = name.split(".")
        into = values
        for part in parts:
            into = into.setdefault(part, {})
        into[last] = _value(value, known[name], option)
    return values


def _fields(
    schema: Mapping[str, Any], parts: Mapping[str, Any], prefix: str, without: Sequence[str]
) -> Iterator[Assignable]:
    for name, field in schema.get("properties", {}).items():
        if name in without:
            continue
        part = field.get("$ref")
        if part is not None and "properties" in parts[part.rsplit("/", 1)[-1]]:
            yield from _fields(parts[part.rsplit("/", 1)[-1]], parts, f"{prefix}{name}.", ())
            continue
        kinds = [kind.get("type") for kind in (field, *field.get("anyOf", ()))]
        words = () if part is None else parts[part.rsplit("/", 1)[-1]].get("enum", ())
        yield Assignable(
            name=f"{prefix}{name}",
            default=_text(field["default"]) if "default" in field else "",
            description=": ".join(filter(None, (field.get("description", ""), ", ".join(words)))),
            takes_several="array" in kinds,
            takes_pairs="object" in kinds,
            may_be_none="null" in kinds,
        )


def _value(text: str, field: Assignable, option: str) -> Any:  # noqa: ANN401
    if field.may_be_none and text.lower() == _NONE:
        return None
    if field.takes_several:
        return _parts(text)
    if field.takes_pairs:
        pairs = [part.partition(":") for part in _parts(text)]
        if not all(sign for _, sign, _ in pairs):
            raise ConfigurationError(f"{option} '{field.name}={text}': {field.name}=KEY:VALUE is expected")
        return {key.strip(): one.strip() for key, _, one in pairs}
    return text


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _text(default: object) -> str:
    if default is None:
        return _NONE
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, list):
        return ",".join(map(_text, default))
    if isinstance(default, dict):
        return ",".join(f"{key}:{_text(value)}" for key, value in default.items())
    return f"{default:g}" if isinstance(default, float) else str(default)


def _accepted(known: Mapping[str, Assignable]) -> str:
    if not known:
        return "nothing can be set here"
    return f"NAME=VALUE is expected, with a name of {', '.join(known)}"
