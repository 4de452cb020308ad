"""JSON and NDJSON as hostile or careless senders make them."""

from __future__ import annotations

import json

import pytest
from tests.domains.collection.forms import json_array, ndjson
from tests.domains.collection.reads import Read, Reads

HEADERS = ["统一社会信用代码", "企业名称", "注册日期"]
GOOD = {"统一社会信用代码": "A", "企业名称": "甲", "注册日期": "2024-01-01"}
MEGABYTE = 1 << 20


def member(text: str) -> str:
    """A good object whose scope is this JSON text."""
    return json.dumps(GOOD, ensure_ascii=False)[:-1] + f', "经营范围": {text}}}'


def both(reads: Reads, *objects: str) -> list[Read]:
    """The objects read as an array, and as lines."""
    array, lines = f"[{', '.join(objects)}]", "\n".join(objects) + "\n"
    return [reads(array), reads(lines)]


SPELLED = {
    "12.50": "12.50", "0.1": "0.1", "123456789012345678": "123456789012345678", "-7": "-7",
    "9007199254740993": "9007199254740993", "1e3": "1000", "1.5E-3": "0.0015", "-0": "-0",
    "1e999999999": "1e999999999", "1E+99999999999999999999": "1E+99999999999999999999",
    "0.10000000000000000000000000000001": "0.10000000000000000000000000000001",
    "9" * 5_000: "9" * 5_000, "true": "1", "false": "0", "null": None, '""': None, '"null"': "null",
    '"1e3"': "1e3", '"\\u4e1a"': "业", '"\\ud842\\udfb7"': "𠮷",
    '"a\\n\\"b"': 'a\n"b', '"},{"': "},{",
}  # fmt: skip


@pytest.mark.parametrize("text", SPELLED, ids=lambda text: str(text)[:20])
def test_a_value_keeps_its_spelling(reads: Reads, text: str) -> None:
    for found in both(reads, *[member(text)] * 3):
        assert found.misshapen.is_empty()
        assert found.frame["经营范围"].to_list() == [SPELLED[text]] * 3


@pytest.mark.parametrize(
    "text",
    [
        "{}", "[]", '["甲"]', '{"a": 1}', "NaN", "-Infinity", '"a\\u0000b"', '"\\ud800"',
        '"\\udfb7\\ud842"', '"甲", "经营范围": "乙"', '"甲", "经营 范围": "乙"', '"甲", "没有": ""',
        '"甲", "没有": null', f'"{"业" * 2_000_001}"',
    ],
    ids=lambda text: text[:20],
)  # fmt: skip
def test_a_row_of_a_wrong_shape_is_set_aside_whole(reads: Reads, text: str) -> None:
    good = json.dumps(GOOD, ensure_ascii=False)
    for found in both(reads, good, member(text), good):
        assert found.frame["__row"].to_list() == [1, 3]
        assert found.misshapen["__row"].to_list() == [2]
        assert found.misshapen["raw"][0] == member(text)[:2_000]


@pytest.mark.parametrize("other", ["1", "null", '"x"', "[]", '["甲"]', "true"])
def test_what_is_no_object_is_a_row_set_aside(reads: Reads, other: str) -> None:
    good = json.dumps(GOOD, ensure_ascii=False)
    for found in both(reads, good, other, good):
        assert found.misshapen.rows() == [(2, other)]
        assert found.frame["__row"].to_list() == [1, 3]


def test_an_escaped_key_and_another_order_are_the_same_column(reads: Reads) -> None:
    first = json.dumps(GOOD)
    turned = json.dumps(dict(reversed(GOOD.items())), ensure_ascii=False)
    for found in both(reads, first, turned):
        assert found.frame.select(HEADERS).rows() == [tuple(GOOD.values())] * 2


@pytest.mark.parametrize("after", [1, 1_200, 5_000])
def test_a_key_that_comes_later_is_not_lost(reads: Reads, after: int) -> None:
    rows = [json.dumps(GOOD)] * after
    for found in both(reads, *rows, member('"家具"'), member('"x", "没有": "y"')):
        assert found.frame["经营范围"].to_list() == [None] * after + ["家具"]
        assert found.misshapen["__row"].to_list() == [after + 2]


