"""Rows of a worksheet and shared strings that are written as spreadsheet programs write them.

What they hold is counted by arithmetic over a whole block at once. Every byte is accounted for:
where one stands that such a program would not have written there, nothing is found, and the block
is for a parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]
Sizes = npt.NDArray[np.uint32]
BITS: Final = 8
# Bytes of a word.
WORD: Final = 8
# Room behind the block for words that begin near its end.
MARGIN: Final = 128
MAX_LETTERS: Final = 3
STYLE = b' s="'
ENTITY = re.compile(rb"&(?:amp|lt|gt|quot|apos|#9|#10|#13|#x9|#xA|#xD);")
UNSAID = (b"<!", b"<?")
# What a spreadsheet program notes behind each string that was typed by its sound.
PHONETICS, NO_PHONETICS = b'<phoneticPr fontId="', b'" type="noConversion"/>'
# A NUL as a spreadsheet spells it, which cuts names short.
SPELLED = b"_x0000_"
# How a cell's kind is written, and which of them is a shared string by its number.
KINDS = (b' t="s"', b' t="inlineStr"', b' t="str"', b' t="n"', b' t="b"')
SHARED: Final = KINDS[0]
# What stands before a text and what behind it, and the tags of such a cell until the next one.
FORMS = (
    (b"<v>", b"</v></c>", 4),
    (b"<is><t>", b"</t></is></c>", 6),
    (b'<is><t xml:space="preserve">', b"</t></is></c>", 6),
)


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What whole rows hold: how many cells, how far they reach, and which shared strings."""

    cells: int
    widest: int
    lowest: int
    strings: Places


def rows(block: bytes, longest: int) -> Rows | None:
    """Count a block of whole rows, if they are regular and no cell takes over `longest` bytes."""
    page = _Page.of(block)
    if page is None:
        return None
    opens, closes = page.at(b"<row"), page.at(b"</row>")
    return _cells(page, opens, closes, longest) if _whole(page, opens, closes) else None


def sizes(block: bytes, longest: int) -> Sizes | None:
    """The bytes of each shared string of a block, if they are regular and none is longer."""
    page = _Page.of(block)
    if page is None:
        return None
    turns = np.flatnonzero(page.at(b"<si>"))
    if not len(turns) or turns[0]:
        return None
    begun = page.tags[turns]
    next_turns = np.append(turns[1:], len(page.tags))
    behind = np.append(begun[1:], len(block))
    opening, closing = page.read(begun), page.read(page.tags[next_turns - 1])
    plain, kept = opening.says(b"<si><t>"), opening.says(b'<si><t xml:space="preserve">')
    text = begun + np.where(plain, 7, 28)
    stop = page.read(page.tags[np.minimum(turns + 2, len(page.tags) - 1)])
    spoken = next_turns - turns == 5
    whole = (plain | kept) & closing.says(b"</si>") & (closing.at + 5 == behind)
    whole &= (spoken | (next_turns - turns == 4)) & (stop.at >= text) & stop.says(b"</t>")
    whole &= stop.at + 4 + _phonetics(stop, spoken) == closing.at
    if not whole.all() or (stop.at - text).max() > longest:
        return None
    return (stop.at - text).astype(np.uint32)


def _phonetics(stop: _Reading, spoken: Flags) -> Places:
    """How long the notes on how to pronounce a text are, behind its end, where there is one."""
    note = stop.on(np.full(len(stop.at), 4))
    font = note.on(np.full(len(stop.at), len(PHONETICS)))
    _, steps = font.number()
    good = note.says(PHONETICS) & font.on(steps).says(NO_PHONETICS) & spoken
    return np.where(good, len(PHONETICS) + steps + len(NO_PHONETICS), 0)


@dataclass(frozen=True, kw_only=True)
class _Page:
    """A block of markup in which every `<` begins a tag: the place of each, and its first word."""

    block: bytes
    words: Words
    tags: Places
    begins: Words

    @classmethod
    def of(cls, block: bytes) -> _Page | None:
        padded = np.frombuffer(block + b"\0" * MARGIN, np.uint8)
        words = sliding_window_view(padded, WORD).view("<u8")[:, 0]
        tags = np.flatnonzero(padded == ord("<"))
        page = cls(block=block, words=words, tags=tags, begins=words[tags])
        return page if _is_text(block) and not any(page.at(sign).any() for sign in UNSAID) else None

    def at(self, text: bytes) -> Flags:
        """Which of the tags begin with this text of a word at most."""
        same: Flags = self.begins & _mask(text) == _word(text)
        return same

    def read(self, places: Places) -> _Reading:
        """What stands at these places."""
        return _Reading(words=self.words, at=places, word=self.words[places])


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """Places in a block, and the word that stands at each."""

    words: Words
    at: Places
    word: Words

    def says(self, text: bytes) -> Flags:
        """Whether this text stands at each place."""
        same: Flags = self.word & _mask(text[:WORD]) == _word(text[:WORD])
        for begin in range(WORD, len(text), WORD):
            piece = text[begin : begin + WORD]
            so_far = np.flatnonzero(same)
            more = self.words[self.at[so_far] + begin] & _mask(piece) == _word(piece)
            same[so_far[~more]] = False
        return same

    def on(self, steps: Places) -> _Reading:
        """What stands so many steps further on."""
        at = self.at + steps
        return _Reading(words=self.words, at=at, word=self.words[at])

    def number(self) -> tuple[Places, Places]:
        """The number that is written at each place, of so many digits: of a word at most."""
        return self._written(ord("0"), 10, 0, WORD)

    def letters(self) -> tuple[Places, Places]:
        """The column that capital letters at each place name, so many of them."""
        return self._written(ord("A"), 26, 1, MAX_LETTERS)

    def _written(self, first: int, base: int, lowest: int, most: int) -> tuple[Places, Places]:
        value, length = np.zeros((2, len(self.at)), np.int64)
        more = np.ones(len(self.at), np.bool_)
        for place in range(most):
            sign = (self.word >> np.uint64(BITS * place)).astype(np.uint8) - np.uint8(first)
            more &= sign < base
            if not more.any():
                break
            value = np.where(more, value * base + sign + lowest, value)
            length += more
        return value, length


