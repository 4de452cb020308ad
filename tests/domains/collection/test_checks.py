"""Single cells as senders write them: read as what they mean, or found and named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuexin.base.dates import read_date
from yuexin.domains.collection.checks.program import Checked, CheckProgram
from yuexin.domains.collection.checks.values import typed
from yuexin.domains.collection.layout import CHINESE, Layout
from yuexin.domains.collection.reading.batches import ROW
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Column

# Dates and what is nearly one.
WRITTEN = "[+ ]?(1899|20[0-9]{2}|2099|200)([-/.]|年| |)0?[0-9]([-/.]|月|)[0-3]?[0-9]日?(T0?3:04Z)?"
RECEIVED_ON = dt.date(2026, 11, 24)
ENDLESS = dt.date(9999, 12, 31)


def checked(resource: str, *rows: Mapping[str, str], received_on: dt.date = RECEIVED_ON) -> Checked:
    """The first worked example of the resource, once for each set of changed cells."""
    declared = current().resources[resource]
    headers = [column.header for column in declared.columns]
    example = declared.examples[0].row
    frame = pl.DataFrame(
        [
            {ROW: number, **{header: (example | dict(row)).get(header) for header in headers}}
            for number, row in enumerate(rows, start=1)
        ],
        schema={ROW: pl.Int64, **dict.fromkeys(headers, pl.String)},
    )
    program = CheckProgram.of(resource=declared, declarations=current())
    return program.run(frame=frame, received_on=pl.lit(received_on))


def findings(given: Checked) -> list[str]:
    return sorted(f"{column}:{rule}" for _, column, rule, _ in given.findings.iter_rows())


def cell(resource: str, column: str, text: str) -> tuple[Any, list[str]]:
    """The value a cell is read as, and what is found in its column."""
    given = checked(resource, {column: text})
    found = [item for item in findings(given) if item.startswith(f"{column}:")]
    return given.typed[f"={column}"][0], [item.partition(":")[2] for item in found]


@pytest.mark.parametrize(
    ("text", "code"),
    [("21", "21"), ("C21", "21"), ("家具制造业", "21"), ("C", "C"), ("教育", "83"), ("P83", "83"),
     ("2110", "2110"), ("C2110", "C2110")],
)  # fmt: skip
def test_an_industry_is_its_division_and_a_finer_class_stays(text: str, code: str) -> None:
    assert cell("registration", "行业代码", text) == (code, [])


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2009-03-02", dt.date(2009, 3, 2)),
        ("2009/3/2", dt.date(2009, 3, 2)),
        ("20090302", dt.date(2009, 3, 2)),
        ("2009年3月2日", dt.date(2009, 3, 2)),
        ("2009-03-02 00:00:00", dt.date(2009, 3, 2)),
        ("2009/03/02 03:04:05", dt.date(2009, 3, 2)),
        ("2009-03-02T03:04:05", dt.date(2009, 3, 2)),
        ("2009-03-02T03:04:05+08:00", dt.date(2009, 3, 2)),
        ("2009-03-01T16:00:00Z", dt.date(2009, 3, 2)),
        ("２００９－０３－０２", dt.date(2009, 3, 2)),
        ("2009.03.02", dt.date(2009, 3, 2)),
        (" 2009-03-02　", dt.date(2009, 3, 2)),
        ("2008-02-29", dt.date(2008, 2, 29)),
        ("1900-01-01", dt.date(1900, 1, 1)),
    ],
)
def test_a_date_is_read_in_every_form_the_agencies_write(text: str, date: dt.date) -> None:
    assert cell("registration", "成立日期", text) == (date, [])


@pytest.mark.parametrize(
    "text",
    ["9999-12-31", "9999-09-09", "2099-12-31", "0001-01-01", "0000-00-00", "1899-12-31",
     "2009-02-29", "2009-13-01", "2009-00-10", "10000-01-01", "-2009-03-02", "39874", "20090231",
     "03/02/2009", "2009-03", "2009", "昨天", "２００９年", "09-03-02", "2009- 3- 2", "1e8",
     "2009-03-02 25:00:00", "99999999999999999999"],
)  # fmt: skip
def test_what_is_no_date_of_a_file_is_found(text: str) -> None:
    assert cell("registration", "成立日期", text) == (None, ["TYPE"])


@pytest.mark.parametrize(
    "text", ["9999-09-09", "9999-12-31", "2099-12-31", "2099/1/1", "长期", "永久"]
)
def test_a_term_without_end_is_one_date(text: str) -> None:
    assert cell("registration", "经营期限至", text) == (ENDLESS, [])


@pytest.mark.parametrize("text", ["0001-01-01", "1899-12-31", "10000-01-01", "不定", "2009-02-30"])
def test_what_is_no_end_of_a_term_is_found(text: str) -> None:
    assert cell("registration", "经营期限至", text) == (None, ["TYPE"])


@given(st.lists(st.none() | st.from_regex(WRITTEN, fullmatch=True), max_size=8))
def test_a_column_of_dates_is_read_as_each_of_them(texts: list[str | None]) -> None:
    read = [None if text is None else read_date(text) for text in texts]
    inside = [date if date and 1900 <= date.year <= 2098 else None for date in read]
    frame = pl.DataFrame({"日期": pl.Series(texts, dtype=pl.String)})
    value = typed(Column(header="日期", type="date"), None).value
    assert frame.select(value).to_series().to_list() == inside


def test_dates_are_compared_with_the_day_of_the_receipt() -> None:
    days = ("2026-11-24", "2026-11-25")
    given = checked("registration", *({"成立日期": day, "核准日期": ""} for day in days))
    assert findings(given) == ["成立日期:established-by-now"]
    assert given.rejected.to_list() == [False, True]


def test_a_warning_rejects_nothing() -> None:
    given = checked("registration", {"核准日期": "2000-01-01"})
    assert findings(given) == ["成立日期:established-first"]
    assert given.rejected.to_list() == [False]


@pytest.mark.parametrize(
    ("text", "yuan"),
    [("12", "120000"), ("0.000001", "0.01"), ("1,234.5", "12345000"), ("-3.2", "-32000"),
     ("0", "0"), ("99999999", "999999990000"), ("12.3456780", "123456.78")],
)  # fmt: skip
def test_an_amount_in_ten_thousands_is_exact_yuan(text: str, yuan: str) -> None:
    value, found = cell("annual_reports", "净利润", text)
    assert (value, found) == (Decimal(yuan), [])


@pytest.mark.parametrize(
    "text",
    ["十二", "12元", "1.2.3", "NaN", "inf", "-inf", "1e400", "0x10", "12万", "--3", "1 2",
     "99999999999999999999999", "=1+1"],
)  # fmt: skip
def test_what_is_no_amount_is_not_read_as_one(text: str) -> None:
    given = checked("registration", {"注册资本（万元）": text})
    assert given.rejected.to_list() == [True]
    assert set(given.findings["rule"]) <= {"TYPE", "RANGE"}


@pytest.mark.parametrize("amount", ["0", "-5", ""])
def test_a_fine_of_no_amount_is_told_to_be_above_zero(amount: str) -> None:
    given = checked("penalties_2018", {"CF_NR_FK": amount})
    assert "CF_NR_FK:fine-amount" in findings(given)
    assert given.rejected.to_list() == [True]
    said = Layout.of(declarations=current(), resource="penalties_2018").sentence("fine-amount")
    assert said.zh == (
        "“处罚类别（CF_CFLB）”含“罚款”时“罚款金额（万元）（CF_NR_FK）”必填且应大于 0"
    )
    assert "holds 罚款" in said.en
    assert "(CF_NR_FK) must be above 0" in said.en


PENALTY = Layout.of(declarations=current(), resource="penalties_2018")


@pytest.mark.parametrize(
    ("header", "rule", "value", "said"),
    [
        ("CF_JDRQ", "TYPE", "2025-02-30", "不是日期，或日历上没有这一天"),
        ("CF_NR_FK", "TYPE", "八万", "不是以万元计的数字"),
        ("CF_XDR_SHXYM", "CODE_CHECK", "9144060668440O012K", "是不是 91440606684400012K？"),
        ("CF_XDR_SHXYM", "CODE_CHECK", "91440606684400012A", "校验"),
        ("CF_XDR_SHXYM", "CODE_CHECK", "", "代码校验未通过"),
        ("CF_NR_FK", "fine-as-told", "178000", "请核对单位"),
    ],
)
def test_a_finding_says_what_is_wrong_with_this_value(
    header: str, rule: str, value: str, said: str
) -> None:
    assert said in PENALTY.sentence(rule, header=header, value=value).zh


def test_what_to_do_names_the_values_or_the_form() -> None:
    assert "罚款" in PENALTY.remedy("CODE_LIST", header="CF_CFLB").zh
    assert "2024-03-05" in PENALTY.remedy("TYPE", header="CF_JDRQ").zh
    assert PENALTY.beside("fine-amount", header="CF_NR_FK") == {"CF_CFLB", "CF_NR_FK", "CF_NR"}


@pytest.mark.parametrize(
    ("told", "amount", "found"),
    [
        ("罚款17.8万元", "17.8", False),
        ("罚款17.8万元", "178000", True),
        ("处以罚款人民币178,000元", "17.8", False),
        ("罚款金额共计178000元，没收违法所得3万元", "3", True),
        ("罚款10万元；罚款2万元", "12", False),
        ("罚款10万元；罚款2万元", "2", False),
        ("罚款10万元；罚款2万元", "11", True),
        ("罚款十二万元", "99", False),
        ("罚款" + "9" * 30 + "元", "1", True),
        ("罚款" + "1" * 400 + "元；罚款2万元", "2", False),
        ("警告", "1", False),
    ],
)
def test_an_amount_agrees_with_what_prose_tells(told: str, amount: str, found: bool) -> None:
    given = checked("penalties_2018", {"CF_NR": told, "CF_NR_FK": amount})
    assert ("CF_NR_FK:fine-as-told" in findings(given)) == found


def test_a_value_that_is_only_required_is_not_told_to_be_a_number() -> None:
    said = Layout.of(declarations=current(), resource="penalties_2018").sentence("revoked-permit")
    assert said.zh == "“处罚类别（CF_CFLB）”含“吊销”时“暂扣或吊销证照名称及编号（CF_NR_ZKDX）”必填"


def test_a_fine_below_zero_is_none_whatever_the_kind_of_penalty() -> None:
    assert cell("penalties_2018", "CF_NR_FK", "-0.5")[1] == ["RANGE", "fine-amount"]
    warned = checked("penalties_2018", {"CF_CFLB": "警告", "CF_NR_FK": "-0.5"})
    assert findings(warned) == ["CF_NR_FK:RANGE"]


@pytest.mark.parametrize("odd", ["\n", "\r\n", "\t", "\x0b", "\x85", "\u2028", "\u200b", " \n "])
@pytest.mark.parametrize("column", ["名称", "法定代表人"])
def test_a_name_has_one_line(column: str, odd: str) -> None:
    given = checked("registration", {column: f"佛山岭粤{odd}示例"})
    assert given.typed[f"={column}"].to_list() == [f"佛山岭粤{odd.replace(odd.strip(' '), '')}示例"]
    assert findings(given) == [f"{column}:CONTROL"]
    assert given.rejected.to_list() == [False]
    assert given.findings["value"].to_list() == [f"佛山岭粤{odd}示例"]


def test_what_is_trimmed_at_the_ends_is_no_finding() -> None:
    assert cell("registration", "名称", "\t佛山岭粤示例\r\n") == ("佛山岭粤示例", [])


def test_a_name_of_nothing_but_lines_is_missing() -> None:
    assert cell("registration", "名称", "\n\u200b\t")[1] == ["CONTROL", "REQUIRED"]


def test_prose_may_have_lines() -> None:
    assert cell("registration", "经营范围", "一、家具\n二、\t木器") == ("一、家具\n二、\t木器", [])


@pytest.mark.parametrize(
    ("kinds", "day", "found"),
    [
        ("通报批评", "2021-07-14", ["CODE_DATE"]),
        ("通报批评", "2021-07-15", []),
        ("警告;限制从业", "2021-07-14", ["CODE_DATE"]),
        ("警告", "2017-01-01", []),
        ("其他-责令限期改正", "2017-01-01", []),
    ],
)
def test_a_kind_of_penalty_from_before_its_law_is_told(
    kinds: str, day: str, found: list[str]
) -> None:
    given = checked("penalties_2018", {"CF_CFLB": kinds, "CF_NR_FK": "", "CF_JDRQ": day})
    assert findings(given) == [f"CF_CFLB:{rule}" for rule in found]
    assert given.rejected.to_list() == [False]


@pytest.mark.parametrize(
    ("established", "currency", "found"),
    [("2001-12-31", "DEM", []), ("2002-01-01", "DEM", ["CODE_DATE"]), ("2002-01-01", "EUR", [])],
)
def test_a_currency_that_was_gone_when_the_firm_began_is_told(
    established: str, currency: str, found: list[str]
) -> None:
    given = checked("registration", {"成立日期": established, "币种": currency})
    assert findings(given) == [f"币种:{rule}" for rule in found]
    written = checked("register_extract", {"注册日期": established, "注册资金": f"5万{currency}"})
    assert findings(written) == [f"注册资金:{rule}" for rule in found]


def test_a_state_is_judged_until_the_receipt() -> None:
    """A firm of 2009 may be in a state that the law knows since 2022, once it has come."""
    row = {"成立日期": "2009-03-02", "登记状态": "歇业"}
    assert findings(checked("registration", row)) == []
    early = checked("registration", row, received_on=dt.date(2022, 2, 28))
    assert findings(early) == ["登记状态:CODE_DATE"]


def kinds(text: str) -> tuple[list[str], list[str]]:
    """What a cell of kinds of penalty is read as, and what is found in it."""
    value, found = cell("penalties_2018", "CF_CFLB", text)
    return list(value), [rule for rule in found if rule == "CODE_LIST"]


@pytest.mark.parametrize(
    "between",
    [";", "；", ",", "，", "、", "|", "｜", "/", "+", " ", "　", "\n", " ; ", "，、", ";;"],
)
def test_kinds_of_penalty_are_read_with_any_separator(between: str) -> None:
    assert kinds(f"警告{between}通报批评{between}罚款") == (["警告", "通报批评", "罚款"], [])


@pytest.mark.parametrize("alone", ["行政警告", "给予警告", "口头警告", "书面警告", "其他-警告"])
def test_a_warning_by_another_name_is_a_warning(alone: str) -> None:
    assert kinds(alone) == (["警告"], [])
    assert kinds(f"通报批评,{alone}") == (["通报批评", "警告"], [])


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("没收违法所得、没收非法财物", ["没收违法所得或非法财物"]),
        ("罚款；没收违法所得、没收非法财物", ["罚款", "没收违法所得或非法财物"]),
        ("罚款、没收违法所得", ["罚款", "没收违法所得"]),
        ("暂扣或者吊销许可证、暂扣或者吊销执照", ["暂扣或者吊销证照"]),
        ("其他-责令改正、公开道歉", ["其他-责令改正、公开道歉"]),
        ("其他-责令改正，罚款", ["其他-责令改正", "罚款"]),
        ("其它——责令 改正", ["其他-责令 改正"]),
    ],
)
def test_what_holds_a_separator_itself_stays_whole(text: str, read: list[str]) -> None:
    assert kinds(text) == (read, [])


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("罚金", ["罚金"]),
        ("警告,罚金", ["警告", "罚金"]),
        ("警告处分 记过", ["警告处分 记过"]),
        ("吊销 道路运输 许可证", ["吊销 道路运输 许可证"]),
        ("其他", ["其他"]),
        ("其他-", ["其他"]),
        ("其他--", ["其他"]),
        ("其他——", ["其他"]),
        (";", []),
    ],
)
def test_a_kind_of_penalty_that_is_not_listed_is_told(text: str, read: list[str]) -> None:
    assert kinds(text) == (read, ["CODE_LIST"])
    given = checked("penalties_2018", {"CF_CFLB": text, "CF_NR_ZKDX": "示例证1号"})
    assert given.rejected.to_list() == given.doubtful.to_list() == [False]


@pytest.mark.parametrize(
    ("text", "read", "found"),
    [
        ("普通许可", "普通", []),
        ("普痛", "普痛", ["CODE_LIST"]),
        ("其他", "其他", ["CODE_LIST"]),
        ("其他-备案", "其他-备案", []),
        ("其他：备案", "其他-备案", []),
    ],
)
@pytest.mark.parametrize(
    ("resource", "column"), [("licences_2018", "XK_XKLB"), ("licences_2016", "XK_SPLB")]
)
def test_a_category_of_licence_that_is_not_listed_is_told(
    resource: str, column: str, text: str, read: str, found: list[str]
) -> None:
    assert cell(resource, column, text) == (read, found)
    assert checked(resource, {column: text}).rejected.to_list() == [False]


def test_an_open_list_without_a_form_of_its_own_tells_nothing() -> None:
    assert cell("registration", "类型", "某某公司") == ("某某公司", [])


def test_an_approval_to_come_is_no_state_yet() -> None:
    days = ("2026-11-24", "2026-11-25")
    given = checked("registration", *({"核准日期": day} for day in days))
    assert findings(given) == ["核准日期:approved-by-now"]
    assert given.rejected.to_list() == [False, True]


def test_every_column_is_called_by_an_english_name_too() -> None:
    layouts = [Layout.of(declarations=current(), resource=name) for name in current().resources]
    names = {
        (layout.resource.id, column.header): layout.label(column.header)
        for layout in layouts
        for column in layout.resource.columns
    }
    assert {place: name.en for place, name in names.items() if CHINESE.search(name.en)} == {}
    assert all(name.zh for name in names.values())
