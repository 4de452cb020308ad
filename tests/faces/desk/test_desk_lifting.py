"""A debtor is refused on paper; once the court deletes him, the body is told and confirms."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from django.test import Client
from tests.cast import COMPANY
from tests.domains.credit.handling.rows import debtor
from tests.faces.desk.test_desk_handling import checked, page
from tests.faces.desk.world import World
from tests.state import execute, value
from tests.stories.printed import number_and_code

from yuexin.domains.credit.handling.liftings import tell_liftings
from yuexin.engines.declare.queries import current

pytestmark = pytest.mark.usefixtures("undone")
LIFTINGS = "/desk/handling/liftings"


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pytest.fixture
def clerk(world: World) -> Client:
    world.intake("judgement_debtors", [debtor(COMPANY)], now=now())
    return world.sit_down("clerk")


@pytest.fixture
def address(clerk: Client) -> str:
    """Of the answer by which COMPANY is refused."""
    return checked(clerk, COMPANY.uscc, case_no="粤采示例〔2026〕1号")


def applied(clerk: Client, address: str) -> None:
    today = now().astimezone(dt.timezone(dt.timedelta(hours=8))).date()
    given = {
        "acknowledged": "1", "subject": COMPANY.uscc, "measure": "procurement_refused",
        "applied": "1", "result": "refused", "done_on": today.isoformat(),
    }  # fmt: skip
    assert clerk.post(address, given).status_code == 302


def released(world: World) -> int:
    """The court deletes the entry; the worker tells whoever applied a measure."""
    gone = debtor(COMPANY, 名单状态="已移出", 删除日期="2026-11-24", 删除原因="全部履行")
    world.intake("judgement_debtors", [gone], now=now())
    return tell_liftings(declarations=current(), now=now())


def test_the_proof_is_for_the_body_that_asked_and_anybody_may_verify_it(
    world: World, clerk: Client, client: Client, address: str
) -> None:
    paper = clerk.post(f"{address}/proof")
    assert paper.headers["Content-Type"] == "application/pdf"
    number, code = number_and_code(paper.content)
    told = client.get("/verify", {"n": number, "c": code}).content.decode()
    assert "这份核查文书是真的" in told
    for hidden in (COMPANY.name, COMPANY.uscc, "失信", "不予办理", "广东省生态环境厅"):
        assert hidden not in told, hidden
    check = address.rpartition("/")[2]
    digest = value("SELECT digest FROM handling_check WHERE number = %s", check)
    told = client.get("/verify", {"n": check, "c": digest}).content.decode()
    assert "这份核查文书是真的" in told
    assert COMPANY.uscc not in told
    wrong = client.get("/verify", {"n": check, "c": digest[:-1] + "!"}).content.decode()
    assert "这份核查文书是真的" in wrong, "its first sixty-three digits still name it"
    other = "0" * 64 if digest[0] != "0" else "1" * 64
    assert (
        "没有编号和校验码都相符" in client.get("/verify", {"n": check, "c": other}).content.decode()
    )
    for part in ("chief", "steward", "owner", "citizen"):
        assert world.sit_down(part).post(f"{address}/proof").status_code in (403, 404), part
    assert client.post(f"{address}/proof").status_code == 302, "to the entrance"


def test_a_refusal_is_a_draft_until_an_officer_signs_it(clerk: Client, address: str) -> None:
    where, asked = f"{address}/refusal", {"subject": COMPANY.uscc}
    draft = clerk.get(where, asked)
    assert draft.headers["Content-Type"] == "application/pdf"
    assert value("SELECT count(*) FROM issued_paper WHERE about LIKE 'check/%%'") == 0
    assert clerk.post(where, {**asked, "do": "sign"}).status_code == 404, "nobody signed it"
    told = page(clerk, address)
    assert "有权签发的角色" in told
    assert f"{address}/signing?subject={COMPANY.uscc}" in told
    text = page(clerk, f"{address}/signing?subject={COMPANY.uscc}")
    for said in ("决定书全文", "不服怎么办", "行政复议", "（2025）粤0606执示例1号",
                 "广东省生态环境厅", "窗口与经办人员", "检查人员", "已核对，签发"):  # fmt: skip
        assert said in text, said
    assert value("SELECT count(*) FROM handling_act WHERE kind = 'refusal_signed'") == 0
    signed = clerk.post(f"{address}/signing", asked)
    assert signed.status_code == 302
    told = page(clerk, signed.headers["Location"])
    for said in ("不予办理决定已签发", "不能重签", "下载已签发的不予办理决定书"):
        assert said in told, said
    assert "/signing" not in told
    assert clerk.post(f"{address}/signing", asked).status_code == 400, "once"
    assert clerk.get(f"{address}/signing", asked).status_code == 400
    paper = clerk.post(where, asked)
    assert number_and_code(paper.content)
    assert value("SELECT count(*) FROM handling_act WHERE kind = 'refusal_signed'") == 1
    assert clerk.post(f"{address}/signing", {"subject": "nobody"}).status_code == 400


def test_who_has_no_role_that_refuses_is_told_who_has(world: World) -> None:
    world.intake("judgement_debtors", [debtor(COMPANY)], now=now())
    chief = world.sit_down("chief")
    address = checked(chief, COMPANY.uscc)
    told = page(chief, address)
    assert "您的角色不能签发" in told
    assert "/signing" not in told
    answer = chief.post(f"{address}/signing", {"subject": COMPANY.uscc})
    assert answer.status_code == 403
    assert "窗口与经办人员、检查人员" in answer.content.decode()
    assert value("SELECT count(*) FROM handling_act WHERE kind = 'refusal_signed'") == 0


def test_an_answer_whose_list_was_left_since_says_so_and_leads_to_a_new_check(
    world: World, clerk: Client, address: str
) -> None:
    kept = value("SELECT answer FROM handling_check")
    assert "请重新核查" not in page(clerk, address)
    world.intake(
        "judgement_debtors",
        [debtor(COMPANY, 名单状态="已移出", 删除日期="2026-11-24", 删除原因="全部履行")],
        now=now(),
    )
    told = page(clerk, address)
    for said in ("核查之后已有变化，请重新核查", "2026年11月24日", "起不再成立", "依法不予办理",
                 "只能依当天的、仍然成立的核查结果签发"):  # fmt: skip
        assert said in told, said
    assert "/signing" not in told
    assert clerk.post(f"{address}/signing", {"subject": COMPANY.uscc}).status_code == 400
    hidden = re.findall(r'type="hidden" name="(scene|item|case_no|lines)" value="([^"]*)"', told)
    asked = dict(hidden)
    assert asked == {
        "scene": "procurement", "item": "", "case_no": "粤采示例〔2026〕1号", "lines": COMPANY.uscc,
    }  # fmt: skip
    again = clerk.post("/desk/handling", asked)
    assert again.status_code == 302
    fresh = page(clerk, again.headers["Location"])
    assert "未见须采取的措施" in fresh
    assert "粤采示例〔2026〕1号" in fresh
    assert value("SELECT answer FROM handling_check ORDER BY at LIMIT 1") == kept


def test_a_list_that_was_no_ground_is_told_once_it_was_left(world: World, clerk: Client) -> None:
    address = checked(clerk, COMPANY.uscc, scene="registration")
    assert "还在这些名单中，但不是本环节的依据" in page(clerk, address)
    assert "现在已不在这个名单中" not in page(clerk, address)
    released(world)
    told = page(clerk, address)
    assert "核查之后已有变化，请重新核查" in told
    assert "失信被执行人名单" in told.partition("以下是当时的答复")[0]
    assert "重新核查这 1 个主体" in told


def test_an_answer_of_an_earlier_day_offers_a_new_check(clerk: Client, address: str) -> None:
    assert "此后可能有变化" not in page(clerk, address)
    execute("ALTER TABLE handling_check DISABLE TRIGGER USER")
    number = address.rpartition("/")[2]
    kept = json.loads(value("SELECT answer FROM handling_check"))
    kept["at"] = (now() - dt.timedelta(days=3)).isoformat()
    execute("UPDATE handling_check SET at = at - interval '3 days', answer = %s", json.dumps(kept))
    told = page(clerk, f"/desk/handling/{number}")
    assert "此后可能有变化" in told
    assert "重新核查这 1 个主体" in told
    assert "核查之后已有变化" not in told


def test_a_body_is_told_once_that_its_measure_is_to_end_and_confirms(
    world: World, clerk: Client, address: str
) -> None:
    applied(clerk, address)
    assert "没有须解除的措施" in page(clerk, LIFTINGS)
    assert released(world) == 1
    assert tell_liftings(declarations=current(), now=now()) == 0
    assert "1 项措施应予解除" in page(clerk, "/desk/handling")
    told = page(clerk, LIFTINGS)
    assert COMPANY.uscc in told
    start = page(clerk, "/desk/")
    for said in ("应予解除的措施：1 项待确认", f"须解除对{COMPANY.name}的措施"):
        assert said in start, said
    for here in (told, start):
        for said in (COMPANY.name, "失信被执行人", "2026年11月24日", "起不再成立"):
            assert said in here, said
    assert "应予解除的措施" not in page(world.sit_down("chief"), "/desk/")
    chief = page(world.sit_down("chief"), LIFTINGS)
    assert "尚未确认的部门" in chief
    assert "广东省生态环境厅" in chief
    assert COMPANY.uscc not in chief, "of whom is the body's alone"
    number = value("SELECT id FROM handling_feedback")
    given = {"lifting": str(number), "withdrawn_on": "2031-01-01"}
    early = clerk.post(LIFTINGS, given)
    assert early.status_code == 400
    assert "请改正这一项后重新提交" in early.content.decode()
    assert ">withdrawn_on<" not in early.content.decode(), "no name of a field"
    given["withdrawn_on"] = now().astimezone(dt.timezone(dt.timedelta(hours=8))).date().isoformat()
    assert world.sit_down("chief").post(LIFTINGS, given).status_code in (400, 404)
    assert clerk.post(LIFTINGS, given).status_code == 302
    assert clerk.post(LIFTINGS, given).status_code == 302, "said again it stands"
    assert value("SELECT count(*) FROM handling_act WHERE kind = 'lifting_confirmed'") == 1
    assert "应予解除的措施" not in page(clerk, "/desk/")
    assert "尚未确认的部门" not in page(world.sit_down("chief"), LIFTINGS)
    numbers = page(clerk, "/desk/handling/numbers")
    assert "100%" in numbers
    for rate in ("反馈率", "惩戒率"):
        cell = numbers.split(f'data-label="{rate}"')[1].split("</td>")[0]
        assert "1 / 1" in cell, rate
    head, line = clerk.get("/desk/handling/numbers.csv").content.decode("utf-8-sig").split()[:2]
    cells = dict(zip(head.split(","), line.split(","), strict=True))
    assert (cells["已反馈"], cells["已实施的措施"], cells["已给予的便利"]) == ("1", "1", "0")


def test_what_still_calls_for_it_is_not_lifted(world: World, clerk: Client, address: str) -> None:
    applied(clerk, address)
    world.intake("judgement_debtors", [debtor(COMPANY, "2")], now=now())
    assert tell_liftings(declarations=current(), now=now()) == 0
    assert "没有须解除的措施" in page(clerk, LIFTINGS)
