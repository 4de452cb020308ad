"""A list of names and numbers: each line is answered by itself, and by what its file says."""

from __future__ import annotations

from typing import Any

import pytest
from tests.cast import COMPANY, COOPERATIVE, INSTITUTION, PUBLIC, STRANGER, TRADER, entity
from tests.intake import Intake

from yuexin.base.errors import Refusal
from yuexin.domains.credit.lists import Brief, Checked
from yuexin.domains.credit.queries import checked, credit_file
from yuexin.engines.access.types import Actor

pytestmark = pytest.mark.usefixtures("undone")

OPERATOR = "欧阳示例"
NAMESAKE = entity(7)
GIVEN_AWAY = "顺德示例木器厂"


@pytest.fixture
def register(deliver: Intake) -> Intake:
    deliver(
        "registration",
        [
            COMPANY.registration(曾用名=GIVEN_AWAY, 核准日期="2018-03-02"),
            COOPERATIVE.registration(名称="东莞ABC(示例)荔枝发展专业合作社"),
            TRADER.registration(名称=OPERATOR, 法定代表人=OPERATOR),
            INSTITUTION.registration(),
            NAMESAKE.registration(名称=INSTITUTION.name),
            entity(8).registration(),
        ],
    )
    return deliver


def asked(register: Intake, *lines: str, actor: Actor = PUBLIC) -> tuple[Checked, ...]:
    return checked(actor=actor, lines=lines, now=register.now)


def answer(register: Intake, line: str) -> Checked:
    (found,) = asked(register, line)
    return found


@pytest.mark.parametrize(
    ("typed", "by"),
    [
        (COMPANY.uscc, "code"),
        ("９１４４０６０６６８４４０００１２k", "code"),
        (" 91440606-684400012-K\u200b", "code"),
        (f"{COMPANY.name}，{COMPANY.uscc}", "code"),
        (f"http://example.cn/?uniscid={COMPANY.uscc}&x=1", "code"),
        ("68440001-2", "org_code"),
        ("440606684400012", "org_code"),
        (COMPANY.name, "name"),
        ("佛山岭粤示例家具有限公司 ", "name"),
        ("佛山嶺粵示例傢具有限公司", "spelling"),
        ("佛山 岭粤示例 家具有限公司", "spelling"),
        (GIVEN_AWAY, "former_name"),
    ],
)
def test_a_line_names_its_subject_by_this(register: Intake, typed: str, by: str) -> None:
    found = answer(register, typed)
    assert (found.match.state, found.match.by) == ("matched", by)
    assert found.line == typed
    assert found.brief is not None
    assert (found.brief.code, found.brief.name) == (COMPANY.uscc, COMPANY.name)


@pytest.mark.parametrize(
    "typed", ["東莞ABC（示例）荔枝發展專業合作社", "东莞ａｂｃ【示例】荔枝发展专业合作社"]
)
def test_width_brackets_and_traditional_characters_make_no_other_name(
    register: Intake, typed: str
) -> None:
    found = answer(register, typed)
    assert (found.match.by, found.match.codes) == ("spelling", (COOPERATIVE.uscc,))


def test_an_old_number_leads_to_its_subject(register: Intake) -> None:
    found = answer(register, entity(8).reg_no)
    assert (found.match.by, found.match.codes) == ("number", (entity(8).uscc,))


def test_a_former_name_says_until_when_it_was_borne(register: Intake) -> None:
    reason = answer(register, GIVEN_AWAY).match.reason
    assert reason.zh.startswith("曾用名（至")
    assert reason.en.startswith("by a former name until ")


def test_of_several_none_is_chosen(register: Intake) -> None:
    found = answer(register, INSTITUTION.name)
    assert (found.match.state, found.match.count, found.brief) == ("several", 2, None)
    assert set(found.match.codes) == {INSTITUTION.uscc, NAMESAKE.uscc}


def test_a_name_given_to_another_is_not_decided_by_who_bears_it_now(register: Intake) -> None:
    register("registration", [entity(9).registration(名称=GIVEN_AWAY)])
    found = answer(register, GIVEN_AWAY)
    assert found.match.state == "several"
    assert found.match.codes == (entity(9).uscc, COMPANY.uscc)


def test_two_codes_on_a_line_are_several(register: Intake) -> None:
    assert answer(register, f"{COMPANY.uscc} {TRADER.uscc}").match.count == 2


