"""A registrar asks at the desk whether the law bars whoever is to represent a firm."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from tests.cast import COMPANY, entity
from tests.domains.credit.handling.test_persons import CHEN, post
from tests.faces.desk.test_desk_handling import ROOM, checked, page
from tests.faces.desk.world import World

pytestmark = pytest.mark.usefixtures("undone")
REVOKED = entity(31)


@pytest.fixture
def clerk(world: World) -> Client:
    now = dt.datetime.now(dt.UTC)
    gone = REVOKED.registration(登记状态="2", 吊销日期="2025-06-03")
    world.intake("registration", [gone], now=now)
    world.intake("key_people", [post(REVOKED, "陈示例", CHEN)], now=now)
    return world.sit_down("clerk")


def test_the_document_tells_whom_the_law_bars(clerk: Client) -> None:
    assert "拟任职人员的证件号码" in page(clerk, ROOM)
    told = page(clerk, checked(clerk, COMPANY.uscc, scene="registration", persons=CHEN))
    for said in (
        "须人工核实",
        "440106********1231",
        REVOKED.name,
        "第十二条",
        "须确认知悉",
        "已经比对",
    ):
        assert said in told, said
    assert CHEN not in told
    english = clerk.get(ROOM, headers={"accept-language": "en"}).content.decode()
    assert "Numbers of documents of those who are to hold a post" in english


@pytest.mark.parametrize(
    ("scene", "persons", "said"),
    [
        ("registration", "440106199003071232", "第 1 个证件号码校验不符"),
        ("procurement", CHEN, "本环节没有针对法定代表人的措施"),
    ],
)
def test_what_cannot_be_asked_is_said_on_the_form(
    clerk: Client, scene: str, persons: str, said: str
) -> None:
    given = {"scene": scene, "lines": COMPANY.uscc, "persons": persons}
    answer = clerk.post(ROOM, given)
    assert answer.status_code == 400
    told = answer.content.decode()
    assert said in told
    # Of names of ours nothing.
    assert f"persons {scene}" not in told
