"""Single cells as senders write them: read as what they mean, or found and named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from yuexin.domains.collection.checks.program import Checked, CheckProgram
from yuexin.domains.collection.reading.batches import ROW
from yuexin.engines.declare.queries import current

RECEIVED_ON = dt.date(2026, 11, 24)
ENDLESS = dt.date(9999, 12, 31)


def checked(resource: str, *rows: Mapping[str, str]) -> Checked:
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
    return program.run(frame=frame, received_on=pl.lit(RECEIVED_ON))


def findings(given: Checked) -> list[str]:
    return sorted(f"{column}:{rule}" for _, column, rule, _ in given.findings.iter_rows())


def cell(resource: str, column: str, text: str) -> tuple[Any, list[str]]:
    """The value a cell is read as, and what is found in its column."""
    given = checked(resource, {column: text})
    found = [item for item in findings(given) if item.startswith(f"{column}:")]
    return given.typed[f"={column}"][0], [item.partition(":")[2] for item in found]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2009-03-02", dt.date(2009, 3, 2)),
        ("2009/3/2", dt.date(2009, 3, 2)),
        ("20090302", dt.date(2009, 3, 2)),
        ("2009年3月2日", dt.date(2009, 3, 2)),
        ("2009-03-02 00:00:00", dt.date(2009, 3, 2)),
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
     "03/02/2009", "2009-03", "2009", "昨天", "２００９年", "2009-03-02T00:00:00Z", "1e8",
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
def test_what_is_no_amount_is_found(text: str) -> None:
    assert cell("annual_reports", "净利润", text) == (None, ["TYPE"])


@pytest.mark.parametrize(
    ("text", "yuan", "currency"),
    [("1,090(万元人民币)", "10900000", "CNY"), ("50万港币", "500000", "HKD"),
     ("3000000(元人民币)", "3000000", "CNY"), ("1090（万元人民币）", "10900000", "CNY"),
     ("50(万)", "500000", None), ("1090.5万元人民币", "10905000", "CNY")],
)  # fmt: skip
def test_a_capital_in_words_is_yuan_and_a_currency(
    text: str, yuan: str, currency: str | None
) -> None:
    given = checked("register_extract", {"注册资金": text})
    assert findings(given) == []
    assert given.typed["=注册资金"][0] == Decimal(yuan)
    assert given.typed["+capital_currency"][0] == currency


@pytest.mark.parametrize(
    "text",
    ["若干", "1,09,0万元人民币", "(万元人民币)", "-5万元人民币", "5万元银两", "1e5万元人民币"],
)
def test_a_capital_that_is_no_amount_is_found(text: str) -> None:
    assert cell("register_extract", "注册资金", text) == (None, ["TYPE"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("91440606684400012K", "91440606684400012K"),
        ("91440606684400012k", "91440606684400012K"),
        ("９１４４０６０６６８４４０００１２Ｋ", "91440606684400012K"),
        (" 9144 0606 6844 0001 2K ", "91440606684400012K"),
    ],
)
def test_a_code_in_another_spelling_is_the_code(text: str, code: str) -> None:
    assert cell("registration", "统一社会信用代码", text) == (code, [])


@pytest.mark.parametrize(
    "text",
    ["91440606684400012A", "91440606684400012", "91440606684400012KK", "91440606684400O12K",
     "00000000000000000X", "统一社会信用代", "91110108717809965C", "91110105MA0118XG3J", "1"],
)  # fmt: skip
def test_a_code_that_fails_its_check_makes_the_row_wait(text: str) -> None:
    given = checked("registration", {"统一社会信用代码": text})
    assert findings(given) == ["统一社会信用代码:CODE_CHECK"]
    assert given.doubtful.to_list() == [True]
    assert given.rejected.to_list() == [False]


def test_a_wrong_code_of_an_authority_is_rejected() -> None:
    given = checked("licences_2018", {"XK_XKJGDM": "11440000MBYX00037X"})
    assert findings(given) == ["XK_XKJGDM:CODE_CHECK"]
    assert given.rejected.to_list() == [True]


@pytest.mark.parametrize(("text", "code"), [("存续", "1"), ("1", "1"), ("吊销,未注销", "2")])
def test_every_spelling_of_a_code_is_the_code(text: str, code: str) -> None:
    assert cell("registration", "登记状态", text) == (code, [])


def test_several_kinds_of_penalty_stand_in_one_cell() -> None:
    value, found = cell("penalties_2018", "CF_CFLB", "罚款；警告、通报批评")
    assert list(value) == ["罚款", "警告", "通报批评"]
    assert found == []


@pytest.mark.parametrize("text", ["罚款;", ";罚款", "罚款;;警告", "罚款; 警告"])
def test_an_empty_part_of_a_cell_is_no_kind_of_penalty(text: str) -> None:
    value, _ = cell("penalties_2018", "CF_CFLB", text)
    assert set(value) <= {"罚款", "警告"}


@pytest.mark.parametrize("text", ["", " ", "-", "—", "N/A", "NULL", "　"])
def test_what_the_layout_calls_blank_is_missing(text: str) -> None:
    assert cell("registration", "名称", text) == (None, ["REQUIRED"])


def test_a_text_is_as_long_as_the_standard_allows() -> None:
    assert cell("registration", "名称", "示" * 200) == ("示" * 200, [])
    assert cell("registration", "名称", "示" * 201)[1] == ["LENGTH"]


def test_the_declared_length_holds_for_every_type() -> None:
    assert cell("annual_reports", "报告年度", "20241")[1] != []


@pytest.mark.parametrize("text", ["是", "1", "true", "TRUE"])
def test_a_flag_is_read(text: str) -> None:
    assert cell("annual_reports", "从业人数是否公示", text) == (True, [])


def test_a_cell_of_control_characters_is_not_a_name() -> None:
    """It would be shown as nothing, or as another name."""
    for text in ("示例\u202e司公", "示\x07例公司", "\u200b\u200b"):
        value, found = cell("registration", "名称", text)
        assert found or value == "示例公司"


def test_an_empty_batch_gives_an_empty_answer() -> None:
    for resource in current().resources:
        given = checked(resource)
        assert given.findings.is_empty()
        assert given.rejected.len() == given.doubtful.len() == given.typed.height == 0


def test_one_row_is_checked_as_among_a_thousand() -> None:
    bad = {"成立日期": "9999-12-31", "登记状态": "休眠", "统一社会信用代码": "91440606684400012A"}
    alone = checked("registration", bad)
    among = checked("registration", *([{}] * 500), bad, *([{}] * 500))
    assert findings(among) == findings(alone)
    assert set(among.findings[ROW].to_list()) == {501}
    assert among.rejected.sum() == among.doubtful.sum() == 1
