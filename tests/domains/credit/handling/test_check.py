"""What a check answers of each subject, and that it reads stored verdicts alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from tests.cast import COMPANY, OWNER, TRADER, entity
from tests.domains.credit.handling.conftest import Asking
from tests.intake import Intake
from tests.state import all_rows, value

from yuexin.base.errors import Refusal
from yuexin.domains.credit.handling.models import HandlingCheck
from yuexin.domains.credit.handling.queries import check_of
from yuexin.engines.cases.operations import open_case

pytestmark = pytest.mark.usefixtures("undone")
OBJECTION = {"wrong": "已经履行完毕", "contact": "陈示例", "phone": "13800138000"}


def test_a_debtor_is_refused_where_a_law_names_the_scene(ask: Asking) -> None:
    (one,) = ask([COMPANY.uscc]).subjects
    (hit,) = one.hits
    assert (one.state, one.overall, one.must_ack, one.look) == (
        "found", "mandatory_deny", True, False,
    )  # fmt: skip
    assert hit.measure == "procurement_refused"
    assert hit.scene_law.zh.startswith("《")
    assert hit.agency == "high_court"
    (record,) = hit.records
    assert "（2025）粤0606执示例1号" in record.headline.zh
    assert hit.regime == "judgement_debtors"


def test_a_hit_tells_whether_each_law_it_rests_on_is_confirmed(ask: Asking) -> None:
    (sure,) = ask([COMPANY.uscc]).subjects[0].hits
    unsure = {one.measure: one for one in ask([COMPANY.uscc], scene="licensing").subjects[0].hits}
    assert sure.confirmed
    assert not unsure["debtor_qualification_weighed"].confirmed
    assert unsure["debtor_qualification_weighed"].effective == "must_consider"


def test_what_rests_on_a_law_that_nobody_confirmed_refuses_nobody(
    ask: Asking, filled: Intake
) -> None:
    declared = filled.declarations
    doubted = {law: replace(one, confirmed=False) for law, one in declared.laws.items()}
    (one,) = ask([COMPANY.uscc], declarations=replace(declared, laws=doubted)).subjects
    (hit,) = one.hits
    assert (hit.strength, hit.effective) == ("mandatory_deny", "must_consider")
    assert not hit.confirmed
    assert (one.overall, one.look) == ("must_consider", True)
    assert any("不得据此拒绝" in why.zh for why in hit.look)


def test_where_no_law_names_the_scene_a_list_is_no_ground(ask: Asking) -> None:
    (one,) = ask([COMPANY.uscc], scene="recruitment").subjects
    assert (one.overall, one.hits, one.must_ack) == ("", (), False)
    assert {it.regime for it in one.lists} == {"judgement_debtors", "tax_grade_a"}


def test_no_easing_for_whoever_stands_in_an_adverse_list(ask: Asking) -> None:
    (one,) = ask([COMPANY.uscc], scene="licensing").subjects
    assert one.overall == "must_consider"
    assert one.easings == ()
    assert any("守信激励" in note.zh for note in one.notes)


def test_whoever_pays_his_taxes_well_is_eased(ask: Asking) -> None:
    found = ask([TRADER.uscc], scene="licensing")
    (one,) = found.subjects
    assert (one.overall, one.must_ack) == ("ease", False)
    assert all(easing.incentive for easing in one.easings)
    (easing,) = (one for one in one.easings if one.measure == "tax_grade_a_eased")
    assert easing.until == dt.date(2027, 4, 30)


def test_each_subject_is_told_in_words(ask: Asking) -> None:
    wrong = COMPANY.uscc[:-1] + "X"
    lines = [entity(3).uscc, entity(4).uscc, entity(9).uscc, wrong, TRADER.reg_no, COMPANY.name]
    found = ask(lines).subjects
    assert [one.state for one in found] == [
        "found", "cancelled", "unknown", "invalid", "moved", "unresolved",
    ]  # fmt: skip
    assert [one.look for one in found] == [False, True, True, True, False, True]
    assert [bool(one.said.zh and one.said.en) for one in found] == [True] * 6
    assert TRADER.uscc in found[4].said.zh
    assert COMPANY.uscc in found[5].said.zh
    assert [one.candidates for one in found] == [(), (), (), (), (), (COMPANY.uscc,)]
    assert not found[5].hits, "a name alone is never enough"


def test_a_code_that_was_mistyped_tells_which_may_have_been_meant(ask: Asking) -> None:
    (one,) = ask([COMPANY.uscc.replace("0", "O")]).subjects
    assert (one.state, one.candidates) == ("invalid", (COMPANY.uscc,))
    assert COMPANY.uscc in one.said.zh


def test_a_check_is_kept_and_each_subject_learns_of_it(ask: Asking) -> None:
    kept = ask([COMPANY.uscc, TRADER.uscc], case_no="粤采示例〔2026〕1号", item="家具采购")
    assert kept.due == dt.date(2026, 12, 8)
    looks = all_rows(
        "SELECT thing, actor, detail->>'body', detail->>'purpose', detail->>'role' "
        "FROM journal_entry WHERE action = 'file.checked' ORDER BY thing"
    )
    assert looks == [
        (f"subject/{code}", "clerk-lin", "environment", "procurement", "clerk")
        for code in sorted((COMPANY.uscc, TRADER.uscc))
    ]
    assert value("SELECT count(*) FROM handling_trigger") == 1
    assert value("SELECT encode(sha256(answer::bytea), 'hex') = digest FROM handling_check")


def test_one_bad_member_is_all_of_a_consortium(ask: Asking) -> None:
    kept = ask([entity(3).uscc, COMPANY.uscc], consortium=True)
    assert kept.overall == "mandatory_deny"
    assert COMPANY.uscc in kept.notes[0].zh
    assert not ask([entity(3).uscc], consortium=True).notes


@pytest.mark.parametrize(
    ("subjects", "more", "code"),
    [
        ([], {}, "EMPTY"),
        (["  "], {}, "EMPTY"),
        ([str(n) for n in range(10_001)], {}, "TOO_MANY_LINES"),
        ([COMPANY.uscc], {"scene": "gossip"}, "SCENE"),
        ([COMPANY.uscc], {"purpose": "gossip"}, "SCENE"),
        ([COMPANY.uscc], {"item": "x" * 201}, "TOO_LONG"),
        ([COMPANY.uscc], {"case_no": "a\x00b"}, "TOO_LONG"),
    ],
)
def test_what_makes_no_sense_is_refused(
    ask: Asking, subjects: list[str], more: dict[str, str], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        ask(subjects, **more)
    assert refused.value.code == code
    assert value("SELECT count(*) FROM handling_check") == 0


def test_what_is_disputed_in_an_open_case_refuses_nobody(ask: Asking, filled: Intake) -> None:
    record = value("SELECT id FROM record WHERE kind = 'judgement_debtor'")
    open_case(
        declarations=filled.declarations, actor=OWNER, process="objection",
        subject=value("SELECT id FROM subject WHERE code = %s", COMPANY.uscc), record=record,
        form=OBJECTION, papers=(), reason="", now=filled.now,
    )  # fmt: skip
    (one,) = ask([COMPANY.uscc]).subjects
    (hit,) = one.hits
    assert (hit.strength, hit.effective, hit.disputed) == ("mandatory_deny", "must_consider", True)
    assert (one.overall, one.look) == ("must_consider", True)
    assert any("异议" in why.zh for why in hit.look)


def test_what_its_source_has_not_told_lately_refuses_nobody(ask: Asking) -> None:
    later = dt.datetime(2026, 11, 30, 3, 0, tzinfo=dt.UTC)
    found = ask([COMPANY.uscc], now=later)
    (hit,) = found.subjects[0].hits
    assert (hit.effective, hit.stale, found.subjects[0].look) == ("must_consider", True, True)
    assert "high_court" in {late.agency for late in found.late}


def test_kept_is_what_was_said(ask: Asking) -> None:
    kept = ask([COMPANY.uscc, TRADER.uscc, "nobody"], scene="licensing")
    assert check_of(HandlingCheck.objects.get()) == kept
