"""The records that count, as the frames that rules read: of some subjects, or of everybody, a
share at a time."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl
from django.db.backends.utils import CursorWrapper

from yuexin.engines.declare.types import SOLE_TRADER, RecordKind
from yuexin.engines.records.queries import typed
from yuexin.engines.rules.queries import frame_schema

SHARES: Final = 16
"""Of a million subjects one share holds 62,500."""
JOINED_AT_ONCE: Final = 10_000
LAST: Final = "ffffffff-ffff-ffff-ffff-ffffffffffff"
CURRENT: Final = (
    "superseded_at IS NULL AND NOT EXISTS (SELECT FROM echo WHERE echo.record = record.id)"
)
MEMBERS = """
SELECT id::text, joined_to::text FROM subject WHERE joined_to = ANY(%s::uuid[])
"""
OF_TRADER: Final = "(SELECT s.sole_trader::text FROM subject s WHERE s.id = record.subject)"
JOINED = "SELECT DISTINCT joined_to::text FROM subject WHERE joined_to IS NOT NULL ORDER BY 1"


@dataclass(frozen=True, kw_only=True)
class Share:
    """A share of all files, `subject` and `city`, and the records of each kind under them."""

    subjects: pl.DataFrame
    records: Mapping[str, pl.DataFrame]


@dataclass(frozen=True, kw_only=True)
class Everybody:
    """All files and the records that count in them on a day, read as living verdicts read them.

    `needed` are the fields of each kind that are read, beside those in `beside`, which every
    record has.
    """

    cursor: CursorWrapper
    kinds: Mapping[str, RecordKind]
    needed: Mapping[str, Collection[str]]
    on: dt.date
    beside: tuple[str, ...] = ()

    def shares(self) -> Iterator[Share]:
        """Every file once; last those that several subjects share: their records lie apart."""
        self.cursor.execute(JOINED)
        heads = [head for (head,) in self.cursor.fetchall()]
        alone = self._alone(heads)
        for chosen in _ranges():
            yield self._share(f"{chosen[0]} AND joined_to IS NULL{alone[0]}", chosen[1] + alone[1])
        for start in range(0, len(heads), JOINED_AT_ONCE):
            some = heads[start : start + JOINED_AT_ONCE]
            members = members_of(cursor=self.cursor, files=some)
            yield self._share(_one_of("id", some), among(sorted([*some, *members])), members)

    def _alone(self, heads: Sequence[str]) -> tuple[str, str]:
        """Conditions that leave out whoever shares a file, of subjects and of records."""
        if not heads:
            return "", ""
        members = members_of(cursor=self.cursor, files=heads)
        return f" AND NOT {_one_of('id', heads)}", (
            f" AND NOT {_one_of('subject', [*heads, *members])}"
        )

    def _share(self, subjects: str, chosen: str, members: Mapping[str, str] | None = None) -> Share:
        records = {
            kind: records_of(
                cursor=self.cursor,
                kind=self.kinds[kind],
                fields=fields,
                chosen=chosen,
                on=self.on,
                beside=self.beside,
            )
            for kind, fields in self.needed.items()
        }
        if members:
            in_file = pl.col("subject").replace(members)
            records = {kind: frame.with_columns(in_file) for kind, frame in records.items()}
        files = _copied(self.cursor, f"SELECT id AS subject, city FROM subject WHERE {subjects}")
        return Share(subjects=files.with_columns(pl.col("city").fill_null("")), records=records)


def members_of(*, cursor: CursorWrapper, files: Sequence[str]) -> dict[str, str]:
    """The subjects that are joined to these, each with the one it is joined to."""
    cursor.execute(MEMBERS, [f"{{{','.join(files)}}}"])
    return dict(cursor.fetchall())


def among(subjects: Sequence[str]) -> str:
    """The current records about these subjects, which are in order, as a condition."""
    return (
        f"subject BETWEEN '{subjects[0]}' AND '{subjects[-1]}' "
        f"AND {_one_of('subject', subjects)} AND {CURRENT}"
    )


def records_of(
    *,
    cursor: CursorWrapper,
    kind: RecordKind,
    fields: Collection[str],
    chosen: str,
    on: dt.date,
    beside: Sequence[str] = (),
) -> pl.DataFrame:
    """The chosen records of one kind, with the fields rules read. Of a state only the one that
    holds on the day counts, of events all do."""
    schema = {name: dtype for name, dtype in frame_schema(kind).items() if name in fields}
    columns = "".join(f", body->>'{name}' AS \"{name}\"" for name in schema)
    if SOLE_TRADER.id in fields:
        schema[SOLE_TRADER.id] = pl.Boolean()
        columns += f", {OF_TRADER} AS {SOLE_TRADER.id}"
    columns += "".join(f", {name}" for name in beside)
    holds = f" AND valid_from <= '{on}' AND (valid_until IS NULL OR valid_until > '{on}')"
    standing = holds if kind.temporal == "state" else ""
    frame = _copied(
        cursor,
        f"SELECT subject, id AS record{columns} FROM record "
        f"WHERE {chosen} AND kind = '{kind.id}'{standing}",
    )
    return frame.with_columns(typed(pl.col(name), dtype) for name, dtype in schema.items())


def _ranges() -> Iterator[tuple[str, str]]:
    """Conditions that part all subjects, and their current records, by the first of the id."""
    firsts = [f"{number:x}0000000-0000-0000-0000-000000000000" for number in range(SHARES)]
    for number, first in enumerate(firsts):
        end = f"< '{firsts[number + 1]}'" if number + 1 < SHARES else f"<= '{LAST}'"
        yield (
            f"id >= '{first}' AND id {end}",
            f"subject >= '{first}' AND subject {end} AND " + (CURRENT),
        )


def _one_of(column: str, subjects: Sequence[str]) -> str:
    return f"({column} = ANY('{{{','.join(subjects)}}}'::uuid[]))"


def _copied(cursor: CursorWrapper, statement: str) -> pl.DataFrame:
    """The rows of a statement as columns of text; what is NULL or empty is NULL."""
    buffer = io.BytesIO()
    with cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv, HEADER)") as copy:
        for chunk in copy:
            buffer.write(chunk)
    return pl.read_csv(buffer.getvalue(), infer_schema=False)
