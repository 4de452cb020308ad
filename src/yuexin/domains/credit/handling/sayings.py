"""What every rule of a scene says of a subject today, stored or not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID

from yuexin.domains.credit.handling.book import Book
from yuexin.domains.credit.handling.reading import Found
from yuexin.engines.rules.types import Said

SOMETHING_ELSE: Final = ""
"""Stands for what a rule says that calls for nothing."""


def all_said(
    *, found: Found, book: Book, sets: Mapping[UUID, frozenset[str]], on: dt.date
) -> Iterator[Said]:
    """What every rule says of a subject, as far as it was judged by it for the day. `sets` are the
    rules that were judged together, by their digest, where not those of the book."""
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


def _judged_by(found: Found, book: Book, sets: Mapping[UUID, frozenset[str]]) -> frozenset[str]:
    if found.judged == book.judged_by:
        return frozenset(book.rules)
    return sets.get(found.judged, frozenset()) if found.judged else frozenset()


def _said(rule: str, value: str | None, on: dt.date) -> Said:
    return Said(rule=rule, valid_from=on, valid_until=None, value=value)
