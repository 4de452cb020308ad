"""Text files as hostile or careless senders make them: read whole, row by row, or refused."""

from __future__ import annotations

import codecs
import gzip

import pytest
from tests.domains.collection.reads import Reads

from yuexin.domains.collection.reading.batches import opened

GB_BOM = b"\x84\x31\x95\x33"
MEGABYTE = 1 << 20


def test_a_plain_file_is_read(reads: Reads) -> None:
    found = reads(reads.text([reads.row, reads.row]))
    assert found.frame.height == 2
    assert found.numbers == [1, 2]
    assert found.frame["企业名称"].to_list() == [reads.row["企业名称"]] * 2


@pytest.mark.parametrize(
    ("before", "encoding"),
    [(b"", "utf-8"), (codecs.BOM_UTF8, "utf-8"), (b"", "gb18030"), (GB_BOM, "gb18030"),
     (b"", "gbk"), (b"", "gb2312")],
)  # fmt: skip
def test_every_encoding_of_the_agencies_gives_the_same_text(
    reads: Reads, before: bytes, encoding: str
) -> None:
    text = reads.text([reads.row | {"经营范围": "家具制造"}])
    found = reads(before + text.encode(encoding))
    assert found.frame.to_dicts() == reads(text).frame.to_dicts()


def test_a_character_outside_gbk_survives_gb18030(reads: Reads) -> None:
    name = "佛山䶮𠮷示例有限公司"
    found = reads(reads.text([reads.row | {"企业名称": name}]).encode("gb18030"))
    assert found.frame["企业名称"].to_list() == [name]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf16_is_refused(reads: Reads, encoding: str) -> None:
    assert reads.refused(reads.text([reads.row]).encode(encoding)).code == "ENCODING"


@pytest.mark.parametrize(
    "bad", [b"\xff\xff", b"\x00", b"\x81", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf8\x88\x80\x80"]
)
def test_bytes_of_no_encoding_are_refused(reads: Reads, bad: bytes) -> None:
    data = reads.text([reads.row]).encode()
    assert reads.refused(data + bad + b",x\n").code == "ENCODING"


def test_a_bad_byte_far_behind_is_found(reads: Reads) -> None:
    rows = reads.text([reads.row] * 30_000).encode()
    assert len(rows) > 3 * MEGABYTE
    assert reads.refused(rows + b"\xff\xff\n").code == "ENCODING"


def test_a_utf8_file_cut_inside_a_character_is_never_read_as_gb18030(reads: Reads) -> None:
    """Its bytes may well decode: names would turn into other characters without a word."""
    penalties = reads.of("penalties_2018")
    headers = [header for header in penalties.headers if header.isascii()]
    whole = penalties.text([dict.fromkeys(headers, "丁丁")] * 3, headers=headers).encode()
    cut = whole.removesuffix(b"\r\n")[:-4]
    assert cut.decode("gb18030"), "the danger is real: these bytes are GB 18030 as well"
    assert penalties.refused(cut).code == "ENCODING"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (lambda h: h[1:], "COLUMNS"),
        (lambda h: [*h, "备用"], "COLUMNS"),
        (lambda h: [*h, h[0]], "COLUMNS"),
        (lambda h: ["名字", *h[1:]], "COLUMNS"),
        (lambda h: [h[0], "", *h[1:]], "COLUMNS"),
        (lambda _: [""], "COLUMNS"),
        (lambda _: ["a", "b"], "COLUMNS"),
        (lambda _: [str(n) for n in range(1_000_000)], "COLUMNS"),
        (lambda h: [*h, "x" * 5 * MEGABYTE], "COLUMNS"),
        (lambda h: [*h, "列" * 200_000], "COLUMNS"),
    ],
    ids=["missing", "unknown", "twice", "renamed", "unnamed", "blank", "others", "a million",
         "five megabytes", "a long one"],
)  # fmt: skip
def test_other_columns_are_refused(reads: Reads, given: object, code: str) -> None:
    assert callable(given)
    refusal = reads.refused(",".join(given(reads.headers)) + "\n")
    assert refusal.code == code
    assert len(refusal.sentence("zh")) < 500


