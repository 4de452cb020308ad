"""XML: rows are the elements right below the root, their fields child elements or attributes.

Rows that are all alike are read by one expression made of the first of them; any other row, and
whatever stands between rows, by a real parser. No document type, no entities: nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO
from xml.parsers import expat

import polars as pl

from yuexin.base.errors import Refusal
from yuexin.domains.collection.reading.element import Element, Parsed, local
from yuexin.domains.collection.reading.encoded import as_utf8, encoding_refusal
from yuexin.domains.collection.reading.gathered import (
    HEAD_ROWS,
    Batch,
    Gathered,
    Keys,
    Value,
    damaged,
    heading,
)
from yuexin.domains.collection.reading.limits import (
    BLOCK_BYTES,
    MAX_HEAD_BYTES,
    MAX_LINE_BYTES,
    ROW,
)
from yuexin.engines.declare.types import Resource

DECLARATION = re.compile(
    rb"(?:\xef\xbb\xbf|\x84\x31\x95\x33)?\s*<\?xml\s[^>]*?encoding\s*=\s*[\"']([^\"'>]*)[\"']"
)
DECLARED = {"utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "utf-8", "ascii": "utf-8",
            "gb18030": "gb18030", "gbk": "gb18030", "gb2312": "gb18030",
            "gb_2312-80": "gb18030", "cp936": "gb18030"}  # fmt: skip
NAME = r"[^\s<>/=\"'&!?]+"
OPENING = re.compile(rf"<({NAME})((?:\s+{NAME}\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*(/?)>")
ATTRIBUTE = re.compile(rf"({NAME})\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)')")
SPACE = re.compile(r"[ \t\r\n]*")
BARRED = "<&\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff"


def utf8_of(*, path: Path, folder: Path) -> Path:
    """The file as plain UTF-8, in the encoding that its declaration names, or UTF-8 without one.

    Raises a `Refusal` for a declaration that is not true.
    """
    with path.open("rb") as stream:
        found = DECLARATION.match(stream.read(1_000))
    if found is None:
        return as_utf8(path=path, folder=folder, among=("utf-8",))
    name = found[1].decode("ascii", "replace").strip()
    encoding = DECLARED.get(name.lower())
    if encoding is None:
        raise encoding_refusal(
            f"XML 声明的编码“{name[:20]}”不支持",
            f"the declared encoding “{name[:20]}” is not taken",
        )
    return as_utf8(path=path, folder=folder, among=(encoding,))


def batches(text: Path, resource: Resource, size: int) -> Iterator[Batch]:
    """Batches of numbered rows. Raises a `Refusal` for what is not well formed to its end."""
    with text.open(encoding="utf-8", newline="") as stream:
        source = _Source(stream)
        source.enter()
        first = _first(source)
        if not first:
            source.leave()
            nothing = pl.DataFrame(schema={ROW: pl.Int64, "raw": pl.String})
            yield nothing.select(ROW), nothing, tuple(source.beside)
            return
        keys = heading([row.fields for row in first], first[0].keys, resource)
        gathered = Gathered(names=keys.headers, size=size)
        for row in first:
            _gather(row, keys, source.row_name, gathered)
        likeness = _Likeness(first, keys, source.row_name)
        while True:
            source.rows = gathered.last
            rows, held = likeness.rows(source)
            gathered.add(rows, held)
            if not rows:
                other = source.row()
                if other is None:
                    break
                _gather(other, keys, source.row_name, gathered)
            gathered.beside(source.told())
            yield from gathered.full()
        source.leave()
        gathered.beside(source.told())
        yield gathered.rest()


def _first(source: _Source) -> list[Parsed]:
    """Enough rows to know the columns by."""
    first: list[Parsed] = []
    held = 0
    while len(first) < HEAD_ROWS and held < MAX_HEAD_BYTES and (row := source.row()):
        if not first and not row.keys:
            # What is no row yet: a number of rows, a title.
            source.say(row.name, row.said)
            continue
        source.row_name = source.row_name or row.name
        first.append(row)
        held += len(row.raw)
        source.rows = len(first)
    return first


def _gather(row: Parsed, keys: Keys, name: str, gathered: Gathered) -> None:
    values = keys.values(row.fields) if row.flat and row.name == name else None
    if values is None:
        gathered.set_aside(row.raw)
    else:
        gathered.add([values], len(row.raw))


class _Source:
    """Characters ahead, and rows out of them."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._root = ""
        # Whatever stands around and between the rows, as one document.
        self._frame = expat.ParserCreate()
        self.text = self.row_name = ""
        self.at = self.rows = self._said = 0
        self.ended = False
        self.beside: list[tuple[str, str]] = []

    def fill(self, size: int) -> None:
        """Have so many characters ahead, if the file does."""
        while not self.ended and len(self.text) - self.at < size:
            more = self._stream.read(max(size, BLOCK_BYTES))
            self.ended = not more
            self.text, self.at = self.text[self.at :] + more, 0

    def say(self, name: str, text: str) -> None:
        """Keep what is no row until somebody looks at it."""
        self.beside.append((name, text))
        self._said += len(name) + len(text) + 1
        if self._said > MAX_HEAD_BYTES:
            raise self._broken()

    def told(self) -> list[tuple[str, str]]:
        """What was said since this was last asked."""
        said, self.beside, self._said = self.beside, [], 0
        return said

    def enter(self) -> None:
        """Come into the root, past the declaration and comments, never past a document type."""
        self._to_markup()
        found = OPENING.match(self.text, self.at)
        if found is None or found[1].lower() == "html":
            raise self._broken()
        self._framed(found.end())
        self._root = "" if found[3] else found[1]
        for name, double, single in ATTRIBUTE.findall(found[2]):
            self.say(local(name), double or single)

    def leave(self) -> None:
        """Come to the end of the file, behind the root's own end tag."""
        if self._root:
            found = re.compile(rf"</{re.escape(self._root)}\s*>").match(self.text, self.at)
            if found is None:
                raise self._broken()
            self._framed(found.end())
        self._to_markup()
        if self.at < len(self.text):
            raise self._broken()
        self._framed(self.at, whole=True)

    def row(self) -> Parsed | None:
        """The next element below the root; none where the root ends."""
        if not self._root:
            return None
        self._to_markup()
        if self.text.startswith("</", self.at):
            return None
        begun = self.at
        while (opening := OPENING.match(self.text, begun)) is None:
            begun, _ = self._more(begun)
        element = Element()
        closing = re.compile(rf"</{re.escape(opening[1])}\s*>")
        if opening[3] and not self._fed(element, opening.end()):
            raise self._broken()
        while not element.done:
            # What looks like the end may stand in an inner element or in what is no markup.
            end = closing.search(self.text, self.at)
            if end is None:
                begun, self.at = self._more(begun)
            elif end.end() - begun > MAX_LINE_BYTES or not self._fed(element, end.end()):
                raise self._broken()
        return element.parsed(self.text[begun : self.at])

    def _fed(self, element: Element, end: int) -> bool:
        piece, self.at = self.text[self.at : end], end
        return element.feed(piece)

    def _more(self, begun: int) -> tuple[int, int]:
        """Read on without losing the place in a row."""
        ahead, inside = len(self.text) - begun, self.at - begun
        if self.ended or ahead > MAX_LINE_BYTES:
            raise self._broken()
        self.at = begun
        self.fill(ahead + BLOCK_BYTES)
        return self.at, self.at + inside

    def _to_markup(self) -> None:
        """Past white space, comments and instructions; what they say is kept."""
        while True:
            self.fill(BLOCK_BYTES)
            self.at = SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]
            if self.at == len(self.text):
                if self.ended:
                    return
            elif self.text.startswith("<!--", self.at):
                self._past("<!--", "-->")
            elif self.text.startswith("<?", self.at):
                self._past("<?", "?>")
            elif self.text[self.at] == "<":
                self._refuse_type()
                return
            else:
                raise self._broken()

    def _past(self, begin: str, end: str) -> None:
        if (found := self.text.find(end, self.at)) < 0:
            self.fill(MAX_LINE_BYTES)
            found = self.text.find(end, self.at)
        if found < 0:
            raise self._broken()
        self.say("", self.text[self.at + len(begin) : found])
        self._framed(found + len(end))

    def _framed(self, end: int, *, whole: bool = False) -> None:
        """Step over what is no row, if it is well formed."""
        try:
            self._frame.Parse(self.text[self.at : end], whole)
        except expat.ExpatError as error:
            raise self._broken() from error
        self.at = end

    def _refuse_type(self) -> None:
        if self.text[self.at : self.at + 9].upper() == "<!DOCTYPE":
            raise damaged(
                "xml",
                "含有文档类型声明（DTD）或实体",
                "it declares a document type or entities",
                self.rows + 1,
            )

    def _broken(self) -> Refusal:
        where = self.rows + 1
        if self.ended and self.text.find(">", self.at) < 0:
            return damaged("xml", "XML 文件不完整，可能被截断", "the XML ends early", where)
        return damaged(
            "xml",
            f"第 {where} 行附近不是有效的 XML",
            f"near row {where} this is not well-formed XML",
            where,
        )


