"""What is counted by arithmetic is what a parser would have counted, or it is not counted."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree
from xml.parsers import expat

import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from yuexin.domains.collection.reading import regular
from yuexin.domains.collection.reading.pieces import counted

LONGEST = 200
ROWS = (
    b'<row r="1" spans="1:3"><c r="A1" t="inlineStr"><is><t>\xe7\x94\xb2</t></is></c></row>'
    b'<row r="2" ht="15" x14ac:dyDescent="0.2"><c r="A2" s="1" t="s"><v>7</v></c>'
    b'<c r="AB2" s="2"/><c r="AC2"></c><c r="AD2"><v>1.5E-3</v></c></row><row r="3"></row>'
    b'<row r="40"><c r="B40" t="str" s="3"><v>a &amp; b</v></c>'
    b'<c r="C40" t="inlineStr"><is><t xml:space="preserve"> x </t></is></c>'
    b'<c r="D40" t="s"><v>12</v></c></row>'
)
STRINGS = (
    b'<si><t>\xe7\x94\xb2</t></si><si><t xml:space="preserve"> b</t></si><si><t></t></si>'
    b'<si><t>ab</t><phoneticPr fontId="1" type="noConversion"/></si>'
)
# What somebody would put in to be counted wrongly.
SPLICED = st.sampled_from(
    [b"<", b">", b'"', b"'", b" ", b"/", b"=", b"&", b"&amp;", b"&lt;", b"]]>", b"<!--", b"-->",
     b"<![CDATA[", b"<?x ?>", b"\0", b"\x01", b"\xff", b"\n", b"<v>", b"</v>", b"<c>", b"</c>",
     b'<c r="ZZ99"><v>1</v></c>', b'<x:c r="ZZ99"/>', b"<row>", b"</row>", b'<row r="1" r="2">',
     b"<is><t>", b"</t></is>", b' r="ZZ99"', b' t="s"', b' t="e"', b"<f>1</f>", b"9", b"A", b"-",
     b"<si><t>", b"</t></si>", b"<phoneticPr/>", b"</si><si>", b"<r><t>x</t></r>", b"_x0000_"]
)  # fmt: skip
EDITS = st.lists(
    st.tuples(st.integers(0, len(ROWS)), st.integers(0, 12), SPLICED), min_size=1, max_size=3
)


def edited(block: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """The block with something put in the place of so many bytes at each place."""
    for place, taken, put in edits:
        block = block[:place] + put + block[place + taken :]
    return block


def column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def parsed(block: bytes) -> tuple[int, int, int, list[int]] | None:
    """Cells, width, depth and shared strings by a parser; none where that is no XML."""
    found: list[tuple[int, int]] = []
    shared: list[str] = []
    kind: list[str] = [""]

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            place = re.fullmatch(r"([A-Z]+)([0-9]+)", attributes.get("r", ""))
            assert place, "every regular cell says where it is"
            found.append((column(place[1]), int(place[2])))
            kind[0] = attributes.get("t", "")
        elif name == "v" and kind[0] == "s":
            shared.append("")
            kind[0] = "v"

    def text(data: str) -> None:
        if kind[0] == "v":
            shared[-1] += data

    def end(name: str) -> None:
        kind[0] = "" if name == "v" else kind[0]

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(b"<sheet>" + block + b"</sheet>", True)
    except expat.ExpatError:
        return None
    widest, lowest = (max((place[n] for place in found), default=0) for n in (0, 1))
    return len(found), widest, lowest, [int(number) for number in shared]


def counts(block: bytes) -> tuple[int, int, int, list[int]] | None:
    found = regular.rows(block, LONGEST)
    if found is None:
        return None
    return found.cells, found.widest, found.lowest, found.strings.tolist()


def test_rows_as_programs_write_them_are_counted() -> None:
    assert counts(ROWS) == (8, 30, 40, [7, 12])
    assert counts(ROWS) == parsed(ROWS)


@settings(max_examples=1000)
@given(edits=EDITS)
@example(edits=[(len(ROWS) - 6, 0, b"<!--")])
@example(edits=[(0, 0, b'<row r="1"><c r="ZZ99" t="s"><v>1</v></c></row>')])
def test_changed_rows_are_counted_as_a_parser_does_or_not_at_all(
    edits: list[tuple[int, int, bytes]],
) -> None:
    block = edited(ROWS, edits)
    found = counts(block)
    if found is not None:
        assert found == parsed(block)


@settings(max_examples=1000)
@given(edits=EDITS)
def test_changed_strings_are_never_longer_than_they_count(
    edits: list[tuple[int, int, bytes]],
) -> None:
    block = edited(STRINGS, edits)
    sizes = regular.sizes(block, LONGEST)
    if sizes is None:
        return
    items = list(ElementTree.fromstring(b"<sst>" + block + b"</sst>"))
    texts = ["".join(item.itertext()).encode() for item in items]
    assert len(texts) == len(sizes)
    assert all(len(text) <= size for text, size in zip(texts, sizes, strict=True))


def test_strings_as_programs_write_them_are_counted() -> None:
    sizes = regular.sizes(STRINGS, LONGEST)
    assert sizes is not None
    assert sizes.tolist() == [3, 2, 0, 2]


@pytest.mark.parametrize("text", [b"x" * (LONGEST + 1), b"&#20013;", b"\xef\xbf", b"a]]>b"])
def test_a_cell_that_needs_a_parser_is_left_to_one(text: bytes) -> None:
    cell = b'<row><c r="A1" t="inlineStr"><is><t>' + text + b"</t></is></c></row>"
    assert regular.rows(cell, LONGEST) is None
    assert regular.sizes(b"<si><t>" + text + b"</t></si>", LONGEST) is None


@pytest.mark.parametrize("constant_memory", [False, True])
def test_a_written_workbook_is_counted_whole(constant_memory: bool) -> None:
    """All rows of a large sheet are counted, and every byte comes by once."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": constant_memory}) as book:
        sheet = book.add_worksheet()
        for row in range(30_000):
            sheet.write_row(row, 0, [f"甲{row}", row, "乙 & 丙"])
    with xlsxwriter.workbook.ZipFile(out) as archive:
        data = archive.read("xl/worksheets/sheet1.xml")
        with archive.open("xl/worksheets/sheet1.xml") as stream:
            pieces = list(counted(stream, LONGEST))
    assert b"".join(piece for piece, _ in pieces) == data
    told = [found for _, found in pieces if isinstance(found, regular.Rows)]
    assert sum(found.cells for found in told) == 90_000
    assert max(found.lowest for found in told) == 30_000


@pytest.mark.parametrize("sign", [b"<!--", b"<![CDATA[", b"<?x "])
def test_nothing_is_told_behind_what_may_hold_rows_as_text(sign: bytes) -> None:
    head = b"<worksheet><sheetData>"
    pieces = list(counted(io.BytesIO(head + sign + ROWS), LONGEST))
    assert all(found is None for _, found in pieces)
    assert any(found is not None for _, found in counted(io.BytesIO(head + ROWS), LONGEST))


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-7"])
def test_nothing_is_told_in_another_encoding(encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding}"?><worksheet><sheetData>'.encode()
    assert all(found is None for _, found in counted(io.BytesIO(head + ROWS), LONGEST))
