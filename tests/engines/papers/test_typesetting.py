"""What is set is what was given, whatever it looks like, and the same every time."""

from __future__ import annotations

import datetime as dt
import re
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yuexin.engines.papers.typesetting import printed, typeset

MOMENT = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)
TEMPLATE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.name)
#set text(font: "Noto Sans CJK SC", fallback: false, lang: "zh")
= #data.name
"""
HOSTILE = (
    "#panic(\"x\") $x^2$ *a* _b_ `c` <d> @e \\ // /* [ ] { }",
    "#read(\"/etc/passwd\") #import \"@preview/x:1.0.0\"",
    "'; DROP TABLE subject; -- <script>alert(1)</script> &amp; %00",
    "广" * 200,
    "W" * 200,
    "深圳😀龘𠮷\u202e\u200b\x00\ud800有限公司",
    "",
)  # fmt: skip


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "paper.typ"
    path.write_text(TEMPLATE, "utf-8")
    return path


def set_name(template: Path, name: str) -> bytes:
    return typeset(template=template, data={"name": f"名称{name}"}, moment=MOMENT)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_text_and_never_markup(template: Path, name: str) -> None:
    assert set_name(template, name).startswith(b"%PDF-1.7")


@settings(max_examples=40)
@given(name=st.text(max_size=60))
def test_any_text_can_be_set(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    template = tmp_path_factory.mktemp("set") / "paper.typ"
    template.write_text(TEMPLATE, "utf-8")
    assert set_name(template, name).startswith(b"%PDF-1.7")


def test_what_the_font_lacks_is_printed_as_its_code_point() -> None:
    assert printed("深圳😀\u202e𠮷\n公司") == "深圳[U+1F600][U+202E]𠮷 公司"


def test_the_same_data_give_the_same_bytes(template: Path) -> None:
    assert set_name(template, "甲") == set_name(template, "甲")
    assert set_name(template, "甲") != set_name(template, "乙")


def test_the_paper_is_tagged_titled_and_in_one_font(template: Path) -> None:
    plain = unpacked(set_name(template, "甲"))
    assert b"/MarkInfo" in plain
    assert b"/StructTreeRoot" in plain
    assert b"/Lang(zh)" in plain.replace(b" ", b"")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in plain
    fonts = set(re.findall(rb"/BaseFont\s*/([\w+-]+)", plain))
    assert fonts
    assert all(b"NotoSansCJKsc" in font for font in fonts)


def test_the_font_comes_without_what_brings_it(template: Path) -> None:
    assert set_name(template, "甲")
    assert not {"mplfonts", "matplotlib"} & sys.modules.keys()


def unpacked(pdf: bytes) -> bytes:
    """The file with its packed streams in plain beside it."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S)
    return pdf + b"\n".join(zlib.decompress(s) for s in streams if s[:1] == b"\x78")
