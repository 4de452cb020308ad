"""A report is taken from the file's page and verified on its own, by whoever has it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.cast import COMPANY, entity
from tests.faces.portal.markup import Markup
from tests.intake import Intake
from tests.judging import held_row, judge
from tests.state import all_rows, value

from yuexin.engines.papers.queries import LARGEST_BYTES
from yuexin.faces.shared.often import RATES

pytestmark = pytest.mark.usefixtures("undone")

FILE = f"/s/{COMPANY.uscc}"
REPORT = f"{FILE}/report"


@pytest.fixture(autouse=True)
def _filed(undone: None, deliver: Intake) -> None:
    del undone
    deliver("registration", [COMPANY.registration()])
    deliver("penalties_2018", [COMPANY.penalty()], agency="environment")


@pytest.fixture
def visitor() -> Client:
    """A visitor whose forms are looked at as in earnest."""
    return Client(enforce_csrf_checks=True)


def taken(visitor: Client, **form: str) -> bytes:
    answer = visitor.post(REPORT, form)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    return answer.content


def shown(visitor: Client, file: bytes, name: str = "report.pdf") -> Any:
    return visitor.post("/verify", {"file": SimpleUploadedFile(name, file)})


def text(answer: Any) -> str:
    return Markup(answer).text


@pytest.mark.parametrize("edition", ["zh", "en"])
def test_a_report_is_one_click_away_and_can_be_verified(visitor: Client, edition: str) -> None:
    page = visitor.get(FILE).content.decode()
    assert f'<form class="report" method="post" action="{REPORT}">' in page
    file = taken(visitor, edition=edition)
    assert value("SELECT language FROM issued_paper") == edition
    assert value("SELECT asked_by FROM issued_paper") == "public"
    answer = shown(visitor, file)
    assert "报告是真的，所载的公开事实没有变化" in text(answer)
    assert COMPANY.name in text(answer)


def test_a_report_of_a_file_that_was_wrong_says_so(visitor: Client, deliver: Intake) -> None:
    good = taken(visitor)
    nameless = COMPANY.penalty("31", CF_XDR_SHXYM="", CF_FRDB="")
    deliver("penalties_2018", [nameless], agency="environment")
    judge(deliver, held_row(), "same", COMPANY.uscc, now=dt.datetime.now(dt.UTC))
    wrong = taken(visitor)
    assert "报告是真的，所载的公开事实没有变化" in text(shown(visitor, wrong))
    judge(deliver, held_row(), "different", COMPANY.uscc, now=dt.datetime.now(dt.UTC))
    told = text(shown(visitor, wrong))
    assert "此后事实已有变化" in told
    assert "签发时，档案里有不是该主体的条目" in told
    assert "更正说明" not in text(shown(visitor, good))


def test_whoever_only_comes_to_look_is_led_to_the_file(visitor: Client) -> None:
    answer = visitor.get(REPORT)
    assert (answer.status_code, answer.headers["Location"]) == (302, FILE)
    assert value("SELECT count(*) FROM issued_paper") == 0


@pytest.mark.parametrize("code", ["91440606684400012X", entity(7).uscc, "x" * 90])
def test_there_is_no_report_of_what_is_not_there(visitor: Client, code: str) -> None:
    assert visitor.post(f"/s/{code}/report", {}).status_code == 404


def test_a_past_day_has_no_report(visitor: Client) -> None:
    assert "/report" not in visitor.get(FILE, {"on": "2026-11-23"}).content.decode()


def test_the_printed_address_verifies(visitor: Client) -> None:
    taken(visitor)
    number = value("SELECT number FROM issued_paper")
    answer = visitor.get("/verify", {"n": number, "c": "0000-0000-0000"})
    assert "没有编号和校验码都相符的报告" in text(answer)
    assert COMPANY.uscc not in text(answer)
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_outdated_report_is_answered_without_what_changed(
    visitor: Client, deliver: Intake
) -> None:
    file = taken(visitor)
    deliver("penalties_2018", [COMPANY.penalty(CF_ZT="已修复")], agency="environment")
    said = text(shown(visitor, file))
    assert "报告是真的，但此后事实已有变化" in said
    assert "到档案页重新获取" in said
    for word in ("处罚", "罚款", "修复", "大气"):
        assert word not in said


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda file: file[:300] + b"#" + file[301:], "这个文件在签发之后被改动过"),
        (lambda file: file + b"more", "这个文件在签发之后被改动过"),
        (lambda file: b"%PDF-1.7 nothing", "这不是本平台签发的报告文件"),
        (lambda file: b"\x00\xff" * 1000, "这不是本平台签发的报告文件"),
        (lambda file: b"<" + b"30" * 4000 + b">/ByteRange [0 1 2 3]", "这不是本平台签发的报告文件"),
    ],
)
def test_what_is_not_the_file_as_issued_is_told_so(visitor: Client, spoil: Any, said: str) -> None:
    answer = shown(visitor, spoil(taken(visitor)), "<script>.pdf")
    assert said in text(answer)
    page = re.sub(r"<title>.*?</title>", "", answer.content.decode())
    assert page.count("script") == 2, "the page's own alone, opened and closed"


def test_a_large_file_is_refused_before_it_is_read(visitor: Client) -> None:
    class Unread:
        def read(self, *size: int) -> bytes:
            raise AssertionError("the body was read")

        readline = read

    more: Any = {"CONTENT_LENGTH": str(LARGEST_BYTES * 2), "wsgi.input": Unread()}
    answer = visitor.generic("POST", "/verify", b"", "multipart/form-data; boundary=x", **more)
    assert answer.status_code == 400
    assert "文件超过 8 MB" in text(answer)


def test_no_file_is_told_so(visitor: Client) -> None:
    answer = visitor.post("/verify", {})
    assert answer.status_code == 400
    assert "没有选择文件" in text(answer)


@pytest.mark.parametrize("typed", ["", "\x00", "<b>", "x" * 500, "440106199003078513"])
def test_whatever_is_typed_gets_a_page(visitor: Client, typed: str) -> None:
    answer = visitor.get("/verify", {"n": typed, "c": typed})
    assert answer.status_code == 200
    assert "<b>" not in answer.content.decode()
    assert "440106199003078513" not in answer.content.decode()


def test_too_many_tries_are_told_to_wait(visitor: Client) -> None:
    most = int(RATES["verify"].partition("/")[0])
    typed = {"n": "YX20261124-00000000", "c": "0000-0000-0000"}
    assert {visitor.get("/verify", typed).status_code for _ in range(most)} == {200}
    answer = visitor.get("/verify", typed)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    assert "分钟再试" in text(answer)
    assert visitor.get("/verify").status_code == 200


def test_what_is_issued_is_journaled_without_the_code(visitor: Client) -> None:
    taken(visitor)
    ((number,),) = all_rows("SELECT number FROM issued_paper")
    ((actor, detail),) = all_rows(
        "SELECT actor, detail::text FROM journal_entry WHERE action = 'paper.issued' "
        "AND thing = %s",
        f"paper/{number}",
    )
    assert actor == "public"
    assert COMPANY.uscc not in detail


def test_while_the_operators_key_is_amiss_the_visitor_is_told_to_come_again(
    visitor: Client,
) -> None:
    deposit = settings.HOME.secrets / "paper-signing.pem"
    deposit.write_text("no key")
    deposit.chmod(0o600)
    try:
        answer = visitor.post(REPORT, {})
    finally:
        deposit.unlink()
    assert answer.status_code == 503
    assert "现在签不了报告" in text(answer)
    assert "paper-signing" not in answer.content.decode()
