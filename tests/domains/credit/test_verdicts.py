"""What a verdict says: how many records, which law, what is unknown."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from uuid import UUID

import pytest
from tests.cast import COMPANY, PUBLIC
from tests.intake import Intake
from tests.state import all_rows, execute, undone

from yuexin.base.text import Text
from yuexin.domains.credit.documents import document_of
from yuexin.domains.credit.finding.types import Query
from yuexin.domains.credit.present import cited
from yuexin.domains.credit.queries import credit_file, search
from yuexin.domains.credit.types import CreditFile, Verdict
from yuexin.domains.credit.verdicts import verdict
from yuexin.engines.declare.queries import current
from yuexin.engines.rules.models import VerdictRow

ON = dt.date(2026, 11, 24)


def said(rule: str, value: str | None, reasons: list[dict[str, Any]], on: dt.date = ON) -> Verdict:
    row = VerdictRow(
        subject=UUID(int=1), rule=rule, valid_from=ON, valid_until=None, value=value,
        reasons=reasons,
    )  # fmt: skip
    return verdict(declarations=current(), rule=current().rules[rule], row=row, on=on)


def reason(count: int, *, truth: bool | None = True) -> dict[str, Any]:
    return {"text": "", "truth": truth, "records": [str(UUID(int=i)) for i in range(count)]}


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "档案中 1 条记录认定"), (19, "档案中 19 条记录认定"), (20, "档案中至少 20 条记录认定")],
)
def test_a_count_that_was_cut_is_a_least_count(count: int, words: str) -> None:
    (text,) = said("licence_in_force", "in_force", [reason(count)]).reasons
    assert words in text.zh


def test_what_is_unknown_says_what_is_lacking() -> None:
    (text,) = said("licence_in_force", None, [reason(2, truth=None)]).reasons
    assert text.zh == "档案中 2 条记录缺少判定所需的内容，所以未知。"
    (none,) = said("licence_in_force", "none", [reason(0, truth=False)]).reasons
    assert none.zh == "档案中没有符合条件的记录。"
    (lawless,) = said("licence_in_force", None, []).reasons
    assert "没有生效的判定规则" in lawless.zh


def test_a_basis_names_its_article() -> None:
    basis = [text.zh for text in said("licence_in_force", "none", []).basis]
    assert basis[0] == "《行政许可法》第七十条"
    assert said("licence_in_force", "none", []).basis[0].en.endswith("Art. 70")


def test_no_law_that_has_ended_carries_the_verdict_of_today() -> None:
    def laws(on: dt.date) -> str:
        return " ".join(text.zh for text in said("subject_status", "alive", [], on).basis)

    assert "公司登记管理条例" not in laws(ON)
    assert "市场主体登记管理条例" in laws(ON)
    assert "公司登记管理条例" in laws(dt.date(2022, 2, 28))


@pytest.mark.parametrize(
    ("article", "zh"),
    [
        ("6", "第六条"), ("10", "第十条"), ("19", "第十九条"), ("70", "第七十条"),
        ("103", "第一百零三条"), ("110", "第一百一十条"), ("1260", "第一千二百六十条"),
    ],
)  # fmt: skip
def test_articles_are_numbered_as_laws_number_them(article: str, zh: str) -> None:
    laws = current().laws
    (found,) = cited(laws=laws, basis=[f"licence-law:{article}"], on=ON)
    assert found == Text(f"《行政许可法》{zh}", f"Administrative Licence Law, Art. {article}")


@pytest.mark.usefixtures("database")
class TestOverAFile:
    def test_a_verdict_leads_to_the_records_it_rests_on(self, deliver: Intake) -> None:
        with undone():
            file = _file(deliver, COMPANY.licence("1"), COMPANY.licence("2", XK_ZT="2"))
            found = {item.rule: item for item in file.head.verdicts}
            licences = [entry for entry in file.timeline if entry.kind == "licence"]
            (standing,) = [e for e in licences if [m.id for m in e.marks] == ["in_force"]]
            (stopped,) = [e for e in licences if [m.id for m in e.marks] == ["stopped"]]
            evidence = [item.record for item in found["licence_in_force"].evidence]
            assert evidence == [standing.record]
            assert all(not item.records for item in found.values()), "ids of hidden records"
            assert stopped.marks[0].label.zh == "当前状态：无效"

    def test_thirty_five_licences_are_at_least_twenty(self, deliver: Intake) -> None:
        with undone():
            file = _file(deliver, *(COMPANY.licence(str(number)) for number in range(35)))
            (text,) = next(v.reasons for v in file.head.verdicts if v.rule == "licence_in_force")
            assert "至少 20 条记录" in text.zh

    def test_an_adverse_fact_says_what_can_be_done_and_by_which_law(self, deliver: Intake) -> None:
        with undone():
            deliver("penalties_2018", [COMPANY.penalty()], agency="environment")
            file = _file(deliver)
            (penalty,) = [entry for entry in file.timeline if entry.adverse]
            words = "".join(text.zh for text in penalty.remedies)
            assert "六十日内申请行政复议（《行政复议法》）。" in words
            assert "六个月内向人民法院提起行政诉讼（《行政诉讼法》第四十六条）。" in words
            assert all(not entry.remedies for entry in file.timeline if not entry.adverse)

    def test_what_is_said_from_absence_names_the_sources_that_are_not_in(
        self, deliver: Intake
    ) -> None:
        with undone():
            found = {item.rule: item.reasons for item in _file(deliver).head.verdicts}
            absent = "".join(text.zh for text in found["abnormal_operations_now"])
            assert "广州市市场监督管理局的经营异常名录" in absent
            assert "深圳" not in absent, "the company is of Guangzhou"
            assert "尚未交付过" in absent
            standing = "".join(text.zh for text in found["subject_status"])
            assert "尚未交付过" not in standing, "a record decided"

    def test_a_good_grade_is_no_adverse_fact_though_a_bad_one_of_its_kind_is(
        self, deliver: Intake
    ) -> None:
        with undone():
            grades = {"2023": "绿牌", "2024": "红牌", "2025": "蓝牌"}
            green = current().resources["environmental_ratings"].examples[0].row
            rows = [green | {"评价年度": y, "环境信用等级": grade} for y, grade in grades.items()]
            deliver("environmental_ratings", rows)
            rated = [e for e in _file(deliver).timeline if e.kind == "environmental_rating"]
            told = {e.headline.zh[:4]: (e.adverse, bool(e.remedies)) for e in rated}
            good, bad = (False, False), (True, True)
            assert told == {"2023": good, "2024": bad, "2025": good}


def _file(deliver: Intake, *licences: dict[str, str]) -> CreditFile:
    deliver("registration", [COMPANY.registration()])
    deliver("licences_2018", list(licences), agency="environment")
    file = credit_file(actor=PUBLIC, code=COMPANY.uscc, on=None, now=deliver.now)
    assert file is not None
    return file


@pytest.mark.usefixtures("database")
def test_what_was_not_judged_for_the_day_is_said_and_never_left_out(deliver: Intake) -> None:
    with undone():
        file = _file(deliver, COMPANY.licence())
        rules = [verdict.rule for verdict in file.head.verdicts]
        assert rules[0] == "subject_status"
        execute("UPDATE verdict SET valid_until = %s", deliver.now.date())
        stored = {rule for (rule,) in all_rows("SELECT rule FROM verdict")}
        assert 0 < len(stored & {*rules}) < len(rules)
        lapsed = credit_file(actor=PUBLIC, code=COMPANY.uscc, on=None, now=deliver.now)
        assert lapsed is not None
        assert [verdict.rule for verdict in lapsed.head.verdicts] == rules
        document = document_of(
            declarations=current(), actor=PUBLIC, code=COMPANY.uscc, on=deliver.now.date()
        )
        told = json.loads(document or b"{}")["verdicts"]
        assert told.keys() == {*rules} - stored
        for item in lapsed.head.verdicts:
            if item.rule not in stored:
                assert item.outcome == told[item.rule]
                continue
            assert item.outcome_label == Text("尚未研判", "not judged yet")
            assert (item.outcome, item.evidence, item.until) == ("", (), None)
            assert item.basis
        (hit,) = search(actor=PUBLIC, query=Query(text=COMPANY.name), now=deliver.now).hits
        assert hit.status.zh == "尚未研判"
