"""Workbooks: examined before any library opens them, then the first sheet is read as text."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import os
import resource
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import fastexcel
import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.domains.collection.reads import Reads
from tests.domains.collection.workbooks import (
    MAIN,
    PROLOGUE,
    SHEET,
    header_cells,
    packed,
    parts,
    sheet_xml,
    text_cell,
    workbook,
)

from yuexin.domains.collection.reading import columns as typed
from yuexin.domains.collection.reading import sheet
from yuexin.domains.collection.reading.batches import ROW

MEGABYTE = 1 << 20
DOCTYPE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
# A dense range of cells is one allocation; a process that makes it must not be this one.
MEMORY = 3 << 30


def book(reads: Reads, *rows: dict[str, str]) -> bytes:
    return workbook(reads.headers, rows)


def test_a_workbook_gives_what_the_text_file_gives(reads: Reads) -> None:
    rows = [reads.row, reads.row | {"企业名称": "示例二"}]
    assert reads(book(reads, *rows)).frame.to_dicts() == reads(reads.text(rows)).frame.to_dicts()


def test_cells_are_read_as_an_agency_would_type_them(reads: Reads) -> None:
    cells = {
        "注册日期": dt.date(2009, 3, 2), "注册资金": 1090, "经营范围": 0.5, "企业类型": True,
        "注册地址": dt.datetime(2009, 3, 2, 10, 30),  # noqa: DTZ001 - a cell has no time zone
    }  # fmt: skip
    found = reads(workbook(reads.headers, [{"企业名称": "示例", **cells}])).frame.row(0, named=True)
    assert found["注册日期"] == "2009-03-02"
    assert found["注册资金"] == "1090"
    assert found["经营范围"] == "0.5"
    assert found["企业类型"] == "1"
    assert found["注册地址"] == "2009-03-02 10:30:00"


def test_a_formula_gives_its_stored_value_and_text_that_looks_like_one_stays(reads: Reads) -> None:
    cells = text_cell("=1+1") + '<c t="str"><f>HYPERLINK("http://x","y")</f><v>y</v></c>'
    found = reads(packed(parts(sheet_xml(header_cells(reads.headers), cells)))).frame
    assert found.row(0)[1:3] == ("=1+1", "y")


def test_blank_rows_and_columns_around_the_table_are_no_data(reads: Reads) -> None:
    blank = text_cell("") * 12
    rows = [header_cells(reads.headers) + text_cell("") * 3, blank, text_cell("示例"), blank, ""]
    found = reads(packed(parts(sheet_xml(*rows))))
    assert found.frame["企业名称"].to_list() == ["示例"]


def test_a_cell_right_of_the_header_is_not_dropped_in_silence(reads: Reads) -> None:
    """A value in a column without a name is a row of another shape, as it is in a text file."""
    row = "".join(text_cell("x") for _ in reads.headers) + text_cell("乱")
    found = reads(packed(parts(sheet_xml(header_cells(reads.headers), row))))
    assert found.misshapen["__row"].to_list() == [1]


def test_a_row_keeps_its_number_behind_blank_rows(reads: Reads) -> None:
    """Whoever looks for row 2 of the receipt counts rows as the text road does."""
    rows = [header_cells(reads.headers), text_cell("甲"), "", text_cell("乙")]
    assert reads(packed(parts(sheet_xml(*rows)))).frame["__row"].to_list() == [1, 2]


@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_table_may_begin_anywhere(reads: Reads, quote: str) -> None:
    """However the cells are written: blank rows above the header, blank columns left of it."""

    def row(number: int, **cells: str) -> str:
        written = (text_cell(text, f"{letter}{number}") for letter, text in cells.items())
        return "".join(written).replace('"', quote)

    header = row(3, C="统一社会信用代码", D="企业名称", E="注册日期")
    table = [header, row(5, C="1", D="甲", E="2")]
    found = reads(packed(parts(sheet_xml("", *table))))
    assert found.frame.select(ROW, "企业名称").rows() == [(1, "甲")]
    stray = reads(packed(parts(sheet_xml(*table, row(6, B="x")))))
    assert stray.misshapen[ROW].to_list() == [2]


CELLS = {
    "text": st.text("甲a1 &<>\"'_", max_size=5),
    "number": st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**15), 10**15),
    "moment": st.datetimes(dt.datetime(1900, 3, 2), dt.datetime(9999, 1, 1)),  # noqa: DTZ001
    "day": st.dates(dt.date(1900, 3, 2), dt.date(9999, 1, 1)),
    "truth": st.booleans(),
    "time": st.times(),
    "span": st.timedeltas(dt.timedelta(0), dt.timedelta(40)),
}
MIXED = st.sampled_from(sorted(CELLS)).flatmap(lambda kind: CELLS[kind])
COLUMN = st.one_of(*(st.lists(st.none() | cells, max_size=6) for cells in (*CELLS.values(), MIXED)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(columns=st.lists(COLUMN, min_size=1, max_size=4))
def test_a_column_at_a_time_says_what_its_cells_say(
    reads: Reads, columns: list[list[object]]
) -> None:
    path = reads.folder / "typed.xlsx"
    table = itertools.zip_longest(*columns)
    path.write_bytes(workbook(reads.headers, [dict(zip(reads.headers, row)) for row in table]))  # noqa: B905
    resource = reads.resources[reads.name]
    by_column = typed.frames(fastexcel.read_excel(path), 0, resource, 50)
    by_cell = pl.concat(frame for frame, _ in sheet.cell_by_cell(path, resource, 50))
    if by_column is not None:
        found = [frame.cast({ROW: pl.Int64}) for frame in by_column]
        assert pl.concat([by_cell.clear(), *found]).rows() == by_cell.rows()
    else:
        kinds = [{type(value) for value in column if value is not None} for column in columns]
        assert any(len(k) > 1 or k & {dt.time, dt.timedelta} for k in kinds)


def test_an_error_of_a_formula_is_not_taken_for_an_empty_cell(reads: Reads) -> None:
    cells = text_cell("x") + '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    refusal = reads.refused(packed(parts(sheet_xml(header_cells(reads.headers), cells))))
    assert refusal.code == "WORKBOOK"
    assert "R2C2" in refusal.what.zh


def test_an_empty_sheet_and_a_header_alone(reads: Reads) -> None:
    assert reads.refused(packed(parts(sheet_xml()))).code == "COLUMNS"
    assert reads(book(reads)).numbers == []


def test_another_header_is_refused(reads: Reads) -> None:
    assert reads.refused(workbook(["名字", *reads.headers[1:]], [])).code == "COLUMNS"
    assert reads.refused(workbook([*reads.headers, reads.headers[0]], [])).code == "COLUMNS"


@pytest.mark.parametrize("cut", [10, 200, -100, -22, -4])
def test_a_truncated_workbook_is_refused(reads: Reads, cut: int) -> None:
    assert reads.refused(book(reads, reads.row)[:cut]).code == "WORKBOOK"


def test_a_changed_byte_in_a_part_is_refused(reads: Reads) -> None:
    data = bytearray(book(reads, reads.row))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo(SHEET)
    data[info.header_offset + 30 + len(info.filename) + 20] ^= 0xFF
    assert reads.refused(bytes(data)).code == "WORKBOOK"


@pytest.mark.parametrize(
    "name",
    ["xl/vbaProject.bin", "xl/VBAPROJECT.BIN", "xl/macrosheets/sheet1.xml", "xl/activeX/a.bin",
     "xl/externalLinks/externalLink1.xml"],
)  # fmt: skip
def test_macros_and_external_links_are_refused(reads: Reads, name: str) -> None:
    sheet = sheet_xml(header_cells(reads.headers))
    assert reads.refused(packed(parts(sheet, **{name: b"x"}))).code == "WORKBOOK"


@pytest.mark.parametrize("declaration", [DOCTYPE, LAUGHS, "<!ENTITY x 'y'>"])
@pytest.mark.parametrize(
    "part", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "_rels/.rels", "docProps/app.xml"]
)
def test_a_document_type_is_refused_in_every_part(
    reads: Reads, part: str, declaration: str
) -> None:
    members = parts(sheet_xml(header_cells(reads.headers)))
    text = str(members.get(part, f"{PROLOGUE}<x/>"))
    members[part] = text.replace(PROLOGUE, PROLOGUE + " " * 2**20 + declaration)
    assert reads.refused(packed(members)).code == "WORKBOOK"


@pytest.mark.parametrize(
    "encoding", ["x-none", "gb18030", "utf-7", "rot13", "hex", "idna", "utf-16"]
)
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml"])
def test_a_part_in_an_encoding_of_its_own_is_refused(
    reads: Reads, part: str, encoding: str
) -> None:
    members = parts(sheet_xml(header_cells(reads.headers)))
    members[part] = str(members[part]).replace("UTF-8", encoding, 1)
    assert reads.refused(packed(members)).code == "WORKBOOK"


@pytest.mark.parametrize("member", ["word/document.xml", "xl/workbook.bin"], ids=["docx", "xlsb"])
def test_another_archive_is_no_workbook(reads: Reads, member: str) -> None:
    assert reads.refused(packed({"[Content_Types].xml": "", member: "x"})).code == "WORKBOOK"


def test_an_archive_of_archives_is_no_workbook(reads: Reads) -> None:
    inner = packed({f"{n}.bin": b"\0" * MEGABYTE for n in range(10)})
    assert reads.refused(packed({"inner.zip": inner})).code == "WORKBOOK"


def test_a_bomb_beside_the_sheet_is_refused(reads: Reads) -> None:
    sheet = sheet_xml(header_cells(reads.headers))
    bomb = packed(parts(sheet, **{"xl/media/image1.png": b"\0" * (64 * MEGABYTE)}))
    assert len(bomb) < MEGABYTE
    assert reads.refused(bomb).code == "WORKBOOK"


def test_a_bomb_of_shared_strings_is_refused(reads: Reads) -> None:
    strings = f'{PROLOGUE}<sst xmlns="{MAIN}">' + "<si><t>x</t></si>" * (3 * MEGABYTE) + "</sst>"
    sheet = sheet_xml(header_cells(reads.headers))
    assert (
        reads.refused(packed(parts(sheet, **{"xl/sharedStrings.xml": strings}))).code == "WORKBOOK"
    )


def test_an_archive_of_too_many_members_is_refused(reads: Reads) -> None:
    many = {f"xl/media/{n}": "" for n in range(2_001)}
    assert reads.refused(packed(parts(sheet_xml(), **many))).code == "WORKBOOK"


def test_a_part_that_lies_about_its_size_is_refused(reads: Reads) -> None:
    """The declared size is small, the content is not: what is read is what is counted."""
    honest = sheet_xml(header_cells(reads.headers), *[text_cell("x")] * 100_000)
    data = bytearray(packed(parts(honest)))
    size = struct.pack("<I", len(honest.encode()))
    lie = struct.pack("<I", 1_000)
    assert data.count(size) == 2, "once in the local header, once in the directory"
    assert reads.refused(bytes(data.replace(size, lie))).code == "WORKBOOK"


def test_an_encrypted_part_is_refused(reads: Reads) -> None:
    data = bytearray(book(reads, reads.row))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(mark, place + 4)
    refusal = reads.refused(bytes(data))
    assert refusal.code == "WORKBOOK"
    assert "encrypted" in refusal.what.en


def far_cell(reads: Reads, cell: str) -> bytes:
    return packed(parts(sheet_xml(header_cells(reads.headers), text_cell("x", "A2") + cell)))


def test_a_cell_in_the_last_corner_is_refused(reads: Reads) -> None:
    assert reads.refused(far_cell(reads, text_cell("x", "XFD1048576"))).code == "WORKBOOK"


def test_a_cell_in_a_million_columns_is_refused(reads: Reads) -> None:
    assert reads.refused(far_cell(reads, text_cell("x", "BDWGN2"))).code in ("WORKBOOK", "COLUMNS")


def test_a_header_of_a_million_cells_is_refused(reads: Reads) -> None:
    wide = packed(parts(sheet_xml("<c><v>1</v></c>" * 1_000_000)))
    assert reads.refused(wide).code in ("WORKBOOK", "COLUMNS")


HIDDEN = {
    "single quotes": ("<c r='XFD1048576'><v>1</v></c>", SHEET),
    "space around the sign": ('<c r = "XFD1048576"><v>1</v></c>', SHEET),
    "lower case": ('<c r="xfd1048576"><v>1</v></c>', SHEET),
    "a line before the attribute": ('<c\nr="XFD1048576"><v>1</v></c>', SHEET),
    "five letters": ('<c r="BDWGN1048576"><v>1</v></c>', SHEET),
    "another folder": ('<c r="XFD1048576"><v>1</v></c>', "xl/other/sheet1.xml"),
    "another ending": ('<c r="XFD1048576"><v>1</v></c>', "xl/worksheets/sheet1.dat"),
    "no reference at all": (
        "<c><v>1</v></c>" * 16_384 + '</row><row r="1048576"><c><v>1</v></c>', SHEET,
    ),
}  # fmt: skip


def test_a_good_workbook_is_read_in_the_same_little_memory(reads: Reads) -> None:
    path = reads.folder / "good.xlsx"
    path.write_bytes(book(reads, reads.row))
    assert read_elsewhere(path) == "rows 1"


@pytest.mark.parametrize("regular", [False, True])
@pytest.mark.parametrize("how", HIDDEN)
def test_a_far_corner_is_seen_however_it_is_written(reads: Reads, how: str, regular: bool) -> None:
    """Read in another process with little memory: it must be refused, and nobody die of it."""
    cells, place = HIDDEN[how]
    rows = [header_cells(reads.headers)]
    if regular:
        named = zip("ABCDEFGHIJKL", reads.headers, strict=False)
        rows = ["".join(text_cell(name, f"{letter}1") for letter, name in named)]
        rows += [text_cell("x" * 40, f"A{number}") for number in range(2, 20_000)]
    members = parts(sheet_xml(*rows, cells))
    members[place] = members.pop(SHEET)
    relations = str(members["xl/_rels/workbook.xml.rels"])
    members["xl/_rels/workbook.xml.rels"] = relations.replace(
        "worksheets/sheet1.xml", place.removeprefix("xl/")
    )
    path = reads.folder / "far.xlsx"
    path.write_bytes(packed(members))
    assert read_elsewhere(path) in ("WORKBOOK", "COLUMNS")


READER = """
import sys
from pathlib import Path
from yuexin.base.errors import Refusal
from yuexin.domains.collection.reading.batches import opened
from yuexin.engines.declare.queries import current
path = Path(sys.argv[1])
resource = current().resources["register_extract"]
try:
    with opened(path=path, form="xlsx", resource=resource, scratch=path.parent / "s") as batches:
        print("rows", sum(rows.frame.height for rows in batches))
