"""Citizen identity numbers in running text: found however they are written, and shown masked."""

from __future__ import annotations

import re
from itertools import chain, pairwise
from typing import Final

from yuexin.base.codes.checksums import id_check
from yuexin.base.codes.contacts import MOBILE as _MOBILE
from yuexin.base.codes.person import ID_LENGTH, check_id_number, mask_id_number
from yuexin.base.codes.uscc import check_uscc
from yuexin.base.codes.verdict import normalise_code

_WIDTHS: Final = ("０１２３４５６７８９Ｘｘ", "0123456789Xx")
FULL_WIDTH: Final = dict(zip(*_WIDTHS, strict=True))
"""The characters of a number in full width, and what they are read as."""
_NARROW: Final = str.maketrans(*_WIDTHS)

# What may part the digits of one number: white space, dashes, characters nobody sees.
_GAP: Final = r"[\s\-‐-―−－\u00ad\u200b-\u200f\u2060\ufeff]{0,3}"
MAY_HOLD_ID: Final = f"[1-8１-８](?:{_GAP}[0-9０-９]){{14}}"
"""What every text with an identity number in it matches, here and in Polars."""


def _number(gap: str) -> str:
    """A number of 18 or of 15 characters, with this gap between any two of them."""
    century = f"(?:(?P<century>1{gap}9|2{gap}0){gap})?"
    month, day = f"(?:0{gap}[1-9]|1{gap}[0-2])", f"(?:0{gap}[1-9]|[12]{gap}[0-9]|3{gap}[01])"
    parts = ["[1-8]", *["[0-9]"] * 5, f"{century}[0-9]", "[0-9]", month, day, *["[0-9]"] * 3]
    return f"{gap.join(parts)}(?(century){gap}[0-9Xx])"


# One gap throughout: a row of dates, parted by this and that, does not read as one number.
_NUMBER: Final = re.compile(f"(?=[0-9]{{1,17}}(?P<gap>{_GAP})){_number('(?P=gap)?+')}")
# Two more digits make the number of a sole trader its tax number.
_TAX: Final = "(?P<tax>[0-9]{2})(?![0-9A-Za-z])"
# A number stands alone, or beside another one that does: a person's or a telephone's.
_BEGINS: Final = re.compile(rf"(?<![0-9A-Za-z])|(?<=(?<![0-9A-Za-z]){_MOBILE})")
_TOUCHING: Final = re.compile("[0-9A-Za-z０-９]{2}")
_ENDS: Final = re.compile(f"(?![0-9A-Za-z])|{_TAX}|{_MOBILE}(?![0-9A-Za-z])|{_number('')}")


def without_id_numbers(text: str) -> str:
    """Prose with every citizen identity number in it shown as `mask_id_number` shows it.

    A number with a right check character is known wherever it stands, even run together with
    others. One that stands alone is known by its form: a mistyped number identifies its person
    as well. The form is not enough from 2020 on, since numbers of documents hold such dates.
    """
    plain = text.translate(_NARROW)
    parts: list[str] = []
    done = place = 0
    while found := _NUMBER.search(plain, place):
        ends = _ENDS.match(plain, found.end())
        begins = 0 < found.start() == done or _BEGINS.match(plain, found.start())
        if not _is_persons(found[0], alone=bool(begins and ends)):
            place = found.start() + 1
            continue
        parts += [text[done : found.start()], mask_id_number(found[0])]
        done = place = ends.end("tax") if ends and ends["tax"] else found.end()
    return _parted([*parts, text[done:]])


def _is_persons(written: str, *, alone: bool) -> bool:
    """Whether characters of the form of a number are one, by how they stand in their text.

    A number of fifteen digits may be a registration number as well; no check tells them apart,
    so the date of birth decides: what hides one of thirty registration numbers hides every person.
    """
    code = normalise_code(written)
    if len(code) < ID_LENGTH:
        return alone and not check_id_number(code).problems
    placed = alone or len(written) == len(code)
    if placed and id_check(code[:-1]) == code[-1] and not check_id_number(code).problems:
        return True
    return alone and code[6:10] < "2020" and bool(check_uscc(code).problems)


def _parted(parts: list[str]) -> str:
    """The parts as one text, with a space where two numbers had run together."""
    filled = [part for part in parts if part]
    spaces = [
        " " if _TOUCHING.fullmatch(left[-1] + right[0]) else "" for left, right in pairwise(filled)
    ]
    return "".join(chain.from_iterable(zip(filled, [*spaces, ""], strict=False)))
