"""Whatever happens to a file on its way: it is read, every row numbered, or refused in words."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.domains.collection.reads import Reads
from tests.domains.collection.workbooks import packed, workbook

from yuexin.base.errors import Refusal

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


def read_or_refused(reads: Reads, data: bytes) -> None:
    try:
        found = reads(data)
    except Refusal as refusal:
        said = refusal
    else:
        assert found.numbers == list(range(1, len(found.numbers) + 1))
        return
    assert said.code in ("COLUMNS", "WORKBOOK", "ENCODING", "EMPTY")
    assert said.remedy is not None


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