def test_a_missing_key_is_an_empty_value(reads: Reads) -> None:
    for found in both(reads, json.dumps(GOOD), json.dumps({"企业名称": "乙"}), "{}"):
        assert found.frame["企业名称"].to_list() == ["甲", "乙", None]
        assert found.misshapen.is_empty()


@pytest.mark.parametrize(
    ("change", "named"),
    [(("注册日期", "注册时间"), "注册时间"), (("企业名称", "名称"), "名称")],
)
def test_a_renamed_key_is_told_its_name(reads: Reads, change: tuple[str, str], named: str) -> None:
    for write in (json_array, ndjson):
        data = write(HEADERS, [GOOD] * 3).decode().replace(*change)
        refusal = reads.refused(data)
        assert refusal.code == "COLUMNS"
        assert named in refusal.what.zh


def test_two_keys_of_one_column_are_told(reads: Reads) -> None:
    data = json.dumps([GOOD | {"企业　名称": "乙"}], ensure_ascii=False)
    assert "重复" in reads.refused(data).what.zh


@pytest.mark.parametrize("cut", [1, 2, 40, 1_000, 1_500_000])
def test_an_array_that_ends_early_is_refused_whole(reads: Reads, cut: int) -> None:
    data = json_array(HEADERS, [GOOD] * 30_000)
    assert len(data) > 2 * MEGABYTE
    refusal = reads.refused(data[:-cut].decode("utf-8", "ignore"))
    assert refusal.code == "JSON"
    assert "不完整" in refusal.what.zh


def test_a_cut_line_is_set_aside(reads: Reads) -> None:
    data = ndjson(HEADERS, [GOOD] * 3).decode()
    found = reads(data[:-20])
    assert found.frame["__row"].to_list() == [1, 2]
    assert found.misshapen["__row"].to_list() == [3]


BROKEN = {
    "trailing garbage": "[%s] x",
    "two arrays": "[%s][%s]",
    "two arrays on lines": "[%s]\n[%s]\n",
    "a comma too many": "[%s,]",
    "a comma before": "[,%s]",
    "no comma": "[%s %s]",
    "single quotes": "[%s, {'企业名称': '甲'}]",
    "a comment": "[%s /* x */]",
    "a raw line end": '[%s, {"企业名称": "甲\n乙"}]',
    "an open string": '[%s, {"企业名称": "甲}]',
    "a wrong escape": '[%s, {"企业名称": "\\x"}]',
    "a number of no kind": '[%s, {"企业名称": 01}]',
    "an unknown word": '[%s, {"企业名称": nil}]',
    "the wrong bracket": "[%s}",
    "two arrays in members": '{"a": [%s], "b": [%s]}',
    "an object in a member": '{"meta": {}, "data": [%s]}',
    "no array": '{\n"data": 1\n}',
    "an array within": '{"data": {"rows": [%s]}}',
    "deep": '[%s, {"企业名称": ' + "[" * 100_000 + "]" * 100_000 + "}]",
    "deep at once": "[" * 100_000,
    "deep objects": '{"a":' * 100_000,
    "rows of lists": '[["企业名称"], ["甲"]]',
    "a string without end": '["' + "x" * (9 * MEGABYTE) + '"',
}


@pytest.mark.parametrize("shape", BROKEN)
def test_a_broken_array_is_refused(reads: Reads, shape: str) -> None:
    text = BROKEN[shape]
    refusal = reads.refused(text.replace("%s", json.dumps(GOOD, ensure_ascii=False)))
    assert refusal.code in ("JSON", "COLUMNS")
    assert len(refusal.sentence("zh")) < 500


