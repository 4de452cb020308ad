"""A measure that rests on several lists is as strong as the strongest, and tells each of them."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from uuid import UUID

import pytest
from tests.cast import COMPANY, OWNER
from tests.domains.credit.handling.conftest import Asking
from tests.domains.credit.handling.rows import barred
from tests.intake import Intake
from tests.state import value

from yuexin.base.text import Text
from yuexin.domains.credit.handling.evidence import Records
from yuexin.domains.credit.handling.hits import Telling
from yuexin.domains.credit.handling.models import HandlingCheck
from yuexin.domains.credit.handling.queries import check_of
from yuexin.domains.credit.handling.types import Evidence, Hit
from yuexin.domains.credit.handling.written import from_json, text_of
from yuexin.engines.cases.operations import open_case
from yuexin.engines.declare.queries import current
from yuexin.engines.rules.queries import called_for
from yuexin.engines.rules.types import Said

pytestmark = pytest.mark.usefixtures("undone")
ON = dt.date(2026, 11, 24)
DEBT, BAR = UUID(int=1), UUID(int=2)
OBJECTION = {"wrong": "已经履行完毕", "contact": "陈示例", "phone": "13800138000"}


@pytest.fixture
def both(filled: Intake) -> Intake:
    """COMPANY owes, and may not supply the government either."""
    filled("procurement_dishonesty", [barred(COMPANY)])
    return filled


def object_to(intake: Intake, kind: str) -> None:
    open_case(
        declarations=intake.declarations, actor=OWNER, process="objection",
        subject=value("SELECT id FROM subject WHERE code = %s", COMPANY.uscc),
        record=value("SELECT id FROM record WHERE kind = %s", kind),
        form=OBJECTION, papers=(), reason="", now=intake.now,
    )  # fmt: skip


def test_both_lists_are_told_and_none_of_them_is_no_ground(both: Intake, ask: Asking) -> None:
    del both
    (one,) = ask([COMPANY.uscc]).subjects
    hit = next(hit for hit in one.hits if hit.measure == "procurement_refused")
    assert [it.regime for it in hit.grounds] == ["procurement_dishonesty", "judgement_debtors"]
    assert {it.kind for it in hit.records} == {"procurement_dishonesty", "judgement_debtor"}
    assert [len(records) for _, records in hit.told] == [1, 1]
    assert hit.until is None, "no end of the debt is known"
    assert {it.regime for it in one.lists} == {"tax_grade_a"}
    assert check_of(HandlingCheck.objects.get()).subjects == (one,)


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        ("procurement_dishonesty", "judgement_debtors"),
        ("judgement_debtor", "procurement_dishonesty"),
    ],
)
def test_an_objection_to_one_list_leaves_the_refusal_to_the_other(
    both: Intake, ask: Asking, kind: str, first: str
) -> None:
    object_to(both, kind)
    (one,) = ask([COMPANY.uscc]).subjects
    hit = one.hits[0]
    assert (hit.effective, hit.disputed, hit.look) == ("mandatory_deny", False, ())
    assert (one.overall, hit.regime) == ("mandatory_deny", first)
    assert [it.disputed for it in hit.grounds] == [False, True]


def test_objections_to_both_leave_nothing_to_refuse_by(both: Intake, ask: Asking) -> None:
    object_to(both, "procurement_dishonesty")
    object_to(both, "judgement_debtor")
    (one,) = ask([COMPANY.uscc]).subjects
    assert (one.overall, one.hits[0].disputed) == ("must_consider", True)


def test_one_overdue_source_takes_nothing_from_another(filled: Intake, ask: Asking) -> None:
    later = dt.datetime(2026, 11, 30, 3, 0, tzinfo=dt.UTC)
    filled("procurement_dishonesty", [barred(COMPANY)], now=later)
    hit = ask([COMPANY.uscc], now=later).subjects[0].hits[0]
    assert [it.stale for it in hit.grounds] == [False, True]
    assert (hit.effective, hit.stale) == ("mandatory_deny", False)


def told(*, withheld: UUID | None = None, disputed: UUID | None = None, **more: UUID) -> Hit | None:
    """What a body is told of whoever stands in two lists."""
    verdicts = [
        Said(
            rule=rule, valid_from=ON, valid_until=until, value=said,
            reasons=[{"truth": True, "records": [str(record)]}],
        )
        for rule, said, record, until in (
            ("dishonest_debtor", "listed", DEBT, ON + dt.timedelta(days=9)),
            ("procurement_bar", "barred", BAR, ON + dt.timedelta(days=3)),
        )
    ]  # fmt: skip
    ends = [
        Said(rule=one.rule, valid_from=one.valid_until, valid_until=None, value="none")
        for one in verdicts
        if one.valid_until
    ]
    called = called_for(
        declarations=current(), verdicts=[*verdicts, *ends], scene="procurement", on=ON
    )
    shown = {
        record: Evidence(
            record=str(record), kind="", label=Text("", ""), headline=Text("", ""), date=None,
            agency="high_court", source=Text("", ""), disputed=record == disputed,
            stale=record == more.get("stale"),
        )
        for record in (DEBT, BAR)
        if record != withheld
    }  # fmt: skip
    records = Records(shown=shown, withheld=frozenset({withheld} if withheld else ()))
    found = Telling(declarations=current(), records=records, on=ON).hits(called.hits)
    return next((one for one in found if one.measure == "procurement_refused"), None)


def test_a_ground_that_is_closed_to_the_body_is_left_out_and_the_other_stays() -> None:
    hit = told(withheld=DEBT)
    assert hit
    assert [it.rule for it in hit.grounds] == ["procurement_bar"]
    assert "dishonest_debtor" not in text_of(hit)
    assert hit.until == ON + dt.timedelta(days=2)


def test_the_last_day_is_the_latest_of_its_grounds() -> None:
    hit = told()
    assert hit
    assert hit.until == ON + dt.timedelta(days=8)
    assert [it.until for it in hit.grounds] == [
        ON + dt.timedelta(days=2), ON + dt.timedelta(days=8),
    ]  # fmt: skip


def test_one_disputed_and_one_overdue_leave_no_certain_ground() -> None:
    hit = told(disputed=DEBT, stale=BAR)
    assert hit
    assert (hit.effective, hit.disputed, hit.stale) == ("must_consider", True, True)
    assert len(hit.look) == 2


def test_what_was_kept_before_grounds_were_told_is_read_as_one() -> None:
    hit = told(withheld=BAR)
    assert hit
    said = json.loads(text_of(hit))
    del said["grounds"]
    old = from_json(Hit, said)
    assert old.grounds == ()
    assert old == replace(hit, grounds=())
    assert old.rests_on == hit.grounds
    assert old.because == hit.list_label


def test_each_list_is_named_with_its_source(both: Intake, ask: Asking) -> None:
    del both
    hit = ask([COMPANY.uscc]).subjects[0].hits[0]
    assert [it.agency for it in hit.sources] == [it.agency for it in hit.grounds]
    assert len(hit.sources) == 2
    assert all(it.list_label.zh in hit.because.zh for it in hit.grounds)
