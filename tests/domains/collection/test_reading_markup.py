"""XML as hostile or careless senders make it."""

from __future__ import annotations

import pytest
from tests.domains.collection.forms import xml, xml_attributes
from tests.domains.collection.reads import Reads

HEADERS = ["统一社会信用代码", "企业名称", "注册日期"]
GOOD = {"统一社会信用代码": "A", "企业名称": "甲", "注册日期": "2024-01-01"}
ROW = "<row>" + "".join(f"<{name}>{value}</{name}>" for name, value in GOOD.items()) + "</row>"
MEGABYTE = 1 << 20


def rows(*found: str, head: str = '<?xml version="1.0"?>', root: str = "rows") -> str:
    return f"{head}<{root}>{''.join(found)}</{root.split()[0]}>"


def scoped(inner: str) -> str:
    return ROW.replace("</row>", f"{inner}</row>")


VALUES = {
    "<经营范围>a &lt;b&gt; &amp; &quot;c&quot; &#19994;&#x4E1A;</经营范围>": 'a <b> & "c" 业业',
    "<经营范围><![CDATA[<row>&x;</row>]]></经营范围>": "<row>&x;</row>",
    "<经营范围/>": None,
    "<经营范围 />": None,
    "<经营范围></经营范围>": None,
    "<经营范围>甲<!-- 乙 -->丙</经营范围>": "甲丙",
    "\r\n  <经营范围>a\r\nb</经营范围>\r\n": "a\nb",
    "<x:经营范围 xmlns:x='urn:x'>甲</x:经营范围>": "甲",
    '<经营范围 xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>': None,
    "<经营范围>a > b</经营范围>": "a > b",
    "<经营范围>12.50</经营范围>": "12.50",
}


@pytest.mark.parametrize("inner", VALUES)
def test_a_value_is_what_the_text_says(reads: Reads, inner: str) -> None:
    found = reads(rows(ROW, scoped(inner), ROW))
    assert found.misshapen.is_empty()
    assert found.frame["经营范围"].to_list() == [None, VALUES[inner], None]


@pytest.mark.parametrize(
    "inner",
    [
        "<经营范围><甲>乙</甲></经营范围>", "<没有>x</没有>", "<企业名称>乙</企业名称>", "甲",
        "<经营范围 单位='x'>甲</经营范围>", f"<经营范围>{'业' * 2_000_001}</经营范围>",
        "<row/>", "<经营范围/>尾",
    ],
    ids=lambda inner: inner[:20],
)  # fmt: skip
def test_a_row_of_a_wrong_shape_is_set_aside_whole(reads: Reads, inner: str) -> None:
    found = reads(rows(ROW, scoped(inner), ROW))
    assert found.frame["__row"].to_list() == [1, 3]
    assert found.misshapen.rows() == [(2, scoped(inner)[:2_000])]


def test_an_element_of_another_name_is_a_row_set_aside(reads: Reads) -> None:
    found = reads(rows(ROW, "<total>2</total>", ROW.replace("row>", "other>"), ROW))
    assert found.frame["__row"].to_list() == [1, 4]
    assert found.misshapen["__row"].to_list() == [2, 3]


def test_what_stands_before_the_rows_is_none(reads: Reads) -> None:
    assert reads(rows("<total>2</total><title>名单</title>", ROW, ROW)).numbers == [1, 2]


def test_attributes_may_miss_and_change_their_order(reads: Reads) -> None:
    found = reads(
        rows(
            '<r 统一社会信用代码="A" 企业名称="甲" 注册日期="x"/>',
            "<r 注册日期='x'\n企业名称='&lt;乙&gt;'/>",
            '<r 企业名称="丙"></r>',
            '<r 企业名称="丁" 没有=""/>',
            '<r 企业名称="戊">文</r>',
        )
    )
    assert found.frame["企业名称"].to_list() == ["甲", "<乙>", "丙"]
    assert found.misshapen["__row"].to_list() == [4, 5]


@pytest.mark.parametrize("after", [1, 1_200, 5_000])
def test_an_element_that_comes_later_is_not_lost(reads: Reads, after: int) -> None:
    late = scoped("<经营范围>家具</经营范围>")
    found = reads(rows(*[ROW] * after, late, scoped("<没有>x</没有>"), ROW))
    assert found.frame["经营范围"].to_list() == [None] * after + ["家具", None]
    assert found.misshapen["__row"].to_list() == [after + 2]


def test_a_namespace_is_no_part_of_a_name(reads: Reads) -> None:
    named = ROW.replace("</", "</g:").replace("<", "<g:").replace("<g:/g:", "</g:")
    found = reads(rows(named, named, root="g:rows xmlns:g='urn:gd'"))
    assert found.frame["企业名称"].to_list() == ["甲", "甲"]


@pytest.mark.parametrize("write", [xml, xml_attributes])
def test_a_renamed_element_is_told_its_name(reads: Reads, write: object) -> None:
    data = write(HEADERS, [GOOD] * 2).decode().replace("注册日期", "注册时间")  # type: ignore[operator]
    refusal = reads.refused(data)
    assert refusal.code == "COLUMNS"
    assert "注册时间" in refusal.what.zh


