"""JSON: an array of objects, or one object around such an array, read in passing.

The file is whole or it is refused: nobody can tell where the next row begins in one that is not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO, cast

import polars as pl

from yuexin.base.errors import Refusal
from yuexin.domains.collection.reading.alike import ROWS_OF_ARRAY
from yuexin.domains.collection.reading.gathered import (
    HEAD_ROWS,
    Batch,
    Gathered,
    Value,
    damaged,
)
from yuexin.domains.collection.reading.limits import (
    BLOCK_BYTES,
    MAX_HEAD_BYTES,
    MAX_LINE_BYTES,
    ROW,
)
from yuexin.domains.collection.reading.lines import Objects, head_of
from yuexin.domains.collection.reading.values import DECODER, SPACE, decoded
from yuexin.engines.declare.types import Resource

# More than most rows have; what is longer is decoded again with more of it.
FIRST_BYTES = 4 << 10
BLANK = re.compile(rb"[ \t\n\r]*")
Block = tuple[list[object], str]


def batches(text: Path, resource: Resource, size: int) -> Iterator[Batch]:
    """Batches of numbered rows. Raises a `Refusal` for a file that is not JSON to its end."""
    with text.open("rb") as stream:
        source = _Source(stream)
        document = _Document(source)
        document.enter()
        rows = _Rows(source)
        blocks = rows.blocks()
        first = _first(blocks)
        if not first:
            document.leave()
            yield pl.DataFrame(schema={ROW: pl.Int64}), _NONE, tuple(document.beside)
            return
        objects = Objects(head_of([v for values, _ in first for v in values][:HEAD_ROWS], resource))
        gathered = Gathered(names=objects.names, size=size)
        rows.alike = lambda block: objects.alike(block, ROWS_OF_ARRAY, gathered)
        for block in chain(first, blocks):
            _gather(block, objects, gathered)
            source.rows = gathered.last
            yield from gathered.full()
        document.leave()
        gathered.beside(document.beside)
        yield gathered.rest()


_NONE = pl.DataFrame(schema={ROW: pl.Int64, "raw": pl.String})


def _first(blocks: Iterator[Block]) -> list[Block]:
    """Enough of the file to know its columns by."""
    first: list[Block] = []
    rows = held = 0
    for values, raw in blocks:
        first.append((values, raw))
        rows += len(values)
        held += len(raw)
        if rows >= HEAD_ROWS or held > MAX_HEAD_BYTES:
            break
    return first


def _gather(block: Block, objects: Objects, gathered: Gathered) -> None:
    values, text = block
    rows = objects.rows(values, text)
    if None not in rows:
        gathered.add(cast(list[tuple[Value, ...]], rows), len(text))
        return
    at = 0
    for _ in values:
        at = SPACE.match(text, at).end()  # type: ignore[union-attr]
        value, end = DECODER.raw_decode(text, at)
        row = objects.careful(value)
        if row is None:
            gathered.set_aside(text[at:end])
        else:
            gathered.add([row], end - at)
        at = SPACE.match(text, end).end() + 1  # type: ignore[union-attr]


class _Source:
    """Bytes of UTF-8 ahead, and JSON values out of them."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.data = b""
        self.at = self.rows = 0
        self.ended = self._cut = False

    def fill(self, size: int) -> None:
        """Have so many bytes ahead, if the file does."""
        while not self.ended and len(self.data) - self.at < size:
            more = self._stream.read(max(size, BLOCK_BYTES))
            self.ended = not more
            self.data, self.at = self.data[self.at :] + more, 0

    def peek(self) -> str:
        """The next sign behind white space, or nothing at the end."""
        while True:
            self.at = BLANK.match(self.data, self.at).end()  # type: ignore[union-attr]
            if self.at < len(self.data) or self.ended:
                return self.data[self.at : self.at + 1].decode("latin-1")
            self.fill(BLOCK_BYTES)

    def expect(self, signs: str) -> str:
        """Step over the next sign, which is one of these."""
        sign = self.peek()
        if not sign or sign not in signs:
            raise self.broken()
        self.at += 1
        return sign

    def value(self) -> tuple[object, str]:
        """The next value, beside its text."""
        self.peek()
        size = FIRST_BYTES
        while True:
            self.fill(size)
            # What is cut within a character at the end of the piece is not yet needed.
            text = self.data[self.at : self.at + size].decode("utf-8", "ignore")
            whole = self.ended and self.at + size >= len(self.data)
            found = self._first_value(text)
            if found and (found[1] < len(text) or whole):
                raw = text[: found[1]]
                self.at += len(raw.encode())
                return found[0], raw
            if whole or size > MAX_LINE_BYTES:
                raise self.broken()
            size *= 4

    def _first_value(self, text: str) -> tuple[object, int] | None:
        try:
            return DECODER.raw_decode(text)
        except json.JSONDecodeError as error:
            self._cut = error.msg.startswith("Unterminated") or error.pos >= len(text.rstrip())
            return None
        except RecursionError as error:
            raise damaged("json", "嵌套过深", "it nests too deep", self.rows + 1) from error

    def broken(self) -> Refusal:
        where = self.rows + 1
        if self.ended and (self._cut or not self.peek()):
            return damaged("json", "JSON 文件不完整，可能被截断", "the JSON ends early", where)
        return damaged(
            "json",
            f"第 {where} 行附近不是有效的 JSON",
            f"near row {where} this is not JSON",
            where,
        )


