"""What is printed on a report, read as a screen reader does: from the glyphs and what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader

MEANS = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>")
# Brackets within a string stand as they are where they are in pairs.
STRING = rb"(?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*"
WRITTEN = re.compile(
    rb"/ActualText ?(?:<[0-9A-Fa-f]*>|\(" + STRING + rb"\))"
    rb"|/(f[0-9]+) [0-9.]+ Tf|\((" + STRING + rb")\)|<([0-9A-Fa-f]+)>",
    re.DOTALL,
)
ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
NUMBER = re.compile(r"YX\d{8}-\d{8}")
CHECK_CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


def text(file: bytes) -> str:
    """All that stands on the pages of a report, without the places where a line may break."""
    pages = PdfFileReader(BytesIO(file)).root["/Pages"]
    found = "".join(part for page in _leaves(pages) for part in _printed(page))
    return found.replace("\u200b", "")


def number_and_code(file: bytes) -> tuple[str, str]:
    """The number and the check code that stand on the first page of a report."""
    first = next(_leaves(PdfFileReader(BytesIO(file)).root["/Pages"]))
    found = "".join(_printed(first))
    number, code = NUMBER.search(found), CHECK_CODE.search(NUMBER.sub("", found))
    assert number, found
    assert code, found
    return number[0], code[0]


def _leaves(node: Any) -> Iterator[Any]:
    """The pages of a tree of pages, in order."""
    if "/Kids" not in node:
        yield node
        return
    for child in node["/Kids"]:
        yield from _leaves(child.get_object())


def _printed(page: Any) -> Iterator[str]:
    fonts = page["/Resources"]["/Font"]
    meanings = {name[1:].encode(): _meaning(font.get_object()) for name, font in fonts.items()}
    means: Mapping[bytes, str] = {}
    for font, written, in_hex in WRITTEN.findall(page["/Contents"].data):
        if font:
            means = meanings[font]
        else:
            glyphs = bytes.fromhex(in_hex.decode()) or ESCAPED.sub(_plain, written)
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