def _mask(text: bytes) -> np.uint64:
    return np.uint64((1 << BITS * len(text)) - 1)


def _word(text: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(text, "little"))


def _is_text(block: bytes) -> bool:
    """Whether it is UTF-8 of characters and entities that XML allows, and spells no NUL."""
    # One sign is found far sooner than several.
    if any(text[:1] in block and text in block for text in (b"]]>", SPELLED)):
        return False
    if b"&" in block and block.count(b"&") != len(ENTITY.findall(block)):
        return False
    signs = np.frombuffer(block, np.uint8)
    low = signs < ord(" ")
    if low.any() and not np.isin(signs[low], (9, 10, 13)).all():
        return False
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True


def _whole(page: _Page, opens: Flags, closes: Flags) -> bool:
    """Whether the block is rows, one directly behind the other, with good tags."""
    begun, ended = page.tags[opens], page.tags[closes]
    if not len(begun) or len(begun) != len(ended) or begun[0]:
        return False
    if (ended + len(b"</row>") != np.append(begun[1:], len(page.block))).any():
        return False
    following = page.tags[np.flatnonzero(opens) + 1]
    tags = [page.block[a:b] for a, b in zip(begun.tolist(), following.tolist(), strict=True)]
    shapes = set(re.sub(rb'="[^"<>&]*"', b'=""', b"\n".join(tags)).split(b"\n"))
    return all(_is_shape(shape) for shape in shapes)


def _is_shape(shape: bytes) -> bool:
    """Whether a tag of a row, without its values, names each attribute once."""
    if not re.fullmatch(rb'<row(?: [A-Za-z][A-Za-z0-9:]*="")*>', shape):
        return False
    names = shape[:-1].split(b" ")[1:]
    return len(set(names)) == len(names)


def _cells(page: _Page, opens: Flags, closes: Flags, longest: int) -> Rows | None:
    """Count the cells of a block of whole rows."""
    turns = np.flatnonzero(page.at(b'<c r="'))
    begun = page.tags[turns]
    letters = page.read(begun + len(b'<c r="'))
    column, steps = letters.letters()
    digits = letters.on(steps)
    row, steps = digits.number()
    quote = digits.on(steps)
    good = (column > 0) & (row > 0) & quote.says(b'"')
    kind, shared = _kind(_style(quote.on(np.ones_like(steps))))
    text, taken, ends = _content(page, turns, _style(kind))
    outside = np.flatnonzero(opens | closes)
    if not good.all() or taken.sum() + len(outside) != len(page.tags):
        return None
    # The last tag of a block ends its last row, so every cell has a tag behind it.
    next_turns = np.minimum(turns + taken, len(page.tags) - 1)
    if (page.tags[next_turns] != ends).any() or (ends - begun).max(initial=0) > longest:
        return None
    index = page.read(text[shared])
    number, steps = index.number()
    if not (steps.all() and index.on(steps).says(b"</v></c>").all()):
        return None
    return Rows(
        cells=len(turns),
        widest=int(column.max(initial=0)),
        lowest=int(row.max(initial=0)),
        strings=number,
    )


def _style(tag: _Reading) -> _Reading:
    """What stands behind the number of a style, where one stands."""
    styled = tag.says(STYLE)
    if not styled.any():
        return tag
    digits = tag.on(np.where(styled, len(STYLE), 0))
    _, steps = digits.number()
    whole = styled & digits.on(steps).says(b'"')
    return tag.on(np.where(whole, len(STYLE) + steps + 1, 0))


def _kind(tag: _Reading) -> tuple[_Reading, Flags]:
    """What stands behind the kind of a cell, and which cells are shared strings."""
    steps = np.zeros(len(tag.at), np.int64)
    for kind in KINDS:
        steps[tag.says(kind)] = len(kind)
    return tag.on(steps), tag.says(SHARED)


def _content(page: _Page, turns: Places, tag: _Reading) -> tuple[Places, Places, Places]:
    """Where the text of each cell begins, how many tags the cell takes (none for a cell of no
    known form), and where it ends, by the ends of the tags that it begins with."""
    text, taken, ends = tag.at.copy(), np.zeros(len(turns), np.int64), tag.at.copy()
    for whole, tags in ((b"/>", 1), (b"></c>", 2)):
        found = tag.says(whole)
        taken[found] = tags
        ends[found] += len(whole)
    for before, after, tags in FORMS:
        cells = np.flatnonzero(tag.says(b">" + before))
        begin = tag.at[cells] + len(before) + 1
        last = np.minimum(turns[cells] + tags, len(page.tags) - 1) - after.count(b"<")
        tail = page.read(page.tags[last])
        good = tail.says(after) & (tail.at >= begin)
        text[cells] = begin
        taken[cells] = np.where(good, tags, 0)
        ends[cells] = tail.at + len(after)
    return text, taken, ends
