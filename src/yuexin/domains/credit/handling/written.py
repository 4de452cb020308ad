"""Answers as JSON and back: what is kept is what is said to machines, word for word."""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, TypeVar, get_args, get_origin

import orjson

from yuexin.base.text import Text

T = TypeVar("T")
FORM: Final = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS


def from_json(schema: type[T], value: Any) -> T:
    """The frozen value that was written so."""
    return typing.cast(T, _read(schema, value))


def text_of(value: Any) -> str:
    """A frozen value, or a list or mapping of such, in the one form that is kept and digested:
    JSON of sorted names without spaces; texts as `{zh, en}`, days and moments by ISO 8601."""
    return orjson.dumps(value, default=_parts, option=FORM).decode()


def _parts(value: Any) -> dict[str, Any]:
    if isinstance(value, Text):
        return value._asdict()
    if dataclasses.is_dataclass(value):
        return vars(value)
    raise TypeError(f"{value!r} has no JSON form here")


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
def _hints(schema: Any) -> dict[str, Any]:
    return typing.get_type_hints(schema)
