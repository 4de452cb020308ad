"""YAML as text with line numbers. Every scalar stays text: its type is the declaration's own.

Anchors, aliases, tags and repeated keys are refused: a declaration says what it says once.
"""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from yuexin.base.errors import Refusal
from yuexin.base.text import Text

MAX_BYTES = 4_000_000
MAX_DEPTH = 40
# The C parser where the library was built with it; both read every scalar as text.
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, kw_only=True)
class Scalar:
    place: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Sequence:
    place: str
    items: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True)
class Mapping:
    place: str
    entries: dict[str, Node]


Node = Scalar | Sequence | Mapping


def declaration_error(*, place: str, what: Text, remedy: Text) -> Refusal:
    """A refusal that names file, line and field, and says what to write instead."""
    return Refusal(code="DECLARATION", what=what, where=place, rule="declarations", remedy=remedy)


def parse(*, name: str, data: bytes) -> Node:
    """Read one YAML document. Raises a `Refusal` naming file and line."""
    if len(data) > MAX_BYTES:
        raise declaration_error(
            place=name,
            what=Text("声明文件过大", "the declaration file is too large"),
            remedy=Text("拆分为多个文件", "split it into several files"),
        )
    try:
        text = data.decode("utf-8")
        events = list(yaml.parse(text, Loader=LOADER))
        if sum(isinstance(event, yaml.DocumentStartEvent) for event in events) > 1:
            raise yaml.YAMLError("more than one document")
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise declaration_error(
            place=name,
            what=Text(f"不是合法的 YAML：{error}", f"this is not YAML: {error}"),
            remedy=Text("按提示的行修正", "mend the line that is named"),
        ) from error
    depth = 0
    for event in events:
        _refuse_cleverness(name, event)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _too_deep(name)
    root = yaml.compose(text, Loader=LOADER)
    if root is None:
        return Mapping(place=name, entries={})
    return _convert(name, root)


def _refuse_cleverness(name: str, event: yaml.Event) -> None:
    anchored = isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None)
    if anchored or getattr(event, "tag", None):
        raise declaration_error(
            place=f"{name}:{event.start_mark.line + 1 if event.start_mark else 1}",
            what=Text("不允许锚点、引用或标签", "anchors, aliases and tags are not allowed"),
            remedy=Text("把内容直接写出来", "write the content out"),
        )


def _convert(name: str, node: yaml.Node) -> Node:
    place = f"{name}:{node.start_mark.line + 1}"
    if isinstance(node, yaml.ScalarNode):
        return Scalar(place=place, value=str(node.value))
    if isinstance(node, yaml.SequenceNode):
        return Sequence(place=place, items=tuple(_convert(name, item) for item in node.value))
    entries: dict[str, Node] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _not_a_name(place)
        if key.value in entries:
            raise declaration_error(
                place=f"{name}:{key.start_mark.line + 1}",
                what=Text(f"字段“{key.value}”重复", f"the field “{key.value}” stands twice"),
                remedy=Text("只保留一个", "keep one of them"),
            )
        entries[str(key.value)] = _convert(name, value)
    return Mapping(place=place, entries=entries)


def _too_deep(name: str) -> Refusal:
    return declaration_error(
        place=name,
        what=Text("声明嵌套过深", "the declaration is nested too deeply"),
        remedy=Text("按声明的字段书写", "write the fields of the declaration"),
    )


def _not_a_name(place: str) -> Refusal:
    return declaration_error(
        place=place,
        what=Text("字段名必须是文字", "the name of a field must be a word"),
        remedy=Text("写成“名称: 值”", "write name: value"),
    )
