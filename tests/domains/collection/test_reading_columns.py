"""Parquet: values of every type as an agency would have typed them, and files that lie."""

from __future__ import annotations

import datetime as dt
import resource
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from tests.domains.collection.forms import parquet, written
from tests.domains.collection.reads import Reads

from yuexin.base.errors import Refusal
from yuexin.domains.collection.gate import sniff_format
from yuexin.domains.collection.reading.batches import opened

HEADERS = ["统一社会信用代码", "企业名称", "注册日期"]
GOOD = {"统一社会信用代码": "A", "企业名称": "甲", "注册日期": "2024-01-01"}
MEGABYTE = 1 << 20
MIDNIGHT = 1_704_153_600  # of 2024-01-02, in seconds since 1970 by whatever clock it is
NOON = MIDNIGHT + 12 * 3600 + 30 * 60 + 5


def file(column: Any, **more: Any) -> bytes:
    """Good rows whose scope is this column."""
    count = len(column)
    table = {name: pa.array([value] * count) for name, value in GOOD.items()}
    return written(pa.table(table | {"经营范围": column} | more))


VALUES: list[tuple[pa.Array, list[str | None]]] = [
    (pa.array(["甲", "", None]), ["甲", None, None]),
    (pa.array(["甲", "乙", "甲"]).dictionary_encode(), ["甲", "乙", "甲"]),
    (pa.array(["a string that is not short", None], pa.string_view()),
     ["a string that is not short", None]),
    (pa.array(["业".encode(), None], pa.binary()), ["业", None]),
    (pa.array([True, False, None]), ["1", "0", None]),
    (pa.array([2**63 - 1, -1, None]), ["9223372036854775807", "-1", None]),
    (pa.array([2**64 - 1], pa.uint64()), ["18446744073709551615"]),
    (pa.array([12.0, 0.1, 1e20, 1e-7, -0.5]),
     ["12", "0.1", "100000000000000000000", "0.0000001", "-0.5"]),
    (pa.array([0.1, 12.5], pa.float32()), ["0.1", "12.5"]),
    (pa.array([Decimal("12.50"), Decimal("0.00")]), ["12.50", "0.00"]),
    (pa.array([Decimal("1E-10")], pa.decimal128(38, 10)), ["0.0000000001"]),
    (pa.array([dt.date(2024, 1, 2), None]), ["2024-01-02", None]),
    (pa.array([dt.date(2024, 1, 2)], pa.date64()), ["2024-01-02"]),
    (pa.array([MIDNIGHT * 10**9, NOON * 10**9], pa.timestamp("ns")),
     ["2024-01-02", "2024-01-02 12:30:05"]),
    (pa.array([(MIDNIGHT - 8 * 3600) * 1000], pa.timestamp("ms", "UTC")), ["2024-01-02"]),
    (pa.array([dt.time(1, 2, 3)]), ["01:02:03"]),
    (pa.nulls(2), [None, None]),
]  # fmt: skip


@pytest.mark.parametrize(("column", "texts"), VALUES, ids=lambda value: str(value)[:40])
def test_a_value_is_what_an_agency_would_have_typed(
    reads: Reads, column: pa.Array, texts: list[str | None]
) -> None:
    found = reads(file(column))
    assert found.misshapen.is_empty()
    assert found.frame["经营范围"].to_list() == texts


@pytest.mark.parametrize(
    "odd",
    [pa.array([1.0, float("nan"), 2.0]), pa.array([1.0, float("inf"), 2.0], pa.float32()),
     pa.array(["a", "a\0b", "c"]), pa.array(["a", "业" * 2_000_001, "c"])],
    ids=["nan", "inf", "nul", "long"],
)  # fmt: skip
def test_a_value_that_is_none_spoils_its_row(reads: Reads, odd: pa.Array) -> None:
    found = reads(file(odd))
    assert found.frame["__row"].to_list() == [1, 3]
    assert found.misshapen["__row"].to_list() == [2]
    assert found.misshapen["raw"][0].startswith("A\t甲\t2024-01-01")
    assert "\0" not in found.misshapen["raw"][0]


@pytest.mark.parametrize(
    "column",
    [pa.array([["a"], []]), pa.array([{"a": 1}, None]),
     pa.array([[("a", 1)], []], pa.map_(pa.string(), pa.int64()))],
    ids=["list", "struct", "map"],
)  # fmt: skip
def test_a_nested_column_is_refused_by_its_name(reads: Reads, column: pa.Array) -> None:
    refusal = reads.refused(file(column))
    assert refusal.code == "PARQUET"
    assert "经营范围" in refusal.what.zh


def test_bytes_of_no_text_are_refused(reads: Reads) -> None:
    assert reads.refused(file(pa.array([b"\xff\xfe"]))).code == "PARQUET"


def test_unknown_missing_and_double_columns_are_refused(reads: Reads) -> None:
    assert "没有" in reads.refused(file(pa.array(["x"]), 没有=pa.array(["x"]))).what.zh
    assert reads.refused(written(pa.table({"企业名称": ["甲"]}))).code == "COLUMNS"
    twice = {"企业 名称": pa.array(["x"])}
    assert "重复" in reads.refused(file(pa.array(["x"]), **twice)).what.zh


def test_no_rows_are_no_rows(reads: Reads) -> None:
    assert reads(parquet(HEADERS, [])).numbers == []


@pytest.mark.parametrize("cut", [1, 4, 8, 100, 2_000])
def test_a_file_that_ends_early_is_refused(reads: Reads, cut: int) -> None:
    data = parquet(HEADERS, [GOOD | {"企业名称": f"甲{n}"} for n in range(1_000)])
    assert reads.refused(data[:-cut]).code == "PARQUET"


@pytest.mark.parametrize("place", range(4, 400, 13))
def test_a_damaged_byte_is_read_over_or_refused(reads: Reads, place: int) -> None:
    rows = [GOOD | {"企业名称": f"甲{n}"} for n in range(20)]
    data = bytearray(parquet(HEADERS, rows))
    for at in (place, -place):
        damaged = bytearray(data)
        damaged[at] ^= 0x55
        path = reads.folder / "damaged"
        path.write_bytes(damaged)
        if sniff_format(path) == "parquet":
            assert _read_or_refused(reads, bytes(damaged))


def _read_or_refused(reads: Reads, data: bytes) -> bool:
    try:
        found = reads(data)
    except Refusal as refusal:
        return refusal.code in ("PARQUET", "COLUMNS")
    return found.numbers == list(range(1, len(found.numbers) + 1))


def test_a_text_stored_once_and_named_often_is_read_in_pieces(reads: Reads) -> None:
    """A megabyte that a hundred thousand rows refer to is some hundred gigabytes when spelled."""
    count = 2_000
    text = pa.DictionaryArray.from_arrays(
        pa.array([0] * count, pa.int32()), pa.array(["x" * MEGABYTE])
    )
    path = reads.folder / "bomb"
    path.write_bytes(file(text))
    assert path.stat().st_size < MEGABYTE
    declared = reads.resources[reads.name]
    height, widest = 0, 0.0
    with opened(
        path=path, form="parquet", resource=declared, scratch=reads.folder / "scratch"
    ) as batches:
        for rows in batches:
            height += rows.frame.height
            widest = max(widest, rows.frame.estimated_size())
    assert height == count
    assert widest < 300 * MEGABYTE
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 2_000_000
