"""What a delivery is packed in: one file, or it is refused."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from tests.domains.collection.forms import FORMS, zipped, zipped_all
from tests.domains.collection.reads import Reads
from tests.domains.collection.workbooks import packed, parts, sheet_xml

from yuexin.domains.collection.gate import sniff_format

MEGABYTE = 1 << 20


@pytest.mark.parametrize("form", FORMS)
def test_more_than_one_file_is_refused_by_their_names(reads: Reads, form: str) -> None:
    data = FORMS[form](reads.headers, [reads.row])
    refusal = reads.refused(zipped_all({"甲.dat": data, "folder/b.dat": data}))
    assert refusal.code == "ARCHIVE"
    assert "2 个文件：甲.dat、folder/b.dat" in refusal.what.zh


def test_what_file_managers_add_is_no_file(reads: Reads) -> None:
    data = FORMS["csv"](reads.headers, [reads.row])
    litter = {"a/": b"", "a/data.csv": data, "__MACOSX/a/._data.csv": b"x", "a/.DS_Store": b"x"}
    assert reads(zipped_all(litter)).numbers == [1]


def test_an_archive_of_nothing_is_refused(reads: Reads) -> None:
    assert reads.refused(zipped_all({"a/": b""})).code == "ARCHIVE"


@pytest.mark.parametrize("form", FORMS)
def test_a_damaged_archive_is_refused(reads: Reads, form: str) -> None:
    data = FORMS[form](reads.headers, [reads.row] * 20)
    for wrapped in (gzip.compress(data)[:-20], gzip.compress(data) + b"x"):
        assert reads.refused(wrapped).code == "ARCHIVE"
    assert reads.refused(zipped(data)[:-30]).code == "WORKBOOK"
    spoiled = bytearray(zipped(data))
    spoiled[len(spoiled) // 2] ^= 0xFF
    assert reads.refused(bytes(spoiled)).code == "ARCHIVE"


def test_an_archive_in_an_archive_is_not_unpacked_again(reads: Reads) -> None:
    data = FORMS["csv"](reads.headers, [reads.row])
    assert reads.refused(zipped(zipped(data))).code == "WORKBOOK"
    assert reads.refused(gzip.compress(zipped(data))).code == "WORKBOOK"
    assert reads.refused(zipped(gzip.compress(data))).code == "ENCODING"


def test_a_bomb_is_refused(reads: Reads) -> None:
    bomb = b"[" + b" " * (120 * MEGABYTE) + b"]"
    for wrapped in (gzip.compress(bomb, compresslevel=9), zipped(bomb)):
        assert len(wrapped) < MEGABYTE
        assert reads.refused(wrapped).code == "ARCHIVE"


def test_a_locked_file_is_refused(reads: Reads) -> None:
    data = bytearray(zipped(FORMS["json"](reads.headers, [reads.row])))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        data[data.index(mark) + (6 if mark.endswith(b"\x04") else 8)] |= 1
    assert reads.refused(bytes(data)).code == "ARCHIVE"


def test_a_packed_workbook_is_read_as_one(reads: Reads) -> None:
    book = packed(parts(sheet_xml()))
    for wrapped in (book, zipped(book), gzip.compress(book)):
        assert reads.refused(wrapped).code == "COLUMNS"


def test_a_name_that_climbs_out_stays_inside(reads: Reads) -> None:
    data = FORMS["csv"](reads.headers, [reads.row])
    assert reads(zipped(data, "../../../climbed.csv")).numbers == [1]
    assert not (reads.folder.parent / "climbed.csv").exists()


SNIFFED = {
    "[1]": "json", "[": "json", "  [\n{}": "json", "[甲": "csv", "[a],b": "csv", "{": "ndjson",
    '{"a":1}': "ndjson", '{"a":1}\n{"a":2}': "ndjson", '{"a":[{"b":1}]}\n{"a":2}': "ndjson",
    '{"data":[{"a":1}]}': "json", '{"n":1,"data":[]}': "json", '{\n"a": 1\n}': "json",
    '{"a":"[{"}': "ndjson", '{"a":[1]}': "ndjson", "{a,b\n1,2": "csv", "{=1},b": "csv",
    "<a/>": "xml", "<?xml": "xml", "\ufeff<a>": "xml", "\ufeff[": "json", "a<b": "csv",
    "PAR1": "parquet",
    "PAR2": "csv", "甲,乙": "csv", '"a","b"': "csv",
}  # fmt: skip


@pytest.mark.parametrize("text", SNIFFED)
def test_the_first_bytes_tell_the_format(reads: Reads, text: str) -> None:
    path = reads.folder / "x.csv"
    for data in (text.encode(), gzip.compress(text.encode()), zipped(text.encode(), "x.xml")):
        path.write_bytes(data)
        assert sniff_format(path) == SNIFFED[text]


def test_a_long_first_row_tells_as_well(reads: Reads) -> None:
    long = "长" * 100_000
    path = reads.folder / "x"
    for text, form in ((f'{{"a":"{long}"}}\n', "ndjson"), (f'{{"a":[{{"b":"{long}"', "json")):
        for encoding in ("utf-8", "gb18030"):
            path.write_bytes(text.encode(encoding))
            assert sniff_format(path) == form


def test_a_stored_file_in_a_zip_is_read(reads: Reads) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("x", FORMS["parquet"](reads.headers, [reads.row]))
    assert reads(out.getvalue()).numbers == [1]
