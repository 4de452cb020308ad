"""Answers as JSON and back: what is kept is what is said to machines, word for word."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import typing
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin

from yuexin.base.text import Text

T = TypeVar("T")


def as_json(value: Any) -> Any:
    """A frozen value as plain JSON: texts as `{zh, en}`, days and moments by ISO 8601."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Text):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, tuple):
        return [as_json(one) for one in value]
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    kind: Any = type(value)
    return {name: as_json(getattr(value, name)) for name in _fields(kind)}


def from_json(schema: type[T], value: Any) -> T:
    """The frozen value that was written so."""
    return typing.cast(T, _read(schema, value))


def text_of(value: Any) -> str:
    """Plain JSON in the one form that is kept and digested."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _read(schema: Any, value: Any) -> Any:
    if get_origin(schema) in (UnionType, typing.Union):
        if value is None:
            return None
        (schema,) = (one for one in get_args(schema) if one is not NoneType)
    if schema is Text:
        return Text(value["zh"], value["en"])
    if get_origin(schema) is tuple:
        return tuple(_read(get_args(schema)[0], one) for one in value)
    if schema is dt.datetime or schema is dt.date:
        return schema.fromisoformat(value)
    if dataclasses.is_dataclass(schema):
        made: Any = schema
        hints = _hints(made)
        return made(**{name: _read(hints[name], one) for name, one in value.items()})
    return value


@cache
def _fields(schema: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(schema))


@cache
def _hints(schema: Any) -> dict[str, Any]:
    return typing.get_type_hints(schema)
