"""The gate: what may not even be kept. State secrets never enter (Opinions V.4)."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import polars as pl

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection import marks
from yuexin.domains.collection.reading import parquet, sheet, unpacked
from yuexin.domains.collection.reading.batches import ROW, opened
from yuexin.domains.collection.reading.encoded import ENCODINGS
from yuexin.domains.collection.reading.forms import FORM_BYTES, form_of
from yuexin.domains.collection.reading.gathered import Beside
from yuexin.domains.collection.reading.limits import MAX_FIELD_CHARACTERS
from yuexin.domains.collection.reading.plain import DELIMITERS
from yuexin.domains.collection.reading.unpacked import CLOSED, OLE
from yuexin.domains.collection.reading.wrapping import head_of, unwrapped
from yuexin.engines.declare.types import Resource
from yuexin.engines.deliveries.types import Format, Submission

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ESCAPED = re.compile(rb"\\udc([89a-f][0-9a-f])")
HEAD_BYTES = 16 << 10
# Formats whose rows stand below one heading, at the beginning.
BY_HEADING = ("csv", "xlsx")
CONTEXT_BYTES = 64  # even, so that it cuts no character of two bytes in a run of them
# Every grade ends in the one character, which is looked for first, and begins with one of these.
LAST = "密"
BEFORE = tuple(c.encode(encoding) for c in "绝机秘 \u3000" for encoding in ENCODINGS)


def sniff_format(path: Path) -> Format:
    """The format by the first bytes, inside gzip or a zip of one file as well, never by a name."""
    with path.open("rb") as stream:
        head = stream.read(8)
    if not head:
        raise _refusal(
            "EMPTY", "文件为空", "the file is empty", "重新导出后交付", "export it again"
        )
    if head.startswith(OLE) and _is_locked(path):
        raise _refusal(
            "FORMAT",
            "工作簿设有打开密码",
            "the workbook is protected by a password",
            "取消打开密码，另存为 XLSX 后交付",
            "remove the password and save it as XLSX again",
        )
    if head.startswith(CLOSED):
        raise _refusal(
            "FORMAT",
            "不支持的文件格式",
            "this file format is not taken",
            "另存为 CSV、XLSX、JSON、NDJSON、XML 或 Parquet",
            "save it as CSV, XLSX, JSON, NDJSON, XML or Parquet",
        )
    return form_of(head_of(path, FORM_BYTES))


def refuse_secret(
    *, path: Path, submission: Submission, resource: Resource, mark: str, scratch: Path
) -> None:
    """Refuse a delivery that declares a secrecy mark: in its own data, a name or a column.

    A file that cannot be read whole would be kept to be looked at, so in one a mark is enough that
    stands by itself, or a cell under any heading of secrecy. What cannot even be looked into is
    refused as well.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="gate-", dir=scratch) as folder:
        data = _data_of(path, submission.format, Path(folder))
        named = _names(path, data, submission)
        if not marks.is_open(mark, marks.open_words(resource)) or any(map(marks.in_name, named)):
            raise _secret(submission.file_name)
        quiet = submission.format in BY_HEADING and not resource.secrecy_column
        if quiet and not _speaks(data):
            return
        if not _reads_clean(data, submission, resource, scratch) and _declares(
            data, submission.format, resource
        ):
            raise _secret(submission.file_name)


def _data_of(path: Path, form: Format, folder: Path) -> Path:
    """What is not text is looked into without its packing; text is looked for within any."""
    if form not in ("xlsx", "parquet"):
        return path
    try:
        return unwrapped(path=path, folder=folder)
    except Refusal:
        return path


def _names(path: Path, data: Path, submission: Submission) -> Iterator[str]:
    yield from _file_names(submission.file_name)
    yield from unpacked.names(path)
    if data != path:
        yield from unpacked.names(data)
    if submission.format == "parquet":
        yield from parquet.names(data)


def _is_locked(path: Path) -> bool:
    """Whether the container of an old Office file holds an encrypted new one."""
    return any(
        ENCRYPTED in window for part in unpacked.parts(path) for window in unpacked.windows(part)
    )


def _file_names(name: str) -> tuple[str, ...]:
    """The readings of a file name, whose bytes beyond UTF-8 were written as escapes."""
    return unpacked.readings(ESCAPED.sub(lambda m: bytes.fromhex(m[1].decode()), name.encode()))


