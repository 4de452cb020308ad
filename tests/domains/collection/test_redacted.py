"""A redacted copy reads as the file did, without what was erased, whatever the file was."""

from __future__ import annotations

import gzip
import io
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domains.collection.reads import Reads
from tests.domains.collection.workbooks import workbook

from yuexin.domains.collection.gate import sniff_format
from yuexin.domains.collection.reading.batches import ROW, Rows, opened
from yuexin.domains.collection.reading.redacted import Redacting, Scope, spans
from yuexin.engines.deliveries.types import StoredFormat

NOTHING = Scope(rows=frozenset({10**9}))
WORD = "无人见过之字"


def read(path: Path, form: StoredFormat, reads: Reads) -> Rows:
    resource = reads.resources[reads.name]
    scratch = reads.folder / "scratch"
    with opened(path=path, form=form, resource=resource, scratch=scratch) as batches:
        found = list(batches)
    return Rows(
        frame=pl.concat([rows.frame for rows in found]),
        misshapen=pl.concat([rows.misshapen.cast({ROW: pl.Int64}) for rows in found]),
        erased=tuple(number for rows in found for number in rows.erased),
        without=tuple(cell for rows in found for cell in rows.without),
    )


def redacted(
    reads: Reads, source: Path, form: StoredFormat, scope: Scope
) -> tuple[Path, Redacting]:
    resource = reads.resources[reads.name]
    target = source.with_name(f"{source.name}-redacted")
    scratch = reads.folder / "scratch"
    with (
        opened(path=source, form=form, resource=resource, scratch=scratch) as batches,
        target.open("wb") as out,
    ):
        redacting = Redacting(delivery=1, scope=scope, out=out)
        redacting.write(batches, resource)
    return target, redacting


def rows(reads: Reads) -> list[dict[str, str]]:
    second = reads.row | {"企业名称": WORD, "经营范围": '家具"制造",\n木材'}
    return [reads.row, second, reads.row | {"企业类型": ""}]


def files(reads: Reads) -> dict[str, bytes]:
    text = reads.text(rows(reads))
    lines = reads.text([reads.row]).splitlines()
    return {
        "csv": text.encode(),
        "gb18030": text.encode("gb18030"),
        "gzip": gzip.compress(text.encode("utf-8-sig")),
        "misshapen": "\n".join([*lines, lines[1] + ",多,了", lines[1]]).encode(),
        "xlsx": workbook(reads.headers, rows(reads)),
    }


@pytest.mark.parametrize("name", ["csv", "gb18030", "gzip", "misshapen", "xlsx"])
def test_a_copy_of_everything_reads_as_the_file(reads: Reads, name: str) -> None:
    source = reads.folder / name
    source.write_bytes(files(reads)[name])
    form = sniff_format(source)
    first = read(source, form, reads)
    copy, redacting = redacted(reads, source, form, NOTHING)
    again = read(copy, "redacted", reads)
    assert again.frame.equals(first.frame)
    assert again.misshapen.to_dicts() == first.misshapen.to_dicts()
    assert (again.erased, again.without, redacting.spans()) == ((), (), ())


@pytest.mark.parametrize("name", ["csv", "gb18030", "gzip", "xlsx"])
def test_an_erased_row_leaves_its_number_only(reads: Reads, name: str) -> None:
    source = reads.folder / name
    source.write_bytes(files(reads)[name])
    copy, redacting = redacted(reads, source, sniff_format(source), Scope(rows=frozenset({2})))
    again = read(copy, "redacted", reads)
    assert again.frame[ROW].to_list() == [1, 3]
    assert (again.erased, again.count, redacting.spans()) == ((2,), 3, ((2, 2),))
    assert WORD.encode() not in copy.read_bytes()


def test_erased_cells_are_empty_and_remembered(reads: Reads) -> None:
    source = reads.folder / "csv"
    source.write_bytes(files(reads)["csv"])
    copy, _ = redacted(reads, source, "csv", Scope(columns=("企业名称", "企业类型")))
    again = read(copy, "redacted", reads)
    assert again.frame["企业名称"].to_list() == [None] * 3
    assert set(again.without) == {
        *((n, "企业名称") for n in (1, 2, 3)), (1, "企业类型"), (2, "企业类型"),
    }  # fmt: skip


def test_a_copy_is_redacted_further_and_keeps_what_it_lost(reads: Reads) -> None:
    source = reads.folder / "csv"
    source.write_bytes(files(reads)["csv"])
    once, _ = redacted(reads, source, "csv", Scope(rows=frozenset({1}), columns=("企业名称",)))
    twice, redacting = redacted(reads, once, "redacted", Scope(rows=frozenset({2})))
    again = read(twice, "redacted", reads)
    assert (again.erased, again.without) == ((2,), ((1, "企业名称"),))
    assert redacting.spans() == ((2, 2),)
    _, nothing = redacted(
        reads, twice, "redacted", Scope(rows=frozenset({1, 2}), columns=("企业名称",))
    )
    assert nothing.spans() == ()


def test_only_rows_that_name_the_code_are_taken(reads: Reads) -> None:
    code = reads.row["统一社会信用代码"]
    other = reads.row | {
        "统一社会信用代码": "51440000502999993U",
        "经营范围": f"见 {code.lower()} 档案",
    }
    third = other | {"经营范围": "其他"}
    source = reads.folder / "csv"
    source.write_bytes(reads.text([reads.row, other, third]).encode())
    copy, redacting = redacted(reads, source, "csv", Scope(naming=code))
    assert redacting.spans() == ((1, 2),)
    assert code.encode() not in copy.read_bytes()


def test_a_copy_is_read_under_names_that_came_later(reads: Reads) -> None:
    """As the file itself would be: by the aliases of its headers."""
    source = reads.folder / "csv"
    source.write_bytes(files(reads)["csv"])
    copy, _ = redacted(reads, source, "csv", NOTHING)
    resource = reads.resources[reads.name]
    renamed = tuple(
        replace(one, header="主体名称", aliases=(*one.aliases, "企业名称"))
        if one.header == "企业名称"
        else one
        for one in resource.columns
    )
    later = Reads(folder=reads.folder, resources={reads.name: replace(resource, columns=renamed)})
    assert read(copy, "redacted", later).frame["主体名称"].to_list()[1] == WORD


@given(st.sets(st.integers(1, 60)))
def test_spans_hold_exactly_the_rows(numbers: set[int]) -> None:
    found = spans(numbers)
    assert {n for first, last in found for n in range(first, last + 1)} == numbers
    assert all(last + 1 < first for (_, last), (first, _) in pairwise(found))


def test_every_line_of_a_copy_stands_for_one_row(reads: Reads) -> None:
    source = reads.folder / "csv"
    source.write_bytes(files(reads)["csv"])
    copy, redacting = redacted(reads, source, "csv", Scope(rows=frozenset({3})))
    lines = io.BytesIO(copy.read_bytes()).readlines()
    assert (len(lines), redacting.rows) == (4, 3)
