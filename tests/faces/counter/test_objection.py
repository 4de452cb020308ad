"""A wrong record is objected to, marked as disputed meanwhile, and corrected or taken down."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from tests.cast import COMPANY
from tests.faces.counter.world import World

from yuexin.engines.access.models import Entry
from yuexin.engines.cases.models import CaseAct, CaseEffect, CaseFile
from yuexin.engines.records.models import Record

DISPUTED = "异议处理中"
CONTACT = {"f-contact": "陈示例", "f-phone": "020-12345678"}


def objected(world: World, number: str) -> str:
    answer = world.sit_down("owner").post(
        f"/counter/apply/objection/{world.record(number)}",
        {"f-wrong": "罚款金额写错", "f-right": "十万元", **CONTACT},
    )
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"].removeprefix("/counter/cases/").partition("?")[0])


@pytest.mark.usefixtures("undone")
def test_a_disputed_record_says_so_everywhere_until_it_is_answered(
    world: World, client: Client
) -> None:
    record = world.record("5")
    address = f"/s/{COMPANY.uscc}/records/{record}"
    assert DISPUTED not in client.get(address).content.decode()
    case = objected(world, "5")
    assert DISPUTED in client.get(address).content.decode()
    assert DISPUTED in client.get(f"/s/{COMPANY.uscc}").content.decode()
    assert client.get(f"/s/{COMPANY.uscc}.json").json()["disputed"] == [record]
    assert DISPUTED in world.sit_down("owner").get("/counter/").content.decode()
    assert world.step("clerk", case, "receive", seen=1).status_code == 302
    said = {"f-field": "content", "f-value": "罚款人民币十万元", "reason": "抄录有误"}
    assert world.step("clerk", case, "correct", seen=2, **said).status_code == 302
    world.work()
    assert CaseEffect.objects.get(case=case).trouble == ""
    page = client.get(f"/s/{COMPANY.uscc}").content.decode()
    assert "罚款人民币十万元" in page
    assert DISPUTED not in page
    assert client.get(f"/s/{COMPANY.uscc}.json").json()["disputed"] is None
    assert Record.objects.filter(kind="penalty", body__content="罚款人民币十万元").count() == 1


@pytest.mark.usefixtures("undone")
def test_a_record_that_is_not_theirs_is_taken_down(world: World, client: Client) -> None:
    address = f"/s/{COMPANY.uscc}/records/{world.record('6')}"
    case = objected(world, "6")
    assert world.step("clerk", case, "receive", seen=1).status_code == 302
    done = world.step("signer", case, "take_down", seen=2, reason="张冠李戴")
    assert done.status_code == 302
    world.work()
    assert client.get(address).status_code == 404
    assert "〔2026〕6号" not in client.get(f"/s/{COMPANY.uscc}").content.decode()
    last = {"f-answer": "已撤下"}
    assert world.step("clerk", case, "answer", seen=3, **last).status_code == 302
    assert not CaseFile.objects.get(number=case).is_open


@pytest.mark.usefixtures("undone")
def test_a_correction_that_is_no_value_of_its_field_is_refused_at_once(world: World) -> None:
    case = objected(world, "7")
    assert world.step("clerk", case, "receive", seen=1).status_code == 302
    page = world.sit_down("clerk").get(f"/desk/cases/{case}").content.decode()
    assert "罚款金额（万元）" in page
    for field, value, said in (
        ("fine_amount", "五十万", "应为以万元计的数字"),
        ("decision_date", "昨天", "应为日期"),
        ("status", "不知道", "应为所列的一项：有效"),
    ):
        given = {"f-field": field, "f-value": value, "reason": "抄录有误"}
        refused = world.step("clerk", case, "correct", seen=2, **given)
        assert refused.status_code == 400
        assert said in refused.content.decode()
    assert CaseAct.objects.filter(case=case).count() == 2
    right = {"f-field": "fine_amount", "f-value": "50", "reason": "抄录有误"}
    assert world.step("clerk", case, "correct", seen=2, **right).status_code == 302
    world.work()
    assert CaseEffect.objects.get(case=case).trouble == ""
    assert Record.objects.filter(kind="penalty", body__fine_amount__startswith="500000").exists()


@pytest.mark.usefixtures("undone")
def test_what_cannot_be_carried_out_is_seen_by_an_officer(world: World) -> None:
    case = objected(world, "7")
    assert world.step("clerk", case, "receive", seen=1).status_code == 302
    said = {"f-field": "case_name", "f-value": "某案", "reason": "应有案件名称"}
    assert world.step("clerk", case, "correct", seen=2, **said).status_code == 302
    world.work()
    # The layout of 2018 has no column for the name of the case.
    assert CaseEffect.objects.get(case=case).trouble == "OUTCOME_COLUMN"
    listed = world.sit_down("clerk").get("/desk/cases?state=troubled").content.decode()
    assert case in listed
    assert (
        "没有“案件名称（2016年版）”一栏"
        in world.sit_down("clerk").get(f"/desk/cases/{case}").content.decode()
    )
    # To the applicant nobody shows the inner workings.
    assert "一栏" not in world.sit_down("owner").get(f"/counter/cases/{case}").content.decode()


@pytest.mark.usefixtures("undone")
def test_a_correction_that_the_checks_reject_is_seen_by_an_officer(
    world: World, client: Client
) -> None:
    case = objected(world, "7")
    assert world.step("clerk", case, "receive", seen=1).status_code == 302
    said = {"f-field": "decision_date", "f-value": "2090-01-02", "reason": "日期有误"}
    assert world.step("clerk", case, "correct", seen=2, **said).status_code == 302
    world.work()
    assert case in world.sit_down("clerk").get("/desk/cases?state=troubled").content.decode()
    page = world.sit_down("clerk").get(f"/desk/cases/{case}").content.decode()
    assert "次交付的行没有入库" in page
    # What was public stays as it was.
    assert client.get(f"/s/{COMPANY.uscc}/records/{world.record('7')}").status_code == 200


@pytest.mark.usefixtures("undone")
def test_an_officer_who_reads_a_case_is_told_to_its_subject(world: World) -> None:
    case = objected(world, "5")
    world.sit_down("owner").get(f"/counter/cases/{case}")
    assert not Entry.objects.filter(action="case.read").exists()
    assert world.sit_down("clerk").get(f"/desk/cases/{case}").status_code == 200
    entry = Entry.objects.get(action="case.read")
    assert (entry.thing, entry.stream) == (f"subject/{COMPANY.uscc}", "look")
    looks = world.sit_down("owner").get("/account").content.decode().partition('id="looks"')[2]
    assert "查看案件" in looks
    assert "没有说明" not in looks, "whoever handles a case is asked for no other purpose"


def decided(world: World, number: str, field: str, value: str) -> str:
    """An objection whose correction waits for the worker."""
    case = objected(world, number)
    assert world.step("clerk", case, "receive", seen=1).status_code == 302
    said = {"f-field": field, "f-value": value, "reason": "抄录有误"}
    assert world.step("clerk", case, "correct", seen=2, **said).status_code == 302
    return case


@pytest.mark.usefixtures("undone")
def test_two_cases_about_one_record_both_come_through(world: World) -> None:
    first = decided(world, "5", "content", "罚款人民币十万元")
    assert world.step("clerk", first, "answer", seen=3, **{"f-answer": "已更正"}).status_code == 302
    second = decided(world, "5", "facts", "违法事实另述")
    world.work()
    assert not CaseEffect.objects.filter(case=second).exists(), "it waits for the first"
    world.work()
    body = Record.objects.get(pk=world.record("5")).body
    assert (body["content"], body["facts"]) == ("罚款人民币十万元", "违法事实另述")


@pytest.mark.usefixtures("undone")
@pytest.mark.parametrize("field", ["doc_no", "authority_code", "party_uscc"])
def test_what_identifies_a_record_is_not_corrected(world: World, field: str) -> None:
    case = objected(world, "6")
    assert world.step("clerk", case, "receive", seen=1).status_code == 302
    page = world.sit_down("clerk").get(f"/desk/cases/{case}").content.decode()
    assert f'value="{field}"' not in page
    assert 'value="content"' in page
    assert "请撤下这条记录" in page
    said = {"f-field": field, "f-value": "x", "reason": "有误"}
    assert world.step("clerk", case, "correct", seen=2, **said).status_code == 400


@pytest.mark.usefixtures("undone")
def test_what_was_typed_is_no_template(world: World) -> None:
    case = decided(world, "7", "content", "见{step.reason}{nobody}")
    world.work()
    assert CaseEffect.objects.get(case=case).trouble == ""
    assert Record.objects.get(pk=world.record("7")).body["content"] == "见{step.reason}{nobody}"


@pytest.mark.usefixtures("undone")
def test_a_case_that_breaks_holds_up_no_other(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    broken = decided(world, "5", "content", "一")
    whole = decided(world, "6", "content", "罚款人民币九万元")
    forged(broken, 4, step="answer", outcome="nothing")
    world.work()
    world.work()
    assert CaseEffect.objects.get(case=broken, act=4).trouble == "CASE_BROKE"
    assert "Traceback" in caplog.text
    assert CaseEffect.objects.get(case=whole).trouble == ""
    world.work()
    listed = world.sit_down("clerk").get("/desk/cases?state=troubled").content.decode()
    assert broken in listed
    assert whole not in listed
    assert (
        "请通知平台运维人员"
        in world.sit_down("clerk").get(f"/desk/cases/{broken}").content.decode()
    )


@pytest.mark.usefixtures("undone")
def test_a_due_step_that_breaks_is_kept_as_trouble(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    case = objected(world, "6")
    forged(case, 2, step="nobody", outcome="")
    yesterday = dt.date(2020, 1, 1)
    CaseFile.objects.filter(number=case).update(due=yesterday, waits=["total"])
    for _ in range(2):
        world.work()
    assert CaseEffect.objects.get(case=case).trouble == "CASE_BROKE"
    assert caplog.text.count("could not be carried out") == 1, "logged once, not in every round"


def forged(case: str, number: int, *, step: str, outcome: str) -> None:
    """An act that no declaration has: what a spoiled row would leave behind."""
    act = CaseAct.objects.filter(case=case).latest("number")
    CaseAct.objects.create(
        case=case, number=number, process=act.process, step=step, outcome=outcome, on=act.on,
        at=act.at, actor=act.actor, role=act.role, agency=act.agency, party=act.party,
        declarations=act.declarations,
    )  # fmt: skip