except Refusal as refusal:
    print(refusal.code)
"""


def read_elsewhere(path: Path) -> str:
    """What another process, with bounded memory, says of a file: its refusal or its rows."""
    ended = subprocess.run(
        [sys.executable, "-c", READER, str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "POLARS_MAX_THREADS": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )
    return ended.stdout.strip() or f"died with {ended.returncode}: {ended.stderr[:200]}"


def sheets(reads: Reads, *lists: list[str], hidden: bool = False) -> bytes:
    """A workbook with a sheet for each list of names in its first column."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for place, names in enumerate(lists):
            page = book.add_worksheet()
            if names:
                page.write_row(0, 0, reads.headers)
            for row, name in enumerate(names, start=1):
                page.write(row, 0, name)
            if hidden and place:
                page.hide()
    return out.getvalue()


@pytest.mark.parametrize("hidden", [False, True])
def test_rows_on_a_second_sheet_do_not_vanish(reads: Reads, hidden: bool) -> None:
    refusal = reads.refused(sheets(reads, ["甲"], ["乙"], hidden=hidden))
    assert refusal.code == "WORKBOOK"
    assert "Sheet2" in refusal.what.en


@pytest.mark.parametrize("lists", [([], ["甲"]), (["甲"], [], [])])
def test_the_one_filled_sheet_is_read_wherever_it_stands(
    reads: Reads, lists: tuple[list[str], ...]
) -> None:
    assert reads(sheets(reads, *lists)).frame["企业名称"].to_list() == ["甲"]


