"""What a file holds before anyone reads it as a table: its bytes, unpacked as far as they unpack,
and the names in it. A damaged file is looked through for as far as it goes."""

from __future__ import annotations

import codecs
import html
import os
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from io import BufferedReader
from itertools import chain
from pathlib import Path

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.reading.container import DAMAGED
from yuexin.domains.collection.reading.encoded import ENCODINGS
from yuexin.domains.collection.reading.limits import CHUNK_BYTES, MAX_LINE_BYTES
from yuexin.domains.collection.reading.wrapping import BOOK, MAX_UNPACKED_BYTES, ZIP

GZIP = b"\x1f\x8b\x08"
OLE = b"\xd0\xcf\x11\xe0"
# What nobody here unpacks: old Office, encrypted Parquet, PDF, RAR, 7-Zip, bzip2, xz, Zstandard.
CLOSED = (
    OLE,
    b"PARE",
    b"%PDF",
    b"Rar!",
    b"7z\xbc\xaf",
    b"BZh91AY",
    b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd",
)
HEADER_BYTES = 30
PIECE_BYTES = 16 << 10
OVERLAP_BYTES = 256
LOCKED, UTF8 = 1, 0x800
STORED, DEFLATED = 0, 8
WIDE = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# The flags say that a name follows, and that no extra field stands before it.
GZIP_NAME = re.compile(GZIP + rb"[\x08-\x0b\x18-\x1b].{6}([^\0]{1,200})\0", re.DOTALL)
NUMBERED = re.compile(rb"\\u([0-9a-fA-F]{4})|&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,9}));")
SHEET_NAME = re.compile(r"<(?:\w+:)?sheet\s[^>]*?\bname\s*=\s*(?:\"([^\"]*)|'([^']*))")


def parts(path: Path) -> Iterator[Iterator[bytes]]:
    """The file's text, or that of every member of an archive: each to be used before the next.

    Text is given as it is, or as UTF-8 where it was UTF-16 or UTF-32. Raises a `Refusal` for an
    archive that cannot be looked into.
    """
    with path.open("rb") as stream:
        magic = next((magic for magic in (ZIP, GZIP) if stream.peek().startswith(magic)), b"")
        if magic == ZIP:
            yield from map(_narrow, _Archive(stream, ZIP).parts())
        elif magic == GZIP:
            yield _narrow(chain.from_iterable(_Archive(stream, GZIP).parts()))
        else:
            yield _narrow(iter(lambda: stream.read(CHUNK_BYTES), b""))


def windows(part: Iterator[bytes]) -> Iterator[bytes]:
    """The part in pieces that overlap, between line ends: what is short is whole in one of them."""
    tail = b"\n"
    for chunk in part:
        window = tail + chunk
        yield window
        tail = window[-OVERLAP_BYTES:]
    yield tail + b"\n"


def lines(part: Iterator[bytes]) -> Iterator[str]:
    """The lines of a part, each in the encoding that it is in. Ends at one without end."""
    held = b""
    for chunk in part:
        *whole, held = (held + chunk).replace(b"\r", b"\n").split(b"\n")
        yield from map(_line, whole)
        if len(held) > MAX_LINE_BYTES:
            return
    yield _line(held)


def spelled(window: bytes) -> Iterator[bytes]:
    """The bytes as they are and, where JSON or XML writes characters as numbers, those as well."""
    yield window
    if b"\\u" in window or b"&#" in window:
        yield NUMBERED.sub(_character, window)


def texts(part: Iterator[bytes]) -> Iterator[str]:
    """The pieces of a part as text, with characters that are written as numbers resolved."""
    for window in windows(part):
        resolved = NUMBERED.sub(_character, window)
        yield from (resolved.decode(encoding, "replace") for encoding in ENCODINGS)


def _character(found: re.Match[bytes]) -> bytes:
    code = int(found[3]) if found[3] else int(found[1] or found[2], 16)
    return chr(code).encode("utf-8", "replace") if code <= sys.maxunicode else b"?"


def names(path: Path) -> Iterator[str]:
    """The names that an archive gives its members, and a workbook its worksheets."""
    with path.open("rb") as stream:
        if stream.peek().startswith(GZIP):
            for window in windows(iter(lambda: stream.read(CHUNK_BYTES), b"")):
                for name in GZIP_NAME.findall(window):
                    yield from readings(name)
        elif stream.peek().startswith(ZIP):
            yield from _member_names(path)


def readings(name: bytes) -> tuple[str, ...]:
    """A name in each encoding that it may be in."""
    return tuple(name.decode(encoding, "replace") for encoding in ENCODINGS)


