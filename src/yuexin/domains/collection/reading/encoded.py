"""Text as UTF-8, whatever it came in: UTF-8 or GB 18030, with or without BOM."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import BinaryIO

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.collection.reading.limits import CHUNK_BYTES, MAX_LINE_BYTES

ENCODINGS = ("utf-8", "gb18030")
BOM = "\ufeff"
PRIVATE = re.compile("[\ue000-\uf8ff]")
# A line whose bytes beyond ASCII are all UTF-8, at least three Chinese characters among them.
UTF8_LINE = re.compile(
    rb"^A(?:OA)*(?:CA(?:OA)*){3,}$".replace(b"A", rb"[\x00-\x09\x0b-\x7f]*")
    .replace(b"O", rb"[\xe2\xe3\xef][\x80-\xbf]{2}")
    .replace(b"C", rb"[\xe4-\xe9][\x80-\xbf]{2}"),
    re.MULTILINE,
)


def as_utf8(*, path: Path, folder: Path, among: tuple[str, ...] = ENCODINGS) -> Path:
    """The same text as plain UTF-8 without BOM: the file itself where it is that.

    It is read as the first encoding of `among` in which all of it decodes.
    """
    with path.open("rb") as stream:
        head = stream.read(4)
    if head in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        raise encoding_refusal("文件为 UTF-32 编码", "the file is UTF-32")
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise encoding_refusal("文件为 UTF-16 编码", "the file is UTF-16")
    encoding = _encoding_of(path, among)
    has_bom = head.startswith(codecs.BOM_UTF8)
    if encoding == "utf-8" and not has_bom:
        return path
    target = folder / "utf8"
    _transcode(path, target, "utf-8-sig" if encoding == "utf-8" else encoding)
    return target


def encoding_refusal(zh: str, en: str, where: str = "") -> Refusal:
    """A text that is in no encoding which is taken, in words."""
    remedy = Text("另存为 UTF-8 或 GB 18030 后交付", "save it as UTF-8 or GB 18030")
    what = Text(zh, en)
    return Refusal(code="ENCODING", what=what, where=where, rule="GB 18030-2022", remedy=remedy)


def _encoding_of(path: Path, among: tuple[str, ...]) -> str:
    for encoding in among:
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        with path.open("rb") as stream:
            if _decodes(stream, decoder):
                return encoding
    if among == ENCODINGS:
        raise encoding_refusal(
            "文件既不是 UTF-8 也不是 GB 18030 编码", "neither UTF-8 nor GB 18030"
        )
    name = among[0].upper()
    raise encoding_refusal(f"文件不是所声明的 {name} 编码", f"it is not {name}, as it says")


def _decodes(stream: BinaryIO, decoder: codecs.IncrementalDecoder) -> bool:
    """Whether all of it decodes. A file that ends inside a character is cut, whatever it was."""
    try:
        while chunk := stream.read(CHUNK_BYTES):
            if b"\0" in chunk:
                raise encoding_refusal("文件含有空字节，不是文本", "NUL bytes: this is not text")
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    if decoder.getstate()[0]:
        raise encoding_refusal("文件在一个字符中间被截断", "the file ends inside a character")
    return True


def _transcode(source: Path, target: Path, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    first = True
    lines = 1
    with source.open("rb") as stream, target.open("wb") as out:
        while chunk := stream.read(CHUNK_BYTES):
            chunk += stream.readline(MAX_LINE_BYTES)
            text = decoder.decode(chunk)
            if encoding == "gb18030":
                _refuse_mixed(chunk, text, lines)
                lines += chunk.count(b"\n")
            out.write((text.removeprefix(BOM) if first else text).encode("utf-8"))
            first = False


def _refuse_mixed(chunk: bytes, text: str, before: int) -> None:
    """UTF-8 inside a file taken as GB 18030 would become other characters without a word."""
    if line := UTF8_LINE.search(chunk):
        number = before + chunk.count(b"\n", 0, line.start())
        raise encoding_refusal(
            "文件混有 UTF-8 编码的行", "a line of this file is UTF-8", str(number)
        )
    if found := PRIVATE.search(text):
        number = before + text.count("\n", 0, found.start())
        raise encoding_refusal("含有私用区字符，编码有误", "private-use characters", str(number))
