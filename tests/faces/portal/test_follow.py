"""Anybody follows a firm by e-mail or feed, and is told what the public sees, when it sees it."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest
from django.test import Client, override_settings
from tests.cast import COMPANY, TRADER
from tests.engines.notices.told import sent, spooled
from tests.intake import Intake
from tests.state import all_rows, value

from yuexin.base.dates import SHANGHAI, today
from yuexin.domains.credit.watching.operations import forget_unconfirmed, tell_followers
from yuexin.domains.credit.watching.queries import values_at_sending
from yuexin.engines.declare.queries import current
from yuexin.home.folder import Home

pytestmark = pytest.mark.usefixtures("undone")
PAGE = f"/s/{COMPANY.uscc}/follow"
DAY = dt.timedelta(days=1)
ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}"
NUMBER = "粤环示例罚〔2026〕1号"
TODAY = dt.datetime.now(dt.UTC)


@pytest.fixture(autouse=True)
def _firm(deliver: Intake, undone: None, home: Home, settings_home: None) -> None:
    del undone, settings_home
    for folder in home.spool.iterdir():
        shutil.rmtree(folder)
    rows = [COMPANY.registration(), TRADER.registration()]
    deliver("registration", rows, now=TODAY - 3 * DAY)


@pytest.fixture
def settings_home(home: Home) -> Iterator[None]:
    with override_settings(HOME=home):
        yield


def visitor() -> Client:
    return Client()


def ask(address: str = "a@example.org", page: str = PAGE) -> int:
    return visitor().post(page, {"address": address}).status_code


def noon(days: int = 0) -> dt.datetime:
    """Noon in Guangzhou, so many days from the day that it is there now."""
    return dt.datetime.combine(today(TODAY), dt.time(12), SHANGHAI) + days * DAY


def link(home: Home, kind: str = "confirm") -> str:
    found = [re.search(rf"/follow/{kind}/\w+", mail.get_content()) for mail in spooled(home)]
    return next(one[0] for one in found if one)


def confirmed(home: Home) -> None:
    assert ask() == 302
    sent(home, now=noon(1))
    assert visitor().post(link(home)).status_code == 200
    shutil.rmtree(home.spool / "email")


def told(home: Home, days: int = 1) -> int:
    return sum(tell_followers(declarations=current(), home=home, now=noon(days)))


def send(home: Home, days: int = 1) -> int:
    renewed = values_at_sending(declarations=current(), clock=lambda: noon(days))
    return sent(home, now=noon(days), renewed=renewed)


def penalty(deliver: Intake, **changes: str) -> None:
    deliver("penalties_2018", [COMPANY.penalty(**changes)], agency="environment", now=TODAY)


def withdraw(deliver: Intake, now: dt.datetime = TODAY, **changes: str) -> None:
    row = COMPANY.penalty(**changes)
    deliver("penalties_2018", [row], agency="environment", now=now, intent="withdraw")


def test_a_visitor_follows_once_the_address_is_confirmed(home: Home, deliver: Intake) -> None:
    assert ask() == 302
    sent(home, now=noon(1))
    opened = visitor().get(link(home))
    assert "确认关注" in opened.content.decode()
    assert value("SELECT confirmed_at FROM follow") is None, "a look confirms nothing"
    assert opened.headers["Cache-Control"] == "no-store"
    for _ in range(2):
        assert "已开始关注" in visitor().post(link(home)).content.decode()
    shutil.rmtree(home.spool / "email")
    penalty(deliver)
    assert told(home) == 1
    assert told(home) == 0
    assert send(home) == 1
    (mail,) = spooled(home)
    assert mail["To"] == "a@example.org"
    assert COMPANY.name in mail["Subject"]
    assert "公开：行政处罚" in mail.get_content()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_what_was_withdrawn_meanwhile_is_told_to_nobody(home: Home, deliver: Intake) -> None:
    confirmed(home)
    sum(tell_followers(declarations=current(), home=home, now=noon(1)))
    deliver("penalties_2018", [COMPANY.penalty()], agency="environment", now=TODAY + DAY)
    assert told(home, 2) == 1
    withdraw(deliver, now=TODAY + 2 * DAY)
    assert send(home, 3) == 1
    assert not (home.spool / "email").exists()
    assert all_rows("SELECT outcome FROM notice_attempt ORDER BY id DESC LIMIT 1") == [("dropped",)]


def test_one_click_of_a_mail_program_stops_it_and_forgets_the_address(home: Home) -> None:
    assert ask() == 302
    sent(home, now=noon(1))
    (mail,) = spooled(home)
    address = mail["List-Unsubscribe"].strip("<>").partition("8000")[2]
    client = Client(enforce_csrf_checks=True)
    assert client.get(address).status_code == 200
    assert value("SELECT count(*) FROM follow") == 1
    for _ in range(2):
        answer = client.post(address, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    assert value("SELECT count(*) FROM follow") == 0
    assert visitor().post(link(home)).status_code == 404


def test_mail_and_stop_page_name_the_firm(home: Home) -> None:
    ask()
    sent(home, now=noon(1))
    (mail,) = spooled(home)
    assert COMPANY.name in mail["Subject"]
    assert COMPANY.uscc in mail.get_content()
    stop = visitor().get(link(home, "stop")).content.decode()
    assert COMPANY.name in stop
    gone = visitor().post(link(home, "stop")).content.decode()
    assert COMPANY.name in gone
    assert "已取消" in gone


def test_a_browser_says_where_the_button_was_pressed(home: Home) -> None:
    """Told to say nothing of it, it sends the origin `null`, which every form is refused for."""
    ask()
    sent(home, now=noon(1))
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(link(home))
    assert page.headers["Referrer-Policy"] == "same-origin"
    (token,) = re.findall('name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    given = {"csrfmiddlewaretoken": token}
    assert browser.post(link(home), given, HTTP_ORIGIN="null").status_code == 403
    assert browser.post(link(home), given, HTTP_ORIGIN="http://testserver").status_code < 400


def test_links_that_we_never_made_do_nothing(home: Home) -> None:
    ask()
    sent(home, now=noon(1))
    right = link(home)
    stop = link(home, "stop")
    number = right.rpartition("/")[2]
    forged = f"{number[:-1]}{'0' if number[-1] != '0' else '1'}"
    for wrong in (forged, stop.rpartition("/")[2], "", "x" * 64, "0" * 64, "é" * 64, "0" * 5000):
        if wrong:
            assert visitor().post(f"/follow/confirm/{wrong}").status_code == 404, wrong
    assert visitor().post(f"/follow/stop/{number}").status_code == 404
    assert all_rows("SELECT confirmed_at FROM follow") == [(None,)]


def test_the_answer_is_the_same_whoever_follows_already(home: Home) -> None:
    confirmed(home)
    first = visitor().post(PAGE, {"address": "a@example.org"})
    other = visitor().post(PAGE, {"address": "b@example.org"})
    assert first.headers["Location"] == other.headers["Location"]
    assert first.status_code == other.status_code


def test_no_address_stands_in_the_clear_once_the_mail_is_out(home: Home) -> None:
    confirmed(home)
    for table in ("notice", "notice_attempt", "notice_errand", "follow"):
        assert "example.org" not in str(all_rows(f"SELECT t::text FROM {table} t")), table
    recipients = all_rows("SELECT recipient FROM notice")
    assert all(one.startswith("follow:") for (one,) in recipients)


def test_nobody_is_flooded_from_one_network_or_many(home: Home) -> None:
    answers = [ask() for _ in range(40)]
    assert answers.count(429) == 10
    assert value("SELECT count(*) FROM notice") <= 5
    for number in range(20):
        page = f"/s/{TRADER.uscc}/follow"
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        client.post(page, {"address": "a@example.org"})
    assert value("SELECT count(*) FROM notice") <= 5


@pytest.mark.parametrize(
    "address", ["", "x", "a@b.org\r\nBcc: c@d.org", "a" * 100_000 + "@b.org", "\x00@b.org"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    assert ask(address) == 400
    assert value("SELECT count(*) FROM follow") == 0


def test_what_was_typed_is_still_there_when_it_is_refused() -> None:
    page = visitor().post(PAGE, {"address": "a@example"}).content.decode()
    assert 'value="a@example" aria-invalid="true" aria-describedby="no"' in page
    assert 'id="no" role="alert"' in page


def test_who_does_not_confirm_is_forgotten(home: Home) -> None:
    ask()
    sent(home, now=noon(1))
    forget_unconfirmed(now=TODAY + 3 * DAY)
    assert value("SELECT count(*) FROM follow") == 0
    assert visitor().post(link(home)).status_code == 404


def test_the_feed_tells_what_is_public_and_nothing_that_was_withdrawn(deliver: Intake) -> None:
    penalty(deliver, CF_WFXW="超标😀\u202e")
    address = f"/s/{COMPANY.uscc}/feed.atom"
    answer = visitor().get(address)
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    root = ET.fromstring(answer.content)
    titles = [one.findtext(f"{ATOM}title", "") for one in root.iter(f"{ATOM}entry")]
    assert any("公开" in one for one in titles)
    assert len(titles) == 2
    ids = [one.findtext(f"{ATOM}id") for one in root.iter(f"{ATOM}entry")]
    assert len(set(ids)) == 2
    withdraw(deliver, CF_WFXW="超标😀\u202e")
    feed = visitor().get(address).content.decode()
    assert "超标" not in feed
    again = ET.fromstring(feed)
    assert len(list(again.iter(f"{ATOM}entry"))) == 2, "the firm, and that something was taken down"
    assert visitor().get("/s/91440606684400012X/feed.atom").status_code == 404
    assert visitor().get("/s/%00/feed.atom").status_code == 404


def entries(address: str) -> tuple[ET.Element, list[str], list[str]]:
    """The feed of an address: itself, the names of its entries, and of those to be deleted."""
    root = ET.fromstring(visitor().get(address).content)
    told = [one.findtext(f"{ATOM}id", "") for one in root.iter(f"{ATOM}entry")]
    return root, told, [one.attrib["ref"] for one in root.iter(f"{TOMBSTONE}deleted-entry")]


@pytest.mark.parametrize("how", ["taken back", "repaired"])
def test_every_feed_tells_that_its_entry_is_withdrawn_and_nothing_of_it(
    deliver: Intake, how: str
) -> None:
    """Taken back, or delivered as repaired by whoever decided: followers are told, newcomers are
    not told of what."""
    penalty(deliver)
    addresses = (
        f"/s/{COMPANY.uscc}/feed.atom", "/announcements.atom", "/announcements.atom?kind=penalty",
    )  # fmt: skip
    before = {address: entries(address) for address in addresses}
    for _, told, gone in before.values():
        assert any("published" in one for one in told)
        assert gone == []
    if how == "repaired":
        penalty(deliver, CF_ZT="已修复")
    else:
        withdraw(deliver)
    for address in addresses:
        root, told, gone = entries(address)
        lost = set(before[address][1]) - set(told)
        assert lost == set(gone) != set()
        said = ET.tostring(root, encoding="unicode")
        for hidden in (NUMBER, "超标", "处罚", "环境厅"):
            assert hidden not in said.replace("?kind=penalty", ""), (address, hidden)
    assert COMPANY.name not in visitor().get("/announcements.atom?kind=penalty").content.decode()
    history = visitor().get(f"/s/{COMPANY.uscc}/history").content.decode()
    assert "一条此前公开的记录" in history
    assert "处罚" not in history
    english = visitor().get(addresses[0], HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "A record that was public before" in english


def test_what_is_public_again_and_what_ran_out_is_no_withdrawal(deliver: Intake) -> None:
    penalty(deliver)
    penalty(deliver, CF_NR_FK="11")
    address = f"/s/{COMPANY.uscc}/feed.atom"
    assert "withdrawn" not in visitor().get(address).content.decode()
    withdraw(deliver, CF_NR_FK="11")
    _, told, gone = entries(address)
    assert any("withdrawn" in one for one in told)
    assert len(gone) == 2, "each version of it was an entry"
    penalty(deliver, CF_NR_FK="13")
    _, told, _ = entries(address)
    assert not any("withdrawn" in one for one in told)


def test_a_follower_by_mail_is_told_that_something_was_taken_down(
    home: Home, deliver: Intake
) -> None:
    penalty(deliver)
    confirmed(home)
    assert told(home) == 1
    withdraw(deliver, now=TODAY + DAY)
    assert send(home) == 1
    if (home.spool / "email").exists():
        shutil.rmtree(home.spool / "email")
    assert told(home, 2) == 1
    assert send(home, 2) == 1
    (mail,) = spooled(home)
    assert "撤下：一条此前公开的记录" in mail.get_content()
    for hidden in ("处罚", "超标", NUMBER):
        assert hidden not in mail.get_content(), hidden


def test_a_follower_by_mail_is_told_nothing_of_what_came_and_went(
    home: Home, deliver: Intake
) -> None:
    confirmed(home)
    penalty(deliver)
    withdraw(deliver, now=TODAY + DAY)
    assert told(home, 2) == 0


def test_the_history_says_what_was_published_corrected_and_ended(deliver: Intake) -> None:
    address = f"/s/{COMPANY.uscc}/history"
    deliver("licences_2018", [COMPANY.licence(XK_YXQZI="2026-11-26")], agency="environment",
            now=dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC))  # fmt: skip
    penalty(deliver)
    penalty(deliver, CF_NR_FK="11")
    page = visitor().get(address).content.decode()
    assert NUMBER in page or "超标排放大气污染物" in page
    for said in ("更正后公开", "终止", "广东省生态环境厅"):
        assert said in page, said
    withdraw(deliver, CF_NR_FK="11")
    assert "超标排放大气污染物" not in visitor().get(address).content.decode()
    assert visitor().get(f"{address}?page=9").status_code == 404
    assert visitor().get(f"{address}?page=x").status_code in (400, 404)


def test_announcements_are_narrowed_by_heading_city_and_day(deliver: Intake) -> None:
    penalty(deliver)
    page = visitor().get("/announcements").content.decode()
    assert COMPANY.name in page
    local = (TODAY + dt.timedelta(hours=8)).date()
    for query, there in (
        ("kind=penalty", True), ("kind=listing", False), ("city=440100", True),
        ("city=440300", False), (f"on={local}", True), (f"on={local - DAY}", False),
    ):  # fmt: skip
        shown = visitor().get(f"/announcements?{query}")
        assert shown.status_code == 200, query
        assert (COMPANY.name in shown.content.decode()) is there, query
    for wrong in ("kind=x", "city=x", "on=x", "page=0", "page=7", "on=9999-01-01"):
        assert visitor().get(f"/announcements?{wrong}").status_code >= 400, wrong
    feed = visitor().get("/announcements.atom?kind=penalty")
    (entry,) = ET.fromstring(feed.content).iter(f"{ATOM}entry")
    assert COMPANY.name in entry.findtext(f"{ATOM}title", "")


@pytest.mark.parametrize("page", ["", "/timeline", "/follow", "/history"])
def test_a_reader_of_feeds_finds_the_feed_from_each_page_of_a_firm(page: str) -> None:
    said = visitor().get(f"/s/{COMPANY.uscc}{page}").content.decode()
    (feed,) = re.findall('<link rel="alternate" type="application/atom[^>]*href="([^"]+)"', said)
    assert visitor().get(feed).headers["Content-Type"].startswith("application/atom+xml")


def test_the_lists_lead_to_the_feed_of_announcements() -> None:
    said = visitor().get("/lists").content.decode()
    (feed,) = re.findall('<link rel="alternate" type="application/atom[^>]*href="([^"]+)"', said)
    assert visitor().get(feed).status_code == 200


def test_a_report_is_called_a_report_where_it_is_a_title(deliver: Intake) -> None:
    deliver("annual_reports", [COMPANY.report(2025)], now=TODAY)
    (record,) = all_rows("SELECT record FROM public_row WHERE kind = 'annual_report'")[0]
    said = visitor().get(f"/s/{COMPANY.uscc}/records/{record}").content.decode()
    title = said.partition("<title>")[2].partition("</title>")[0]
    assert title.startswith("年度报告 2025")
    feed = visitor().get(f"/s/{COMPANY.uscc}/feed.atom").content.decode()
    assert "年度报告 2025" in feed
