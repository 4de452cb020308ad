"""The codes and names of a batch, read as they come: a broken line is said and passed over."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any, Final, NamedTuple

import ijson

from yuexin.base.text import Text

LONGEST_LINE: Final = 4096
LONGEST_ASKED: Final = 200
BUFFER_BYTES: Final = 1 << 16
HEADERS: Final = frozenset({"code", "uscc", "统一社会信用代码"})

NOT_TEXT = Text("不是 UTF-8 文字", "the line is no text in UTF-8")
TOO_LONG = Text(f"一行超过 {LONGEST_LINE} 字节", f"the line is longer than {LONGEST_LINE} bytes")
NOT_A_CODE = Text(
    "应为代码字符串，或含 code 的对象", "a code as a string is expected, or an object with `code`"
)
NO_SUCH_LENGTH = Text(
    f"超过 {LONGEST_ASKED} 个字符，不是代码或名称",
    f"longer than {LONGEST_ASKED} characters: no code or name",
)
NOT_CSV = Text("不是 CSV", "the line is no CSV")
NOT_JSON = Text("不是 JSON", "the line is no JSON")
ARRAY_BROKEN = Text(
    "JSON 数组在此中断，其后的代码未读取",
    "the JSON array breaks off here; nothing behind it was read",
)
NOT_AN_ARRAY = Text("应为代码的 JSON 数组", "a JSON array of codes is expected")


class Asked(NamedTuple):
    """One code as it was asked for, or what is wrong with its line."""

    text: str
    fault: Text | None = None


def plain(file: IO[bytes]) -> Iterator[Asked]:
    """One code a line. Empty lines are passed over."""
    for number, line in enumerate(_lines(file)):
        if isinstance(line, Text):
            yield Asked("", line)
        elif text := _first_line(number, line.strip()):
            yield _asked(text)


def table(file: IO[bytes]) -> Iterator[Asked]:
    """The first field of each line of CSV; a line of headings at the top is passed over."""
    for number, line in enumerate(_lines(file)):
        if isinstance(line, Text):
            yield Asked("", line)
            continue
        try:
            fields = next(csv.reader([line]), [])
        except csv.Error:
            yield Asked("", NOT_CSV)
            continue
        if text := _first_line(number, fields[0].strip() if fields else ""):
            yield _asked(text)


def ndjson(file: IO[bytes]) -> Iterator[Asked]:
    """A string, or an object with `code`, a line."""
    for line in _lines(file):
        if isinstance(line, Text):
            yield Asked("", line)
        elif line.strip():
            yield _said(line)


def array(file: IO[bytes]) -> Iterator[Asked]:
    """The strings, or objects with `code`, of one JSON array."""
    events = ijson.basic_parse(file, buf_size=BUFFER_BYTES)
    try:
        if next(events)[0] != "start_array":
            yield Asked("", NOT_AN_ARRAY)
            return
        yield from _items(events)
    except (ijson.JSONError, UnicodeDecodeError):
        yield Asked("", ARRAY_BROKEN)


READERS: Final[Mapping[str, Callable[[IO[bytes]], Iterator[Asked]]]] = {
    "application/json": array,
    "application/x-ndjson": ndjson,
    "text/csv": table,
    "text/plain": plain,
}


def _items(events: Iterator[tuple[str, Any]]) -> Iterator[Asked]:
    """The items of an array whose beginning was read. What is nested in them is not kept."""
    depth, key, code = 0, "", Asked("", NOT_A_CODE)
    for event, value in events:
        if event in ("start_map", "start_array"):
            if depth == 0:
                key, code = "", Asked("", NOT_A_CODE)
            depth += 1
        elif event in ("end_map", "end_array"):
            depth -= 1
            if depth == 0:
                yield code
        elif event == "map_key":
            key = value if depth == 1 else ""
        elif depth == 0:
            yield _asked(value) if event == "string" else Asked("", NOT_A_CODE)
        elif depth == 1 and key == "code" and event == "string":
            code = _asked(value)


def _said(line: str) -> Asked:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return Asked("", NOT_JSON)
    code = said.get("code") if isinstance(said, dict) else said
    return _asked(code) if isinstance(code, str) else Asked("", NOT_A_CODE)


def _asked(text: str) -> Asked:
    """A code or name, but for a text that is longer than any way to write one."""
    if len(text) > LONGEST_ASKED:
        return Asked("", NO_SUCH_LENGTH)
    # JSON can say half a character, which no answer can.
    return Asked(text.encode("utf-8", "replace").decode())


def _first_line(number: int, text: str) -> str:
    return "" if number == 0 and text.lower() in HEADERS else text


def _lines(file: IO[bytes]) -> Iterator[str | Text]:
    """The lines as text; in place of one that cannot be read, why."""
    first = True
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            _pass_over(file)
            yield TOO_LONG
        else:
            yield _decoded(line, "utf-8-sig" if first else "utf-8")
        first = False


def _pass_over(file: IO[bytes]) -> None:
    while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass


def _decoded(line: bytes, encoding: str) -> str | Text:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        return NOT_TEXT
