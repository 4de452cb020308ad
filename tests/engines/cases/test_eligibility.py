"""What a case may be opened about, by the record and by what else is on file."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import UUID

import pytest
from tests.cast import COMPANY, OWNER
from tests.conftest import NOW
from tests.intake import Intake
from tests.state import all_rows

from yuexin.base.errors import Refusal
from yuexin.domains.collection.outcomes import carry_out
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.operations import open_case, take_step
from yuexin.engines.cases.queries import case_seen, eligibility_of
from yuexin.engines.cases.types import Eligibility, KeptPaper
from yuexin.engines.declare.check_processes import check_process
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import CaseCondition, Paper

pytestmark = pytest.mark.usefixtures("undone")

CLERK = Actor(id="clerk-an", role="clerk", agency="market_regulation")
SIGNER = Actor(id="head-ye", role="signing_officer", agency="market_regulation")
CHIEF = replace(SIGNER, id="head-he")
PROOF = KeptPaper(
    slot="proof", name="p.pdf", sha256="0" * 64, size_bytes=1, media_type="application/pdf"
)
SAID = {"performed": "已履行", "commitment": "true"}


def entry(cause: str) -> dict[str, str]:
    return {
        "统一社会信用代码": COMPANY.uscc, "名称": COMPANY.name, "列入日期": "2026-07-08",
        "列入经营异常名录原因": cause, "作出决定机关（列入）": "广东省市场监督管理局",
        "列入决定文书号": "示例异〔2026〕1号",
    }  # fmt: skip


def serious() -> dict[str, str]:
    return {
        "统一社会信用代码": COMPANY.uscc, "名称": COMPANY.name, "列入日期": "2025-05-12",
        "列入严重违法失信名单原因": "示例", "列入决定文书号": "示例严〔2025〕1号",
        "作出决定机关（列入）": "广东省市场监督管理局", "列入状态": "listed",
        "作出决定机关（列入）代码": current().agencies["market_regulation"].uscc,
    }  # fmt: skip


@pytest.fixture
def firm(deliver: Intake) -> Intake:
    deliver("registration", [COMPANY.registration()])
    return deliver


def about(kind: str) -> tuple[UUID, UUID]:
    ((subject, record),) = all_rows(
        "SELECT subject, id FROM record WHERE kind = %s AND superseded_at IS NULL", kind
    )
    return subject, record


def removal(process: str = "abnormal_removal", kind: str = "abnormal_operation") -> Eligibility:
    subject, record = about(kind)
    found = eligibility_of(
        declarations=current(), actor=OWNER, process=process, subject=subject, record=record,
        now=NOW,
    )  # fmt: skip
    assert found
    return found


def test_whoever_is_listed_for_a_missing_report_files_that_report_first(firm: Intake) -> None:
    firm("annual_reports", [COMPANY.report(2019), COMPANY.report(2024)])
    firm("abnormal_operations", [entry("1")])
    found = removal()
    assert [one.id for one in found.unmet] == ["report"]
    assert not found.open
    assert found.papers_held == (), "an older report proves nothing"
    firm("annual_reports", [COMPANY.report(2025, 填报日期="2026-08-03")])
    found = removal()
    assert found.open
    assert found.papers_held == ("proof",)
    assert [one.holds for one in found.conditions] == [True, True, True]


@pytest.mark.parametrize("cause", ["2", "3", "4"])
def test_for_another_cause_no_report_is_asked_for_and_proof_may_be_handed_in(
    firm: Intake, cause: str
) -> None:
    firm("annual_reports", [COMPANY.report(2025, 填报日期="2026-03-02")])
    firm("abnormal_operations", [entry(cause)])
    found = removal()
    assert [one.id for one in found.conditions] == ["standing"]
    assert found.open
    assert found.papers_held == ()


def applied() -> str:
    subject, record = about("serious_dishonesty")
    return open_case(
        declarations=current(), actor=OWNER, process="serious_removal", subject=subject,
        record=record, form=SAID, papers=(PROOF,), reason="", now=NOW,
    )  # fmt: skip


def stepped(case: str, step: str, seen: int, actor: Actor) -> None:
    take_step(
        declarations=current(), actor=actor, case=case, step=step, seen=seen, form={}, papers=(),
        reason="理由", now=NOW,
    )  # fmt: skip


def test_a_fine_since_bars_nobody_and_whoever_decides_is_warned(firm: Intake) -> None:
    firm("serious_dishonesty", [serious()])
    firm("penalties_2018", [COMPANY.penalty("1")])
    found = removal("serious_removal", "serious_dishonesty")
    assert found.open
    assert [one.id for one in found.conditions if not one.holds] == ["no_other"]
    case = applied()
    for reader, told in ((CLERK, ["no_other"]), (OWNER, [])):
        seen = case_seen(declarations=current(), actor=reader, number=case, now=NOW)
        assert seen
        assert [one.id for one in seen.warnings] == told


def test_a_heavier_penalty_since_bars_an_early_removal(firm: Intake) -> None:
    firm("serious_dishonesty", [serious()])
    firm(
        "penalties_2018",
        [COMPANY.penalty("1", CF_CFLB="吊销许可证件", CF_NR_ZKDX="示例许可证1号", CF_NR_FK="")],
    )
    with pytest.raises(Refusal) as refused:
        applied()
    assert (refused.value.code, refused.value.where) == ("CASE_CONDITION", "no_heavier")


def test_an_officer_who_applied_for_a_firm_does_not_remove_it(firm: Intake) -> None:
    firm("abnormal_operations", [entry("4")])
    subject, record = about("abnormal_operation")
    case = open_case(
        declarations=current(), actor=SIGNER, process="abnormal_removal", subject=subject,
        record=record, form={"performed": "已恢复联系"}, papers=(), reason="", now=NOW,
    )  # fmt: skip
    with pytest.raises(Refusal) as refused:
        stepped(case, "remove", 1, SIGNER)
    assert refused.value.code == "CASE_FOUR_EYES"
    stepped(case, "remove", 1, CHIEF)
    seen = case_seen(declarations=current(), actor=CHIEF, number=case, now=NOW)
    assert seen
    assert seen.line.state.id == "removed"


def carried(firm: Intake) -> dict[str, str]:
    """The entry, once what was decided is carried out."""
    carry_out(home=firm.home, declarations=current(), clock=lambda: NOW)
    firm.settle(now=NOW)
    ((body,),) = all_rows(
        "SELECT body FROM record WHERE kind = 'serious_dishonesty' AND superseded_at IS NULL"
    )
    found: dict[str, str] = json.loads(body) if isinstance(body, str) else body
    return found


def test_fraud_in_one_repair_bars_every_other(firm: Intake) -> None:
    firm("serious_dishonesty", [serious()])
    firm("abnormal_operations", [entry("4")])
    firm("penalties_2018", [COMPANY.penalty("1", CF_JDRQ="2025-05-06")])
    assert removal().open
    case = applied()
    stepped(case, "accept", 1, CLERK)
    stepped(case, "remove", 2, SIGNER)
    assert carried(firm)["state"] == "repaired"
    assert removal().standing_case == ""
    stepped(case, "annul", 3, CHIEF)
    again = carried(firm)
    assert again["state"] == "listed"
    assert {name for name, said in again.items() if name.startswith("remove") and said} == set()
    for process, kind in (
        ("serious_removal", "serious_dishonesty"), ("abnormal_removal", "abnormal_operation"),
        ("penalty_repair", "penalty"), ("bankruptcy_shielding", "penalty"),
    ):  # fmt: skip
        found = removal(process, kind)
        assert (found.standing_case, found.barred, found.open) == (case, True, False), process
    subject, record = about("abnormal_operation")
    with pytest.raises(Refusal) as refused:
        open_case(
            declarations=current(), actor=OWNER, process="abnormal_removal", subject=subject,
            record=record, form={"performed": "已恢复联系"}, papers=(), reason="", now=NOW,
        )  # fmt: skip
    assert (refused.value.code, refused.value.where) == ("CASE_BARRED", case)
    assert removal("objection", "penalty").standing_case == "", "an objection is no repair"


CONDITION = CaseCondition(id="c", zh="条件", en="condition", basis="order-36")


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (CONDITION, "“c”: when or on_file"),
        (replace(CONDITION, when="TRUE", on_file="count(penalty) = 0"), "“c”: when or on_file"),
        (replace(CONDITION, when="TRUE", of="TRUE"), "“c”: of narrows on_file"),
    ],
)
def test_a_condition_that_asks_nothing_or_twice_is_not_declared(
    one: CaseCondition, said: str
) -> None:
    process = current().processes["serious_removal"]
    version = replace(process.versions[-1], conditions=(one,))
    wrong = replace(process, versions=(*process.versions[:-1], version))
    assert said in [found.what.en for found in check_process(current(), wrong)]


def test_a_paper_is_held_by_kinds_that_a_condition_narrows() -> None:
    process = current().processes["abnormal_removal"]
    paper = Paper(id="proof", zh="证", en="proof", held_of="TRUE")
    steps = tuple(replace(step, papers=(paper,)) for step in process.openings)
    wrong = replace(process, steps=(*steps, *process.steps[1:]))
    said = [found.what.en for found in check_process(current(), wrong)]
    assert "they narrow held" in said


def test_only_what_bars_and_is_open_to_the_subject_bars_another_process() -> None:
    declared = current().processes
    asked = replace(declared["abnormal_removal"], bars_also=("penalty_repair", "nothing"))
    said = [found.what.en for found in check_process(current(), asked)]
    assert "no state bars" in said
    assert any("nothing" in one for one in said)
    closed = replace(declared["serious_removal"], closed_to_subject=True)
    said = [found.what.en for found in check_process(current(), closed)]
    assert "what is closed bars nothing else" in said
