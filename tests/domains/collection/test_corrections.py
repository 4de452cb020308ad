"""What an agency corrects, sends again or takes back, and what two agencies say of one fact."""

from __future__ import annotations

from typing import Any

import pytest
from tests.cast import COMPANY, entity
from tests.intake import Intake
from tests.state import all_rows, value

from yuexin.domains.collection.rebuild import rebuild

pytestmark = pytest.mark.usefixtures("undone")

ENVIRONMENT = {"agency": "environment"}


def counts(receipt: dict[str, Any]) -> dict[str, int]:
    kinds = ("new", "changed", "unchanged", "waiting", "rejected")
    return {kind: receipt[f"rows_{kind}"] for kind in kinds if receipt[f"rows_{kind}"]}


def shown(kind: str = "penalty") -> int:
    return int(value("SELECT count(*) FROM public_row WHERE kind = %s", kind))


def states() -> list[tuple[Any, ...]]:
    return all_rows(
        "SELECT valid_from::text, valid_until::text, body->>'legal_rep' FROM record "
        "WHERE kind = 'registration' AND superseded_at IS NULL ORDER BY valid_from"
    )


@pytest.fixture(autouse=True)
def _rebuilt_as_it_lives(deliver: Intake) -> Any:
    deliver("registration", [COMPANY.registration()])
    yield
    found = rebuild(
        home=deliver.home, declarations=deliver.declarations, check=True, now=deliver.now
    )
    assert found.differences == ()


def test_an_old_file_again_does_not_undo_an_annulment(deliver: Intake) -> None:
    first = deliver("penalties_2018", [COMPANY.penalty()], **ENVIRONMENT)
    deliver("penalties_2018", [COMPANY.penalty(CF_ZT="撤销")], **ENVIRONMENT)
    assert shown() == 0
    again = deliver("penalties_2018", [COMPANY.penalty()], **ENVIRONMENT)
    assert (counts(again), again["repeats"]) == ({"unchanged": 1}, first["batch_id"])
    assert shown() == 0
    meant = deliver(
        "penalties_2018", [COMPANY.penalty()], linked_to=again["batch_id"], **ENVIRONMENT
    )
    assert (counts(meant), meant["repeats"]) == ({"changed": 1}, None)
    assert shown() == 1


def test_an_annulment_under_another_name_is_of_the_same_penalty(deliver: Intake) -> None:
    deliver("penalties_2018", [COMPANY.penalty()], **ENVIRONMENT)
    annulled = COMPANY.penalty(CF_ZT="撤销", CF_XDR_MC="佛山岭粤家具有限公司")
    assert counts(deliver("penalties_2018", [annulled], **ENVIRONMENT)) == {"changed": 1}
    assert shown() == 0


def test_what_was_said_of_the_wrong_one_is_taken_back(deliver: Intake) -> None:
    wrong, right = COMPANY.change(), COMPANY.change(变更日期="2016-07-01")
    deliver("registration_changes", [wrong, COMPANY.change(变更事项="经营范围")])
    taken = deliver("registration_changes", [wrong], intent="withdraw")
    assert (counts(taken), taken["intent"]) == ({"changed": 1}, "withdraw")
    assert counts(deliver("registration_changes", [right])) == {"new": 1}
    assert shown("registration_change") == 2
    again = deliver("registration_changes", [wrong], intent="withdraw", linked_to=2)
    assert again["waiting"] == {"NOTHING_TO_WITHDRAW": 1}
    assert counts(deliver("registration_changes", [wrong], linked_to=2)) == {"new": 1}
    versions = all_rows(
        "SELECT version, superseded_at IS NULL FROM record "
        "WHERE kind = 'registration_change' AND event_date = '2016-08-01' AND body->>'item' = "
        "(SELECT body->>'item' FROM record WHERE event_date = '2016-07-01') ORDER BY version"
    )
    assert versions == [(1, False), (2, True)]


