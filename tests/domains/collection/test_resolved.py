"""An agency is told which of its rows that waited were placed since, and by what."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.cast import CLERK, COMPANY, OWNER, STEWARD, TRADER, entity
from tests.intake import Intake, Row
from tests.judging import CHIEF, held_row, judge, last_number
from tests.state import value

from yuexin.base.errors import Refusal
from yuexin.domains.collection.pairing import PairOpinion, judge_pair
from yuexin.domains.collection.queries import resolved_by_how
from yuexin.domains.collection.resolved import Resolved
from yuexin.domains.collection.rooms.resolved import Wanted, resolved, resolved_groups

pytestmark = pytest.mark.usefixtures("undone")
LATE = entity(7)
MISSPELT = "佛山岭奥示例家俱有限公司"


def unnamed(number: str = "1", **changes: str) -> Row:
    return COMPANY.penalty(number, CF_XDR_SHXYM="", **changes)


def sent(deliver: Intake, rows: list[Row], **said: Any) -> None:
    """Delivered by the agency of the officer who asks."""
    deliver("penalties_2018", rows, agency="environment", **said)


@pytest.fixture(autouse=True)
def _register(deliver: Intake, undone: None) -> None:
    del undone
    deliver("registration", [COMPANY.registration(), TRADER.registration()])


def told(deliver: Intake, how: Wanted = "", actor: Any = CLERK, number: int = 2) -> list[Resolved]:
    found = resolved(declarations=deliver.declarations, actor=actor, number=number, how=how, page=1)
    assert found is not None
    assert found.total == len(found.lines)
    groups = resolved_groups(declarations=deliver.declarations, actor=actor, number=number, how=how)
    assert [one for group in groups or () for one in group] == list(found.lines)
    return list(found.lines)


def test_a_row_that_its_number_released(deliver: Intake) -> None:
    sent(deliver, [LATE.penalty(), COMPANY.penalty("2")])
    assert told(deliver) == []
    deliver("registration", [LATE.registration()])
    (one,) = told(deliver)
    assert (one.row, one.how, one.code, one.delivery) == (1, "number", LATE.uscc, 3)
    assert resolved_by_how(delivery=2) == {"number": 1}


def test_a_row_that_was_matched_with_its_delivery(deliver: Intake) -> None:
    sent(deliver, [COMPANY.penalty("2"), unnamed()])
    (one,) = told(deliver)
    assert (one.row, one.how, one.code, one.name) == (2, "matched", COMPANY.uscc, COMPANY.name)
    assert one.waited_for
    assert one.waited_for.zh == "没有任何代码"
    assert {part.label.zh: part.level.zh for part in one.parts}["字号和行业"] == "全称相同"


def test_what_was_compared_is_told_as_far_as_it_is_open_to_whoever_asks(deliver: Intake) -> None:
    sent(deliver, [unnamed()])
    labels = {
        purpose: {part.label.zh for part in told(deliver, actor=actor)[0].parts}
        for purpose, actor in (("licensing", CLERK), ("", replace(CLERK, purpose="")))
    }
    assert "法定代表人" in "".join(labels["licensing"])
    assert "法定代表人" not in "".join(labels[""])
    assert "字号和行业" in labels[""]


def test_a_row_that_a_person_judged_is_told_with_the_reason(deliver: Intake) -> None:
    sent(deliver, [unnamed(CF_XDR_MC=MISSPELT)])
    judge(
        deliver, held_row(), "same", COMPANY.uscc, reason="看过原件，经办人证号440106199003071231"
    )
    (one,) = told(deliver, actor=CLERK)
    assert (one.how, one.code, one.author) == ("judged", COMPANY.uscc, "")
    assert one.reason.startswith("看过原件")
    assert "440106199003071231" not in one.reason
    (same,) = told(deliver, actor=CHIEF)
    assert same.author == CHIEF.id


def test_a_row_whose_judgement_was_taken_back_waits_again(deliver: Intake) -> None:
    sent(deliver, [unnamed(CF_XDR_MC=MISSPELT)])
    judge(deliver, held_row(), "same", COMPANY.uscc)
    judge(deliver, held_row(), "taken_back", COMPANY.uscc, reason="是另一家")
    (one,) = told(deliver)
    assert (one.how, one.code, one.reason) == ("taken_back", COMPANY.uscc, "是另一家")
    sent(deliver, [unnamed("2", CF_XDR_MC=MISSPELT)])
    assert told(deliver, number=3) == [], "it came after that and was never placed"
    judge(deliver, held_row(), "same", TRADER.uscc)
    (one,) = told(deliver)
    assert (one.how, one.code) == ("judged", TRADER.uscc)


def test_what_a_wrong_row_had_corrected_had_never_waited(deliver: Intake) -> None:
    sent(deliver, [COMPANY.penalty()])
    sent(deliver, [unnamed(CF_XDR_MC=MISSPELT, CF_NR_FK="3", CF_NR="罚款三万元")])
    judge(deliver, held_row(), "same", COMPANY.uscc)
    judge(deliver, held_row(), "different", COMPANY.uscc)
    assert value("SELECT count(*) FROM record WHERE delivery = 2 AND folded_in = 3") == 1
    assert told(deliver) == []
    assert [one.how for one in told(deliver, number=3)] == ["taken_back"]


def test_what_its_agency_took_back_is_not_told(deliver: Intake) -> None:
    sent(deliver, [LATE.penalty()])
    deliver("registration", [LATE.registration()])
    assert len(told(deliver)) == 1
    sent(deliver, [LATE.penalty()], intent="withdraw")
    assert told(deliver) == []


def test_rows_of_an_entity_that_was_joined_are_found(deliver: Intake) -> None:
    sent(deliver, [unnamed(), unnamed("2", CF_XDR_MC=MISSPELT)])
    assert told(deliver, "joined") == []
    opinion = PairOpinion(verdict="same", reason="个转企", seen=last_number())
    judge_pair(
        declarations=deliver.declarations,
        actor=CHIEF,
        code=COMPANY.uscc,
        other=TRADER.uscc,
        opinion=opinion,
        now=deliver.now,
    )
    (one,) = told(deliver, "joined")
    assert one.joined_to in (COMPANY.uscc, TRADER.uscc)
    assert resolved_by_how(delivery=2)["joined"] == 1
    assert told(deliver, "judged") == []


def test_others_are_told_nothing(deliver: Intake) -> None:
    sent(deliver, [unnamed()])
    other = replace(CLERK, agency="housing")
    asked: dict[str, Any] = {"declarations": deliver.declarations, "number": 2, "how": ""}
    assert resolved(**asked, actor=other, page=1) is None
    assert resolved_groups(**asked, actor=other) is None
    with pytest.raises(Refusal) as refused:
        resolved(**asked, actor=OWNER, page=1)
    assert refused.value.code == "ROOM"


def test_pages_and_groups_hold_every_row_once(deliver: Intake) -> None:
    sent(deliver, [unnamed(str(number)) for number in range(1, 72)])
    pages = [
        resolved(declarations=deliver.declarations, actor=STEWARD_OF_ALL, number=2, how="", page=n)
        for n in (1, 2, 3)
    ]
    rows = [one.row for page in pages if page for one in page.lines]
    assert rows == list(range(1, 72))


STEWARD_OF_ALL = replace(STEWARD, role="chief")


def test_a_name_that_is_a_traders_own_is_not_told(deliver: Intake) -> None:
    late = replace(entity(7, trader=True), name="张示例")
    sent(deliver, [late.penalty()])
    deliver("registration", [late.registration(法定代表人="张示例")])
    assert value("SELECT named_after_person FROM subject WHERE code = %s", late.uscc)
    (one,) = told(deliver)
    assert (one.code, one.subject) == (late.uscc, "")
