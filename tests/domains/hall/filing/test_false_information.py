"""What is verified to be false is proposed for the list by its cause, and an officer signs."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.cast import COMPANY, TRADER, Entity
from tests.domains.hall.filing.asking import IN_TIME, LATE, sent
from tests.intake import Intake
from tests.state import all_rows, value

from yuexin.base.dates import today
from yuexin.domains.collection.outcomes import carry_out
from yuexin.domains.credit.proposals import Proposed, proposed
from yuexin.domains.credit.signing.operations import sign
from yuexin.domains.hall.filing.told import tell_false
from yuexin.domains.subjects.verdicts import holding
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.operations import take_step
from yuexin.engines.declare.queries import calendar_of, current
from yuexin.engines.releases.models import ReleaseRow
from yuexin.home.folder import Home

pytestmark = pytest.mark.usefixtures("undone")

LISTING, MARK, RULE = "abnormal_listing_false", "abnormal_mark_false", "false_information_found"
VERIFIER = Actor(id="clerk-gu", role="signing_officer", agency="market_regulation")
SIGNER = Actor(id="head-ye", role="signing_officer", agency="market_regulation")
NEXT = LATE + dt.timedelta(days=1)
ENTRIES = """
SELECT body->>'cause', event_date FROM record
WHERE kind = 'abnormal_operation' AND superseded_at IS NULL ORDER BY 1
"""


@pytest.fixture
def registered(database: str, deliver: Intake) -> Intake:
    del database
    deliver("registration", [COMPANY.registration(), TRADER.registration()])
    return deliver


def told(home: Home, deliver: Intake) -> str:
    """The number of the case of somebody who tells that the report of the company is false."""
    sent(home)
    deliver.settle(now=IN_TIME)
    record = ReleaseRow.objects.get(kind="annual_report").record
    return tell_false(
        declarations=current(), record=record, what="从业人数与实际不符，门店只有三人", contact="",
        language="zh", now=LATE,
    )  # fmt: skip


def verified(deliver: Intake, case: str, step: str) -> None:
    take_step(
        declarations=current(), actor=VERIFIER, case=case, step=step, seen=1, form={}, papers=(),
        reason="门店从业人员三人，年报为三十八人", now=LATE,
    )  # fmt: skip
    worked(deliver, LATE)


def worked(deliver: Intake, now: dt.datetime) -> None:
    carry_out(home=deliver.home, declarations=current(), clock=lambda: now)
    deliver.settle(now=now)


def found(entity: Entity, on: dt.date, **changes: str) -> dict[str, str]:
    """A finding as a registrar delivers it."""
    return {
        "统一社会信用代码": entity.uscc, "名称": entity.name, "核查的公示信息": "年度报告",
        "查实日期": on.isoformat(), "核查文书号": f"示例核〔2026〕{entity.uscc[-3:]}号",
        "核查结论": "网店信息不实", "核查机关": "广东省市场监督管理局", **changes,
    }  # fmt: skip


def who(process: str = LISTING, now: dt.datetime = LATE) -> Proposed:
    return proposed(declarations=current(), actor=SIGNER, process=process, now=now)


def signed(process: str, now: dt.datetime) -> tuple[str, ...]:
    chosen = [one.subject for one in who(process, now).candidates]
    done = sign(
        declarations=current(), actor=SIGNER, process=process, subjects=chosen, reason="", now=now
    )
    assert done.refused == ()
    return done.opened


def test_a_verified_report_proposes_and_whoever_signs_lists_by_the_third_cause(
    home: Home, registered: Intake
) -> None:
    case = told(home, registered)
    assert who().total == 0
    verified(registered, case, "verified")
    evidence, body = all_rows("SELECT id, body::text FROM record WHERE kind = 'false_information'")[
        0
    ]
    assert case in body
    assert "年度报告" in body
    assert not ReleaseRow.objects.filter(record=evidence).exists(), "a finding is not public"
    (one,) = who().candidates
    assert one.code == COMPANY.uscc
    assert evidence in one.said.records
    assert one.due == calendar_of(declarations=current()).add_workdays(today(LATE), 10)
    assert all_rows(ENTRIES) == [], "nobody is listed by a machine"
    assert len(signed(LISTING, NEXT)) == 1
    assert who(now=NEXT).total == 0, "it is signed for, whether it is on file yet or not"
    worked(registered, NEXT)
    assert all_rows(ENTRIES) == [("3", today(NEXT))]
    assert who(now=NEXT).total == 0
    rules = [RULE, "abnormal_operations_now"]
    said = holding(declarations=current(), subjects=[one.subject], rules=rules, on=today(NEXT))
    assert [said[one.subject, rule].value for rule in rules] == ["answered", "listed"]


def test_what_was_not_verified_proposes_nobody(home: Home, registered: Intake) -> None:
    verified(registered, told(home, registered), "unfounded")
    assert value("SELECT count(*) FROM record WHERE kind = 'false_information'") == 0
    assert who().total == 0


def test_an_entry_for_another_cause_since_does_not_answer_it(registered: Intake) -> None:
    registered("false_information", [found(COMPANY, today(LATE))], now=LATE)
    entry = {
        "统一社会信用代码": COMPANY.uscc, "名称": COMPANY.name, "列入日期": today(LATE).isoformat(),
        "列入经营异常名录原因": "1", "作出决定机关（列入）": "广东省市场监督管理局",
    }  # fmt: skip
    registered("abnormal_operations", [entry], now=LATE)
    assert [one.code for one in who().candidates] == [COMPANY.uscc]
    assert len(signed(LISTING, NEXT)) == 1
    worked(registered, NEXT)
    assert [cause for cause, _ in all_rows(ENTRIES)] == ["1", "3"]


def test_a_sole_trader_is_proposed_for_its_mark_and_not_for_the_list(registered: Intake) -> None:
    registered("false_information", [found(TRADER, today(LATE))], now=LATE)
    assert who().total == 0
    assert [one.code for one in who(MARK).candidates] == [TRADER.uscc]


def test_a_finding_that_is_withdrawn_proposes_nobody_any_more(registered: Intake) -> None:
    registered("false_information", [found(COMPANY, today(LATE))], now=LATE)
    assert who().total == 1
    registered("false_information", [found(COMPANY, today(LATE), 状态="已撤销")], now=NEXT)
    assert who(now=NEXT).total == 0
