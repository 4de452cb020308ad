"""An owner's calendar names every day ahead, and tells of it 30, 7 and 1 days before, once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client, override_settings
from icalendar import Calendar
from tests.cast import COMPANY, OWNER, TRADER
from tests.conftest import NOW
from tests.engines.notices.told import owner
from tests.faces.entrance import people
from tests.intake import Intake
from tests.state import all_rows, value

from yuexin.base.dates import today
from yuexin.domains.credit.calendar import Due, deadlines
from yuexin.domains.credit.watching.operations import remind_owners
from yuexin.domains.credit.watching.reminding import distance
from yuexin.engines.access.models import Grant
from yuexin.engines.access.operations import delegate
from yuexin.engines.cases.queries import eligibility_of
from yuexin.engines.declare.queries import current

pytestmark = pytest.mark.usefixtures("undone")
DAY = dt.timedelta(days=1)
ON = dt.date(2026, 11, 24)


@pytest.fixture
def firm(deliver: Intake, undone: None) -> None:
    del undone
    deliver("registration", [COMPANY.registration(), TRADER.registration()], now=NOW)
    deliver("licences_2018", [COMPANY.licence(XK_YXQZI="2026-12-31")], agency="environment",
            now=NOW)  # fmt: skip
    deliver("penalties_2018", [COMPANY.penalty()], agency="environment", now=NOW)


def ahead(on: dt.date = ON, code: str = COMPANY.uscc) -> tuple[Due, ...]:
    now = NOW + (on - ON)
    return deadlines(declarations=current(), code=code, now=now, on=on)


def test_each_day_is_of_the_law_that_holds(firm: None) -> None:
    del firm
    found = {(one.what, one.on) for one in ahead()}
    assert ("licence_end", dt.date(2026, 12, 31)) in found
    # A serious penalty of 2026-09-03 may be repaired after its months, a general one after three.
    repair = [on for what, on in found if what == "repair_from"]
    assert repair == [dt.date(2026, 12, 3)]
    assert ("remedy", dt.date(2027, 3, 3)) in found, "six months from the decision"
    assert any(what == "publicity_end" for what, _ in found)
    # 30 June 2027 is a Wednesday.
    assert ("report", dt.date(2027, 6, 30)) in found
    assert list(ahead()) == sorted(ahead(), key=lambda one: (one.on, one.id))


def test_a_report_that_was_filed_is_not_ahead_any_more(firm: None, deliver: Intake) -> None:
    del firm
    on = dt.date(2027, 5, 1)
    assert {one.on for one in ahead(on) if one.what == "report"} == {
        dt.date(2027, 6, 30), dt.date(2028, 6, 30)
    }  # fmt: skip
    deliver("annual_reports", [COMPANY.report(2026)], now=NOW + (on - ON))
    assert {one.on for one in ahead(on) if one.what == "report"} == {dt.date(2028, 6, 30)}


def test_whoever_is_no_more_owes_no_report(firm: None, deliver: Intake) -> None:
    del firm
    deliver("registration", [COMPANY.registration(登记状态="2")], now=NOW)
    assert "report" not in {one.what for one in ahead()}
    assert "report" in {one.what for one in ahead(code=TRADER.uscc)}


def test_a_last_day_of_a_remedy_is_a_working_day(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()], now=NOW)
    # Six months from 2026-08-20 end on a Saturday.
    deliver("penalties_2018", [COMPANY.penalty(CF_JDRQ="2026-08-20")], agency="environment",
            now=NOW)  # fmt: skip
    assert dt.date(2027, 2, 20).weekday() == 5
    remedies = [one for one in ahead() if one.what == "remedy"]
    assert remedies
    assert dt.date(2027, 2, 20) not in {one.on for one in remedies}
    assert all(one.provisional for one in remedies if one.on.year == 2027)
    assert len({one.id for one in remedies}) == len(remedies)


def test_repair_begins_on_the_day_by_which_the_case_is_judged(firm: None) -> None:
    del firm
    subject, record = all_rows("SELECT subject, id FROM record WHERE kind = 'penalty'")[0]
    judged = eligibility_of(
        declarations=current(), actor=OWNER, process="penalty_repair", subject=subject,
        record=record, now=NOW,
    )  # fmt: skip
    assert judged
    days = {one.from_day for one in judged.conditions if one.from_day}
    assert days == {one.on for one in ahead() if one.what == "repair_from"}


def test_what_is_public_no_more_is_not_in_it(firm: None, deliver: Intake) -> None:
    del firm
    row = COMPANY.penalty()
    deliver("penalties_2018", [row], agency="environment", now=NOW, intent="withdraw")
    assert {one.what for one in ahead()} == {"licence_end", "report"}
    assert ahead(code="nobody") == ()


def test_owners_are_told_at_each_distance_once(firm: None) -> None:
    del firm
    owner("chen", COMPANY.uscc)
    owner("wu", TRADER.uscc)
    told = []
    for days in range(-1, 40):
        now = NOW + days * DAY
        told.append(sum(remind_owners(declarations=current(), now=now)))
        assert sum(remind_owners(declarations=current(), now=now)) == 0
    keys = [key for (key,) in all_rows("SELECT key FROM notice WHERE key LIKE '%licence_end%'")]
    assert sorted(key.rpartition("/")[2] for key in keys) == ["1", "30", "7"]
    assert value("SELECT count(*) FROM notice WHERE recipient = 'account:wu'") == 0
    said = value("SELECT said->'en'->>'body' FROM notice WHERE key LIKE '%licence_end%/7'")
    assert "Last day of a licence" in said
    assert "31 December 2026" in said
    assert "7 days left" in said
    last = value("SELECT said->'en'->>'body' FROM notice WHERE key LIKE '%licence_end%/1'")
    assert "1 day left" in last


def test_the_distances_are_entered_once_each() -> None:
    assert [distance(ON + n * DAY, ON) for n in (31, 30, 8, 7, 2, 1, 0, -1)] == [
        None, 30, 30, 7, 7, 1, 1, None
    ]  # fmt: skip


@pytest.fixture
def client(database: str, firm: None) -> Client:
    del database, firm
    holder = owner("chen", COMPANY.uscc)
    client = Client(SERVER_NAME="localhost")
    client.force_login(holder)
    return client


def made(client: Client) -> str:
    page = client.post("/counter/calendar/open").content.decode()
    return page.partition("http://localhost")[2].partition("</p>")[0]


def test_the_page_and_the_address_tell_the_same(client: Client) -> None:
    with override_settings(ALLOWED_HOSTS=["localhost"]):
        page = client.get("/counter/calendar").content.decode()
        for said in ("许可有效期届满", "可在这里申请信用修复的首日", "年度报告截止"):
            assert said in page, said
        address = made(client)
        visitor = Client(SERVER_NAME="localhost")
        answer = visitor.get(address)
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert answer.headers["Cache-Control"] == "no-store"
        events = list(Calendar.from_ical(answer.content).walk("VEVENT"))
        assert any("许可有效期届满" in str(one["summary"]) for one in events)
        assert len({str(one["uid"]) for one in events}) == len(events)
        assert address not in client.get("/counter/calendar").content.decode(), "shown once"


def test_an_address_ends_with_a_new_one_and_with_the_right_to_act(client: Client) -> None:
    with override_settings(ALLOWED_HOSTS=["localhost"]):
        first, second = made(client), made(client)
        visitor = Client(SERVER_NAME="localhost")
        assert visitor.get(first).status_code == 404
        assert visitor.get(second).status_code == 200
        client.post("/counter/calendar/close")
        assert visitor.get(second).status_code == 404
        third = made(client)
        people.end(Grant.objects.get(account__login="chen"))
        assert visitor.get(third).status_code == 404
        for wrong in ("x", "0" * 5000, "%00"):
            assert visitor.get(f"/counter/calendar/{wrong}.ics").status_code == 404
        assert visitor.get("/counter/calendar").status_code == 302
        assert "secret" not in str(all_rows("SELECT t::text FROM calendar_feed t"))


def test_the_address_of_a_delegate_answers_as_long_as_he_acts(client: Client) -> None:
    """Whatever he may do in its name: the page opens to him, and so does its address."""
    helper, now = people.account("bookkeeper"), dt.datetime.now(dt.UTC)
    given = delegate(
        actor=replace(OWNER, id="chen"), declarations=current(), login="bookkeeper",
        name=helper.display_name, rights=["file_reports"], valid_to=today(now) + 30 * DAY,
        reason="代为填报", now=now,
    )  # fmt: skip
    bookkeeper = Client(SERVER_NAME="localhost")
    bookkeeper.force_login(helper)
    with override_settings(ALLOWED_HOSTS=["localhost"]):
        address = made(bookkeeper)
        assert client.get(address).status_code == 200
        people.end(given)
        assert client.get(address).status_code == 404


def test_the_calendar_speaks_the_language_of_its_address_and_names_what_ends(
    client: Client,
) -> None:
    program = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="zh-CN")
    with override_settings(ALLOWED_HOSTS=["localhost"]):
        page = client.post("/counter/calendar/open?lang=en").content.decode()
        address = page.partition("http://localhost")[2].partition("</p>")[0]
        english = Calendar.from_ical(program.get(address).content)
        bare = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="en")
        chinese = Calendar.from_ical(bare.get(address.partition("?")[0]).content)
    assert str(english["x-wr-calname"]) == f"Yuexin deadlines: {COMPANY.name}"
    assert str(chinese["x-wr-calname"]) == f"粤信期限日历：{COMPANY.name}"
    summaries = {str(one["summary"]) for one in english.walk("VEVENT")}
    assert any(one.startswith("Last day of a licence: ") for one in summaries)
    remedies = [str(e["summary"]) for e in chinese.walk("VEVENT") if "复议" in str(e["summary"])]
    assert any("粤环示例罚〔2026〕1号" in one for one in remedies), "which decision"


def test_a_calendar_program_asks_again_and_rings_before_each_day(client: Client) -> None:
    with override_settings(ALLOWED_HOSTS=["localhost"]):
        found: Any = Calendar.from_ical(Client(SERVER_NAME="localhost").get(made(client)).content)
    assert str(found["x-published-ttl"]) == "PT12H"
    assert found["refresh-interval"].dt == dt.timedelta(hours=12)
    for event in found.walk("VEVENT"):
        rings = [event["dtstart"].dt + one["trigger"].dt for one in event.walk("VALARM")]
        assert [(event["dtstart"].dt - on).days for on in rings] == [30, 7, 1]


@pytest.mark.parametrize("what", ["open", "close"])
def test_whoever_comes_to_a_button_of_the_calendar_by_address_is_led_to_it(
    client: Client, what: str
) -> None:
    address = f"/counter/calendar/{what}"
    assert client.get(address).headers["Location"] == "/counter/calendar#subscribe"
    assert value("SELECT count(*) FROM calendar_feed") == 0
