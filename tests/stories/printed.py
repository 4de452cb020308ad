"""What is printed on a report, read as a screen reader does: from the glyphs and what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader

MEANS = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>")
WRITTEN = re.compile(rb"/(f[0-9]+) [0-9.]+ Tf|\(((?:\\.|[^\\()])*)\)", re.DOTALL)
ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
NUMBER = re.compile(r"YX\d{8}-\d{8}")
CHECK_CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


def number_and_code(file: bytes) -> tuple[str, str]:
    """The number and the check code that stand on the first page of a report."""
    text = "".join(_printed(file))
    number, code = NUMBER.search(text), CHECK_CODE.search(NUMBER.sub("", text))
    assert number, text
    assert code, text
    return number[0], code[0]


def _printed(file: bytes) -> Iterator[str]:
    page = PdfFileReader(BytesIO(file)).root["/Pages"]["/Kids"][0].get_object()
    fonts = page["/Resources"]["/Font"]
    meanings = {name[1:].encode(): _meaning(font.get_object()) for name, font in fonts.items()}
    means: Mapping[bytes, str] = {}
    for font, written in WRITTEN.findall(page["/Contents"].data):
        if font:
            means = meanings[font]
        else:
            glyphs = ESCAPED.sub(_plain, written)
            yield "".join(means.get(glyphs[at : at + 2], "") for at in range(0, len(glyphs), 2))


def _meaning(font: Any) -> Mapping[bytes, str]:
    pairs = MEANS.findall(font["/ToUnicode"].data)
    return {
        bytes.fromhex(glyph.decode()): bytes.fromhex(sign.decode()).decode("utf-16-be")
        for glyph, sign in pairs
    }


def _plain(found: re.Match[bytes]) -> bytes:
    sign = found[1]
    return bytes([int(sign, 8)]) if sign.isdigit() else SIGNS.get(sign, sign)