@pytest.mark.parametrize(
    ("typed", "said", "suggestion"),
    [
        ("91440606684400012X", "校验位不符", ""),
        ("9144O606684400012K", "不允许的字符：O", COMPANY.uscc),
        ("9144060668440001", "应为18位，收到16位", ""),
        (entity(99).uscc, "格式正确，但已交付的数据中没有这个主体", ""),
        ("6901028075831", "不是主体的代码", ""),
        ("岭粤示例家具", "按名称可查的主体中没有这个名称", ""),
        ("粤", "不足两个字", ""),
        ("，", "不足两个字", ""),
        ("示" * 201, "超过 200 个字符", ""),
        ("<script>alert(1)</script>", "按名称可查的主体中没有", ""),
        ("=HYPERLINK(1)", "按名称可查的主体中没有", ""),
        ("🏭🏭🏭", "按名称可查的主体中没有", ""),
        ("'; DROP TABLE subject; --", "按名称可查的主体中没有", ""),
        ("\0\0\0", "不足两个字", ""),
        ("\ud800\ud800", "按名称可查的主体中没有", ""),
        ("", "不足两个字", ""),
    ],
)
def test_what_found_nothing_says_what_is_wrong_and_what_to_do(
    register: Intake, typed: str, said: str, suggestion: str
) -> None:
    found = answer(register, typed)
    assert (found.match.state, found.brief, found.match.codes) == ("none", None, ())
    assert said in found.match.reason.zh
    assert found.match.remedy is not None
    assert found.match.suggestion == suggestion


@pytest.mark.parametrize("typed", ["440106199003071231", "440106********1231", "440106900307123"])
def test_a_persons_number_is_looked_up_for_nobody(register: Intake, typed: str) -> None:
    assert answer(register, typed).match.state == "closed"


def test_whether_a_persons_name_stands_here_changes_nothing(register: Intake) -> None:
    here, nowhere = asked(register, OPERATOR, "司徒示例")
    assert here.match == nowhere.match
    assert here.match.state == "closed"
    assert "个人姓名不查询" in here.match.reason.zh


def test_a_trader_under_its_operators_name_is_found_by_code_without_the_name(
    register: Intake,
) -> None:
    found = answer(register, TRADER.uscc)
    assert found.brief is not None
    assert (found.brief.code, found.brief.name) == (TRADER.uscc, "")


def test_lines_are_answered_in_their_order_repeated_ones_too(register: Intake) -> None:
    lines = [COMPANY.uscc, "没有这样一家公司", COMPANY.name, COMPANY.uscc]
    found = asked(register, *lines)
    assert [one.line for one in found] == lines
    assert found[0] == found[3]
    assert asked(register) == ()


def test_more_lines_than_are_answered_are_refused_with_how_to_split(register: Intake) -> None:
    with pytest.raises(Refusal) as refused:
        asked(register, *["示例"] * 20_001)
    assert refused.value.remedy is not None
    assert "分成 3 份" in refused.value.remedy.zh


def brief_of(register: Intake, line: str = COMPANY.uscc, **asked_by: Any) -> Brief:
    (found,) = asked(register, line, **asked_by)
    assert found.brief is not None
    return found.brief


def test_beside_a_match_stands_what_its_file_says(register: Intake) -> None:
    register("penalties_2018", [COMPANY.penalty(), COMPANY.penalty("2"), COMPANY.penalty("2")])
    register(
        "licences_2018",
        [
            COMPANY.licence("1", XK_YXQZI="2027-01-31"),
            COMPANY.licence("2", XK_YXQZI="2026-11-24"),
            COMPANY.licence("3", XK_YXQZI="2026-11-23"),
            COMPANY.licence("4", XK_ZT="3"),
            COMPANY.licence("5", XK_YXQZ="2026-12-01"),
            COMPANY.licence("6"),
        ],
    )
    file = credit_file(actor=PUBLIC, code=COMPANY.uscc, on=None, now=register.now)
    assert file is not None
    entries = [entry for section in file.sections for entry in section.entries]
    brief = brief_of(register)
    assert brief.adverse == sum(entry.adverse for entry in entries) == 2
    marks = [mark.id for entry in entries if entry.kind == "licence" for mark in entry.marks]
    assert brief.licences == sum(mark in ("in_force", "ending") for mark in marks) == 3
    assert brief.lapsed == sum(mark in ("lapsed", "stopped") for mark in marks)
    assert str(brief.until) == "2026-11-24"
    assert brief.status == file.head.verdicts[0].outcome_label


def test_who_is_shown_nothing_is_told_no_counts(register: Intake) -> None:
    register("penalties_2018", [COMPANY.penalty()])
    assert brief_of(register).adverse == 1
    assert brief_of(register, actor=STRANGER).adverse == 0
