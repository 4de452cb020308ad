"""The rooms in which a number of the law is tried, and in which officers see who is proposed."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.cast import COMPANY
from tests.faces.desk.world import World
from tests.state import execute, value

from yuexin.domains.subjects.models import WhatIf
from yuexin.domains.subjects.whatif.types import Change, Found, Move, Mover
from yuexin.engines.declare.queries import current

pytestmark = pytest.mark.usefixtures("undone")
RULE = "rule-serious_dishonesty_now"


def test_a_number_is_tried_and_answered_by_name_city_and_file(world: World) -> None:
    chief = world.sit_down("chief")
    page = chief.get("/desk/trials").content.decode()
    assert f'name="{RULE}.years" type="number" inputmode="numeric" min="1" max="10"' in page
    asked = chief.post("/desk/trials", {"law": RULE, f"{RULE}.years": "5"})
    assert asked.status_code == 302
    assert "正在对全部主体试算" in chief.get(asked["Location"]).content.decode()
    again = chief.post("/desk/trials", {"law": RULE, f"{RULE}.years": "6"})
    assert again.status_code == 400
    assert "还没有完成" in again.content.decode()
    row = WhatIf.objects.get()
    assert Change.from_json(row.asked).numbers == {"years": 5}
    subject, code, name = (
        value(f"SELECT {column}::text FROM subject ORDER BY id LIMIT 1")
        for column in ("id", "code", "name")
    )
    execute("UPDATE subject SET name = '=1+1' WHERE id = %s", subject)
    found = Found(
        moves=(Move(before="not_listed", after="listed", city="440600", subjects=1, judged=1),),
        movers=(Mover(subject=subject, before="not_listed", after="listed"),),
    )
    row.found, row.done_at = found.as_json(), dt.datetime.now(dt.UTC)
    row.save()
    page = chief.get(asked["Location"]).content.decode()
    assert "已列入严重违法失信名单" in page
    assert "佛山" in page
    assert code in page
    assert "试 5 年（现行 3 年）" in page
    assert "1 个主体" in page
    listed = chief.get("/desk/trials").content.decode().split("您最近的试算")[1].split("</ul>")[0]
    for said in ("列入期限", "试 5 年（现行 3 年）", "1 个主体会变", "2026年"):
        assert said in listed, said
    table = chief.get(f"{asked['Location']}.csv").content.decode()
    assert code in table
    assert "'=1+1" in table
    looks = "SELECT count(*) FROM journal_entry WHERE action = 'trial.read' AND thing = %s"
    assert value(looks, f"subject/{code}") == 2, "on the page and in the table"
    told = world.sit_down("auditor").get(f"/desk/journal?stream=look&subject={code}")
    assert "查看试算涉及的主体" in told.content.decode()
    assert name
    english = chief.get(f"{asked['Location']}?lang=en").content.decode()
    for said in ("tried: 5 years (now 3 years)", "1 entity"):
        assert said in english, said
    head = chief.get(f"{asked['Location']}.csv?lang=en").content.decode("utf-8-sig").split("\r\n")
    assert head[0] == "unified social credit code,name,city,now,as tried"
    assert head[1].endswith(",Guangzhou,No entry on record,On the list")
    steward = world.sit_down("steward")
    assert steward.get(asked["Location"]).status_code == 404
    assert steward.get(f"{asked['Location']}.csv").status_code == 404


def test_what_is_no_number_is_refused_in_words(world: World) -> None:
    chief = world.sit_down("chief")
    for given in ("", "-1", "x", "9" * 5000, "11", "0"):
        answer = chief.post("/desk/trials", {"law": RULE, f"{RULE}.years": given})
        assert answer.status_code == 400
        assert "应在 1 至 10 之间" in answer.content.decode()
    for law in ("", "rule-none", "term-none"):
        assert chief.post("/desk/trials", {"law": law}).status_code == 400
    assert not WhatIf.objects.exists()


def test_a_threshold_of_repair_is_tried_by_its_classes(world: World) -> None:
    chief, law = world.sit_down("chief"), "process-penalty_repair-penalty_publicity"
    page = chief.get(f"/desk/trials?law={law}").content.decode()
    assert f'<details id="{law}" open>' in page
    assert f'name="{law}.general" type="number" inputmode="numeric" min="0" max="12"' in page
    assert f'name="{law}.minor"' not in page, "what is not public is not repaired"
    given = {"law": law, f"{law}.general": "6", f"{law}.serious": "12"}
    assert chief.post("/desk/trials", {**given, f"{law}.general": "13"}).status_code == 400
    asked = chief.post("/desk/trials", given)
    assert asked.status_code == 302
    change = Change.from_json(WhatIf.objects.get().asked)
    assert (change.process, change.term) == ("penalty_repair", "penalty_publicity")
    assert change.numbers == {"general": 6, "serious": 12}
    tried = chief.get(asked["Location"]).content.decode()
    assert "行政处罚信用修复的最短公示期" in tried
    assert "试 6 个月（现行 3 个月）" in tried


def test_the_rooms_open_to_whom_a_role_gives_them(world: World) -> None:
    for part, opened in (("chief", 200), ("steward", 200), ("clerk", 403), ("auditor", 403)):
        visitor = world.sit_down(part)
        assert visitor.get("/desk/trials").status_code == opened
        assert visitor.get("/desk/lists/proposed").status_code == opened


def test_who_is_proposed_is_told_with_the_evidence_and_signed_for_by_no_steward(
    world: World,
) -> None:
    chief = world.sit_down("chief")
    subject = value("SELECT id::text FROM subject WHERE NOT sole_trader ORDER BY id LIMIT 1")
    execute("DELETE FROM verdict WHERE rule = 'annual_report_missing'")
    execute(
        "INSERT INTO verdict (subject, rule, valid_from, value, reasons) VALUES "
        "(%s, 'annual_report_missing', '2026-07-01', 'owed', "
        """'[{"text": "", "truth": true, "records": ["00000000-0000-0000-0000-000000000001"]}]')""",
        subject,
    )
    page = chief.get("/desk/lists/proposed?process=abnormal_listing").content.decode()
    assert "规则提出 1 户，待决定" in page
    assert "未按期报送" in page
    assert "checked" not in page, "nobody is chosen by the machine"
    nobody = chief.post("/desk/lists/proposed", {"act": "choose"}).content.decode()
    assert "没有勾选任何主体" in nobody
    every = chief.post("/desk/lists/proposed", {"act": "all"}).content.decode()
    assert "将为 1 户签署决定" in every
    execute("UPDATE subject SET code = %s WHERE id = %s", COMPANY.uscc, subject)
    chief.get("/desk/lists/proposed?process=abnormal_listing")
    own = world.sit_down("owner").get("/account").content.decode()
    assert "查看规则提出的候选名单" in own
    assert "广东省政务服务和数据管理局" in own
    told = chief.post("/desk/lists/proposed", {"subject": [subject, "x"], "act": "choose"})
    assert "将为 1 户签署决定" in told.content.decode()
    signed = chief.post("/desk/lists/proposed", {"subject": subject, "act": "sign"})
    assert "已签署 0 户" in signed.content.decode()
    assert value("SELECT count(*) FROM case_act") == 0
    assert chief.post("/desk/lists/proposed", {"act": "sign"}).status_code == 400
    assert chief.get("/desk/lists/proposed?process=none").status_code == 400
    assert current().processes["abnormal_listing"].proposed
