"""A report says what the public reads, and is known again: as it is, outdated, or not at all."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from tests.cast import COMPANY, PUBLIC, TRADER, Entity
from tests.intake import Intake
from tests.state import all_rows, execute, state

from yuexin.domains.collection.rebuild import rebuild
from yuexin.domains.collection.verification import verify
from yuexin.domains.credit.checking import SAID, check_file, check_number
from yuexin.domains.credit.operations import NO_NOTICE, issue_report
from yuexin.domains.credit.paper import TEMPLATE, content_of, facts_of
from yuexin.domains.credit.queries import credit_file
from yuexin.domains.credit.types import CreditFile
from yuexin.engines.access.types import Actor
from yuexin.engines.papers.operations import facts_digest, typeset
from yuexin.engines.papers.types import Draft, Issued, Language

pytestmark = pytest.mark.usefixtures("undone")

DRAFT = Draft(number="YX20261124-00000000", code="0000-0000-0000")
OWNER = Actor(id="owner", role="owner", subject_code=COMPANY.uscc)
DAY = dt.timedelta(days=1)


def issue(
    deliver: Intake, entity: Entity = COMPANY, language: Language = "zh", actor: Actor = PUBLIC
) -> Issued:
    issued = issue_report(
        code=entity.uscc,
        language=language,
        asked_by="public" if actor is PUBLIC else "own",
        verify_at="http://localhost/verify",
        home=deliver.home,
        actor=actor,
        now=deliver.now,
    )
    assert issued is not None
    return issued


def outcome(issued: Issued, now: dt.datetime) -> str:
    by_number = check_number(number=issued.number, code=issued.code, now=now)
    assert by_number == check_file(data=issued.file, now=now)
    return by_number.outcome


def file_of(deliver: Intake, actor: Actor = PUBLIC) -> CreditFile:
    file = credit_file(actor=actor, code=COMPANY.uscc, on=None, now=deliver.now)
    assert file is not None
    return file


def content(deliver: Intake, language: Language = "zh") -> dict[str, Any]:
    return content_of(
        file_of(deliver), draft=DRAFT, address="http://localhost/verify", language=language,
        remedies=(), notice=NO_NOTICE, now=deliver.now,
    )  # fmt: skip


def test_a_report_is_genuine_and_holds(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    deliver("penalties_2018", [COMPANY.penalty()])
    issued = issue(deliver)
    found = check_number(number=issued.number, code=issued.code, now=deliver.now)
    assert (found.outcome, found.number, found.code, found.name) == (
        "same", issued.number, COMPANY.uscc, COMPANY.name,
    )  # fmt: skip
    assert outcome(issued, deliver.now) == "same"


def test_a_file_that_is_not_there_has_no_report(deliver: Intake) -> None:
    assert issue_report(
        code=COMPANY.uscc, language="zh", asked_by="public", verify_at="", home=deliver.home,
        actor=PUBLIC, now=deliver.now,
    ) is None  # fmt: skip


def test_a_new_record_makes_it_outdated(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    issued = issue(deliver)
    deliver("penalties_2018", [COMPANY.penalty()])
    assert outcome(issued, deliver.now) == "outdated"
    assert outcome(issue(deliver), deliver.now) == "same"


def test_what_lapses_by_time_alone_makes_it_outdated_and_is_not_told(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    deliver("penalties_2018", [COMPANY.penalty()])
    issued = issue(deliver)
    (entry,) = [e for e in file_of(deliver).timeline if e.kind == "penalty"]
    assert entry.shown_until is not None
    over = deliver.now + (entry.shown_until - deliver.now.date())
    assert outcome(issued, over - DAY) == "same"
    found = check_file(data=issued.file, now=over)
    assert (found.said, found.todo) == SAID["outdated"]
    assert not any(word in str(found) for word in ("处罚", "penalt", "到期", "laps", "更正", "罚"))


def test_what_was_withdrawn_or_merely_changed_gives_the_same_answer(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    deliver("penalties_2018", [COMPANY.penalty()])
    issued = issue(deliver)
    deliver("penalties_2018", [COMPANY.penalty(CF_NR_FK="9")])
    assert outcome(issued, deliver.now) == "outdated"


def test_days_that_pass_and_deliveries_about_others_change_nothing(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    deliver("penalties_2018", [COMPANY.penalty()])
    issued = issue(deliver)
    deliver("registration", [TRADER.registration()])
    deliver("penalties_2018", [COMPANY.penalty()], name="again.csv")
    assert outcome(issued, deliver.now + 3 * DAY) == "same"


def test_an_unknown_number_and_a_wrong_code_get_one_answer(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    issued = issue(deliver)
    unknown = check_number(number="YX20200101-00000000", code=issued.code, now=deliver.now)
    wrong = check_number(number=issued.number, code="0000-0000-0000", now=deliver.now)
    assert unknown == wrong
    assert unknown.outcome == "no_such"


def test_both_editions_attest_the_same_facts(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    zh, en = issue(deliver), issue(deliver, language="en")
    assert zh.number != en.number
    assert outcome(zh, deliver.now) == outcome(en, deliver.now) == "same"


def test_the_owner_gets_what_anybody_gets(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    deliver("penalties_2018", [COMPANY.penalty()])
    public, own = (facts_digest(facts_of(file_of(deliver, who))) for who in (PUBLIC, OWNER))
    assert public != own
    assert outcome(issue(deliver, actor=OWNER), deliver.now) == "same"
    assert [facts for (facts,) in all_rows("SELECT facts_sha256 FROM issued_paper")] == [public]


def test_a_rebuild_leaves_what_was_issued_alone(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    deliver("penalties_2018", [COMPANY.penalty()])
    issued = issue(deliver)
    before = state("issued_paper", "signing_certificate")
    for check in (True, False):
        found = rebuild(
            home=deliver.home, declarations=deliver.declarations, check=check, now=deliver.now
        )
        assert found.differences == ()
    assert state("issued_paper", "signing_certificate") == before
    assert outcome(issued, deliver.now) == "same"


def test_a_verification_looks_at_what_was_issued(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    issued = issue(deliver)
    assert verify(home=deliver.home, now=deliver.now).problems == ()
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute("ALTER TABLE issued_paper DISABLE TRIGGER ALL")
    execute("UPDATE issued_paper SET about = %s", TRADER.uscc)
    (problem,) = verify(home=deliver.home, now=deliver.now).problems
    assert problem == f"paper {issued.number}: the row changed"


# --- what it says ---


def test_its_sections_are_those_of_the_standard_and_say_what_is_empty(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    deliver("penalties_2018", [COMPANY.penalty()], agency="environment")
    said = content(deliver)
    sections = said["sections"]
    assert [section["title"] for section in sections] == [
        "基本信息", "行政管理", "诚实守信", "严重失信", "经营异常", "信用承诺", "信用评价", "司法",
        "其他",
    ]  # fmt: skip
    assert all(section["note"] for section in sections if not section["entries"])
    (penalty,) = sections[1]["entries"]
    assert penalty["adverse"]
    assert penalty["source"] == "广东省生态环境厅"
    assert penalty["shown_until"]
    assert penalty["remedies"]


def test_nothing_that_is_not_public_is_in_it(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    deliver("annual_reports", [COMPANY.report(联系电话="13800138000")])
    text = json.dumps(content(deliver), ensure_ascii=False)
    assert "13800138000" not in text
    assert "（依法隐去一部分）" in text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "name",
    [
        "佛山#panic()[$x$]*_`示例有限公司",
        "佛山" + "长" * 190 + "有限公司",
        "佛山😀<b>\"'示例有限公司",
    ],
)
def test_a_hostile_name_is_set_and_the_same_data_give_the_same_bytes(
    deliver: Intake, name: str, language: Language
) -> None:
    deliver("registration", [COMPANY.registration(名称=name)])
    deliver("penalties_2018", [COMPANY.penalty(CF_XDR_MC=name, CF_SY="因" * 300, CF_WFXW=name)])
    data = content(deliver, language=language)
    assert data["subject"]
    one, other = (typeset(template=TEMPLATE, data=data, moment=deliver.now) for _ in range(2))
    assert one == other
    assert outcome(issue(deliver, language=language), deliver.now) == "same"