@pytest.mark.parametrize("cut", [1, 3, 7, 40, 200, 1_500_000])
def test_a_file_that_ends_early_is_refused_whole(reads: Reads, cut: int) -> None:
    for write in (xml, xml_attributes):
        data = write(HEADERS, [GOOD] * 30_000).rstrip()
        assert len(data) > 2 * MEGABYTE
        refusal = reads.refused(data[:-cut].decode("utf-8", "ignore"))
        assert refusal.code == "XML"


ENTITIES = '<!DOCTYPE rows [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
BROKEN = {
    "a document type": rows(ROW, head='<!DOCTYPE rows SYSTEM "http://example.invalid/x.dtd">'),
    "entities": rows(scoped("<经营范围>&b;</经营范围>"), head=ENTITIES),
    "an outer entity": rows(
        scoped("<经营范围>&x;</经营范围>"),
        head='<!DOCTYPE rows [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
    ),
    "a document type between rows": rows(ROW, "<!DOCTYPE x>", ROW),
    "a document type of small letters": rows(ROW, head="<!doctype rows>"),
    "an unknown entity": rows(ROW, scoped("<经营范围>&nbsp;</经营范围>")),
    "a bare ampersand": rows(ROW, scoped("<经营范围>甲 & 乙</经营范围>")),
    "tags that cross": rows(ROW, "<row><企业名称>甲</row></企业名称>"),
    "an attribute without quotes": rows(ROW, "<row 企业名称=甲/>"),
    "an attribute twice": rows(ROW, '<row 企业名称="甲" 企业名称="乙"/>'),
    "text between rows": rows(ROW, "甲", ROW),
    "text behind": rows(ROW) + "x",
    "two roots": rows(ROW) + rows(ROW, head=""),
    "a control character": rows(ROW, scoped("<经营范围>\x01</经营范围>")),
    "a number of no character": rows(ROW, scoped("<经营范围>&#0;</经营范围>")),
    "half a character": rows(ROW, scoped("<经营范围>&#xD800;</经营范围>")),
    "deep": rows(ROW, "<a>" * 100_000),
    "deep and closed": rows(ROW, "<a>" * 100_000 + "</a>" * 99_000),
    "an element without end": rows(ROW, f"<row><企业名称>{'x' * 9 * MEGABYTE}"),
    "a comment without end": rows(ROW, "<!-- "),
    "a page": "<!DOCTYPE html><html><table></table></html>",
    "a page without type": "<html><table></table></html>",
    "nothing but a declaration": '<?xml version="1.0"?>',
    "an open tag": "<rows",
}


@pytest.mark.parametrize("shape", BROKEN)
def test_what_is_not_well_formed_is_refused(reads: Reads, shape: str) -> None:
    refusal = reads.refused(BROKEN[shape])
    assert refusal.code == "XML"
    assert len(refusal.sentence("zh")) < 500


def test_many_false_ends_cost_no_time(reads: Reads) -> None:
    """The end of a row is looked for once, however often it seems to come."""
    inner = "<row>" * 50_000 + "</row>" * 50_000
    assert reads(rows(ROW, scoped(inner), ROW)).misshapen["__row"].to_list() == [2]


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("UTF-8", "utf-8"), ("utf-8", "utf-8-sig"), ("GB18030", "gb18030"), ("gbk", "gbk"),
     ("GB2312", "gb18030")],
)  # fmt: skip
def test_the_declared_encoding_is_read(reads: Reads, declared: str, encoding: str) -> None:
    text = rows(ROW, ROW, head=f'<?xml version="1.0" encoding="{declared}"?>\n')
    assert reads(text.encode(encoding)).frame["企业名称"].to_list() == ["甲", "甲"]


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("", "gb18030"), ("UTF-8", "gb18030"), ("GB18030", "utf-8"), ("GBK", "utf-8-sig"),
     ("ISO-8859-1", "utf-8"), ("big5", "big5"), ("UTF-16", "utf-8")],
)  # fmt: skip
def test_a_declaration_that_is_not_true_is_refused(
    reads: Reads, declared: str, encoding: str
) -> None:
    said = f' encoding="{declared}"' if declared else ""
    row = ROW.replace("甲", "佛山示例家具有限公司")
    if encoding == "big5":
        row = "<row/>"
    text = rows(row, row, head=f'<?xml version="1.0"{said}?>\n')
    assert reads.refused(text.encode(encoding)).code == "ENCODING"


@pytest.mark.parametrize("text", ["<rows/>", "<rows></rows>", "<rows>\n</rows>\n<!-- x -->"])
def test_a_root_of_nothing_is_no_rows(reads: Reads, text: str) -> None:
    assert reads(text).numbers == []


def test_what_is_said_beside_the_rows_is_bounded(reads: Reads) -> None:
    comments = "<!-- x -->" * 60_000
    assert reads(rows(ROW, comments, ROW)).numbers == [1, 2]
    assert reads.refused(rows(f"<total>{'x' * 4 * MEGABYTE}</total>" * 5, ROW)).code == "XML"
