"""NDJSON: one object a line. What is wrong with a line stays with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO, cast

from yuexin.domains.collection.reading import alike
from yuexin.domains.collection.reading.alike import ROWS_OF_LINES
from yuexin.domains.collection.reading.gathered import (
    HEAD_ROWS,
    PLAIN,
    Batch,
    Gathered,
    Keys,
    Value,
    heading,
)
from yuexin.domains.collection.reading.headers import unreadable_header
from yuexin.domains.collection.reading.limits import (
    BLOCK_BYTES,
    MAX_FIELD_CHARACTERS,
    MAX_LINE_BYTES,
)
from yuexin.domains.collection.reading.values import SUSPECT, Twice, decoded
from yuexin.engines.declare.types import Resource


def batches(text: Path, resource: Resource, size: int) -> Iterator[Batch]:
    """Batches of numbered rows; a line that is no flat object is a misshapen row."""
    with text.open("rb") as stream:
        blocks = _blocks(stream)
        first = next(blocks, b"")
        head = [decoded(line) for line in _lines(first)[:HEAD_ROWS]]
        objects = Objects(head_of(head, resource))
        gathered = Gathered(names=objects.names, size=size)
        for block in chain((first,), blocks):
            if not objects.alike(block.rstrip(), ROWS_OF_LINES, gathered):
                _gather(_lines(block), objects, gathered)
            yield from gathered.full()
        yield gathered.rest()


def head_of(values: list[object], resource: Resource) -> Keys:
    """The keys of the first objects. Raises a `Refusal` where there is none at all."""
    rows = [value for value in values if isinstance(value, dict)]
    first = next((value for value in values if isinstance(value, (dict, Twice))), None)
    if first is None:
        raise unreadable_header(resource)
    given = [key for key, _ in first] if isinstance(first, Twice) else list(first)
    return heading(rows, given, resource)


class Objects:
    """Rows out of decoded objects, in the order of the file's columns."""

    def __init__(self, keys: Keys) -> None:
        self.names = keys.headers
        self._keys = keys
        self._given = keys.given
        self._count = len(keys.given)
        self._absent = (None,) * (len(keys.headers) - len(keys.given))
        # A getter of one key gives no tuple; the first key is thrown away again.
        self._take = itemgetter(keys.given[0], *keys.given)

    def alike(self, block: bytes, border: re.Pattern[bytes], gathered: Gathered) -> bool:
        """Gather a block of objects that are all alike, if it is one."""
        if len(block) > MAX_FIELD_CHARACTERS:
            return False
        frame = alike.objects(block, self.names, self._given, border)
        if frame is not None:
            gathered.add_frame(frame, len(block))
        return frame is not None

    def rows(self, values: list[object], text: str) -> list[tuple[Value, ...] | None]:
        """The values of each row, or none where it is misshapen."""
        # Only in a long text can there be a value that is too long.
        if len(text) > MAX_FIELD_CHARACTERS or SUSPECT.search(text):
            return [self.careful(value) for value in values]
        return [self._quick(value) for value in values]

    def _quick(self, value: object) -> tuple[Value, ...] | None:
        if type(value) is dict and len(value) == self._count:
            try:
                taken: tuple[Value, ...] = self._take(value)[1:]
            except KeyError:
                return self.careful(value)
            if PLAIN.issuperset(map(type, taken)):
                return taken + self._absent
        return self.careful(value)

    def careful(self, value: object) -> tuple[Value, ...] | None:
        return self._keys.values(value) if isinstance(value, dict) else None


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    """Whole lines, many at once. Of a line too long only the beginning is kept."""
    while block := stream.read(BLOCK_BYTES):
        if not block.endswith(b"\n"):
            rest = stream.readline(MAX_LINE_BYTES)
            block += rest
            while len(rest) == MAX_LINE_BYTES and not rest.endswith(b"\n"):
                rest = stream.readline(MAX_LINE_BYTES)
        yield block


def _lines(block: bytes) -> list[str]:
    """The lines of a block that are not blank. One that is too long may end within a character."""
    lines = block.decode("utf-8", "ignore").split("\n")
    return [line for line in map(str.strip, lines) if line]


def _gather(lines: list[str], objects: Objects, gathered: Gathered) -> None:
    text = ",null,".join(lines)
    rows = objects.rows(_together(text, len(lines)) or [decoded(line) for line in lines], text)
    if len(text) < MAX_LINE_BYTES and None not in rows:
        gathered.add(cast(list[tuple[Value, ...]], rows), len(text))
        return
    for line, row in zip(lines, rows, strict=True):
        if row is None or len(line) > MAX_LINE_BYTES:
            gathered.set_aside(line)
        else:
            gathered.add([row], len(line))


def _together(text: str, count: int) -> list[object] | None:
    """All lines decoded at once, each by itself: a null between them, which no flat object can
    hold in its middle, tells them apart."""
    found = decoded(f"[{text}]")
    if not isinstance(found, list) or found[1::2] != [None] * (count - 1):
        return None
    values = found[::2]
    return values if len(values) == count and all(type(v) is dict for v in values) else None
