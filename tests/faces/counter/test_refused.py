"""What may not be done in a case, over HTTP, and who may not see it."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection
from django.test import Client
from tests.cast import COMPANY, OPERATOR
from tests.faces.counter.world import ROLES, World, ago

from yuexin.base.dates import add_months
from yuexin.base.errors import Refusal
from yuexin.domains.collection.outcomes import carry_out
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.models import CaseAct, CaseEffect, CaseFile, CasePaper
from yuexin.engines.cases.operations import rebuild_files, take_step
from yuexin.engines.cases.queries import files_amiss
from yuexin.engines.deliveries.models import Delivery


def opened(world: World, number: str) -> str:
    answer = world.apply(number)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"].removeprefix("/counter/cases/").partition("?")[0])


@pytest.mark.usefixtures("undone")
def test_before_its_shortest_period_is_over_the_page_says_from_when_on(world: World) -> None:
    page = world.sit_down("owner").get(f"/counter/apply/penalty_repair/{world.record('2')}")
    said = page.content.decode()
    assert "不符合" in said
    first = add_months(dt.date.fromisoformat(ago(14)), 3)
    assert f"{first.year}年{first.month}月{first.day}日" in said
    assert "f-correction" not in said
    answer = world.apply("2")
    assert answer.status_code == 400
    assert "公示已满最短期限" in answer.content.decode()
    assert not CaseAct.objects.exists()


@pytest.mark.usefixtures("undone")
def test_an_annulled_penalty_is_not_repaired(world: World) -> None:
    assert world.apply("3").status_code == 400


@pytest.mark.usefixtures("undone")
def test_whoever_does_not_act_for_the_entity_neither_applies_nor_sees(world: World) -> None:
    stranger = world.sit_down("stranger")
    assert stranger.get(f"/counter/apply/penalty_repair/{world.record('1')}").status_code == 400
    case = opened(world, "1")
    assert stranger.get(f"/counter/cases/{case}").status_code == 404
    assert world.step("stranger", case, "withdraw", seen=1).status_code in (400, 404)
    paper = CasePaper.objects.get(case=case)
    assert stranger.get(f"/counter/cases/{case}/papers/{paper.pk}").status_code == 404
    elsewhere = world.sit_down("elsewhere")
    assert elsewhere.get(f"/desk/cases/{case}").status_code == 404
    assert elsewhere.get(f"/desk/cases/{case}/papers/{paper.pk}").status_code == 404
    assert case not in elsewhere.get("/desk/cases").content.decode()
    assert world.step("elsewhere", case, "accept", seen=1).status_code in (400, 404)
    assert Client(SERVER_NAME="localhost").get(f"/counter/cases/{case}").status_code == 302
    assert CaseAct.objects.filter(case=case).count() == 1


@pytest.mark.usefixtures("undone")
def test_a_paper_is_given_out_as_a_file_in_a_sandbox(world: World) -> None:
    case = opened(world, "1")
    paper = CasePaper.objects.get(case=case)
    answer = world.sit_down("clerk").get(f"/desk/cases/{case}/papers/{paper.pk}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert b"".join(answer).startswith(b"%PDF-")
    assert "未查毒" in world.sit_down("clerk").get(f"/desk/cases/{case}").content.decode()


@pytest.mark.usefixtures("undone")
def test_a_clerk_does_not_sign_and_whoever_accepted_does_not_decide(world: World) -> None:
    case = opened(world, "1")
    assert world.step("signer", case, "accept", seen=1).status_code == 302
    assert world.step("clerk", case, "grant", seen=2).status_code == 400
    refused = world.step("signer", case, "grant", seen=2)
    assert refused.status_code == 400
    assert "同一人" in refused.content.decode()
    assert world.step("head", case, "grant", seen=2).status_code == 302


@pytest.mark.usefixtures("undone")
def test_a_refusal_keeps_what_was_typed(world: World) -> None:
    case = opened(world, "1")
    world.step("clerk", case, "accept", seen=1)
    answer = world.step("signer", case, "refuse", seen=2, reason="")
    assert answer.status_code == 400
    typed = world.sit_down("owner").post(
        f"/counter/apply/penalty_repair/{world.record('5')}",
        {"f-correction": "<b>整改</b>", "f-performed_on": "2026-09-10"},
    )
    assert typed.status_code == 400
    assert "&lt;b&gt;整改&lt;/b&gt;" in typed.content.decode()


@pytest.mark.usefixtures("undone")
def test_what_an_officer_decides_by_an_old_page_is_refused(world: World) -> None:
    case = opened(world, "1")
    assert world.step("clerk", case, "accept", seen=1).status_code == 302
    late = world.step("head", case, "not_accept", seen=1, reason="材料不实")
    assert late.status_code == 400
    assert "已有新的办理" in late.content.decode()
    assert CaseAct.objects.filter(case=case).count() == 2


def test_of_two_officers_at_once_one_is_refused(world: World) -> None:
    case = opened(world, "7")
    codes: list[str] = []
    ready = threading.Barrier(2)

    def act(part: str, step: str, reason: str) -> None:
        actor = Actor(id=part, role=ROLES[part]["role"], agency="environment")
        ready.wait()
        try:
            take_step(
                declarations=world.intake.declarations, actor=actor, case=case, step=step, seen=1,
                form={}, papers=(), reason=reason, now=dt.datetime.now(dt.UTC),
            )  # fmt: skip
            codes.append("done")
        except Refusal as refusal:
            codes.append(refusal.code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=act, args=("clerk", "accept", "")),
        threading.Thread(target=act, args=("head", "not_accept", "不实")),
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(codes) == ["CASE_MOVED", "done"]
    assert CaseAct.objects.filter(case=case).count() == 2


@pytest.mark.usefixtures("undone")
def test_killed_between_the_delivery_and_the_note_of_it_it_is_one_delivery(world: World) -> None:
    case = opened(world, "1")
    world.step("clerk", case, "accept", seen=1)
    world.step("signer", case, "grant", seen=2)
    before = Delivery.objects.count()
    home, declarations = world.intake.home, world.intake.declarations
    moment = world.intake.now
    (first,) = carry_out(home=home, declarations=declarations, clock=lambda: moment)
    # As after a kill: the delivery is durable, that it was made is not noted.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM case_effect")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert carry_out(home=home, declarations=declarations, clock=lambda: moment) == (first,)
    assert Delivery.objects.count() == before + 1
    assert CaseEffect.objects.get(case=case).delivery == first
    assert Delivery.objects.get(number=first).idempotency_key == f"case/{case}/3"
    assert Delivery.objects.get(number=first).submitted_by == OPERATOR.id


@pytest.mark.usefixtures("undone")
def test_a_record_that_was_corrected_meanwhile_is_repaired_as_it_stands_now(
    world: World, client: Client
) -> None:
    case = opened(world, "1")
    world.step("clerk", case, "accept", seen=1)
    world.intake(
        "penalties_2018", [COMPANY.penalty("1", CF_JDRQ=ago(180), CF_NR="罚款人民币九万元")],
        agency="environment",
    )  # fmt: skip
    world.step("signer", case, "grant", seen=2)
    world.work()
    assert CaseEffect.objects.get(case=case).trouble == ""
    found = world.record("1")
    assert client.get(f"/s/{COMPANY.uscc}/records/{found}").status_code == 404


@pytest.mark.usefixtures("undone")
def test_a_record_that_was_withdrawn_meanwhile_is_told_to_an_officer(world: World) -> None:
    case = opened(world, "1")
    world.step("clerk", case, "accept", seen=1)
    world.intake(
        "penalties_2018", [COMPANY.penalty("1", CF_JDRQ=ago(180))], agency="environment",
        intent="withdraw",
    )  # fmt: skip
    world.step("signer", case, "grant", seen=2)
    world.work()
    assert CaseEffect.objects.get(case=case).trouble == "OUTCOME_GONE"
    assert case in world.sit_down("clerk").get("/desk/cases?state=troubled").content.decode()


@pytest.mark.usefixtures("undone")
def test_the_files_of_cases_are_what_follows_from_their_acts(world: World) -> None:
    case = opened(world, "1")
    world.step("clerk", case, "accept", seen=1)
    world.step("clerk", case, "ask", seen=2, reason="凭证不清")
    declarations = world.intake.declarations
    assert files_amiss(declarations=declarations) == ()
    CaseFile.objects.update(state="repaired", is_open=False)
    assert case in files_amiss(declarations=declarations)
    rebuild_files(declarations=declarations)
    assert files_amiss(declarations=declarations) == ()
    assert CaseFile.objects.get(number=case).state == "supplementing"


@pytest.mark.usefixtures("undone")
def test_after_fraud_no_other_repair_is_applied_for(world: World) -> None:
    case = opened(world, "1")
    world.step("clerk", case, "accept", seen=1)
    world.step("signer", case, "grant", seen=2)
    world.work()
    assert world.step("head", case, "annul", seen=3, reason="凭证系伪造").status_code == 302
    world.work()
    shown = Client(SERVER_NAME="localhost").get(f"/s/{COMPANY.uscc}").content.decode()
    assert "〔2026〕1号" in shown
    answer = world.apply("5")
    assert answer.status_code == 400
    assert CaseFile.objects.count() == 1 + CaseFile.objects.exclude(number=case).count()


@pytest.mark.usefixtures("undone")
def test_personal_fields_stand_in_no_list(world: World) -> None:
    opened(world, "1")
    for address in ("/desk/cases", "/desk/"):
        assert "020-12345678" not in world.sit_down("clerk").get(address).content.decode()
