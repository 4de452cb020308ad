"""What a body opens about a firm: its owner is led to the case, and both read before they act."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.cast import COMPANY
from tests.faces.counter.world import (
    TOLD,
    World,
    at_register,
    paper,
    to_tell,
    told_in_advance,
)

from yuexin.base.dates import today
from yuexin.engines.cases.models import CaseFile
from yuexin.engines.notices.models import Notice
from yuexin.engines.records.models import Record

pytestmark = pytest.mark.usefixtures("undone")
ABOUT = f"/desk/cases/about/{COMPANY.uscc}/serious_listing?step=tell"


@pytest.fixture
def case(world: World) -> str:
    return told_in_advance(world, at_register("clerk", "梁示例"))


def test_the_owner_is_told_the_matter_and_led_to_the_case(world: World, case: str) -> None:
    notice = Notice.objects.get(about=f"case/{case}")
    assert notice.link == f"/counter/cases/{case}"
    assert notice.said["zh"]["title"] == (
        f"对 {COMPANY.uscc} 的办理：列入严重违法失信名单，事先告知"
    )
    assert notice.said["en"]["title"] == (
        f"About {COMPANY.uscc}: Entry in the list of serious dishonesty, Tell in advance"
    )
    page = world.sit_down("owner").get(notice.link).content.decode()
    for said in TOLD.values():
        assert said in page


def test_my_credit_says_what_is_being_decided_what_one_can_do_and_until_when(
    world: World, case: str
) -> None:
    owner = world.sit_down("owner")
    _, _, block = owner.get("/counter/").content.decode().partition("正在对您办理的")
    block = block.partition("</div>")[0]
    assert f'href="/counter/cases/{case}"' in block
    assert "您现在可以：陈述、申辩；要求听证" in block
    due = CaseFile.objects.get(number=case).due
    assert due is not None
    assert "要求听证的期限" in block
    assert f'<time datetime="{due}">' in block
    english = owner.get("/counter/", headers={"Accept-Language": "en"}).content.decode()
    assert "Being decided about you" in english
    assert "正在对您办理的" not in world.sit_down("stranger").get("/counter/").content.decode()


def test_what_one_applied_for_oneself_is_not_being_decided_about_one(world: World) -> None:
    assert world.apply("1").status_code == 302
    assert "正在对您办理的" not in world.sit_down("owner").get("/counter/").content.decode()


def test_an_answer_does_not_forfeit_the_hearing_and_the_owner_learns_its_day(
    world: World, case: str
) -> None:
    assert world.step("owner", case, "plead", seen=1, **{"f-plea": "已整改"}).status_code == 302
    assert world.step("owner", case, "ask_hearing", seen=2).status_code == 302
    called = {
        "step": "call_hearing",
        "seen": "3",
        "f-hearing_date": "2027-01-15",
        "f-place": "三楼",
    }
    handler = at_register("inspector", "欧示例")
    soon = (dt.datetime.now(dt.UTC) + dt.timedelta(days=2)).date().isoformat()
    refused = handler.post(f"/desk/cases/{case}", called | {"f-hearing_date": soon})
    assert refused.status_code == 400
    assert "须提前 7 个工作日通知" in refused.content.decode()
    assert handler.post(f"/desk/cases/{case}", called).status_code == 302
    page = world.sit_down("owner").get(f"/counter/cases/{case}").content.decode()
    assert "2027年1月15日" in page
    last = Notice.objects.filter(about=f"case/{case}").latest("told_at")
    assert "通知听证时间、地点" in last.said["zh"]["title"]


def test_an_officer_reads_what_was_said_before_the_button_and_who_said_it(
    world: World, case: str
) -> None:
    asked = world.step("owner", case, "ask_hearing", seen=1)
    assert asked.status_code == 302
    signer = at_register("signing_officer", "罗示例")
    assert "没有在计时的时限" in signer.get("/desk/cases").content.decode()
    page = signer.get(f"/desk/cases/{case}").content.decode()
    assert page.index(TOLD["f-cause"]) < page.index('<h2 id="steps">') < page.index("听证结束")
    assert "广东省市场监督管理局 · 窗口与经办人员 · 梁示例" in page
    assert "login-of-clerk" not in page
    assert "当事人" in page
    assert "申请人" not in page.partition("<main")[2]
    counter = world.sit_down("owner").get(f"/counter/cases/{case}").content.decode()
    assert "有进展会发通知" in counter
    assert "广东省市场监督管理局 · 窗口与经办人员" in counter
    assert "梁示例" not in counter


def test_a_decision_says_what_can_be_done_against_it(world: World) -> None:
    head = at_register("signing_officer", "罗示例")
    clerk = at_register("clerk", "梁示例")
    about = f"/desk/cases/about/{COMPANY.uscc}/abnormal_listing?step=verify"
    verified = {"f-cause": "4", "reason": "查无下落", "p-evidence": paper()}
    assert clerk.post(about, verified).status_code == 302
    case = CaseFile.objects.get(process="abnormal_listing").number
    listed = {"step": "list", "seen": "1", "f-cause": "4"}
    assert head.post(f"/desk/cases/{case}", listed).status_code == 302
    page = world.sit_down("owner").get(f"/counter/cases/{case}").content.decode()
    assert "六十日内申请行政复议" in page
    assert "正在执行：平台会自动办理" in page
    assert "<h2>时限</h2>" in head.get(f"/desk/cases/{case}").content.decode()


def test_a_refused_field_is_led_to_and_marked(world: World) -> None:
    clerk = at_register("clerk", "梁示例")
    answer = clerk.post(ABOUT, {**to_tell(world), "f-cause": ""})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'role="alert" tabindex="-1" autofocus' in page
    assert '<a href="#tell-cause">' in page
    field = page.partition('<textarea id="tell-cause"')[2].partition(">")[0]
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="tell-cause-w"' in field
    assert 'id="tell-cause-w"' in page
    assert ">cause<" not in page
    assert page.count('aria-invalid="true"') == 1


ROOM = "/desk/lists/proposed?process=abnormal_listing"


def test_a_proposal_names_the_year_the_record_and_the_day_and_is_declined_with_a_reason(
    world: World,
) -> None:
    head = at_register("signing_officer", "罗示例")
    page = head.get(ROOM).content.decode()
    on = today(dt.datetime.now(dt.UTC))
    owed = on.year - 1 if on > dt.date(on.year, 7, 2) else on.year - 2
    assert f"{owed} 年度的年度报告，应在" in page
    assert ('href="#signing"' in page, 'id="signing"' in page) == (True, True)
    record = Record.objects.get(kind="registration", body__uscc=COMPANY.uscc, superseded_at=None)
    assert f'href="/desk/subjects/{COMPANY.uscc}#r{record.pk}">登记注册</a>' in page
    said = {"subject": str(record.subject)}
    confirm = head.post(ROOM, {**said, "act": "refuse"}).content.decode()
    assert "将决定对 1 户不予办理" in confirm
    again = head.post(ROOM, {**said, "act": "decline", "reason": " "}).content.decode()
    assert "没有写明理由" in again
    assert 'aria-invalid="true"' in again
    assert CaseFile.objects.count() == 0
    done = head.post(ROOM, {**said, "act": "decline", "reason": "已在窗口补报"}).content.decode()
    assert "已决定对 1 户不予办理" in done
    case = CaseFile.objects.get(process="abnormal_listing")
    assert not case.is_open
    left = head.get(f"{ROOM}&left=1").content.decode()
    assert "已在窗口补报" in left
    assert f'href="/desk/cases/{case.number}"' in left
    english = head.get(f"{ROOM}&left=1", headers={"Accept-Language": "en"}).content.decode()
    assert "declined, with a reason" in english.lower()


def test_a_body_that_registers_nobody_reads_why_nothing_comes_here(world: World) -> None:
    page = world.sit_down("signer").get(ROOM).content.decode()
    assert "本部门没有登记任何主体，所以这里是空的" in page
    assert "列入经营异常名录" in page
    assert "规则提出 0 户" not in page
