"""The parts of a workbook in pieces: whole rows, or whole shared strings, counted where they are
regular, and whatever stands around them."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, Final

from yuexin.domains.collection.reading import regular
from yuexin.domains.collection.reading.limits import CHUNK_BYTES

Counted = regular.Rows | regular.Sizes | None
THREADS: Final = 2
MAX_PIECE_BYTES: Final = 4 * CHUNK_BYTES
# How a part of plain UTF-8 begins; in any other, nothing is told apart.
BEGUN = re.compile(
    rb'(?:\xef\xbb\xbf)?(?:<\?xml version="1\.0"(?: encoding="(?i:utf-8)")?'
    rb'(?: standalone="(?:yes|no)")? ?\?>)?\s*<[A-Za-z]'
)
ROW, STRING = b"<row", b"<si>"
ENDS: Final = {ROW: b"</row>", STRING: b"</si>"}


def counted(stream: IO[bytes], longest: int) -> Iterator[tuple[bytes, Counted]]:
    """Every byte of a part, in order: pieces beside what they hold, or beside nothing where only
    a parser can tell. A cell or a string of more than `longest` bytes is for the parser as well.

    What stands around the rows may hold no comment, instruction or raw text: rows could be text
    of it. From the first piece of rows on that is not regular, nothing is told.
    """
    pieces = _pieces(stream)
    head = next(pieces)
    yield head, None
    if _is_plain(head):
        with ThreadPoolExecutor(max_workers=THREADS) as counters:
            yield from _told(pieces, counters, longest)
    yield from ((piece, None) for piece in pieces)


def _is_plain(head: bytes) -> bool:
    begun = BEGUN.match(head)
    rest = head[begun.end() :] if begun else b"<!"
    return not (b"<!" in rest or b"<?" in rest)


def _told(
    pieces: Iterator[bytes], counters: ThreadPoolExecutor, longest: int
) -> Iterator[tuple[bytes, Counted]]:
    """Pieces up to the first that is not regular, and those that were read ahead of it."""
    ahead: deque[tuple[bytes, Future[Counted]]] = deque()
    told = True
    while True:
        while told and len(ahead) <= THREADS and (piece := next(pieces, None)) is not None:
            ahead.append((piece, counters.submit(_count, piece, longest)))
        if not ahead:
            return
        piece, counting = ahead.popleft()
        found = counting.result() if told else None
        told = found is not None
        yield piece, found


def _count(piece: bytes, longest: int) -> Counted:
    if piece.startswith(ROW):
        return regular.rows(piece, longest)
    return regular.sizes(piece, longest) if piece.startswith(STRING) else None


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    held = stream.read(CHUNK_BYTES)
    begin = next((sign for sign in ENDS if sign in held), b"") if BEGUN.match(held) else b""
    if begin:
        at = held.find(begin)
        yield held[:at]
        held = held[at:]
    while more := stream.read(CHUNK_BYTES):
        held += more
        cut = _cut(held, begin)
        yield held[:cut]
        held = held[cut:]
    cut = _cut(held, begin)
    yield held[:cut]
    yield held[cut:]


def _cut(held: bytes, begin: bytes) -> int:
    """Where the last whole row or string ends; where there is none, everything may go."""
    end = held.rfind(ENDS[begin]) if begin else -1
    if end >= 0:
        return end + len(ENDS[begin])
    return 0 if begin and len(held) < MAX_PIECE_BYTES else len(held)
