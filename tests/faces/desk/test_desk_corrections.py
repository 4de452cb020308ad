"""Officers who were shown a file that was wrong are told at the desk, and confirm it."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.cast import COMPANY, TRADER
from tests.faces.desk.mistake import REASON, WRONG, Mistake
from tests.faces.desk.world import World
from tests.state import value

pytestmark = pytest.mark.usefixtures("undone")


@pytest.fixture
def mistake(world: World) -> Mistake:
    return Mistake(world)


def page(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_officer_is_told_on_his_start_page_and_confirms(mistake: Mistake) -> None:
    number = mistake.made("clerk")
    clerk = mistake.sit("clerk")
    assert "有 1 项更正待您确认" in page(clerk, "/desk/")
    told = page(clerk, "/desk/corrections")
    assert f"更正 {number}" in told
    assert COMPANY.name in told
    assert "档案里有 1 条不是该主体的" in told
    for hidden in (WRONG, REASON, "全部更正", "chief"):
        assert hidden not in told, hidden
    answer = clerk.post(f"/desk/corrections/{number}")
    assert answer.headers["Location"] == f"/desk/corrections?confirmed={number}"
    told = page(clerk, answer.headers["Location"])
    assert "已确认，并记入日志" in told
    assert "确认知悉" not in told
    assert "待您确认" not in page(clerk, "/desk/")
    assert (
        value(
            "SELECT count(*) FROM journal_entry WHERE action = 'correction.confirmed' "
            "AND actor = 'clerk' AND thing = %s",
            f"judgement/{number}",
        )
        == 1
    )


def test_whoever_judges_sees_who_looked_and_who_has_not_confirmed(mistake: Mistake) -> None:
    number = mistake.made("clerk", "inspector")
    mistake.sit("clerk").post(f"/desk/corrections/{number}")
    chief = mistake.sit("chief")
    assert f"/desk/corrections/{number}" in page(chief, "/desk/corrections")
    told = page(chief, f"/desk/corrections/{number}")
    assert "谁看过（2），1 人尚未确认" in told
    for said in (REASON, "clerk", "inspector", "广东省生态环境厅", "没有人看过", "不计数"):
        assert (said in told) == (said != "没有人看过"), said
    assert WRONG not in told
    assert "确认知悉" not in told, "he was not shown it himself"


def test_who_was_not_shown_it_learns_nothing(mistake: Mistake) -> None:
    number = mistake.made("clerk")
    inspector = mistake.sit("inspector")
    assert "待您确认" not in page(inspector, "/desk/")
    assert COMPANY.name not in page(inspector, "/desk/corrections")
    assert inspector.get(f"/desk/corrections/{number}").status_code == 404
    assert inspector.post(f"/desk/corrections/{number}").status_code == 404
    assert mistake.sit("chief").post(f"/desk/corrections/{number}").status_code == 404
    assert mistake.sit("chief").get(f"/desk/corrections/{10**30}").status_code == 404
    for part in ("owner", "citizen"):
        assert mistake.sit(part).get(f"/desk/corrections/{number}").status_code == 403
        assert mistake.sit(part).post(f"/desk/corrections/{number}").status_code == 403
    assert value("SELECT count(*) FROM journal_entry WHERE action = 'correction.confirmed'") == 0


def test_nothing_is_confirmed_without_the_pages_token(mistake: Mistake) -> None:
    number = mistake.made("clerk")
    clerk = mistake.world.sit_down("clerk", checked=True)
    assert clerk.post(f"/desk/corrections/{number}").status_code == 403
    told = page(clerk, "/desk/corrections")
    token = told.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    answer = clerk.post(f"/desk/corrections/{number}", {"csrfmiddlewaretoken": token})
    assert answer.status_code == 302


def test_a_trader_named_after_a_person_is_told_of_by_his_code(mistake: Mistake) -> None:
    number = mistake.made("clerk", code=TRADER.uscc)
    assert TRADER.uscc in page(mistake.sit("clerk"), f"/desk/corrections/{number}")
