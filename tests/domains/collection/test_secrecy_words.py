"""Which words declare secrecy, and which do not: in a column, as its heading, in a name."""

from __future__ import annotations

from itertools import chain

import pytest
from tests.cast import entity
from tests.domains.collection.test_secrecy import csv, marked, refused
from tests.intake import Intake

from yuexin.domains.collection import marks
from yuexin.engines.declare.queries import current

OPEN = [
    *("", " ", "-", "—", "——", "/", "／", "－", "N/A", "n/a", "NULL", "null", "None", "无", "否"),
    *("公开", " 公 开 ", "非涉密", "非密", "不涉密", "一般", "密级", "密 级", "MJ"),
]
# 内部 is none of the three grades, but what is internal to an office is no more for this platform.
SECRET = [
    *(
        "秘密",
        "机密",
        "绝密",
        "内部",
        "内部资料",
        "工作秘密",
        "商业秘密",
        "涉密",
        "是",
        "待定",
        "0",
        "1",
    ),
    *("?", "\\N", "非 公开内容", "机密/公开", "-机密-", "ＳＥＣＲＥＴ"),
]


@pytest.mark.usefixtures("undone")
@pytest.mark.parametrize("resource", ["registration", "annual_reports"])
def test_a_column_that_declares_no_secrecy_keeps_no_row_out(deliver: Intake, resource: str) -> None:
    words = marks.open_words(deliver.declarations.resources[resource])
    assert [word for word in OPEN if not marks.is_open(word, words)] == []


@pytest.mark.usefixtures("undone")
def test_a_file_is_taken_whose_cells_say_nothing(deliver: Intake) -> None:
    rows = [entity(place).registration(密级=word) for place, word in enumerate(OPEN)]
    assert deliver("registration", rows)["rows_new"] == len(OPEN)


@pytest.mark.usefixtures("undone")
def test_a_header_in_the_middle_is_a_row_and_no_mark(deliver: Intake) -> None:
    rows = marked("")
    header = {name: name for name in deliver.headers("registration")}
    receipt = deliver("registration", [*rows[:2], header, *rows[2:]])
    assert (receipt["rows_new"], receipt["rows_rejected"]) == (4, 1)


@pytest.mark.usefixtures("undone")
@pytest.mark.parametrize("word", SECRET)
def test_any_other_word_declares_secrecy(deliver: Intake, word: str) -> None:
    refused(deliver, csv(deliver, marked(word)))


@pytest.mark.usefixtures("undone")
@pytest.mark.parametrize("word", ["-", "N/A", "否", "非涉密"])
def test_the_option_takes_the_words_of_the_column(deliver: Intake, word: str) -> None:
    assert deliver("registration", marked(""), secrecy=word)["rows_new"] == 4


def test_what_a_layout_declares_is_a_heading_of_secrecy() -> None:
    declared = [r.by_header[r.secrecy_column] for r in current().resources.values()
                if r.secrecy_column]  # fmt: skip
    names = chain.from_iterable((column.header, *column.aliases) for column in declared)
    assert [name for name in names if not marks.is_heading(name)] == []


def test_no_other_declared_column_is_one() -> None:
    others = [
        name
        for resource in current().resources.values()
        for column in resource.columns
        for name in (column.header, *column.aliases)
        if column.header != resource.secrecy_column and marks.is_heading(name)
    ]
    assert others == []