class _Document:
    """What stands around the array of rows."""

    def __init__(self, source: _Source) -> None:
        self._source = source
        self._wrapped = False
        self._said = 0
        self.beside: list[tuple[str, str]] = []

    def enter(self) -> None:
        """Come to the first row: into the array, or the member that is one."""
        if self._source.expect("[{") == "[":
            return
        self._wrapped = True
        while self._source.peek() != "}":
            if self._key_of_array():
                self._source.expect("[")
                return
            if self._source.peek() != "}":
                self._source.expect(",")
        raise damaged("json", "没有由对象组成的数组", "it holds no array of objects", 0)

    def leave(self) -> None:
        """Come to the end of the file, behind which nothing may stand."""
        while self._wrapped and self._source.expect(",}") == ",":
            if self._key_of_array():
                raise damaged("json", "含有多个数组", "it holds more than one array", 0)
        if self._source.peek():
            raise damaged(
                "json", "数组之后还有内容", "something stands behind the array", self._source.rows
            )

    def _key_of_array(self) -> bool:
        """Step over a key; over its value as well, unless that is an array."""
        key, _ = self._source.value()
        self._source.expect(":")
        if not isinstance(key, str):
            raise self._source.broken()
        if self._source.peek() == "[":
            return True
        value, _ = self._source.value()
        if isinstance(value, (dict, list)):
            raise damaged("json", f"“{key[:40]}”不是数组", f"“{key[:40]}” is no array", 0)
        said = "" if value is None else str(value)
        self.beside.append((key, said))
        self._said += len(key) + len(said)
        if self._said > MAX_HEAD_BYTES:
            raise self._source.broken()
        return False


class _Rows:
    """The elements of the array, many at once where they can be told apart."""

    def __init__(self, source: _Source) -> None:
        self._source = source
        self._single = 0
        self.alike: Callable[[bytes], bool] = lambda _: False

    def blocks(self) -> Iterator[Block]:
        """Decoded elements beside their text, up to the end of the array; nothing at all for
        those that were gathered as alike."""
        if self._source.peek() == "]":
            self._source.at += 1
            return
        while True:
            yield self._many() or self._one()
            if self._source.expect(",]") == "]":
                return

    def _many(self) -> Block | None:
        source = self._source
        source.peek()
        source.fill(BLOCK_BYTES)
        cut = source.data.rfind(b"}", source.at, source.at + BLOCK_BYTES) + 1
        if self._single > 0 or not cut:
            return None
        block = source.data[source.at : cut]
        if self.alike(block):
            source.at = cut
            return [], ""
        text = block.decode()
        values = decoded(f"[{text}]")
        if not isinstance(values, list) or not values:
            return None
        source.at = cut
        return values, text

    def _one(self) -> Block:
        """The cut was within a row, or the block is broken: row by row for a while."""
        if self._single <= 0:
            self._single = BLOCK_BYTES // 2
        value, raw = self._source.value()
        self._single -= len(raw)
        return [value], raw
