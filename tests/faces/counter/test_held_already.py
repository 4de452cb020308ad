"""What is held already is not asked for: it is offered, told from where, and may be changed."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.cast import COMPANY, OPERATOR, TRADER
from tests.faces.counter.test_shielding import RULING
from tests.faces.counter.world import PDF, World, ago, paper
from tests.faces.entrance import people
from tests.scanner import listening

from yuexin.base.dates import day_text, today
from yuexin.engines.access.operations import open_by_phone, verify_identity
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.about import about_of
from yuexin.engines.cases.models import CaseAct, CasePaper
from yuexin.engines.cases.queries import offered
from yuexin.engines.records.models import Record

pytestmark = pytest.mark.usefixtures("undone")
NUMBER = "13900139001"


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def case_of(answer: Any) -> str:
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"].removeprefix("/counter/cases/").partition("?")[0])


def form(world: World, part: str, process: str, number: str) -> str:
    page = world.sit_down(part).get(f"/counter/apply/{process}/{world.record(number)}")
    assert page.status_code == 200
    return page.content.decode()


def value_of(page: str, field: str) -> str:
    found = re.search(rf'name="f-{field}" value="([^"]*)"', page)
    assert found, field
    return found[1]


def bare(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page)


def again(page: str, slot: str) -> list[str]:
    return re.findall(rf'name="a-{slot}" value="([^"]+)"', page)


def by_phone(world: World) -> str:
    """One more who acts for the company, and signs in by his telephone; known by no name yet."""
    holder = open_by_phone(home=world.intake.home, number=f"+86{NUMBER}", now=now())
    people.grant(holder, role="owner", agency="", subject_code=COMPANY.uscc)
    world.accounts["holder"] = holder
    return "holder"


def test_whoever_applies_finds_his_name_and_his_number_in_the_form(world: World) -> None:
    part = by_phone(world)
    page = form(world, part, "objection", "6")
    assert value_of(page, "phone") == NUMBER
    assert value_of(page, "contact") == "", "a number with stars is nobody's name"
    assert "已按您的账号填好，可以改" in page
    verify_identity(
        home=world.intake.home, actor=OPERATOR, account=world.accounts[part], name="何示例",
        document="id_number", number="440106199003071231", how="window", now=now(),
    )  # fmt: skip
    for process in ("objection", "penalty_repair", "bankruptcy_shielding"):
        page = form(world, part, process, "6")
        assert (value_of(page, "contact"), value_of(page, "phone")) == ("何示例", NUMBER)


def test_what_is_offered_is_sent_by_the_form_alone_and_can_be_changed(world: World) -> None:
    part = by_phone(world)
    page = f"/counter/apply/objection/{world.record('6')}"
    nothing = world.sit_down(part).post(page, {"f-wrong": "金额不对", "f-contact": "何示例"})
    assert nothing.status_code == 400, "a number that was not sent is not filled in behind the form"
    refused = nothing.content.decode()
    assert value_of(refused, "phone") == "", "what was emptied stays so"
    given = {"f-wrong": "金额不对", "f-contact": "何示例", "f-phone": "020-12345678"}
    case = case_of(world.sit_down(part).post(page, given))
    assert CaseAct.objects.get(case=case).form["phone"] == "020-12345678"


def test_without_a_number_of_his_own_the_one_of_the_last_report_is_offered(world: World) -> None:
    assert value_of(form(world, "owner", "objection", "6"), "phone") == ""
    world.intake("annual_reports", [COMPANY.report(2025, 联系电话="0757-86000001")], now=now())
    page = form(world, "owner", "objection", "6")
    assert value_of(page, "phone") == "0757-86000001"
    assert value_of(page, "contact") == world.accounts["owner"].display_name
    report = world.intake.declarations.kinds["annual_report"].zh
    assert f"已按{report}填好，可以改" in page


def test_a_ruling_told_for_one_penalty_is_not_typed_again_for_the_next(world: World) -> None:
    said = {**RULING, "f-ruled_on": ago(10), "p-ruling": paper()}
    first = case_of(
        world.sit_down("owner").post(
            f"/counter/apply/bankruptcy_shielding/{world.record('5')}", said
        )
    )
    page = form(world, "owner", "bankruptcy_shielding", "6")
    assert value_of(page, "court") == RULING["f-court"]
    assert value_of(page, "ruling_no") == RULING["f-ruling_no"]
    assert value_of(page, "ruled_on") == ago(10)
    assert f"的办件 {first}填好，可以改" in page


def test_a_document_is_taken_again_without_another_upload(world: World) -> None:
    first = case_of(world.apply("6"))
    page = form(world, "owner", "penalty_repair", "7")
    (one,) = again(page, "proof")
    on = day_text(today(now())).zh
    assert f"{on}随“行政处罚信用修复”（{first}）交过" in bare(page)
    assert "checked" not in page.partition("以前交过的")[2].partition("</details>")[0]
    assert case_of(world.apply("7", **{"p-proof": [], "a-proof": one}))
    before, after = CasePaper.objects.filter(name="缴款凭证.pdf").order_by("case")
    assert (before.sha256, before.size_bytes) == (after.sha256, after.size_bytes)
    assert after.case != first
    officer = world.sit_down("clerk").get(f"/desk/cases/{after.case}").content.decode()
    assert f"本主体 {on}在另一办件中已交过" in bare(officer)
    assert (
        "在另一办件中已交过"
        not in world.sit_down("clerk").get(f"/desk/cases/{first}").content.decode()
    ), "the first time was the first"


def test_nothing_is_taken_again_unless_it_is_chosen(world: World) -> None:
    case_of(world.apply("6"))
    refused = world.apply("7", **{"p-proof": []})
    assert refused.status_code == 400
    assert "缺少材料“履行义务的证明”" in refused.content.decode()


def test_nobody_takes_what_another_firm_handed_in(world: World) -> None:
    case = case_of(world.apply("6"))
    paper_id = CasePaper.objects.get(case=case).pk
    world.intake(
        "penalties_2018", [TRADER.penalty("9", CF_JDRQ=ago(100))], agency="environment", now=now()
    )
    stranger, page = world.sit_down("stranger"), f"/counter/apply/objection/{world.record('9')}"
    assert again(stranger.get(page).content.decode(), "evidence") == []
    said = {"f-wrong": "不对", "f-contact": "陈示例", "f-phone": "020-12345678"}
    refused = stranger.post(page, {**said, "a-evidence": str(paper_id)})
    assert refused.status_code == 400
    assert "取不到" in refused.content.decode()
    assert stranger.post(page, {**said, "a-evidence": "nothing"}).status_code == 302


def test_what_came_before_there_was_a_scanner_is_looked_through_once(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    infected = PDF.replace(b"trailer", b"EICAR trailer")
    sent = SimpleUploadedFile("凭证.pdf", infected, content_type="application/pdf")
    bad = case_of(world.apply("6", **{"p-proof": [sent, paper()]}))
    ids = dict(CasePaper.objects.filter(case=bad).values_list("name", "id"))
    place = tmp_path / "clamd.sock"
    monkeypatch.setenv("YUEXIN_CLAMD", str(place))
    with listening(place) as seen:
        refused = world.apply("7", **{"p-proof": [], "a-proof": str(ids["凭证.pdf"])})
        assert refused.status_code == 400
        assert "恶意代码" in refused.content.decode()
        good = case_of(world.apply("7", **{"p-proof": [], "a-proof": str(ids["缴款凭证.pdf"])}))
        taken = CasePaper.objects.get(case=good)
        assert taken.scan == "clean"
        assert seen == [infected, PDF]
        case_of(world.apply("5", **{"p-proof": [], "a-proof": str(taken.pk)}))
        assert seen == [infected, PDF], "what was found clean is not looked through again"


def test_a_commitment_made_on_the_platform_is_not_asked_for_under_seal(world: World) -> None:
    asked = 'name="p-commitment_letter"'
    assert asked in form(world, "owner", "penalty_repair", "6")
    row = {
        "承诺编码": "粤诺示例2026-0009", "承诺人类别": "法人及非法人组织",
        "统一社会信用代码": COMPANY.uscc, "承诺人名称": COMPANY.name, "承诺类型": "信用修复型",
        "承诺事由": "信用修复",
        "承诺内容": "依法诚信经营", "承诺日期": ago(3), "受理单位": "广东省发展和改革委员会",
        "受理单位统一社会信用代码": "11440000MBYX00061A", "是否公示": "是",
    }  # fmt: skip
    world.intake("commitments", [row], now=now())
    page = form(world, "owner", "penalty_repair", "6")
    assert asked not in page
    assert "盖章的信用修复承诺书：平台已有" in bare(page)


def test_a_proof_that_was_false_is_offered_no_more(world: World) -> None:
    case = case_of(world.apply("6"))
    world.step("clerk", case, "accept", seen=1)
    world.step("signer", case, "grant", seen=2)
    world.work()
    assert again(form(world, "owner", "objection", "7"), "evidence") != []
    assert world.step("head", case, "annul", seen=3, reason="缴款凭证系伪造").status_code == 302
    assert again(form(world, "owner", "objection", "7"), "evidence") == []


def test_an_officer_who_applies_finds_nothing_of_himself_in_the_form(world: World) -> None:
    """The office opens a removal, whose form asks for no person: what is a person's is not his."""
    home, declared = world.intake.home, world.intake.declarations
    objection = declared.processes["objection"]
    officer = Actor(id=world.accounts["clerk"].login, role="clerk", agency="environment")
    subject, record = Record.objects.values_list("subject", "id").get(pk=world.record("6"))
    found = offered(
        home=home, declarations=declared, actor=officer, process=objection,
        step=objection.openings[0], about=about_of(subject=subject, record=record),
        on=today(now()),
    )  # fmt: skip
    assert (dict(found.known), dict(found.earlier)) == ({}, {})
