"""What every rule of a scene says of a subject today, stored or not, and what that calls for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from uuid import UUID

from yuexin.domains.credit.handling.book import Book
from yuexin.domains.credit.handling.reading import Found
from yuexin.domains.subjects.verdicts import rule_sets
from yuexin.engines.declare.types import Declarations
from yuexin.engines.rules.queries import called_for
from yuexin.engines.rules.types import CalledFor, Said

Sets = Mapping[UUID, frozenset[str]]
"""The rules that were judged together, by their digest, where not those of the book."""

SOMETHING_ELSE: Final = ""
"""Stands for what a rule says that calls for nothing."""


def sets_of(*, found: Iterable[Found], book: Book) -> Sets:
    """By which rules these subjects were judged, where not by those of the book."""
    return rule_sets(sets={one.judged for one in found if one.judged} - {book.judged_by})


def all_called(
    *, declarations: Declarations, found: Found, book: Book, sets: Sets, scene: str, on: dt.date
) -> CalledFor:
    """What all that is said of a subject calls for in the scene of the book."""
    said = tuple(all_said(found=found, book=book, sets=sets, on=on))
    return called_for(declarations=declarations, verdicts=said, scene=scene, on=on)


def all_said(*, found: Found, book: Book, sets: Sets, on: dt.date) -> Iterator[Said]:
    """What every rule says of a subject, as far as it was judged by it for the day."""
    yield from found.said
    said = {one.rule for one in found.said}
    judged = _judged_by(found, book, sets)
    for rule in book.rules:
        if rule in said:
            continue
        if rule in found.live:
            yield _said(rule, SOMETHING_ELSE, on)
        elif rule in judged and rule not in found.told:
            yield _said(rule, book.nobody[rule], on)


def _judged_by(found: Found, book: Book, sets: Sets) -> frozenset[str]:
    if found.judged == book.judged_by:
        return frozenset(book.rules)
    return sets.get(found.judged, frozenset()) if found.judged else frozenset()


def _said(rule: str, value: str | None, on: dt.date) -> Said:
    return Said(rule=rule, valid_from=on, valid_until=None, value=value)