def _member_names(path: Path) -> Iterator[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                encoding = "utf-8" if info.flag_bits & UTF8 else "cp437"
                yield from readings(info.orig_filename.encode(encoding))
            with archive.open(BOOK) as part:
                book = part.read(CHUNK_BYTES).decode("utf-8", "replace")
    except (*DAMAGED, KeyError):
        return
    for found in SHEET_NAME.finditer(book):
        yield html.unescape(found[1] or found[2] or "")


def _line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("gb18030", "replace")


def _narrow(part: Iterator[bytes]) -> Iterator[bytes]:
    part = filter(None, part)
    first = next(part, b"")
    encoding = next((name for bom, name in WIDE.items() if first.startswith(bom)), "")
    if not encoding:
        return chain((first,), part)
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    return (decoder.decode(chunk).encode("utf-8", "replace") for chunk in chain((first,), part))


class _Archive:
    """An archive, walked from signature to signature: a damaged one has no directory to go by."""

    def __init__(self, stream: BufferedReader, magic: bytes) -> None:
        self._stream = stream
        self._magic = magic
        self._left = MAX_UNPACKED_BYTES

    def parts(self) -> Iterator[Iterator[bytes]]:
        """What lies before each member, and what is packed in it."""
        while self._stream.peek(1):
            yield self._between()
            yield self._zip_member() if self._magic == ZIP else self._unpacked(zlib.MAX_WBITS | 16)

    def _between(self) -> Iterator[bytes]:
        """The bytes up to the next signature, or to the end."""
        kept = len(self._magic) - 1
        while chunk := self._stream.read(PIECE_BYTES):
            at = chunk.find(self._magic)
            if at >= 0:
                self._stream.seek(at - len(chunk), os.SEEK_CUR)
                yield chunk[:at]
                return
            if len(chunk) == PIECE_BYTES:
                # The end may be the beginning of a signature.
                self._stream.seek(-kept, os.SEEK_CUR)
                chunk = chunk[:-kept]
            yield chunk

    def _zip_member(self) -> Iterator[bytes]:
        header = self._stream.read(HEADER_BYTES)
        if len(header) < HEADER_BYTES:
            yield header
            return
        flags, method, name_bytes, extra_bytes = (
            int.from_bytes(header[at : at + 2], "little") for at in (6, 8, 26, 28)
        )
        self._stream.seek(name_bytes + extra_bytes, os.SEEK_CUR)
        if flags & LOCKED or method not in (STORED, DEFLATED):
            raise _closed(
                "压缩包已加密，或压缩方式不支持", "it is locked, or packed in an unknown way"
            )
        if method == DEFLATED:
            yield from self._unpacked(-zlib.MAX_WBITS)
        else:
            # Its bytes stand as they are, up to the next signature.
            _refuse_packed(self._stream.peek(len(ZIP)))

    def _unpacked(self, window_bits: int) -> Iterator[bytes]:
        """What one member unpacks to. From one that does not unpack the walk goes on inside it."""
        texts = filter(None, self._inflated(window_bits))
        first = next(texts, b"")
        _refuse_packed(first)
        yield first
        for text in texts:
            self._spend(len(text))
            yield text

    def _inflated(self, window_bits: int) -> Iterator[bytes]:
        start = self._stream.tell()
        unpack = zlib.decompressobj(window_bits)
        try:
            while not unpack.eof and (piece := self._stream.read(PIECE_BYTES)):
                while piece:
                    yield unpack.decompress(piece, CHUNK_BYTES)
                    piece = unpack.unconsumed_tail
            yield unpack.flush()
        except zlib.error:
            # Looking for the next signature inside costs, so that few may be found in vain.
            self._spend(CHUNK_BYTES)
            self._stream.seek(start + 1)
        else:
            self._stream.seek(-len(unpack.unused_data), os.SEEK_CUR)

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise _closed("解压后过大，疑似压缩炸弹", "it unpacks to far too much")


def _refuse_packed(text: bytes) -> None:
    if text.startswith((ZIP, GZIP, *CLOSED)):
        raise _closed(
            "压缩包内另有压缩包、PDF、宏或旧版 Office 文件",
            "it holds another archive, a PDF, macros or a file of the old Office",
        )


def _closed(zh: str, en: str) -> Refusal:
    remedy = Text(
        "逐个交付未加密的数据文件", "deliver each data file by itself, without a password"
    )
    return Refusal(code="ARCHIVE", what=Text(zh, en), rule="catalogue", remedy=remedy)
