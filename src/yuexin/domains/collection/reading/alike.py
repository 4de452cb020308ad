"""Objects that are all alike: the same keys in the same order, spaced in the same way.

What programs write is so, nearly always. Their values are found by arithmetic over the whole block
at once. Every byte is accounted for: where one stands that the first row does not explain, nothing
is found, and the block is decoded row by row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
from numpy.lib.stride_tricks import sliding_window_view

Places = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]
SPACED = rb"[ \t\r\n]*"
OPENING = re.compile(rb"\{" + SPACED)
COLON = re.compile(rb":" + SPACED)
COMMA = re.compile(rb"," + SPACED + rb"$")
ROWS_OF_ARRAY = re.compile(SPACED + rb"\}" + SPACED + rb"," + SPACED + rb"\{" + SPACED + rb"$")
ROWS_OF_LINES = re.compile(rb"[ \t]*\}[ \t\r]*\n[ \t]*\{[ \t]*$")
NUMBER = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$"
NULL = b"null"
WORD = 8
SIZE, INLINE = 4, 12
TEXTS = [((1 << 8 * size) - 1) << 8 * SIZE for size in range(INLINE + 1)]
# What of a view's two words is text, by the size of it.
FIRST_WORD, SECOND_WORD = (
    np.array([text >> begin & (1 << 64) - 1 for text in TEXTS], np.uint64) for begin in (0, 64)
)
# The longest key, and the most white space between two values, that is looked for by words.
MARGIN = 128
WITHIN = np.where(np.arange(INLINE) < np.arange(INLINE + 1)[:, None], 255, 0).astype(np.uint8)


@dataclass(frozen=True, kw_only=True)
class _Strings:
    """Every string of a block, and which of them are keys: a row of them for each object."""

    block: bytes
    bytes: Bytes
    words: Words
    opens: Places
    closes: Places
    keys: Places


def objects(block: bytes, names: tuple[str, ...], keys: tuple[str, ...], border: re.Pattern[bytes]
            ) -> pl.DataFrame | None:  # fmt: skip
    """The rows of a block of objects as columns of text, if they are all alike; `border` is what
    stands between two of them. An empty text and a null are nothing."""
    strings = _strings(block, keys)
    if strings is None:
        return None
    found = _values(strings, border)
    if found is None:
        return None
    starts, ends, quoted = found
    filled = ends > starts
    null = ~quoted & _are(strings.words, starts, ends, NULL)
    arrays = _arrays(block, strings.bytes, starts, ends, filled & ~null)
    frame = pl.DataFrame([pl.Series(n, a) for n, a in zip(names, arrays, strict=False)])
    return frame if _are_numbers(frame, ~quoted & ~null) else None


def _strings(block: bytes, keys: tuple[str, ...]) -> _Strings | None:
    """The strings of a block without escapes, if its keys are these again and again."""
    # The room behind the block is for words that begin near its end.
    padded = np.frombuffer(block + b"\0" * MARGIN, np.uint8)
    held = padded[: len(block)]
    words = sliding_window_view(padded, WORD).view("<u8")[:, 0]
    quotes = np.flatnonzero(held == ord('"'))
    if b"\\" in block or len(quotes) % 2 or not block.endswith(b"}"):
        return None
    if any(len(key.encode()) > MARGIN - WORD for key in keys):
        return None
    opens, closes = quotes[0::2], quotes[1::2]
    places = np.flatnonzero(held[closes + 1] == ord(":"))
    if not len(places) or len(places) % len(keys):
        return None
    rows = places.reshape(-1, len(keys))
    for place, key in enumerate(keys):
        at = rows[:, place]
        if not _are(words, opens[at] + 1, closes[at], key.encode()).all():
            return None
    return _Strings(block=block, bytes=padded, words=words, opens=opens, closes=closes, keys=rows)


def _are(words: Words, starts: Places, ends: Places, text: bytes) -> npt.NDArray[np.bool_]:
    """Whether the bytes between each start and its end are these."""
    same: npt.NDArray[np.bool_] = ends - starts == len(text)
    for place in range(0, len(text), WORD):
        piece = text[place : place + WORD]
        mask = np.uint64((1 << 8 * len(piece)) - 1)
        same &= words[starts + place] & mask == np.uint64(int.from_bytes(piece, "little"))
    return same


def _values(strings: _Strings, border: re.Pattern[bytes]) -> tuple[Places, Places, Any] | None:
    """Where each value begins and ends and whether it is quoted, by rows and keys."""
    signs = _signs(strings, border)
    if signs is None:
        return None
    opening, colon, comma, between, closing = signs
    keys = strings.keys.ravel()
    width = strings.keys.shape[1]
    within = np.diff(np.append(keys, len(strings.opens))) - 1
    quoted = within == 1
    after = np.minimum(keys + 1, len(strings.opens) - 1)
    begins = strings.closes[keys] + 1 + len(colon)
    last = np.arange(1, len(keys) + 1) % width == 0
    stops = np.append(strings.opens[keys[1:]], 0) - np.where(last, len(between), len(comma))
    stops[-1] = len(strings.block) - len(closing)
    spaced = (within <= 1).all() and (stops >= begins).all()
    spaced = spaced and (strings.opens[after] == begins)[quoted].all()
    spaced = spaced and (strings.closes[after] + 1 == stops)[quoted].all()
    if not spaced or strings.block[: strings.opens[0]] != opening:
        return None
    for sign, places in (
        (colon, strings.closes[keys] + 1),
        (comma, stops[~last]),
        (between, stops[last][:-1]),
    ):
        if not _are(strings.words, places, places + len(sign), sign).all():
            return None
    rows = len(keys) // width
    explained = _controls(opening + closing) + rows * width * _controls(colon)
    explained += rows * (width - 1) * _controls(comma) + (rows - 1) * _controls(between)
    if np.count_nonzero(strings.bytes[:-MARGIN] < ord(" ")) != explained:
        return None
    starts, ends = begins + quoted, stops - quoted
    shape = (rows, width)
    return starts.reshape(shape), ends.reshape(shape), quoted.reshape(shape)


def _signs(
    strings: _Strings, border: re.Pattern[bytes]
) -> tuple[bytes, bytes, bytes, bytes, bytes] | None:
    """What stands around the values, learned from the first row and the beginning of the next."""
    block, keys = strings.block, strings.keys.ravel()
    width = strings.keys.shape[1]
    if len(keys) <= width:
        return None
    opening = OPENING.match(block)
    colon = COLON.match(block, int(strings.closes[keys[0]]) + 1)
    comma = b""
    if width > 1:
        found = COMMA.search(block[strings.closes[keys[0]] : strings.opens[keys[1]]])
        comma = found[0] if found else b""
    between = border.search(block[strings.closes[keys[width - 1]] : strings.opens[keys[width]]])
    if opening is None or colon is None or between is None:
        return None
    if max(len(comma), len(between[0]), len(colon[0])) > MARGIN - WORD:
        return None
    closing = between[0][: between[0].index(b"}") + 1]
    return opening[0], colon[0], comma, between[0], closing


def _controls(text: bytes) -> int:
    return sum(byte < ord(" ") for byte in text)


def _arrays(
    block: bytes, held: Bytes, starts: Places, ends: Places, filled: npt.NDArray[np.bool_]
) -> list[pa.Array]:
    """The slices of a block as one array of texts for each column, by reference to the block."""
    rows, width = starts.shape
    begun, sizes = starts.T.ravel(), (ends - starts).T.ravel()
    # A view is the size in four bytes and a text of up to twelve; the four are put in afterwards.
    views = sliding_window_view(held, SIZE + INLINE)[begun - SIZE]
    words = views.view("<u8")
    short = np.minimum(sizes, INLINE)
    words[:, 0] &= FIRST_WORD[short]
    words[:, 1] &= SECOND_WORD[short]
    words[:, 0] |= sizes.astype(np.uint64)
    # A longer text is told by its first four bytes, the number of its buffer, 0, and its place.
    longer = sizes > INLINE
    words[longer, 1] = begun[longer].astype(np.uint64) << np.uint64(32)
    data = pa.py_buffer(block)
    return [
        pa.Array.from_buffers(
            pa.string_view(),
            rows,
            [
                pa.py_buffer(np.packbits(filled[:, column], bitorder="little")),
                pa.py_buffer(views[column * rows : (column + 1) * rows]),
                data,
            ],
        )
        for column in range(width)
    ]


def _are_numbers(frame: pl.DataFrame, bare: npt.NDArray[np.bool_]) -> bool:
    """Whether everything that stands without quotes is a number as somebody writes it."""
    for place in np.flatnonzero(bare.any(axis=0)):
        texts = frame.to_series(int(place)).filter(pl.Series(bare[:, place]))
        if texts.null_count() or not texts.str.contains(NUMBER).all():
            return False
    return True
