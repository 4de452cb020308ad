"""An entry in the list of serious dishonesty rests on a penalty of the firm's file, by the law of
the day of the violation: chosen, judged when it is told and again when it is signed."""

from __future__ import annotations

import re

import pytest
from tests.cast import COMPANY
from tests.faces.counter.world import HEAVY, TOLD, World, ago, at_register, penalised, to_tell

from yuexin.engines.cases.models import CaseAct, CaseFile
from yuexin.engines.records.models import Record

pytestmark = pytest.mark.usefixtures("undone")
ABOUT = f"/desk/cases/about/{COMPANY.uscc}/serious_listing?step=tell"
FOOD = {**TOLD, "f-ground": "food"}


def test_the_officer_chooses_among_the_penalties_of_market_regulation_in_the_file(
    world: World,
) -> None:
    penalty = penalised(world)
    page = at_register("clerk", "梁示例").get(ABOUT).content.decode()
    chosen = page.partition('name="f-rests_on"')[2].partition("</select>")[0]
    assert re.findall(r'<option value="([^"]+)"', chosen) == [penalty]
    assert "粤市监示例罚〔2026〕1号" in chosen
    grounds = page.partition('name="f-ground"')[2].partition("</select>")[0]
    assert "食品安全领域违法（《市场监督管理严重违法失信名单管理办法》第五条）" in grounds
    assert "2016年4月1日至2021年8月31日" in grounds


def test_a_penalty_of_another_body_is_none_to_rest_on(world: World) -> None:
    of_environment = {"f-rests_on": world.record("1"), "f-ended_on": ago(200)}
    answer = at_register("clerk", "梁示例").post(ABOUT, {**FOOD, **of_environment})
    assert answer.status_code == 400
    assert "“所依据的记录”应为档案中所列记录之一" in answer.content.decode()
    assert not CaseFile.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said", "why"),
    [
        ({"CF_NR_FK": "9.9"}, {}, "不符合“受到较重行政处罚"),
        ({"CF_ZT": "撤销"}, {}, "不符合“处罚决定没有被撤销、修复或者封存”"),
        ({}, {"f-ground": "medicine"}, "不属于“药品、医疗器械、化妆品领域违法”"),
        ({}, {"f-ended_on": "2021-08-31"}, "以后才是法定情形，行为发生在2021年8月31日"),
        ({}, {"f-ended_on": ago(3)}, "晚于所依据记录的日期"),
    ],
)  # fmt: skip
def test_what_is_no_ground_is_refused_in_a_sentence(
    world: World, changes: dict[str, str], said: dict[str, str], why: str
) -> None:
    given = {**FOOD, "f-rests_on": penalised(world, **changes), "f-ended_on": ago(60), **said}
    answer = at_register("clerk", "梁示例").post(ABOUT, given)
    assert answer.status_code == 400
    assert why in answer.content.decode()
    assert not CaseFile.objects.exists()


def test_what_was_annulled_meanwhile_is_not_signed(world: World) -> None:
    case = _to_decide(world)
    penalised(world, CF_ZT="撤销")
    signer = at_register("signing_officer", "罗示例")
    answer = signer.post(f"/desk/cases/{case}", {"step": "list", "seen": "3", "reason": "情节严重"})
    assert answer.status_code == 400
    assert "不符合“处罚决定没有被撤销、修复或者封存”" in answer.content.decode()
    assert CaseFile.objects.get(number=case).is_open


def test_a_corrected_penalty_is_the_same_one_and_the_entry_names_it(world: World) -> None:
    case = _to_decide(world)
    penalised(world, CF_NR="罚款人民币壹拾贰万元")
    signer = at_register("signing_officer", "罗示例")
    page = signer.get(f"/desk/cases/{case}").content.decode()
    assert "粤市监示例罚〔2026〕1号" in page.partition("所依据的记录")[2][:200]
    answer = signer.post(f"/desk/cases/{case}", {"step": "list", "seen": "3", "reason": "情节严重"})
    assert answer.status_code == 302, answer.content.decode()
    world.work()
    entry = Record.objects.get(kind="serious_dishonesty", superseded_at=None).body
    assert entry["penalty_doc_no"] == HEAVY["CF_WSH"]
    assert (entry["category"], entry["doc_no"]) == ("food", case)
    assert entry["list_basis"] == "《市场监督管理严重违法失信名单管理办法》第五条"


def _to_decide(world: World) -> str:
    """A case in which the hearing that was asked for is over."""
    clerk = at_register("clerk", "梁示例")
    assert clerk.post(ABOUT, to_tell(world)).status_code == 302
    case = CaseFile.objects.get(process="serious_listing").number
    assert world.step("owner", case, "ask_hearing", seen=1).status_code == 302
    heard = {"step": "heard", "seen": "2", "reason": "已听取意见"}
    assert clerk.post(f"/desk/cases/{case}", heard).status_code == 302
    assert CaseAct.objects.filter(case=case).count() == 3
    return case