def test_a_state_taken_back_leaves_the_one_before_it(deliver: Intake) -> None:
    later = COMPANY.registration(核准日期="2024-05-01", 法定代表人="王新")
    deliver("registration", [later])
    assert states()[0] == ("2021-05-18", "2024-05-01", "陈示例")
    deliver("registration", [later], intent="withdraw")
    assert states() == [("2021-05-18", None, "陈示例")]


def test_a_wrong_day_of_approval_is_corrected_by_a_linked_delivery(deliver: Intake) -> None:
    late = deliver("registration", [COMPANY.registration(核准日期="2024-05-01", 法定代表人="王新")])
    right = COMPANY.registration(核准日期="2024-03-01", 法定代表人="王新")
    corrected = deliver("registration", [right], linked_to=late["batch_id"])
    assert counts(corrected) == {"changed": 1}
    assert states() == [("2021-05-18", "2024-03-01", "陈示例"), ("2024-03-01", None, "王新")]


def test_a_row_that_waits_can_be_taken_back(deliver: Intake) -> None:
    stranger = entity(7).penalty()
    assert deliver("penalties_2018", [stranger])["waiting"] == {"UNREGISTERED": 1}
    assert counts(deliver("penalties_2018", [stranger], intent="withdraw")) == {"changed": 1}
    assert value("SELECT count(*) FROM waiting") == 0
    assert deliver("penalties_2018", [stranger], intent="withdraw")["waiting"] == {
        "NOTHING_TO_WITHDRAW": 1
    }
    assert deliver("penalties_2018", [stranger])["waiting"] == {"UNREGISTERED": 1}


OLD = {
    "CF_WSH": "粤食药示例罚〔2026〕1号", "CF_AJMC": "经营标签不合格食品案", "CF_CFLB1": "罚款",
    "CF_SY": "预包装食品标签缺少生产日期", "CF_YJ": "《食品安全法》第一百二十五条",
    "CF_XDR": COMPANY.name, "CF_XDR_SHXYM": COMPANY.uscc, "CF_FR": "陈示例", "CF_JG": "罚款五千元",
    "CF_JDRQ": "2026-09-04", "CF_XZJG": "广东省食品药品监督管理局", "CF_ZT": "0",
}  # fmt: skip
NEW = COMPANY.penalty(CF_WSH=OLD["CF_WSH"], CF_JDRQ=OLD["CF_JDRQ"], CF_CFJGDM="11440000MBYX000102")


@pytest.mark.parametrize("old_first", [True, False])
def test_one_decision_in_both_layouts_is_one_penalty(deliver: Intake, *, old_first: bool) -> None:
    sent = [("penalties_2016", OLD, "food_drug"), ("penalties_2018", NEW, "market_regulation")]
    if not old_first:
        sent.reverse()
    told = [counts(deliver(resource, [row], agency=agency)) for resource, row, agency in sent]
    assert told == [{"new": 1}, {"changed": 1}]
    assert shown() == 1


def test_of_two_agencies_that_contradict_each_other_the_second_waits(deliver: Intake) -> None:
    told = {
        agency: COMPANY.licence(XK_NR=f"内容 {agency}") for agency in ("housing", "environment")
    }
    first, second = (deliver("licences_2018", [row], agency=agency) for agency, row in told.items())
    assert counts(first) == {"new": 1}
    assert second["waiting"] == {"SAID_ELSEWHERE": 1}
    assert all_rows("SELECT body->>'content' FROM public_row WHERE kind = 'licence'") == [
        ("内容 housing",)
    ]
    own = COMPANY.licence(XK_XKJGDM="11440000MBYX00029Y")
    assert counts(deliver("licences_2018", [own], agency="environment")) == {"new": 1}


def test_a_number_alone_with_a_strange_name_leads_to_nobody(deliver: Intake) -> None:
    known = entity(1)
    deliver("registration", [known.registration()])
    by_number = {"XK_XDR_SHXYM": "", "XK_XDR_GSZC": known.reg_no}
    strange = known.licence(XK_XDR_MC="别家示例有限公司", **by_number)
    assert deliver("licences_2018", [strange])["waiting"] == {"NAME_DISAGREES": 1}
    assert counts(deliver("licences_2018", [known.licence("2", **by_number)])) == {"new": 1}