def test_a_nul_is_dropped_from_a_cell_and_no_part_of_a_name(reads: Reads) -> None:
    header = header_cells(reads.headers)
    found = reads(packed(parts(sheet_xml(header, text_cell("甲_x0000_乙")))))
    assert found.frame["企业名称"].to_list() == ["甲乙"]
    spelt = header.replace(reads.headers[0], reads.headers[0] + "_x0000_", 1)
    refusal = reads.refused(packed(parts(sheet_xml(spelt))))
    assert refusal.code == "COLUMNS"
    assert "\0" not in refusal.sentence("zh")


def shared(reads: Reads, strings: list[str], cells: int, index: str = "0") -> bytes:
    items = "".join(f"<si><t>{text}</t></si>" for text in strings)
    rows = [f'<c t="s"><v>{index}</v></c>'] * cells
    table = {"xl/sharedStrings.xml": f'{PROLOGUE}<sst xmlns="{MAIN}">{items}</sst>'}
    return packed(parts(sheet_xml(header_cells(reads.headers), *rows), **table))


def test_a_shared_string_that_cells_repeat_too_often_is_refused(reads: Reads) -> None:
    assert reads.refused(shared(reads, ["x" * 32_000], 20_000)).code == "WORKBOOK"
    found = reads(shared(reads, ["x" * 32_000, "y"], 20_000, "1")).frame
    assert found["企业名称"].unique().to_list() == ["y"]