def test_a_renamed_column_is_told_its_name(reads: Reads) -> None:
    text = reads.text([reads.row]).replace("注册资金", "注册资本金", 1)
    refusal = reads.refused(text)
    assert "注册资本金" in refusal.what.zh
    assert refusal.remedy is not None
    assert "注册资金" in refusal.remedy.zh


def test_an_alias_in_full_width_with_spaces_is_the_declared_column(reads: Reads) -> None:
    penalties = reads.of("penalties_2018")
    text = penalties.text([penalties.row]).replace("CF_WSH", " ＣＦ＿ＷＳＨ ", 1)
    assert penalties(text).frame["CF_WSH"].to_list() == [penalties.row["CF_WSH"]]


def test_columns_in_another_order_and_optional_ones_left_out_are_read(reads: Reads) -> None:
    headers = ["注册日期", "统一社会信用代码", "企业名称"]
    rows = [{header: reads.row[header] for header in headers}]
    found = reads(reads.text(rows, headers=headers))
    assert found.frame.select(headers).to_dicts() == rows
    assert found.frame["注册地址"].to_list() == [None]


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_another_delimiter_is_seen(reads: Reads, delimiter: str) -> None:
    lines = [delimiter.join(reads.headers), delimiter.join(reads.row[h] for h in reads.headers)]
    assert reads("\n".join(lines)).frame.height == 1


def test_ragged_rows_are_set_aside_and_the_others_read(reads: Reads) -> None:
    good = reads.text([reads.row]).splitlines()[1]
    short, long = "a,b", good + ",more"
    found = reads("\r\n".join([",".join(reads.headers), good, short, good, long, good, ""]))
    assert found.numbers == [1, 2, 3, 4, 5]
    assert found.misshapen["__row"].to_list() == [2, 4]
    assert "more" in found.misshapen["raw"][1]


def test_blank_lines_are_no_rows_on_either_road(reads: Reads) -> None:
    good = reads.text([reads.row]).splitlines()[1]
    head = ",".join(reads.headers)
    whole = reads("\n".join([head, good, "", good, "", ""]))
    ragged = reads("\n".join([head, good, "", good, "a,b", "", ""]))
    assert whole.frame.height == ragged.frame.height == 2
    assert len(whole.numbers) == 2
    assert len(ragged.numbers) == 3


def test_one_ragged_row_changes_nothing_for_the_others(reads: Reads) -> None:
    """The two roads agree on every other row, such as those that end in one comma too many."""
    good = reads.text([reads.row]).splitlines()[1]
    lines = [",".join(reads.headers), good, good + ",", good.replace("家具", '家"具'), good]
    whole, ragged = reads("\n".join(lines)), reads("\n".join([*lines, "a,b"]))
    assert ragged.frame.to_dicts() == whole.frame.to_dicts()


def test_a_row_of_only_blanks_is_a_row(reads: Reads) -> None:
    found = reads(reads.text([reads.row, {}, dict.fromkeys(reads.headers, "  ")]))
    assert found.numbers == [1, 2, 3]


@pytest.mark.parametrize("ends", [["\n"], ["\r\n"], ["\r\n", "\n"], ["\n", "\r\n", "\r"]])
def test_line_ends_may_be_mixed(reads: Reads, ends: list[str]) -> None:
    lines = reads.text([reads.row] * 5).splitlines()
    mixed = "".join(line + ends[place % len(ends)] for place, line in enumerate(lines))
    found = reads(mixed)
    assert found.misshapen.is_empty()
    assert found.frame.drop("__row").unique().to_dicts() == [
        {header: reads.row[header] for header in reads.headers}
    ]
    assert found.numbers == [1, 2, 3, 4, 5]


def test_a_missing_last_line_end_loses_nothing(reads: Reads) -> None:
    assert reads(reads.text([reads.row, reads.row]).rstrip()).frame.height == 2


def test_a_quoted_line_end_and_quote_stay_in_their_field(reads: Reads) -> None:
    address = '示例路1号\r\n"东座"，\n后门, 二楼\n\\.\n\\N'
    found = reads(reads.text([reads.row | {"注册地址": address}]))
    assert found.frame["注册地址"].to_list() == [address]