LINES = {
    "two objects on a line": "%s %s",
    "two objects and a comma": "%s,%s",
    "the halves of one object": '{"企业名称": "甲"\n"注册日期": "x"}',
    "the halves around a null": '{"企业名称": [1\n2]}',
    "an array": "[%s]",
    "garbage behind": "%s x",
    "a comma behind": "%s,",
    "deep": '{"企业名称": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "a word": "x",
    "a line without end": '{"企业名称": "' + "x" * (9 * MEGABYTE) + '"}',
}


@pytest.mark.parametrize("shape", LINES)
def test_a_broken_line_spoils_itself_only(reads: Reads, shape: str) -> None:
    good = json.dumps(GOOD, ensure_ascii=False)
    broken = LINES[shape].replace("%s", good)
    found = reads("\n".join([good, broken, good, ""]))
    count = broken.count("\n") + 1
    assert found.frame["__row"].to_list() == [1, count + 2]
    assert found.misshapen["__row"].to_list() == list(range(2, count + 2))


def test_blank_lines_and_crlf_are_no_rows(reads: Reads) -> None:
    good = json.dumps(GOOD, ensure_ascii=False)
    assert reads("\r\n".join([good, "", "  ", good, ""])).frame["__row"].to_list() == [1, 2]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "gbk"])
def test_every_encoding_of_the_agencies_is_read(reads: Reads, encoding: str) -> None:
    for write in (json_array, ndjson):
        text = write(HEADERS, [GOOD | {"企业名称": "示例家具有限公司"}] * 2).decode()
        found = reads(text.encode(encoding))
        assert found.frame["企业名称"].to_list() == ["示例家具有限公司"] * 2


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le"])
def test_a_wide_encoding_is_refused(reads: Reads, encoding: str) -> None:
    assert reads.refused(json_array(HEADERS, [GOOD]).decode().encode(encoding)).code == "ENCODING"


@pytest.mark.parametrize("text", ["[]", " [ ] ", '{"data": []}', '{"code": 0, "data": [ ]}\n'])
def test_an_array_of_nothing_is_no_rows(reads: Reads, text: str) -> None:
    assert reads(text).numbers == []


@pytest.mark.parametrize("rows", [1, 3, 3_000])
@pytest.mark.parametrize("indent", [None, 0, 2, "\t"])
def test_every_way_to_space_it_is_the_same(reads: Reads, rows: int, indent: int | None) -> None:
    text = json.dumps([GOOD | {"经营范围": "家具制造、销售，电子产品"}] * rows, indent=indent,
                      ensure_ascii=False)  # fmt: skip
    found = reads(text)
    assert found.frame["经营范围"].to_list() == ["家具制造、销售，电子产品"] * rows
    compact = json.dumps([GOOD] * rows, separators=(",", ":"))
    assert reads(compact).frame["企业名称"].to_list() == ["甲"] * rows


def test_one_odd_row_among_many_alike_is_set_aside_alone(reads: Reads) -> None:
    """Whatever its oddity, it stands in the middle of a block that is alike otherwise."""
    alike = member('"家具"')
    odd = {
        alike.replace('"家具"', '"x", "经营范围": "y"'): False,
        alike.replace('"家具"', "[1]"): False,
        alike.replace('"家具"', "1.5"): True,
        alike.replace('"家具"', "1e5"): True,
        alike.replace('"家具"', '"\\n"'): True,
        alike.replace(', "经营范围"', ' , "经营范围"'): True,
        alike.replace('"经营范围"', '"没有声明"'): False,
        alike.replace('"企业名称"', '"经营范围"'): False,
    }
    for text, right in odd.items():
        for found in both(reads, *[alike] * 1_500, text, *[alike] * 1_500):
            assert found.misshapen["__row"].to_list() == ([] if right else [1_501])
            assert len(found.numbers) == 3_001


def test_a_batch_is_bounded_by_its_bytes(reads: Reads) -> None:
    scope = "x" * 1_900_000
    for write in (json_array, ndjson):
        assert (
            reads(write([*HEADERS, "经营范围"], [GOOD | {"经营范围": scope}] * 80)).frame.height
            == 80
        )