class _Likeness:
    """One expression for the rows that have the same fields in the same order, or some of them."""

    def __init__(self, first: list[Parsed], keys: Keys, name: str) -> None:
        alike = [row for row in first if row.name == name and row.flat]
        in_attributes = bool(alike and alike[0].attributes)
        tags = {
            keys.known(local(tag)): tag
            for row in reversed(alike)
            for tag in reversed(row.attributes if in_attributes else row.tags)
        }
        self._headers = [header for header in keys.headers if header in tags]
        self._absent = (None,) * (len(keys.headers) - len(self._headers))
        fields = _attributes if in_attributes else _children
        self._match = None
        if alike and keys.headers[: len(self._headers)] == tuple(self._headers):
            expression = fields(alike[0].tag, [tags[header] for header in self._headers])
            self._match = re.compile(expression).match

    def rows(self, source: _Source) -> tuple[list[tuple[Value, ...]], int]:
        """As many rows of that likeness as follow each other here."""
        rows: list[tuple[Value, ...]] = []
        source.fill(BLOCK_BYTES)
        begun = at = source.at
        if "]]>" in source.text:
            # Well-formed only as the end of something that the expression does not know.
            return rows, 0
        while self._match and (found := self._match(source.text, at)):
            rows.append(found.groups() + self._absent)
            at = found.end()
        source.at = at
        return rows, at - begun


def _attributes(tag: str, names: list[str]) -> str:
    row = re.escape(tag)
    fields = "".join(rf'(?:[ \t\r\n]+{re.escape(name)}="([^"\t\n{BARRED}]*)")?' for name in names)
    return rf"[ \t\r\n]*<{row}{fields}[ \t\r\n]*(?:/>|></{row}>)"


def _children(tag: str, names: list[str]) -> str:
    row = re.escape(tag)
    fields = "".join(
        rf"(?:<{name}>([^{BARRED}]*)</{name}>[ \t\r\n]*|<{name}/>[ \t\r\n]*)?"
        for name in map(re.escape, names)
    )
    return rf"[ \t\r\n]*<{row}>[ \t\r\n]*{fields}</{row}>"
