"""The counter's pages: filled in screen by screen, checked beside the fields, handed in once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client, override_settings
from tests.cast import COMPANY, TRADER, Entity
from tests.faces.entrance import people
from tests.intake import Intake

from yuexin.domains.hall.filing.models import Draft
from yuexin.engines.deliveries.models import Delivery
from yuexin.home.folder import Home

pytestmark = pytest.mark.usefixtures("undone")

QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]
REPORT = "/counter/filings/annual_report/2025"
HOSTILE = '<script>alert(1)</script>"&'
CONTACT = {"c0": "佛山市示例路1号", "c1": "528300", "c2": "0757-00000000", "c4": "开业", "c5": "38",
           "c5p": "1", "onward": "next"}  # fmt: skip


@pytest.fixture
def registered(database: str, home: Home, deliver: Intake) -> Iterator[Intake]:
    del database
    with override_settings(HOME=home, FILE_UPLOAD_TEMP_DIR=home.scratch, PASSWORD_HASHERS=QUICK):
        deliver("registration", [COMPANY.registration(), TRADER.registration()])
        yield deliver


def owner(of: str = COMPANY.uscc, login: str = "owner") -> Client:
    holder = people.account(login)
    people.grant(holder, role="owner", agency="", subject_code=of)
    client = Client(SERVER_NAME="localhost")
    client.force_login(holder)
    return client


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def through(client: Client, address: str = REPORT) -> list[str]:
    """Every screen from the first on, with nothing else to say. Returns the screens passed."""
    passed, at = [], f"{address}/contact"
    while at != address:
        answer = client.post(at, CONTACT if at.endswith("contact") else {"onward": "next"})
        assert answer.status_code == 302, answer.content.decode()
        passed.append(at.rpartition("/")[2])
        at = answer["Location"]
    return passed


def test_a_visitor_is_led_to_sign_in_and_an_officer_is_refused(client: Client) -> None:
    assert client.get("/counter/filings")["Location"].startswith("/sign-in")
    clerk = people.officer()
    client.force_login(clerk)
    assert client.get("/counter/filings").status_code == 403


@pytest.mark.usefixtures("registered")
def test_a_report_is_filed_in_a_few_screens_and_its_receipt_given_at_once(
    registered: Intake,
) -> None:
    client = owner()
    assert "逾期未报" in text(client, "/counter/filings")
    assert "报送后不能自行更正" in text(client, f"{REPORT}/contact")
    assert through(client) == ["contact", "figures", "owners", "others"]
    page = text(client, REPORT)
    assert "检查通过" in page
    assert "佛山市示例路1号" in page
    answer = client.post(REPORT)
    assert answer.status_code == 302
    said = text(client, answer["Location"])
    kept = Delivery.objects.get(channel="counter")
    assert kept.sha256 in said
    assert "逾期" in said
    registered.settle()
    assert "已公示" in text(client, answer["Location"])
    public = client.get(f"/s/{COMPANY.uscc}").content.decode()
    assert "2025" in public
    assert "逾期报送" in public
    said = text(client, "/counter/filings")
    assert "已补报，逾期" in said
    assert "不能再自行更正；有错误的，向登记机关提出" in said


@pytest.mark.usefixtures("registered")
def test_the_calendar_says_what_is_overdue_before_what_lies_ahead() -> None:
    client = owner()
    assert "去补报" in text(client, "/counter/calendar").partition("还有")[0]
    assert re.search("<h2>20[0-9]{2}年6月</h2>", text(client, "/counter/calendar"))
    assert re.search("<h2>June 20[0-9]{2}</h2>", text(client, "/counter/calendar?lang=en"))


def test_whoever_acts_for_nobody_is_offered_no_calendar() -> None:
    client = Client(SERVER_NAME="localhost")
    client.force_login(people.account("nobody"))
    assert 'href="/counter/calendar"' not in text(client, "/counter/", 403)


def test_a_sole_trader_is_asked_less(registered: Intake) -> None:
    del registered
    client = owner(TRADER.uscc)
    assert through(client) == ["contact", "figures", "online"]
    assert "股东" not in text(client, REPORT)


@pytest.mark.parametrize(
    ("firm", "phone", "said"),
    [
        (COMPANY, "13900139001", "公示为 139****01"),
        (COMPANY, "0757-00000000", "公示"),
        (TRADER, "13900139001", "不公示"),
    ],
)
def test_the_check_says_what_of_a_telephone_the_public_will_read(
    registered: Intake, firm: Entity, phone: str, said: str
) -> None:
    client = owner(firm.uscc)
    client.post(f"{REPORT}/contact", {**CONTACT, "c2": phone})
    shown = re.search(rf'<dd>{phone} <span class="soft">([^<]*)</span>', text(client, REPORT))
    assert shown
    assert shown[1] == said
    through(client)
    client.post(f"{REPORT}/contact", {**CONTACT, "c2": phone})
    assert client.post(REPORT).status_code == 302
    registered.settle()
    public = client.get(f"/s/{firm.uscc}").content.decode()
    read = said.removeprefix("公示为 ") if "为" in said else phone
    assert (read in public) == (said != "不公示"), "and so it does"


def test_a_year_that_is_overdue_is_seen_first_though_the_last_was_filed(
    registered: Intake,
) -> None:
    client = owner()
    through(client)
    client.post(REPORT)
    registered.settle()
    owed = text(client, "/counter/").partition("可以申请的事项")[0]
    overdue = re.findall(r"annual_report/(\d{4})/", owed)
    assert overdue == sorted(overdue)
    assert overdue
    assert "2025" not in overdue
    assert "逾期未报" in owed


def test_what_the_checks_say_stands_beside_its_field_and_the_draft_is_kept(
    registered: Intake,
) -> None:
    del registered
    client = owner()
    wrong = client.post(f"{REPORT}/contact", {**CONTACT, "c5": "三十八"})
    assert wrong.status_code == 400
    page = wrong.content.decode()
    assert "不是整数" in page
    assert re.search(r'id="c5"[^>]*aria-describedby="c5h"', page)
    assert 'value="三十八"' in text(client, f"{REPORT}/contact")
    assert client.post(REPORT).status_code == 400
    assert not Delivery.objects.filter(channel="counter").exists()


def test_lines_are_added_without_javascript_and_markup_in_names_is_text(
    registered: Intake,
) -> None:
    client = owner()
    through(client)
    more = client.post(f"{REPORT}/owners", {"c15-0-0": HOSTILE, "more": "c15"})
    page = more.content.decode()
    assert HOSTILE not in page
    assert page.count('name="c15-') > 6
    client.post(f"{REPORT}/owners", {"c15-0-0": HOSTILE, "c15-0-1": "100", "onward": "next"})
    assert HOSTILE not in text(client, REPORT)
    client.post(REPORT)
    registered.settle()
    public = client.get(f"/s/{COMPANY.uscc}").content.decode()
    assert HOSTILE not in public
    assert "&lt;script&gt;" in public


@pytest.mark.parametrize(
    ("address", "status"),
    [("/counter/filings/annual_report/2026/contact", 400), ("/counter/filings/nothing/2025", 400),
     ("/counter/filings/annual_report/abc/contact", 400),
     ("/counter/filings/annual_report/99999999999999999999/contact", 400),
     (f"{REPORT}/nowhere", 404), ("/counter/filings/receipts/999999", 404)],
)  # fmt: skip
def test_an_address_that_cannot_be_is_answered_in_words(
    registered: Intake, address: str, status: int
) -> None:
    del registered
    assert "怎么办" in text(owner(), address, status)


def test_another_firms_receipt_is_not_there(registered: Intake) -> None:
    del registered
    client = owner()
    through(client)
    address = client.post(REPORT)["Location"]
    assert owner(TRADER.uscc, "other").get(address).status_code == 404


def test_ten_thousand_lines_are_answered_and_nothing_is_kept(registered: Intake) -> None:
    del registered
    client = owner()
    many = {f"c15-{row}-0": "x" for row in range(10_000)}
    assert client.post(f"{REPORT}/owners", many).status_code == 400
    few = {f"c15-{row}-0": "x" for row in range(500)}
    answer = client.post(f"{REPORT}/owners", few)
    assert answer.status_code == 400
    assert "最多填" in answer.content.decode()
    assert not Draft.objects.filter(lines__has_key="股东出资信息").exclude(
        lines__股东出资信息=[]
    )  # fmt: skip


def test_a_fact_is_told_under_a_number_of_its_own(registered: Intake) -> None:
    client = owner()
    first = client.get("/counter/filings/instant_licence/new")["Location"]
    assert first.endswith("/instant_licence/1/facts")
    typed = {"c0": "2026-11-02", "c1": "排污许可证", "c2": "粤示例许1号", "onward": "next"}
    assert client.post(first, typed).status_code == 302
    receipt = client.post("/counter/filings/instant_licence/1")["Location"]
    registered.settle()
    assert "已公示" in text(client, receipt)
    again = client.get("/counter/filings/instant_licence/new")["Location"]
    assert again.endswith("/instant_licence/2/facts")


def test_a_fact_is_asked_for_in_the_words_of_its_form(registered: Intake) -> None:
    del registered
    client = owner()
    first = client.get("/counter/filings/instant_licence/new")["Location"]
    asked = text(client, first)
    assert re.search("许可文件编号 （必填）", asked)
    answer = client.post(first, {"c1": "排污许可证", "onward": "next"})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert page.count("请填写这一项") == 2
    for word in ("公示事项", "补填这一列", "交付"):
        assert word not in page.partition("<form")[2].partition("</form>")[0]


def test_what_is_no_date_amount_or_code_in_a_line_is_hinted_at(registered: Intake) -> None:
    del registered
    client = owner()
    through(client)
    typed = {"c15-0-0": "陈示例", "c15-0-1": "50万", "c15-0-2": "去年", "c19-0-0": "某公司",
             "c19-0-1": "123", "onward": "next"}  # fmt: skip
    assert client.post(f"{REPORT}/owners", typed).status_code == 302
    page = text(client, REPORT)
    assert "检查有提示，可以报送" in page
    assert "第 1 行“认缴额（万元）”应为数字" in page
    assert "第 1 行“认缴时间”应为日期" in page
    assert "第 1 行“统一社会信用代码”不是有效的统一社会信用代码" in page
