"""A file, read as a delivery of one resource would be, with nothing kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import pytest
from tests.intake import table

from yuexin.base.errors import Refusal
from yuexin.domains.collection.gate import sniff_format
from yuexin.domains.collection.reading.batches import ROW, opened
from yuexin.engines.declare.types import Resource


@dataclass(frozen=True, kw_only=True)
class Read:
    """What came out: good rows and misshapen ones."""

    frame: pl.DataFrame
    misshapen: pl.DataFrame

    @property
    def numbers(self) -> list[int]:
        """Every row number that was given out, in order."""
        return sorted([*self.frame[ROW].to_list(), *self.misshapen[ROW].to_list()])


@dataclass(frozen=True, kw_only=True)
class Reads:
    """Reads files of one layout; what cannot be read is given as its refusal."""

    folder: Path
    resources: Mapping[str, Resource] = field(repr=False)
    name: str = "register_extract"

    @property
    def headers(self) -> list[str]:
        return [column.header for column in self.resources[self.name].columns]

    @property
    def row(self) -> dict[str, str]:
        """A row that passes, from the first worked example."""
        return self.resources[self.name].examples[0].row

    def of(self, name: str) -> Reads:
        return Reads(folder=self.folder, resources=self.resources, name=name)

    def text(self, rows: Sequence[Mapping[str, str]] = (), *, headers: Sequence[str] = ()) -> str:
        return table(list(headers or self.headers), rows)

    def __call__(self, data: bytes | str) -> Read:
        path = self.folder / "given"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        resource = self.resources[self.name]
        form = sniff_format(path)
        with opened(
            path=path, form=form, resource=resource, scratch=self.folder / "scratch"
        ) as batches:
            found = list(batches)
        assert list((self.folder / "scratch").iterdir()) == [], "a scratch copy was left behind"
        empty = pl.DataFrame(schema={ROW: pl.Int64, "raw": pl.String})
        headers = {ROW: pl.Int64, **dict.fromkeys(self.headers, pl.String)}
        return Read(
            frame=pl.concat([pl.DataFrame(schema=headers), *(rows.frame for rows in found)]),
            misshapen=pl.concat([empty, *(rows.misshapen.cast({ROW: pl.Int64}) for rows in found)]),
        )

    def refused(self, data: bytes | str) -> Refusal:
        """The refusal that reading this must end in, which says what to do in both languages."""
        with pytest.raises(Refusal) as caught:
            self(data)
        assert caught.value.what.zh
        assert caught.value.remedy is not None
        assert caught.value.remedy.en
        return caught.value
