"""The gate: what may not even be kept. State secrets never enter (Opinions V.4)."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import polars as pl

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.reading.batches import ROW, opened
from yuexin.domains.collection.reading.limits import CHUNK_BYTES
from yuexin.engines.declare.types import Resource
from yuexin.engines.deliveries.types import Submission

NOT_SECRET = ("", "无", "非密", "公开", "不涉密", "none")
MARKED_NAME = re.compile("绝密|机密|秘密[★*]|[（(【\\[]秘密")
COLUMN = "密级"
ENCODINGS = ("utf-8", "gb18030")
MARKS = tuple(m.encode(e) for m in ("绝密", "机密", "秘密★", "秘密*") for e in ENCODINGS)
HEADINGS = tuple(COLUMN.encode(encoding) for encoding in ENCODINGS)
OVERLAP_BYTES = 64
ZIP = b"PK\x03\x04"
GZIP = b"\x1f\x8b"


def sniff_format(path: Path) -> Literal["csv", "xlsx"]:
    """The format by the first bytes, never by the name alone."""
    with path.open("rb") as stream:
        head = stream.read(8)
    if not head:
        raise _refusal(
            "EMPTY", "文件为空", "the file is empty", "重新导出后交付", "export it again"
        )
    if head.startswith(ZIP):
        return "xlsx"
    if head.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"Rar!", b"7z\xbc\xaf")):
        raise _refusal(
            "FORMAT",
            "不支持的文件格式",
            "this file format is not taken",
            "另存为 CSV 或 XLSX",
            "save it as CSV or XLSX",
        )
    return "csv"


def refuse_secret(
    *, path: Path, submission: Submission, resource: Resource, mark: str, scratch: Path
) -> None:
    """Refuse a delivery that declares a secrecy mark: in its own data, its name or a column.

    A file that cannot be read whole would be kept to be looked at, so where it speaks of secrecy
    at all, a mark anywhere in it is enough.
    """
    if mark.strip() not in NOT_SECRET or MARKED_NAME.search(submission.file_name):
        raise _secret(submission.file_name)
    if not resource.secrecy_column and not _holds(path, HEADINGS):
        return
    if not _reads_clean(path, submission, resource, scratch) and _holds(path, MARKS):
        raise _secret(submission.file_name)


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
    except Refusal as refusal:
        if refusal.code == "SECRET":
            raise
        return False
    return whole


def _refuse_marked(frame: pl.DataFrame, resource: Resource, submission: Submission) -> None:
    if not resource.secrecy_column:
        return
    cell = pl.col(resource.secrecy_column).str.strip_chars().fill_null("")
    marked = frame.filter(~cell.is_in(NOT_SECRET))
    if marked.height:
        raise _secret(f"{submission.file_name}:{marked[ROW][0]}")


def _holds(path: Path, words: tuple[bytes, ...]) -> bool:
    """Whether any of these words stands in the file, packed or not, damaged or not."""
    tail = b""
    for chunk in _contents(path):
        window = tail + chunk
        if any(word in window for word in words):
            return True
        tail = window[-OVERLAP_BYTES:]
    return False


def _contents(path: Path) -> Iterator[bytes]:
    """The file's bytes, unpacked as far as they unpack."""
    with path.open("rb") as stream:
        head = stream.read(4)
    try:
        if head == ZIP:
            with zipfile.ZipFile(path) as archive:
                for info in archive.infolist():
                    with archive.open(info) as part:
                        yield from iter(lambda: part.read(CHUNK_BYTES), b"")
            return
        unpack = zlib.decompressobj(zlib.MAX_WBITS | 16) if head[:2] == GZIP else None
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK_BYTES):
                while unpack and chunk:
                    yield unpack.decompress(chunk, CHUNK_BYTES)
                    chunk = unpack.unconsumed_tail
                yield chunk
    except (EOFError, zlib.error, OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return


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
