"""From nodes to typed, frozen dataclasses. The dataclass is the schema; there is no other."""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
import math
import types
import typing
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from yuexin.base.text import Text
from yuexin.engines.declare.source import Mapping, Node, Scalar, Sequence, declaration_error

T = TypeVar("T")
BOOLEANS = {"true": True, "false": False}


def read(node: Node, schema: type[T]) -> T:
    """Build one `schema` from a node. Raises a `Refusal` with file, line, field and remedy."""
    return typing.cast(T, _value(node, schema, schema.__name__))


def _value(node: Node, schema: Any, field: str) -> Any:
    origin = get_origin(schema)
    if origin in (Union, types.UnionType):
        return _value(node, next(a for a in get_args(schema) if a is not type(None)), field)
    if origin is tuple:
        return _items(node, get_args(schema)[0], field)
    if origin is dict:
        mapping = _expect(node, Mapping, field, "一组“名称: 值”", "a mapping of name: value")
        inner = get_args(schema)[1]
        return {k: _value(v, inner, f"{field}.{k}") for k, v in mapping.entries.items()}
    if dataclasses.is_dataclass(schema):
        return _record(node, schema, field)
    return _scalar(node, schema, field)


def _items(node: Node, inner: Any, field: str) -> tuple[Any, ...]:
    sequence = _expect(node, Sequence, field, "一个列表", "a list")
    return tuple(_value(item, inner, f"{field}[{i}]") for i, item in enumerate(sequence.items))


def _record(node: Node, schema: Any, field: str) -> Any:
    mapping = _expect(node, Mapping, field, "一组字段", "a mapping of fields")
    hints, required = _shape(schema)
    for key, value in mapping.entries.items():
        if key not in hints:
            near = difflib.get_close_matches(key, hints, n=1)
            known = near[0] if near else "、".join(hints)
            raise declaration_error(
                place=value.place,
                what=Text(f"{field} 没有字段“{key}”", f"{field} has no field “{key}”"),
                remedy=Text(f"应为：{known}", f"write one of: {known}"),
            )
    missing = [name for name in required if name not in mapping.entries]
    if missing:
        raise declaration_error(
            place=mapping.place,
            what=Text(f"{field} 缺少 {missing[0]}", f"{field} lacks {missing[0]}"),
            remedy=Text(f"补写 {missing[0]}:", f"add {missing[0]}:"),
        )
    entries = mapping.entries.items()
    return schema(**{k: _value(v, hints[k], f"{field}.{k}") for k, v in entries})


@cache
def _shape(schema: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
    hints = typing.get_type_hints(schema)
    fields = dataclasses.fields(schema)
    empty = dataclasses.MISSING
    required = tuple(f.name for f in fields if f.default is empty and f.default_factory is empty)
    return {f.name: hints[f.name] for f in fields}, required


def _scalar(node: Node, schema: Any, field: str) -> Any:
    value = _expect(node, Scalar, field, "一个值", "a single value").value
    if get_origin(schema) is Literal:
        return _choice(node, value, get_args(schema), field)
    if schema is str:
        return value
    try:
        return _parsed(value, schema)
    except (ValueError, InvalidOperation, KeyError) as error:
        example = {int: "12", float: "0.05", Decimal: "0.05", bool: "true", dt.date: "2026-04-01"}[
            schema
        ]
        raise declaration_error(
            place=node.place,
            what=Text(f"{field} 的值“{value}”不符合类型", f"{field} cannot be “{value}”"),
            remedy=Text(f"写法如 {example}", f"write it like {example}"),
        ) from error


def _parsed(value: str, schema: Any) -> Any:
    if schema is int:
        return int(value)
    if schema is float:
        return _finite(value)
    if schema is Decimal:
        return Decimal(value)
    if schema is bool:
        return BOOLEANS[value]
    if schema is dt.date:
        return dt.date.fromisoformat(value)
    raise TypeError(f"a declaration cannot hold {schema!r}")


def _finite(value: str) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(value)
    return number


def _choice(node: Node, value: str, choices: tuple[str, ...], field: str) -> str:
    if value in choices:
        return value
    raise declaration_error(
        place=node.place,
        what=Text(f"{field} 不能是“{value}”", f"{field} cannot be “{value}”"),
        remedy=Text(f"从中选择：{'、'.join(choices)}", f"choose one of: {', '.join(choices)}"),
    )


N = TypeVar("N", Scalar, Sequence, Mapping)


def _expect(node: Node, wanted: type[N], field: str, zh: str, en: str) -> N:
    if isinstance(node, wanted):
        return node
    raise declaration_error(
        place=node.place,
        what=Text(f"{field} 应为{zh}", f"{field} must be {en}"),
        remedy=Text(f"改写为{zh}", f"write {en}"),
    )
