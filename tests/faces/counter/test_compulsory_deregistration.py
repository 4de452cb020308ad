"""A company that was revoked years ago is proposed and announced; anybody objects; another officer
deregisters it, and restores it; and its register says so each time."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from tests.cast import entity
from tests.faces.counter.world import World, ago, at_register

from yuexin.base.errors import Refusal
from yuexin.domains.collection.outcomes import carry_out
from yuexin.domains.hall.filing.told import answer_tellers
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.models import CaseAct, CaseFile
from yuexin.engines.cases.operations import take_due, take_step
from yuexin.engines.notices.models import Notice
from yuexin.engines.records.models import Record

pytestmark = pytest.mark.usefixtures("undone")
GONE, LATELY, ENDING = entity(41), entity(42), entity(43)
ROOM = "/desk/lists/proposed?process=compulsory_deregistration"
OBJECTION = "我是债权人，公司欠我货款，有合同和送货单"
OTHER = Actor(id="head-he", role="signing_officer", agency="market_regulation")
CLERK = Actor(id="clerk-ou", role="clerk", agency="market_regulation")


@pytest.fixture
def revoked(world: World) -> World:
    """GONE was revoked four years ago, LATELY two; ENDING tells its creditors that it ends."""
    rows = [
        firm.registration(登记状态="2", 核准日期=ago(days), 吊销日期=ago(days))
        for firm, days in ((GONE, 1500), (LATELY, 730), (ENDING, 1500))
    ]
    world.intake("registration", rows)
    world.intake("creditors_announcements", [_creditors(ENDING.uscc, ENDING.name)])
    return world


def _creditors(code: str, name: str) -> dict[str, str]:
    return {
        "统一社会信用代码": code, "名称": name, "公告编号": f"示例债〔2026〕{code[-4:]}号",
        "公告期自": ago(10), "公告期至": ago(-35), "公告状态": "公告中",
        "清算组成立日期": ago(12), "债权申报地点": "示例路1号", "债权申报电话": "020-12345678",
        "登记机关": "广东省市场监督管理局",
    }  # fmt: skip


def _announced(world: World) -> str:
    """The number of the case that an officer opened by signing for whom the rule proposes."""
    head = at_register("signing_officer", "罗示例")
    page = head.get(ROOM).content.decode()
    assert GONE.uscc in page
    assert LATELY.uscc not in page
    assert ENDING.uscc not in page
    assert ENDING.uscc in head.get(f"{ROOM}&left=1").content.decode()
    subject = str(Record.objects.get(kind="registration", body__uscc=GONE.uscc).subject)
    signed = head.post(ROOM, {"subject": subject, "act": "sign", "reason": "吊销满三年"})
    assert signed.status_code in (200, 302), signed.content.decode()
    world.work()
    return CaseFile.objects.get(process="compulsory_deregistration").number


def _public(case: str) -> str:
    found = Record.objects.get(
        kind="compulsory_deregistration", body__announcement_no=case, superseded_at=None
    )
    return f"/s/{GONE.uscc}/records/{found.pk}"


def _step(world: World, actor: Actor, case: str, step: str, now: dt.datetime, **form: str) -> None:
    seen = CaseFile.objects.get(number=case).seen
    take_step(
        declarations=world.intake.declarations, actor=actor, case=case, step=step, seen=seen,
        form=form, papers=(), reason="理由", now=now,
    )  # fmt: skip


def _work(world: World, now: dt.datetime) -> None:
    take_due(declarations=world.intake.declarations, now=now)
    carry_out(home=world.intake.home, declarations=world.intake.declarations, clock=lambda: now)
    world.intake.settle(now=now)


def _register() -> dict[str, str]:
    found = Record.objects.filter(kind="registration", body__uscc=GONE.uscc, superseded_at=None)
    latest = found.order_by("-valid_from").first()
    assert latest is not None
    body: dict[str, str] = latest.body
    return body


def test_anybody_objects_on_the_public_page_and_nothing_is_decided_meanwhile(
    revoked: World,
) -> None:
    case = _announced(revoked)
    visitor = Client(SERVER_NAME="localhost")
    page = visitor.get(_public(case)).content.decode()
    assert "公告中，可以提出异议" in page
    assert "原公司股东、清算义务人的责任不受影响" in page
    assert f'href="{_public(case)}/tell"' in page
    form = visitor.get(f"{_public(case)}/tell").content.decode()
    assert "债权人和其他利害关系人可以在公告期内提出异议" in form
    told = visitor.post(
        f"{_public(case)}/tell", {"what": OBJECTION, "contact": "creditor@example.org"}
    )
    assert told.status_code == 302, told.content.decode()
    followed = visitor.get(told.headers["Location"]).content.decode()
    assert "异议办到哪一步" in followed
    assert "有异议，审查中" in followed
    assert OBJECTION not in followed
    act = CaseAct.objects.get(case=case, number=2)
    assert (act.step, act.party, act.form) == ("object", "clock", {"objection": OBJECTION})
    desk = at_register("inspector", "欧示例").get(f"/desk/cases/{case}").content.decode()
    assert OBJECTION in desk
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=120)
    _work(revoked, later)
    assert CaseFile.objects.get(number=case).state == "objected"
    _step(revoked, OTHER, case, "uphold", later)
    _work(revoked, later)
    assert visitor.get(_public(case)).status_code == 404
    assert _register()["state"] == "2"
    assert answer_tellers(declarations=revoked.intake.declarations, now=later) == 1
    said = Notice.objects.get(key__startswith=f"told/{case}/").said["zh"]
    assert "有异议，已终止" in said["title"]


def test_another_officer_decides_and_the_register_says_so_until_it_is_restored(
    revoked: World,
) -> None:
    case = _announced(revoked)
    decided = dt.datetime.now(dt.UTC) + dt.timedelta(days=120)
    _work(revoked, decided)
    announcer = Actor(
        id=CaseAct.objects.get(case=case, number=1).actor, role="signing_officer",
        agency="market_regulation",
    )  # fmt: skip
    with pytest.raises(Refusal) as refused:
        _step(revoked, announcer, case, "decide", decided, no_approval="true")
    assert refused.value.code == "CASE_FOUR_EYES"
    _step(revoked, OTHER, case, "decide", decided, no_approval="true")
    assert _after(revoked, case, decided) == "decided"
    _step(revoked, CLERK, case, "handed", decided)
    _step(revoked, CLERK, case, "enter", decided)
    before = _register()
    _work(revoked, decided)
    after = _register()
    day = decided.astimezone(dt.timezone(dt.timedelta(hours=8))).date().isoformat()
    assert (after["state"], after["cancel_date"], after["appr_date"]) == ("3", day, day)
    assert (after["address"], after["revoke_date"]) == (before["address"], before["revoke_date"])
    restored = decided + dt.timedelta(days=200)
    _step(revoked, OTHER, case, "restore", restored, asked_by="债权人，另有诉讼")
    _step(revoked, CLERK, case, "enter_again", restored)
    assert _after(revoked, case, restored) == "restored"
    again = _register()
    assert (again["state"], again.get("cancel_date")) == ("2", None)
    assert CaseFile.objects.get(number=case).state == "restored"


def test_whoever_began_to_end_itself_meanwhile_is_not_deregistered(revoked: World) -> None:
    case = _announced(revoked)
    revoked.intake("creditors_announcements", [_creditors(GONE.uscc, GONE.name)])
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=120)
    _work(revoked, later)
    with pytest.raises(Refusal, match="没有在公告债权人"):
        _step(revoked, OTHER, case, "decide", later, no_approval="true")
    assert CaseFile.objects.get(number=case).state == "to_decide"


def _after(world: World, case: str, now: dt.datetime) -> str:
    """What the announcement says of itself once what was done is carried out."""
    _work(world, now)
    found = Record.objects.get(
        kind="compulsory_deregistration", body__announcement_no=case, superseded_at=None
    )
    return str(found.body["state"])