def test_a_file_cut_in_the_middle_of_a_row_sets_that_row_aside(reads: Reads) -> None:
    text = reads.text([reads.row, reads.row])
    found = reads(text[: -len("家具制造、销售〓,广东,佛山,佛山市顺德区示例路1号\r\n")])
    assert found.numbers == [1, 2]
    assert found.misshapen["__row"].to_list() == [2]


@pytest.mark.parametrize("column", [0, 4, -1], ids=["first", "middle", "last"])
def test_an_unclosed_quote_swallows_no_row(reads: Reads, column: int) -> None:
    rows = [[f"{n}" for _ in reads.headers] for n in range(5)]
    rows[1][column] = '"open'
    text = "\n".join([",".join(reads.headers), *(",".join(row) for row in rows), ""])
    found = reads(text)
    assert found.frame[reads.headers[1]].to_list().count("0") == 1
    assert found.misshapen.height >= 1, "rows 2 to 5 became one good row"


def test_a_quote_in_the_middle_of_a_field_is_a_character(reads: Reads) -> None:
    found = reads(reads.text([reads.row]).replace("示例家具", '示例"家具"'))
    assert found.frame["企业名称"].to_list() == ['佛山岭粤示例"家具"有限公司']


def test_one_field_of_five_megabytes_is_read_whole(reads: Reads) -> None:
    scope = "业" * (5 * MEGABYTE // 3)
    found = reads(reads.text([reads.row, reads.row | {"经营范围": scope}, reads.row]))
    assert found.numbers == [1, 2, 3]
    assert found.frame.filter(found.frame["__row"] == 2)["经营范围"].to_list() == [scope]


def test_a_longer_field_is_set_aside_and_the_others_are_read(reads: Reads) -> None:
    scope = "业" * (3 * MEGABYTE)
    found = reads(reads.text([reads.row, reads.row | {"经营范围": scope}, reads.row]))
    assert found.misshapen["__row"].to_list() == [2]
    assert found.frame["__row"].to_list() == [1, 3]


def test_only_a_header_is_no_rows(reads: Reads) -> None:
    assert reads(reads.text()).numbers == []
    assert reads(reads.text().rstrip()).numbers == []


def test_text_that_looks_like_a_formula_stays_text(reads: Reads) -> None:
    texts = ["=1+1", "+86", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "\t=1", "{=1}", "'=1"]
    found = reads(reads.text([reads.row | {"经营范围": text} for text in texts]))
    assert found.frame["经营范围"].to_list() == texts


def test_nothing_means_null_but_the_empty_cell(reads: Reads) -> None:
    texts = ["NULL", "NaN", "None", "\\N", "0", " "]
    found = reads(reads.text([reads.row | {"经营范围": text} for text in texts]))
    assert found.frame["经营范围"].to_list() == texts


@pytest.mark.parametrize("count", [1, 100_000, 100_001])
def test_rows_are_numbered_through_all_batches_on_either_road(reads: Reads, count: int) -> None:
    lines = [",".join(reads.headers), *([",".join("x" * len(reads.headers))] * count)]
    fast, careful = reads("\n".join(lines)), reads("\n".join([*lines, "ragged"]))
    assert fast.numbers == list(range(1, count + 1))
    assert careful.numbers == list(range(1, count + 2))
    assert careful.misshapen["__row"].to_list() == [count + 1]


def test_gzip_is_unpacked(reads: Reads) -> None:
    text = reads.text([reads.row])
    assert (
        reads(gzip.compress(text.encode("gb18030"))).frame.to_dicts()
        == reads(text).frame.to_dicts()
    )


@pytest.mark.parametrize("cut", [5, 12, 40, -20, -9, -1])
def test_a_truncated_gzip_is_refused(reads: Reads, cut: int) -> None:
    assert reads.refused(gzip.compress(reads.text([reads.row]).encode())[:cut]).code == "ARCHIVE"


def test_a_gzip_whose_check_sum_is_wrong_is_refused(reads: Reads) -> None:
    packed = bytearray(gzip.compress(reads.text([reads.row]).encode()))
    packed[-6] ^= 0xFF
    assert reads.refused(bytes(packed)).code == "ARCHIVE"


def test_garbage_behind_a_gzip_is_refused(reads: Reads) -> None:
    packed = gzip.compress(reads.text([reads.row]).encode())
    assert reads.refused(packed + b"more").code == "ARCHIVE"


def test_a_gzip_bomb_is_refused(reads: Reads) -> None:
    bomb = gzip.compress(reads.text().encode() + b"x" * (80 * MEGABYTE), compresslevel=9)
    assert len(bomb) < MEGABYTE
    assert reads.refused(bomb).code == "ARCHIVE"


def test_a_gzip_in_a_gzip_is_not_unpacked_again(reads: Reads) -> None:
    twice = gzip.compress(gzip.compress(reads.text([reads.row]).encode()))
    assert reads.refused(twice).code == "ENCODING"


def test_an_empty_gzip_is_refused(reads: Reads) -> None:
    assert reads.refused(gzip.compress(b"")).code in ("COLUMNS", "EMPTY")


@pytest.mark.parametrize(
    "head", [b"\xd0\xcf\x11\xe0\xa1\xb1", b"%PDF-1.7", b"Rar!\x1a", b"7z\xbc\xaf"]
)
def test_other_formats_are_named(reads: Reads, head: bytes) -> None:
    refusal = reads.refused(head + b"\x00" * 600)
    assert refusal.code == "FORMAT"


def test_an_empty_file_is_refused(reads: Reads) -> None:
    assert reads.refused(b"").code == "EMPTY"


def test_nameless_columns_on_the_right_are_dropped_as_in_a_sheet(reads: Reads) -> None:
    lines = reads.text([reads.row]).splitlines()
    for more in (",", ",,"):
        found = reads("\n".join(line + more for line in lines))
        assert found.numbers == [1]
        assert found.misshapen.is_empty()


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf", b"\n", b",,\n1,2,3\n"])
def test_an_empty_first_line_is_called_so(reads: Reads, data: bytes) -> None:
    assert "first line is empty" in reads.refused(data).what.en


def test_utf32_is_named(reads: Reads) -> None:
    assert "UTF-32" in reads.refused(reads.text().encode("utf-32")).what.en


def test_a_long_quoted_field_is_read_beside_a_ragged_row(reads: Reads) -> None:
    address = "\n".join(["示例路1号"] * 500)
    found = reads(reads.text([reads.row | {"注册地址": address}]) + "a,b\n")
    assert found.frame["注册地址"].to_list() == [address]
    assert found.misshapen["__row"].to_list() == [2]


def test_a_line_without_end_is_one_row_set_aside(reads: Reads) -> None:
    good = reads.text([reads.row])
    found = reads(good + "x," * (9 * MEGABYTE // 2) + "\n" + good.splitlines()[1])
    assert found.misshapen["__row"].to_list() == [2]
    assert found.frame["__row"].to_list() == [1, 3]


def test_a_batch_is_bounded_by_its_bytes(reads: Reads) -> None:
    path = reads.folder / "fat"
    path.write_text(reads.text([reads.row | {"经营范围": "x" * 1_900_000}] * 80))
    resource = reads.resources[reads.name]
    with opened(path=path, form="csv", resource=resource, scratch=reads.folder / "s") as batches:
        heights = [rows.frame.height for rows in batches]
    assert sum(heights) == 80
    assert max(heights) < 40


def test_utf8_lines_within_gb18030_are_refused_by_their_number(reads: Reads) -> None:
    honest = reads.text([reads.row] * 2).encode("gbk")
    strange = ",".join(["丁丁"] * len(reads.headers)).encode() + b"\r\n"
    data = honest + strange + honest.splitlines(keepends=True)[1]
    assert data.decode("gb18030"), "the danger is real: these bytes are GB 18030 as well"
    refusal = reads.refused(data)
    assert (refusal.code, refusal.where) == ("ENCODING", "4")


def test_private_use_characters_in_gb18030_are_refused(reads: Reads) -> None:
    data = reads.text([reads.row, reads.row | {"经营范围": "\ue005"}]).encode("gb18030")
    refusal = reads.refused(data)
    assert (refusal.code, refusal.where) == ("ENCODING", "3")
