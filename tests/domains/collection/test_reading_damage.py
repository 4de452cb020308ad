"""Whatever happens to a file on its way: it is read, every row numbered, or refused in words."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Callable, Mapping, Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.domains.collection.forms import (
    Rows,
    json_array,
    json_escaped,
    json_member,
    ndjson,
    xml,
    xml_attributes,
)
from tests.domains.collection.reads import Read, Reads
from tests.domains.collection.workbooks import packed, workbook

from yuexin.base.errors import Refusal
from yuexin.domains.collection.gate import sniff_format

Write = Callable[[Sequence[str], Rows], bytes]
TEXT_BITS = [
    '"',
    ",",
    "\n",
    "\r",
    "\r\n",
    '""',
    '",',
    ',"',
    "\t",
    ";",
    "\\",
    "#",
    "'",
    "\x1a",
    "\x0b",
]
TEXT_BITS += ["业", " ", "\x1f", "\ufeff", "\u2028", "\x85", "x" * 300, ""]
XML_BITS = ["<", ">", "/", '"', "&amp;", "&#0;", "&x;", "<c>", "</c>", "<v>", 't="s"', 't="d"']
XML_BITS += [
    't="e"',
    "1e999",
    "-1",
    "9" * 20,
    "NaN",
    "<row>",
    'r="A1"',
    'r="ZZ9"',
    'r="0"',
    "x",
    "",
]
OBJECT_BITS = [
    '"',
    ",",
    ":",
    "{",
    "}",
    "[",
    "]",
    "},{",
    "\n",
    "\\",
    "\\u0000",
    "\\ud800",
    "null",
    "1e999",
]
OBJECT_BITS += [
    "NaN",
    "true",
    '"a":',
    '{"a":1}',
    "]}",
    "\x01",
    "\ufeff",
    "业",
    "x" * 300,
    "",
    "-",
    "0",
]
ELEMENT_BITS = [
    "<",
    ">",
    "/",
    '"',
    "'",
    "&",
    "&amp;",
    "&#0;",
    "&x;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
]
ELEMENT_BITS += [
    "<row>",
    "</row>",
    "<row/>",
    "<?x ?>",
    "<!DOCTYPE x>",
    "=",
    "\n",
    "\x01",
    "x",
    "",
    "业",
]
damaged = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def cuts(bits: list[str]) -> st.SearchStrategy[list[tuple[float, int, str]]]:
    """Where, how much is lost, and what stands there instead."""
    one = st.tuples(st.floats(0, 1), st.sampled_from([0, 0, 1, 3]), st.sampled_from(bits))
    return st.lists(one, min_size=1, max_size=4)


def damage(text: str, places: list[tuple[float, int, str]]) -> str:
    for share, lost, bit in places:
        at = int(share * len(text))
        text = text[:at] + bit + text[at + lost :]
    return text


def read_or_refused(reads: Reads, data: bytes) -> Read | None:
    try:
        found = reads(data)
    except Refusal as refusal:
        said = refusal
    else:
        assert found.numbers == list(range(1, len(found.numbers) + 1))
        return found
    assert said.code in ("COLUMNS", "WORKBOOK", "ENCODING", "EMPTY", "JSON", "XML")
    assert said.remedy is not None
    return None


@damaged
@given(places=cuts(TEXT_BITS))
def test_a_damaged_text(reads: Reads, places: list[tuple[float, int, str]]) -> None:
    read_or_refused(reads, damage(reads.text([reads.row] * 3), places).encode())


@damaged
@given(places=cuts(XML_BITS), part=st.integers(0, 30))
def test_a_damaged_part_of_a_workbook(
    reads: Reads, places: list[tuple[float, int, str]], part: int
) -> None:
    members = dict(unpacked(workbook(reads.headers, [reads.row] * 3)))
    name = sorted(members)[part % len(members)]
    members[name] = damage(members[name], places)
    read_or_refused(reads, packed(members))


def unpacked(book: bytes) -> Mapping[str, str]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@damaged
@given(
    places=cuts(OBJECT_BITS),
    write=st.sampled_from([json_array, json_member, json_escaped]),
    height=st.sampled_from([1, 3, 40]),
)
def test_a_damaged_array_that_is_read_is_json(
    reads: Reads, places: list[tuple[float, int, str]], write: Write, height: int
) -> None:
    """Nothing is read out of a text that is no JSON, and no row of one that is gets lost."""
    text = damage(write(reads.headers, [reads.row] * height).decode(), places)
    found = read_or_refused(reads, text.encode())
    if found is not None and sniff_format(reads.folder / "given") == "json":
        value = json.loads(text.removeprefix("\ufeff"))
        if isinstance(value, dict):
            value = next(member for member in value.values() if isinstance(member, list))
        assert len(found.numbers) == len(value)


@damaged
@given(places=cuts(OBJECT_BITS), height=st.sampled_from([1, 3, 40]))
def test_every_damaged_line_is_a_row(
    reads: Reads, places: list[tuple[float, int, str]], height: int
) -> None:
    text = damage(ndjson(reads.headers, [reads.row] * height).decode(), places)
    found = read_or_refused(reads, text.encode())
    if found is not None and sniff_format(reads.folder / "given") == "ndjson":
        lines = [line for line in text.removeprefix("\ufeff").split("\n") if line.strip()]
        assert len(found.numbers) == len(lines)
        for row, name in found.frame.select("__row", "企业名称").rows():
            assert json.loads(lines[row - 1]).get("企业名称") in (name, "", None)


@damaged
@given(
    places=cuts(ELEMENT_BITS),
    write=st.sampled_from([xml, xml_attributes]),
    height=st.sampled_from([1, 3, 40]),
)
def test_a_damaged_document_that_is_read_is_xml(
    reads: Reads, places: list[tuple[float, int, str]], write: Write, height: int
) -> None:
    """What an ordinary parser does not take is not taken; of what it takes no row is lost."""
    text = damage(write(reads.headers, [reads.row] * height).decode(), places)
    found = read_or_refused(reads, text.encode())
    if found is not None and sniff_format(reads.folder / "given") == "xml":
        root = ElementTree.fromstring(text.removeprefix("\ufeff").strip())
        assert len(found.numbers) == len(root)
