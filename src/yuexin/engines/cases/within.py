"""What acts by itself inside a PDF, however it is spelled or packed.

Names are read as a viewer reads them: with their escapes undone, and in the objects that are
compressed together. What cannot be read so is not taken.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Final

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.engines.cases.refusals import refusal

ACTIVE: Final = re.compile(
    rb"/(?:JavaScript|Launch|RichMedia|EmbeddedFiles?|SubmitForm|ImportData|GoToE)\b"
)
LOCKED: Final = re.compile(rb"/Encrypt\b")
ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM: Final = re.compile(rb"(?<!end)stream\r?\n")
# Objects that are compressed together say where the first begins; what else does may be looked
# through as well.
TOGETHER: Final = re.compile(rb"/(?:First|ObjStm)\b")
OBJECTS: Final = re.compile(rb"/ObjStm\b")
UNREADABLE: Final = re.compile(
    rb"/(?:LZWDecode|LZW|ASCII85Decode|A85|ASCIIHexDecode|AHx|RunLengthDecode|RL|Crypt|Predictor)\b"
)
MOST_BYTES: Final = 64 << 20
STEP: Final = 1 << 16
LOOK: Final = 1 << 12
"""What looking at one stream costs, at least, in bytes."""
PRINTED: Final = Text("请另存为不含脚本的 PDF，或扫描成图片", "print it to a PDF without them")


def refuse_active(*, data: bytes, slot: str) -> None:
    """Raise a `Refusal` for a PDF that runs, sends or opens something, or that holds another file;
    and for one of which that cannot be told, because it is locked or packed in another way."""
    plain = _unescaped(data)
    if LOCKED.search(plain):
        raise refusal(
            "PAPER_LOCKED", "PDF 设有密码或使用限制", "the PDF is encrypted", where=slot,
            remedy=Text("请去掉密码后另存，或扫描成图片", "save it without its password"),
        )  # fmt: skip
    if ACTIVE.search(plain) or any(ACTIVE.search(_unescaped(one)) for one in _packed(data, slot)):
        raise refusal(
            "PAPER_ACTIVE",
            "PDF 含有脚本或嵌入的文件",
            "the PDF holds a script or another file",
            where=slot,
            remedy=PRINTED,
        )


def _packed(data: bytes, slot: str) -> Iterator[bytes]:
    """What is compressed in the streams that may hold objects, as far as it can be read."""
    left, before, whole = MOST_BYTES, 0, memoryview(data)
    for found in STREAM.finditer(data):
        said = _unescaped(data[before : found.start()])
        before = found.end()
        if not TOGETHER.search(said):
            continue
        if OBJECTS.search(said) and UNREADABLE.search(said):
            raise _unreadable(slot)
        objects, read = _inflated(whole[found.end() :], left)
        left -= len(objects) + read + LOOK
        if left <= 0:
            raise _unreadable(slot)
        yield objects


def _inflated(data: memoryview, most: int) -> tuple[bytes, int]:
    """As much of it as is sound, and how much was read for it, so many bytes of both at most:
    viewers read a damaged one, too."""
    reader, out, read, step = zlib.decompressobj(), bytearray(), 0, STEP
    while read < len(data) and not reader.eof and len(out) + read < most:
        before = reader.copy()
        try:
            out += reader.decompress(data[read : read + step], most - len(out))
        except zlib.error:
            if step == 1:
                break
            # What comes before the damage is within this step: it is read byte by byte.
            reader, step = before, 1
            continue
        read += step
    return bytes(out), read


def _unescaped(data: bytes) -> bytes:
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)


def _unreadable(slot: str) -> Refusal:
    return refusal(
        "PAPER_DAMAGED", "PDF 的内部结构无法检查", "the PDF is packed so that it cannot be checked",
        where=slot, remedy=PRINTED,
    )  # fmt: skip
