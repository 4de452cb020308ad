"""A list over HTTP: pasted or uploaded, answered on a page or as a file, and nothing is kept."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, override_settings
from python_calamine import CalamineWorkbook
from tests.cast import COMPANY, TRADER, entity
from tests.faces.portal.markup import Markup
from tests.faces.test_listing import workbook
from tests.intake import Intake

from yuexin.engines.declare.queries import current
from yuexin.faces.portal.answers import SHOWN_LINES
from yuexin.home.folder import Home

LIST = f"{COMPANY.name}\n{TRADER.uscc}\n9144O606684400012K"


@pytest.fixture(scope="module")
def filled(
    database: str, home: Home, tmp_path_factory: pytest.TempPathFactory, now: dt.datetime
) -> Iterator[Home]:
    """A company with a penalty and a licence, and a trader."""
    del database
    intake = Intake(
        home=home, folder=tmp_path_factory.mktemp("in"), declarations=current(), now=now
    )
    intake("registration", [COMPANY.registration(), TRADER.registration()])
    intake("penalties_2018", [COMPANY.penalty()])
    intake("licences_2018", [COMPANY.licence(XK_YXQZI="2030-05-31")])
    with override_settings(HOME=home, FILE_UPLOAD_TEMP_DIR=home.scratch):
        yield home


@pytest.fixture(autouse=True)
def unhurried(filled: Home) -> None:
    del filled
    cache.clear()


def answer(
    lines: str = "",
    *,
    file: bytes | None = None,
    status: int = 200,
    form: str = "page",
    lang: str = "zh",
) -> HttpResponse:
    said: dict[str, object] = {"lines": lines, "as": form}
    if file is not None:
        said["file"] = SimpleUploadedFile("list.bin", file)
    response = Client().post(f"/batch?lang={lang}", said)
    assert response.status_code == status
    assert isinstance(response, HttpResponse)
    return response


def ask(
    lines: str = "", *, file: bytes | None = None, status: int = 200, lang: str = "zh"
) -> Markup:
    return Markup(answer(lines, file=file, status=status, lang=lang))


def taken_home(response: HttpResponse) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_three_pasted_lines_are_answered_on_the_page() -> None:
    page = ask(LIST)
    assert "查了 3 行 找到 2 没有找到 1" in page.text
    for said in (
        "名称完全相同",
        "有 1 条",
        "有效 1 件",
        "2030年5月31日到期",
        "是否想查：",
    ):
        assert said in page.text, said
    assert page.links().count(f"/s/{COMPANY.uscc}") == 2
    assert f"/s/{TRADER.uscc}" in page.links()


def test_a_page_answers_in_english_too() -> None:
    page = ask(LIST, lang="en")
    assert "By exactly this name" in page.text


def test_the_form_needs_no_script_and_leaves_no_cookie() -> None:
    response = Client().get("/batch")
    assert response.status_code == 200
    assert not response.cookies
    page = response.content.decode()
    assert page.count("<script") == page.count("/static/portal/suggest.js") == 1
    assert not Client().post("/batch", {"lines": LIST}).cookies


def test_the_answer_is_kept_nowhere(filled: Home) -> None:
    response = answer(file=workbook([[COMPANY.name]]))
    assert response.headers["Cache-Control"] == "no-store"
    assert list(filled.scratch.iterdir()) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_an_uploaded_csv_comes_back_with_its_columns(encoding: str) -> None:
    text = f"编号,企业名称,备注\n7,{COMPANY.name},=1+1\n\n8,没有这样一家公司,x\n"
    rows = taken_home(answer(file=text.encode(encoding), form="csv"))
    assert rows[0][:4] == ["行号", "编号", "企业名称", "备注"]
    assert rows[1][:5] == ["2", "7", COMPANY.name, "'=1+1", "找到"]
    assert rows[1][6:13] == [COMPANY.uscc, COMPANY.name, "存续", "1", "1", "0", "2030-05-31"]
    assert rows[2][:2] == ["4", "8"]
    assert rows[2][4] == "没有找到"


def test_a_workbook_comes_back_as_one() -> None:
    response = answer(file=workbook([[COMPANY.uscc], ["=1+1"]]), form="xlsx")
    assert response.headers["Content-Disposition"].endswith('.xlsx"')
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0)
    rows = sheet.to_python()
    assert rows[1][:3] == [1, COMPANY.uscc, "找到"]
    assert rows[2][1] == "=1+1"


def test_a_file_is_read_instead_of_the_text() -> None:
    assert "查了 1 行" in ask(LIST, file=COMPANY.name.encode()).text


def test_what_was_read_stands_in_the_form_to_be_taken_home() -> None:
    page = answer(file=f"名称\n\n{COMPANY.name}\n440106199003071231".encode())
    text = page.content.decode()
    again = text.split('aria-describedby="kept">')[1].split("</textarea>")[0]
    assert "440106199003071231" not in text
    assert [row[:3] for row in taken_home(answer(again, form="csv"))[1:]] == [
        ["3", COMPANY.name, "找到"],
        ["4", "440106********1231", "不查询"],
    ]


def test_a_long_list_is_shown_in_part_and_given_whole() -> None:
    lines = "\n".join([COMPANY.uscc] * (SHOWN_LINES + 50))
    page = ask(lines)
    assert len(page.all("tr")) == SHOWN_LINES + 1
    assert f"下面只列前 {SHOWN_LINES} 行" in page.text
    assert len(taken_home(answer(lines, form="csv"))) == SHOWN_LINES + 51


@pytest.mark.parametrize(
    ("lines", "file", "status", "said"),
    [
        ("", None, 400, "清单是空的"),
        ("\n \n", None, 400, "清单是空的"),
        ("", b"", 400, "清单是空的"),
        ("示例公司\n" * 10_001, None, 413, "清单有 10,001 行，一次最多查 10,000 行"),
        ("", "示例公司\n".encode() * 25_000, 413, "请分成 3 份"),
        ("", b"x" * (5 << 20), 413, "清单超过 4 MB"),
        ("", b"x" * (3 << 20), 200, "超过 200 个字符"),
        ("x" * (3 << 20), None, 413, "清单超过 4 MB"),
        ("", b"\x89PNG\r\n\x1a\n\0\0", 400, "不是文本"),
    ],
    ids=range(9),
)
def test_what_cannot_be_answered_is_refused_with_the_form(
    lines: str, file: bytes | None, status: int, said: str
) -> None:
    page = ask(lines, file=file, status=status)
    assert said in page.text
    assert page.all("textarea")


def test_html_and_formulas_are_only_text() -> None:
    page = answer("<script>alert(1)</script>\n<b>x</b>").content.decode()
    assert page.count("<script") == 1, "the page's own"
    assert "<b>" not in page
    assert "&lt;script&gt;" in page


def test_who_asks_too_often_is_told_to_wait() -> None:
    for _ in range(20):
        answer(COMPANY.uscc)
    assert "过于频繁" in ask(COMPANY.uscc, status=429).text
    assert Client().get("/batch").status_code == 200


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_nothing_else_is_answered(method: str) -> None:
    assert getattr(Client(), method)("/batch").status_code == 405


def test_front_and_foot_lead_to_it() -> None:
    page = Client().get("/search")
    assert isinstance(page, HttpResponse)
    assert Markup(page).links().count("/batch") == 2


def test_a_firm_that_is_not_there_says_what_to_do() -> None:
    assert "请写全称、改用代码" in ask(entity(5).name).text
