"""A list as people have it: which lines and which column are meant, and what is no list."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cast import COMPANY, TRADER, entity
from xlsxwriter import Workbook

from yuexin.base.errors import Refusal
from yuexin.faces.shared.listing import (
    LONGEST_CELL,
    MOST_BYTES,
    Listing,
    pasted,
    typed_again,
    uploaded,
)

ROWS = [
    ["序号", "单位名称", "统一社会信用代码", "法定代表人证件号"],
    ["1", COMPANY.name, COMPANY.uscc, "440106199003071231"],
    ["2", TRADER.name, TRADER.uscc, "440300198501010018"],
    ["3", entity(1).name, f"{entity(1).uscc[:-1]}?", "440106199003071231"],
]


def as_csv(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def workbook(*sheets: list[list[Any]]) -> bytes:
    out = io.BytesIO()
    with Workbook(out, {"strings_to_formulas": False}) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()


FORMS: dict[str, Callable[[], Listing | bytes]] = {
    "pasted": lambda: pasted(as_csv(ROWS, "\t")),
    "utf-8": lambda: as_csv(ROWS).encode(),
    "bom": lambda: as_csv(ROWS).encode("utf-8-sig"),
    "gb18030": lambda: as_csv(ROWS).encode("gb18030"),
    "semicolons": lambda: as_csv(ROWS, ";").encode(),
    "tabs": lambda: as_csv(ROWS, "\t").encode(),
    "xlsx": lambda: workbook(ROWS),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_column_of_codes_is_found_in_every_form(form: str, tmp_path: Path) -> None:
    given = FORMS[form]()
    found = given if isinstance(given, Listing) else uploaded(data=given, folder=tmp_path)
    assert found.heading is not None
    assert found.heading.cells == tuple(ROWS[0])
    assert found.place == 3
    assert found.lines == tuple(row[2] for row in ROWS[1:])
    assert [row.number for row in found.rows] == [2, 3, 4]
    assert list(tmp_path.iterdir()) == []


def test_without_codes_the_column_of_names_is_meant() -> None:
    found = pasted(
        "\t".join(["1", "张三", COMPANY.name]) + "\n" + "\t".join(["2", "", TRADER.name])
    )
    assert (found.heading, found.lines) == (None, (COMPANY.name, TRADER.name))


def test_a_plain_line_is_a_line_whatever_stands_in_it() -> None:
    lines = ['"示例"公司', "Yuexin, Ltd.", "甲；乙", COMPANY.name]
    assert pasted("\r\n".join(lines)).lines == tuple(lines)


def test_blank_lines_are_counted_and_numbers_stay_those_of_the_list() -> None:
    found = pasted(f"\n  \n名称\n{COMPANY.name}\n\n{TRADER.name}\n\n")
    assert found.heading is not None
    assert [row.number for row in found.rows] == [4, 6]
    assert found.blank == 4


@pytest.mark.parametrize("name", [COMPANY.name, "广州名称设计有限公司", "代码咖啡店", COMPANY.uscc])
def test_a_first_line_that_may_be_a_subject_is_no_heading(name: str) -> None:
    assert pasted(f"{name}\n{TRADER.name}").heading is None


@pytest.mark.parametrize("form", FORMS)
def test_a_list_written_into_the_form_again_is_the_same_list(form: str, tmp_path: Path) -> None:
    given = FORMS[form]()
    found = given if isinstance(given, Listing) else uploaded(data=given, folder=tmp_path)
    again = typed_again(found)
    assert "440106199003071231" not in again
    assert pasted(again).lines == found.lines
    assert typed_again(pasted(again)) == again


def test_a_list_too_long_for_a_form_is_not_written_into_it() -> None:
    assert typed_again(pasted("\n".join(["示" * 300] * 3_000))) == ""


def test_a_sheet_with_numbers_and_dates_reads_as_it_looks(tmp_path: Path) -> None:
    found = uploaded(data=workbook([[440306600000347], [""], ["示例"]]), folder=tmp_path)
    assert found.lines == ("440306600000347", "示例")


def test_the_first_sheet_that_holds_anything_is_read_and_the_others_are_said(
    tmp_path: Path,
) -> None:
    found = uploaded(data=workbook([], [[COMPANY.name]], [["别的"]]), folder=tmp_path)
    assert (found.lines, found.more) == ((COMPANY.name,), True)


def test_what_no_page_and_no_sheet_can_hold_is_taken_out() -> None:
    found = pasted("示例\0公司\x1b[31m\ufffe\n" + "长" * 5_000)
    assert found.lines[0] == "示例 公司 [31m"
    assert len(found.lines[1]) == LONGEST_CELL + 1


def far_off() -> bytes:
    """A sheet of one cell, far from the corner."""
    out = io.BytesIO()
    with Workbook(out) as book:
        book.add_worksheet().write_string(1_000_000, 15, "示例")
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO(workbook([["示例"]]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/padding.bin", bytes(100 << 20))
    return out.getvalue()


def test_too_many_columns_are_taken_away_not_saved_as_another_file(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        uploaded(data=",".join(["列"] * 51).encode(), folder=tmp_path)
    assert refused.value.remedy is not None
    assert "其余的列删去" in refused.value.remedy.zh


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "清单是空的"),
        (b"\n\n , \n", "清单是空的"),
        ("名称\n".encode(), "清单是空的"),
        (workbook([]), "清单是空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Excel"),
        (b"PK\x03\x04 broken", "损坏"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "不是文本"),
        (b"\xff\xfe\x3a\x79", "UTF-16"),
        (b"x" * (MOST_BYTES + 1), "清单超过 4 MB"),
        (b"a,b\n" + b"x" * 200_000, "一格太长"),
        (b'name,"open\n' + b"a,b\n" * 100, "引号没有闭合"),
        (",".join(["列"] * 51).encode(), "有 51 列"),
        (far_off(), "工作表范围过大"),
        (bomb(), "解压后过大"),
    ],
    ids=range(14),
)
def test_what_is_no_list_is_refused_with_what_to_do(data: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        uploaded(data=data, folder=tmp_path)
    assert said in refused.value.what.zh
    assert refused.value.remedy is not None
    assert "交付" not in refused.value.remedy.zh
    assert list(tmp_path.iterdir()) == []
