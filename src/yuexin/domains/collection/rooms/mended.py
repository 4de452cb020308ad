"""Which rejected rows the desk has mended: told by the one-row deliveries that it makes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from yuexin.domains.collection.models import Quarantined
from yuexin.engines.deliveries.models import Delivery

# A hashed join: a list of pairs would be compared with every row one after the other.
NOT_AMONG: Final = """NOT EXISTS (
    SELECT FROM unnest(%s::bigint[], %s::bigint[]) AS among(delivery, row)
    WHERE among.delivery = quarantined.delivery AND among.row = quarantined.row)"""
UNMENDED: Final = f"SELECT delivery FROM quarantined WHERE {NOT_AMONG}"
MENDING: Final = re.compile(r"mend-([0-9]+)-([0-9]+)\.csv")


def called_as_mending(file_name: str) -> bool:
    """Whether a file is called as the desk calls the deliveries that mend a row."""
    return MENDING.fullmatch(file_name) is not None


def mending_name(*, delivery: int, row: int) -> str:
    """The file name of the one-row delivery that the desk makes to mend this row."""
    return f"mend-{delivery}-{row}.csv"


def with_unmended(*, of: QuerySet[Delivery]) -> RawSQL:
    """The numbers of deliveries with a rejected row that the desk has not mended yet; of any, but
    what was mended is known of these deliveries only."""
    return RawSQL(UNMENDED, columns_of(mended_rows(of=of)))


def without_mended(rows: QuerySet[Quarantined], *, of: QuerySet[Delivery]) -> QuerySet[Quarantined]:
    """Of these rows of these deliveries those that the desk has not mended yet."""
    return rows.extra(where=[NOT_AMONG], params=columns_of(mended_rows(of=of)))


def mended_in(rows: Collection[tuple[int, int]]) -> dict[tuple[int, int], tuple[int, ...]]:
    """The deliveries that the desk made to mend each of these rows, and that were not rejected
    in turn, the earliest first; also those that mended one that was.

    Rows are named by delivery and row; those that nobody mended are left out.
    """
    found: dict[tuple[int, int], tuple[int, ...]] = {}
    of = {row: row for row in rows}
    while of:
        again: dict[tuple[int, int], tuple[int, int]] = {}
        for row, number, sound in _mendings(of):
            if sound:
                found[of[row]] = tuple(sorted((*found.get(of[row], ()), number)))
            else:
                again[number, 1] = of[row]
        of = again
    return found


def mended_rows(*, of: QuerySet[Delivery]) -> tuple[tuple[int, int], ...]:
    """Every row of these deliveries that the desk has mended: as many as officers did by hand."""
    made = Delivery.objects.filter(channel="desk", linked_to__in=of.values("number"))
    names = made.filter(file_name__startswith="mend-").values_list("file_name", flat=True)
    found = filter(None, map(MENDING.fullmatch, names))
    return tuple(sorted(mended_in({(int(name[1]), int(name[2])) for name in found})))


def columns_of(rows: Collection[tuple[int, int]]) -> list[list[int]]:
    """Rows as `NOT_AMONG` takes them: their deliveries, and their numbers there."""
    return [[number for number, _ in rows], [row for _, row in rows]]


def _mendings(rows: Collection[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], int, bool]]:
    """Each row with a delivery that was made to mend it, and whether that one was sound."""
    called = {(number, mending_name(delivery=number, row=row)): row for number, row in rows}
    made = Delivery.objects.filter(
        channel="desk",
        linked_to__in={number for number, _ in called},
        file_name__in={name for _, name in called},
        receipt__state="folded",
    )
    told = made.values_list("linked_to", "file_name", "number", "receipt__rows_rejected")
    for linked, name, number, rejected in told:
        if linked is not None and (linked, name) in called:
            yield (linked, called[linked, name]), number, not rejected
