"""Which format a text or table is in, by its first bytes."""

from __future__ import annotations

import re

from yuexin.domains.collection.reading.encoded import BOM, ENCODINGS
from yuexin.domains.collection.reading.wrapping import ZIP
from yuexin.engines.deliveries.types import Format

FORM_BYTES = 64 << 10
PARQUET = b"PAR1"
# A bracket that begins JSON, not a heading of CSV that happens to begin with one.
BRACKET = re.compile(r'\[\s*(?:[\[\]{"\-0-9]|true|false|null|$)|\{\s*(?:["}]|$)')
LIST = re.compile(r"\s*(?:[{\]]|$)")
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]|\n', re.DOTALL)


def form_of(head: bytes) -> Format:
    """The format of what begins so. What is none of the others is CSV, or is refused as such."""
    if head.startswith(ZIP):
        return "xlsx"
    if head.startswith(PARQUET):
        return "parquet"
    text = _text(head).lstrip()
    if text.startswith("<"):
        return "xml"
    if not BRACKET.match(text):
        return "csv"
    return "json" if text[0] == "[" or _is_one_object(text) else "ndjson"


def _text(head: bytes) -> str:
    """As it would be read. A character that the end cuts is left out."""
    for encoding in ENCODINGS:
        try:
            return head.decode(encoding).removeprefix(BOM)
        except UnicodeDecodeError as error:
            if error.start >= len(head) - 4:
                return head[: error.start].decode(encoding).removeprefix(BOM)
    return head.decode("utf-8", "replace")


def _is_one_object(text: str) -> bool:
    """Whether the text is a single object around the rows, and not one object a line."""
    depth, end = 0, 0
    broken = listed = False
    for token in TOKEN.finditer(text):
        sign = token[0]
        listed = listed or (sign == "[" and depth == 1 and _begins_list(text, token.end()))
        broken = broken or (sign == "\n" and depth > 0)
        depth += (sign in "[{") - (sign in "]}")
        if depth == 0 and sign == "}":
            end = token.end()
            break
    if end and text[end:].strip():
        return False
    return listed or broken


def _begins_list(text: str, at: int) -> bool:
    """Whether an array that may hold rows begins here: of objects, or of nothing."""
    return LIST.match(text, at) is not None
