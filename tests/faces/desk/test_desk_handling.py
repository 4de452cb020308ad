"""An officer checks at the desk, reads the answer at a glance and says what he did."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from tests.cast import COMPANY, TRADER, entity
from tests.domains.credit.handling.rows import barred, debtor, grade_a
from tests.faces.desk.world import World
from tests.state import value

pytestmark = pytest.mark.usefixtures("undone")
ROOM = "/desk/handling"


@pytest.fixture
def clerk(world: World) -> Client:
    # Of today: what its source has not told lately refuses nobody.
    now = dt.datetime.now(dt.UTC)
    world.intake("judgement_debtors", [debtor(COMPANY)], now=now)
    world.intake("tax_a_grades", [grade_a(TRADER)], now=now)
    return world.sit_down("clerk")


def page(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.content.decode()[-3000:]
    return answer.content.decode()


def checked(browser: Client, *codes: str, scene: str = "procurement", **more: str) -> str:
    """The address of the answer."""
    given = {"scene": scene, "lines": "\n".join(codes), **more}
    answer = browser.post(ROOM, given)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def test_a_debtor_is_refused_and_answered_for_in_two_presses(clerk: Client) -> None:
    address = checked(clerk, COMPANY.uscc, case_no="粤采示例〔2026〕1号")
    told = page(clerk, address)
    for said in ("依法不予办理", COMPANY.name, "广东省高级人民法院", "（2025）粤0606执示例1号",
                 "确认知悉，已实施", "须确认知悉"):  # fmt: skip
        assert said in told, said
    given = {
        "acknowledged": "1", "subject": COMPANY.uscc, "measure": "procurement_refused",
        "applied": "1", "result": "refused", "done_on": "2026-11-24",
    }  # fmt: skip
    assert clerk.post(address, given).status_code == 302
    told = page(clerk, address)
    assert "已反馈" in told
    assert "不予办理" in told
    assert "确认知悉，已实施" not in told
    assert value("SELECT count(*) FROM handling_feedback") == 1
    again = clerk.post(address, given)
    assert again.status_code == 400
    assert "已经反馈过" in again.content.decode()


def test_every_list_that_a_measure_names_is_told_by_page_table_and_refusal(
    world: World, clerk: Client
) -> None:
    world.intake("procurement_dishonesty", [barred(COMPANY)], now=dt.datetime.now(dt.UTC))
    address = checked(clerk, COMPANY.uscc)
    told = page(clerk, address)
    for said in (
        "失信被执行人",
        "政府采购严重违法失信",
        "（2025）粤0606执示例1号",
        "提供虚假材料谋取中标",
    ):
        assert said in told, said
    assert "不是本环节的依据" not in told
    refusal = page(clerk, f"{address}/signing?subject={COMPANY.uscc}")
    for text in (page(clerk, f"{address}.csv"), refusal):
        assert "失信被执行人" in text
        assert "政府采购严重违法失信" in text


def test_what_a_person_has_to_look_at_is_not_green_in_the_list(clerk: Client) -> None:
    address = checked(clerk, f"{COMPANY.uscc[:-1]}0")
    assert "须人工核实" in page(clerk, address)
    assert "须人工核实" in page(clerk, ROOM)
    assert "未见须采取的措施" not in page(clerk, ROOM)


def test_the_scene_is_chosen_once_and_many_are_counted(clerk: Client) -> None:
    address = checked(clerk, COMPANY.uscc, TRADER.uscc, entity(9).uscc, scene="licensing")
    told = page(clerk, address)
    assert "3 个主体" in told
    for said in ("须人工核实", "可予便利"):
        assert said in told, said
    assert "没有收录" not in told
    assert TRADER.uscc in told
    one = page(clerk, f"{address}?subject={TRADER.uscc}")
    assert "绿色通道" in one
    assert f'name="subject" value="{COMPANY.uscc}"' not in one
    table = clerk.get(f"{address}.csv").content.decode("utf-8-sig")
    asked = [line.split(",")[0] for line in table.splitlines()[1:]]
    assert list(dict.fromkeys(asked)) == [COMPANY.uscc, TRADER.uscc, entity(9).uscc]
    assert "须人工核实" in table.splitlines()[-1]
    assert '<option value="licensing" selected>' in page(clerk, ROOM)


def test_what_is_listed_again_is_checked_once_and_said(clerk: Client) -> None:
    written = f"{COMPANY.uscc[:8]} {COMPANY.uscc[8:].lower()}"
    address = checked(clerk, *[COMPANY.uscc] * 150, TRADER.uscc, *[written] * 50)
    told = page(clerk, address)
    assert "2 个主体" in told
    assert "有 199 行与其他行重复" in told
    assert value("SELECT subjects FROM handling_check") == 2
    table = clerk.get(f"{address}.csv").content.decode("utf-8-sig").splitlines()[1:]
    assert len(table) == len({line.split(",")[0] for line in table}) == 2
    alone = page(clerk, checked(clerk, COMPANY.uscc, COMPANY.uscc))
    assert "确认知悉，已实施" in alone, "one firm stays one firm"
    assert "有 1 行与其他行重复" in alone


def test_several_are_answered_for_by_one_press_each_and_the_next_comes_by_itself(
    world: World, clerk: Client
) -> None:
    third = entity(9)
    now = dt.datetime.now(dt.UTC)
    world.intake("registration", [third.registration()], now=now)
    world.intake("judgement_debtors", [debtor(COMPANY), debtor(third, "2")], now=now)
    address = checked(clerk, COMPANY.uscc, third.uscc, TRADER.uscc)
    told = page(clerk, address)
    assert "逐个反馈：还有 2 个主体" in told
    first, second = COMPANY.uscc, third.uscc
    given = {
        "acknowledged": "1", "measure": "procurement_refused", "applied": "1",
        "result": "refused", "done_on": "2026-11-24",
    }  # fmt: skip
    assert f'href="?subject={second}"' in page(clerk, f"{address}?subject={first}")
    gone_on = clerk.post(f"{address}?subject={first}", {**given, "subject": first})
    told = page(clerk, gone_on.headers["Location"])
    assert "下面是下一个待反馈的主体" in told
    assert f'name="subject" value="{second}"' in told
    assert f'name="subject" value="{first}"' not in told
    done = clerk.post(gone_on.headers["Location"], {**given, "subject": second})
    told = page(clerk, done.headers["Location"])
    assert "已全部反馈" in told
    assert "逐个反馈" not in told
    assert value("SELECT count(*) FROM handling_feedback") == 2


def test_what_falls_upon_a_whole_consortium_stands_before_the_tables(clerk: Client) -> None:
    told = page(clerk, checked(clerk, COMPANY.uscc, TRADER.uscc, consortium="1"))
    assert told.count("整个联合体不予办理") == 1
    assert told.index("整个联合体不予办理") < told.index("<table")
    one = page(
        clerk, f"{checked(clerk, COMPANY.uscc, TRADER.uscc, consortium='1')}?subject={COMPANY.uscc}"
    )
    assert one.index("整个联合体不予办理") < one.index("因为")


def test_nobody_else_reads_it(world: World, clerk: Client) -> None:
    address = checked(clerk, COMPANY.uscc)
    for part in ("chief",):
        assert world.sit_down(part).get(address).status_code == 404
    assert world.sit_down("inspector").get(address).status_code == 200, "of the same body"
    for part in ("steward", "auditor", "owner", "citizen"):
        assert world.sit_down(part).get(address).status_code in (403, 404), part
        assert world.sit_down(part).get(ROOM).status_code == 403, part
    assert "办事核查" not in page(world.sit_down("auditor"), "/desk/")


def test_the_subject_sees_that_it_was_checked(world: World, clerk: Client) -> None:
    checked(clerk, COMPANY.uscc)
    told = page(world.sit_down("owner"), "/account")
    assert "广东省生态环境厅" in told
    assert "政府采购" in told
    assert "clerk" not in told


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"scene": "procurement", "lines": ""}, "清单是空的"),
        ({"scene": "", "lines": COMPANY.uscc}, "没有这个环节"),
        ({"scene": "procurement", "lines": f"{COMPANY.uscc}\n" * 100_001}, "100,001"),
    ],
)
def test_what_makes_no_sense_is_said_on_the_form(
    clerk: Client, given: dict[str, str], said: str
) -> None:
    answer = clerk.post(ROOM, given)
    assert answer.status_code in (400, 413)
    assert said in answer.content.decode()


def test_a_name_alone_leads_to_a_check_of_the_code_that_has_it(clerk: Client) -> None:
    told = page(clerk, checked(clerk, COMPANY.name, item="办公设备"))
    assert "先核对代码，填对以后重新核查" in told
    assert "稍后反馈" not in told
    assert f"改查 {COMPANY.uscc}" in told
    form = told.partition(f"改查 {COMPANY.uscc}")[0].rpartition("<form")[2]
    given = dict(re.findall(r'name="(scene|item|case_no|lines)" value="([^"]*)"', form))
    assert given["lines"] == COMPANY.uscc
    again = clerk.post(ROOM, given)
    assert COMPANY.name in page(clerk, str(again.headers["Location"]))