@pytest.mark.parametrize("index", [" 1", "x", "0<!-- -->1", "0<x/>1"])
def test_an_index_that_is_none_counts_as_the_longest_string(reads: Reads, index: str) -> None:
    assert reads.refused(shared(reads, ["x" * 32_000, "y"], 20_000, index)).code == "WORKBOOK"


@pytest.mark.parametrize("kind", ["shared", "inline", "pieces"])
def test_a_text_longer_than_a_cell_can_hold_is_refused(reads: Reads, kind: str) -> None:
    long = "x" * 32_768
    pieces = "<r><rPr><b/></rPr><t>" + long[:-9] + "</t></r><r><t>" + long[-9:] + "</t></r>"
    cell = text_cell("").replace("<t></t>", pieces) if kind == "pieces" else text_cell(long)
    inline = packed(parts(sheet_xml(header_cells(reads.headers), cell)))
    refusal = reads.refused(shared(reads, [long], 1) if kind == "shared" else inline)
    assert refusal.code == "WORKBOOK"
    assert "32767" in refusal.what.en


@pytest.mark.parametrize(
    "kind", ["vnd.ms-excel.sheet.macroEnabled.main+xml", "vnd.ms-office.vbaProject",
             "vnd.openxmlformats-officedocument.oleObject"],
)  # fmt: skip
def test_macros_and_objects_are_known_by_their_type(reads: Reads, kind: str) -> None:
    members = parts(sheet_xml(header_cells(reads.headers)))
    types = str(members["[Content_Types].xml"])
    members["[Content_Types].xml"] = types.replace(
        "</Types>", f'<Override PartName="/xl/x.dat" ContentType="application/{kind}"/></Types>'
    )
    refusal = reads.refused(packed(members))
    assert refusal.code == "WORKBOOK"
    assert "macros" in refusal.what.en


def test_two_parts_of_one_name_are_refused(reads: Reads) -> None:
    members = parts(sheet_xml(header_cells(reads.headers)))
    assert reads.refused(packed(members | {SHEET.upper(): "<x/>"})).code == "WORKBOOK"


def test_connections_to_data_elsewhere_are_refused(reads: Reads) -> None:
    sheet = sheet_xml(header_cells(reads.headers))
    more: dict[str, str | bytes] = {"xl/connections.xml": "<x/>"}
    assert reads.refused(packed(parts(sheet, **more))).code == "WORKBOOK"
