"""An officer signs for all who are proposed, sees how far it is, and stops it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from tests.cast import entity
from tests.faces.desk.world import World
from tests.state import execute

from yuexin.domains.credit import proposals
from yuexin.domains.credit.signing.carrying import carry_on
from yuexin.engines.cases.models import CaseAct
from yuexin.engines.declare.queries import current

pytestmark = pytest.mark.usefixtures("undone")
ROOM = "/desk/lists/proposed?process=abnormal_listing"


def owe_reports() -> None:
    """All firms owe one."""
    execute("UPDATE subject SET sole_trader = false, code = %s WHERE sole_trader", entity(7).uscc)
    execute("DELETE FROM verdict WHERE rule = 'annual_report_missing'")
    execute(
        "INSERT INTO verdict (subject, rule, valid_from, value, reasons) "
        "SELECT s.id, 'annual_report_missing', '2026-07-01', 'owed', jsonb_build_array("
        "jsonb_build_object('text', '', 'truth', true, 'records', jsonb_build_array(r.id))) "
        "FROM subject s JOIN record r ON r.subject = s.id AND r.kind = 'registration' "
        "WHERE r.superseded_at IS NULL"
    )


@pytest.fixture
def registrar(world: World, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A page shows one of the two that owe."""
    monkeypatch.setattr(proposals, "PAGE_SIZE", 1)
    owe_reports()
    return world.sit_down("registrar")


def sign(registrar: Client) -> str:
    """The list after all were signed for."""
    asked = registrar.post(ROOM, {"act": "everybody"}).content.decode()
    assert "将为广东省的全部 2 户签署决定" in asked
    seen = re.findall('name="seen" value="([0-9a-f]{64})"', asked)
    answer = registrar.post(ROOM, {"act": "sign_all", "seen": seen, "reason": "逾期未报"})
    assert answer.status_code == 302, answer.content.decode()
    return registrar.get(answer["Location"]).content.decode()


def carried() -> bool:
    return carry_on(declarations=current(), clock=lambda: dt.datetime.now(dt.UTC))


def test_all_are_signed_for_at_once_and_the_page_tells_how_far_it_is(
    registrar: Client,
) -> None:
    assert "为全部 2 户签署" in registrar.get(ROOM).content.decode()
    page = sign(registrar)
    assert "正在办理" in page
    assert "余 2 户" in page
    again = registrar.post(ROOM, {"act": "sign_all", "seen": "0" * 64})
    assert again.status_code == 400
    assert "还在办理" in again.content.decode()
    assert carried()
    done = registrar.get(ROOM).content.decode()
    assert "已办完" in done
    assert "签署 2 户，已立案 2 户" in done
    assert "规则提出 0 户" in done
    assert CaseAct.objects.filter(reason="逾期未报").count() == 2


def test_it_is_stopped_for_a_reason(registrar: Client) -> None:
    page = sign(registrar)
    number = re.findall('name="number" value="([0-9]+)"', page)
    lacking = registrar.post(ROOM, {"act": "stop", "number": number, "reason": " "})
    assert "没有写明理由" in registrar.get(lacking["Location"]).content.decode()
    assert registrar.post(ROOM, {"act": "stop", "number": "x", "reason": "误签"}).status_code == 400
    stopped = registrar.post(ROOM, {"act": "stop", "number": number, "reason": "误签"})
    assert "已停止" in registrar.get(stopped["Location"]).content.decode()
    assert not carried()


def test_the_list_is_narrowed_to_a_city(registrar: Client) -> None:
    everywhere = registrar.get(ROOM).content.decode()
    assert "规则提出 2 户" in everywhere
    nowhere = registrar.get(f"{ROOM}&city=445300").content.decode()
    assert "规则提出 0 户" in nowhere
    assert "规则提出 2 户" in registrar.get(f"{ROOM}&city=none").content.decode()
