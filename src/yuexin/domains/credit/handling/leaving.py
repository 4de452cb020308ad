"""Which lists an answer told of, as no ground for anything, its subjects have left since."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yuexin.domains.credit.handling.book import Book, book_of
from yuexin.domains.credit.handling.reading import Found, found_by
from yuexin.domains.credit.handling.sayings import Sets, all_said, sets_of
from yuexin.domains.credit.handling.types import Answer, Check, Standing
from yuexin.engines.declare.types import Declarations
from yuexin.engines.rules.queries import standing


@dataclass(frozen=True, kw_only=True)
class Left:
    """A list in which a subject stood when it was checked, and stands no more."""

    subject: Answer
    stood: Standing


def left_since(*, declarations: Declarations, check: Check, on: dt.date) -> tuple[Left, ...]:
    """The lists that a check told of and its subjects do not stand in on a day, in the order of the
    answer. Where it is not known, or not judged for the day, they stand there still."""
    told = [(one, it) for one in check.subjects if one.code for it in one.lists]
    if not told:
        return ()
    book = book_of(declarations=declarations, scene=check.scene, on=on)
    found = found_by(codes={one.code for one, _ in told}, book=book, on=on)
    sets = sets_of(found=found.values(), book=book)
    return tuple(
        Left(subject=one, stood=it)
        for one, it in told
        if one.code in found
        and it.regime in _left(declarations, found[one.code], book=book, sets=sets, on=on)
    )


def _left(
    declarations: Declarations, found: Found, *, book: Book, sets: Sets, on: dt.date
) -> frozenset[str]:
    """The lists of which it is known that the subject does not stand in them."""
    said = tuple(all_said(found=found, book=book, sets=sets, on=on))
    known = {one.rule for one in said if one.value is not None}
    stands = {one.regime.id for one in standing(declarations=declarations, verdicts=said, on=on)}
    regimes = declarations.regimes.values()
    return frozenset(one.id for one in regimes if one.rule in known and one.id not in stands)
