"""A wrong record is objected to, marked as disputed meanwhile, and corrected or taken down."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.cast import COMPANY
from tests.faces.counter.world import World

from yuexin.engines.access.models import Entry
from yuexin.engines.cases.models import CaseEffect, CaseFile
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
    said = {"f-field": "decision_date", "f-value": "某日", "reason": "日期有误"}
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
