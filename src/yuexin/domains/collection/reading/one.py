"""One row of a stored file, read again as it was delivered."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from yuexin.domains.collection.reading.batches import ROW, opened
from yuexin.engines.declare.types import Resource
from yuexin.engines.deliveries.types import StoredFormat

LARGEST = 2**63 - 1


@dataclass(frozen=True, kw_only=True)
class RawRow:
    """A row as text under the declared headers; of a misshapen one only its whole `text`."""

    cells: dict[str, str]
    text: str = ""
    erased: bool = False


def row_at(
    *, path: Path, form: StoredFormat, resource: Resource, scratch: Path, row: int
) -> RawRow | None:
    """The row of this number, counted from 1 below the header; none where there is none.

    Reads the file up to there. Raises a `Refusal` for what cannot be read at all.
    """
    if not 0 < row <= LARGEST:
        return None
    with opened(path=path, form=form, resource=resource, scratch=scratch) as batches:
        for rows in batches:
            found = rows.frame.filter(pl.col(ROW) == row)
            if found.height:
                cells = found.drop(ROW).row(0, named=True)
                return RawRow(cells={name: text for name, text in cells.items() if text})
            if row in rows.erased:
                return RawRow(cells={}, erased=True)
            ragged = rows.misshapen.filter(pl.col(ROW) == row)
            if ragged.height:
                return RawRow(cells={}, text=str(ragged["raw"][0] or ""))
    return None