def _reads_clean(path: Path, submission: Submission, resource: Resource, scratch: Path) -> bool:
    """Whether every row was read and none bears a mark. Raises a `Refusal` for a marked row."""
    whole = True
    try:
        with opened(
            path=path, form=submission.format, resource=resource, scratch=scratch
        ) as batches:
            for rows in batches:
                whole = whole and rows.misshapen.is_empty()
                _refuse_marked(rows.frame, resource, submission)
                _refuse_beside(rows.beside, resource, submission)
    except Refusal as refusal:
        if refusal.code == "SECRET":
            raise
        return False
    return whole


def _refuse_marked(frame: pl.DataFrame, resource: Resource, submission: Submission) -> None:
    if not resource.secrecy_column:
        return
    words = marks.open_words(resource)
    cells = frame[resource.secrecy_column]
    marked = [cell for cell in cells.drop_nulls().unique() if not marks.is_open(cell, words)]
    if marked:
        row = frame.filter(cells.is_in(marked))[ROW][0]
        raise _secret(f"{submission.file_name}:{row}")


def _refuse_beside(beside: Beside, resource: Resource, submission: Submission) -> None:
    """Refuse a mark around the rows: in a member, an attribute, a comment, a note on a column."""
    if marks.declares(beside, marks.open_words(resource)):
        raise _secret(submission.file_name)


def _declares(path: Path, form: Format, resource: Resource) -> bool:
    """Whether a file that is not read whole bears a mark, by itself or below a heading."""
    words = marks.open_words(resource)
    if form == "parquet":
        return any(marks.declares(pairs, words) for pairs in parquet.values(path))
    if any(_bears_mark(unpacked.windows(part)) for part in unpacked.parts(path)):
        return True
    if any(_tells(table, words) for table in _tables(path, form)):
        return True
    return any(
        marks.tells(marks.pairs(text), words)
        for part in unpacked.parts(path)
        for text in unpacked.texts(part)
    )


def _tables(path: Path, form: Format) -> Iterator[Iterable[list[str]]]:
    """The rows of every text by each delimiter that may be meant, and of every worksheet."""
    csv.field_size_limit(MAX_FIELD_CHARACTERS)
    for sign in DELIMITERS:
        for part in unpacked.parts(path):
            yield csv.reader(unpacked.lines(part), delimiter=sign)
    if form == "xlsx":
        try:
            yield from sheet.tables(path)
        except Refusal:
            return


def _tells(table: Iterable[list[str]], words: frozenset[str]) -> bool:
    """Whether a cell below a heading of secrecy declares it, as far as the table can be read."""
    try:
        return any(not marks.is_open(cell, words) for cell in marks.below_heading(table))
    except (csv.Error, Refusal):
        return False


def _speaks(path: Path) -> bool:
    """Whether a heading of secrecy stands at the beginning of a file, or a mark anywhere."""
    for part in unpacked.parts(path):
        windows = unpacked.windows(part)
        first = next(windows)
        head = unpacked.readings(first[:HEAD_BYTES])
        if any(map(marks.has_heading, head)) or _bears_mark(chain((first,), windows)):
            return True
    return False


def _bears_mark(windows: Iterable[bytes]) -> bool:
    """Whether a mark stands by itself in these bytes, in any encoding, escaped, damaged or not."""
    return any(
        marks.MARK.search(text)
        for window in windows
        for seen in unpacked.spelled(window)
        for text in _graded(seen)
    )


def _graded(window: bytes) -> Iterator[str]:
    """The text around whatever may be a grade."""
    for encoding in ENCODINGS:
        last = LAST.encode(encoding)
        # The last byte alone is found far faster, and is rare in the other encoding.
        at = window.find(last) if last[-1:] in window else -1
        while at >= 0:
            if window.endswith(BEFORE, max(0, at - len(last)), at):
                around = window[max(0, at - CONTEXT_BYTES) : at + CONTEXT_BYTES]
                yield around.decode(encoding, "replace")
            at = window.find(last, at + 1)


def _secret(where: str) -> Refusal:
    return Refusal(
        code="SECRET",
        what=Text(
            "交付申报了密级，未接收", "the delivery declares a secrecy mark; it was not kept"
        ),
        where=where,
        rule="Opinions V.4",
        remedy=Text(
            "涉密数据不得进入本平台；去除涉密内容并经保密审查后再交付",
            "secret data may not enter; deliver what a secrecy review has cleared",
        ),
    )


def _refusal(code: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> Refusal:
    remedy = Text(remedy_zh, remedy_en)
    return Refusal(code=code, what=Text(zh, en), rule="catalogue", remedy=remedy)
