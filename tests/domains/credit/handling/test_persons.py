"""Whom the law may bar from a post: told by a document's number, never by a name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cast import COMPANY, Entity, entity
from tests.domains.credit.handling.conftest import OFFICER
from tests.intake import Intake
from tests.state import all_rows, execute

from yuexin.base.errors import Refusal
from yuexin.domains.credit.handling.operations import check
from yuexin.domains.credit.handling.persons import Shown, shown_by
from yuexin.domains.credit.handling.types import Answer
from yuexin.engines.declare.queries import current
from yuexin.home.folder import Home

Registrar = Callable[..., Answer]
# Numbers of nobody: place 440106, a birthday and a check character.
CHEN, LI = "440106199003071231", "440106198506122438"
FIRST, SECOND = entity(3), entity(5)


def post(of: Entity, name: str, number: str, **changes: str) -> dict[str, str]:
    """A row of the registrar's file of key people: the legal representative."""
    row = {
        "统一社会信用代码": of.uscc, "名称": of.name, "人员序号": "1", "姓名": name,
        "职务": "执行董事", "是否法定代表人": "是", "备案日期": "2015-03-02", "证件号码": number,
    }  # fmt: skip
    return row | changes


@pytest.fixture(scope="module")
def staffed(
    database: str, home: Home, tmp_path_factory: pytest.TempPathFactory, now: dt.datetime
) -> Intake:
    """FIRST was revoked last year; its representative of then is COMPANY's now."""
    del database
    folder: Path = tmp_path_factory.mktemp("delivered")
    intake = Intake(
        home=home, folder=folder, declarations=current(), now=now - dt.timedelta(hours=6)
    )
    revoked = FIRST.registration(登记状态="2", 吊销日期="2025-06-03")
    intake("registration", [COMPANY.registration(), revoked, SECOND.registration()])
    intake(
        "key_people",
        [
            post(FIRST, "陈示例", CHEN),
            post(FIRST, "李示例", LI, 人员序号="2", 备案日期="2010-01-04", 离任日期="2020-05-06"),
            post(COMPANY, "陈示例", CHEN.lower(), 职务="经理", 是否法定代表人="否"),
            post(COMPANY, "李示例", LI, 人员序号="2", 职务="监事", 是否法定代表人="否"),
            post(COMPANY, "陈示例", "", 人员序号="3", 职务="董事", 是否法定代表人="否"),
        ],
    )
    return intake


@pytest.fixture
def registrar(staffed: Intake, now: dt.datetime) -> Registrar:
    def asking(lines: list[str], *, scene: str = "registration", **more: Any) -> Answer:
        kept = check(
            declarations=staffed.declarations, actor=OFFICER, subjects=lines, scene=scene,
            channel="desk", now=now, **more,
        )  # fmt: skip
        (found,) = kept.check.subjects
        return found

    return asking


pytestmark = pytest.mark.usefixtures("undone")


def test_a_representative_of_a_revoked_firm_is_told_with_the_law(registrar: Registrar) -> None:
    one = registrar([COMPANY.uscc])
    (person,) = one.persons
    assert (person.person, person.post.zh, person.code) == ("陈示例", "经理", FIRST.uscc)
    assert person.measure == "posts_after_revocation"
    assert "第十二条" in person.scene_law.zh
    assert person.until == dt.date(2028, 6, 3)
    assert {record.kind for record in person.records} == {"registration", "key_person"}
    assert (one.overall, one.look, one.must_ack) == ("", True, True), "no machine refuses by it"
    assert one.hits == ()


def test_whoever_had_left_before_is_not_told(registrar: Registrar) -> None:
    told = {person.person for person in registrar([COMPANY.uscc]).persons}
    assert "李示例" not in told


def test_a_name_alone_is_nobody_and_that_is_said(registrar: Registrar) -> None:
    (note,) = registrar([COMPANY.uscc]).notes
    assert "有 1 名任职人员" in note.zh
    assert "posts, 1 not compared" in note.en


def test_without_posts_on_record_it_is_said_that_nobody_was_compared(registrar: Registrar) -> None:
    one = registrar([SECOND.uscc])
    assert one.persons == ()
    assert "没有归集到任职信息" in one.notes[0].zh


def test_of_a_firm_that_nobody_judged_yet_a_person_has_to_look(
    registrar: Registrar, home: Home
) -> None:
    execute(
        "DELETE FROM judged j USING subject s WHERE s.id = j.subject AND s.code = %s", FIRST.uscc
    )
    execute(
        "DELETE FROM verdict v USING subject s WHERE s.id = v.subject AND s.code = %s", FIRST.uscc
    )
    one = registrar([SECOND.uscc], shown=shown_by(home=home, numbers=[CHEN]))
    assert one.persons == ()
    assert (one.look, one.must_ack) == (True, True)
    (_, note) = one.notes
    assert FIRST.uscc in note.zh
    assert "not judged yet" in note.en
    looks = all_rows("SELECT thing FROM journal_entry WHERE action = 'file.checked'")
    assert (f"subject/{FIRST.uscc}",) in looks


def test_whoever_is_to_hold_a_post_is_told_by_the_document_shown(
    registrar: Registrar, home: Home
) -> None:
    one = registrar([SECOND.uscc], shown=shown_by(home=home, numbers=[CHEN, LI]))
    (person,) = one.persons
    assert person.person == "440106********1231"
    assert person.post.zh == "拟任职"
    kept = all_rows("SELECT answer, asked FROM handling_check")
    assert CHEN not in str(kept), "the number is kept nowhere"


def test_the_firm_itself_is_not_hit_by_what_binds_persons(registrar: Registrar) -> None:
    one = registrar([FIRST.uscc])
    assert one.hits == ()
    assert one.persons == (), "nobody is barred from a post by the same entity's file"


def test_no_other_scene_looks_at_persons(registrar: Registrar) -> None:
    one = registrar([COMPANY.uscc], scene="licensing")
    assert (one.persons, one.notes) == ((), ())


def test_the_owner_of_the_other_file_learns_of_the_look(registrar: Registrar) -> None:
    registrar([COMPANY.uscc])
    looks = {row[0] for row in all_rows(
        "SELECT thing FROM journal_entry WHERE action = 'file.checked'"
    )}  # fmt: skip
    assert looks == {f"subject/{COMPANY.uscc}", f"subject/{FIRST.uscc}"}


def test_names_that_differ_under_one_number_are_not_taken_for_one(
    staffed: Intake, registrar: Registrar
) -> None:
    staffed("key_people", [post(SECOND, "何示例", CHEN)])
    assert registrar([SECOND.uscc]).persons == ()


@pytest.mark.parametrize(
    ("lines", "scene", "numbers", "code"),
    [
        ([COMPANY.uscc], "licensing", [CHEN], "NO_PERSONS"),
        ([COMPANY.uscc, FIRST.uscc], "registration", [CHEN], "ONE_SUBJECT"),
        ([COMPANY.uscc], "registration", [CHEN, "440106199003071232"], "DOCUMENT"),
        ([COMPANY.uscc], "registration", ["E12345678"], "DOCUMENT"),
    ],
)
def test_what_is_refused_of_persons(
    registrar: Registrar, home: Home, lines: list[str], scene: str, numbers: list[str], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        registrar(lines, scene=scene, shown=shown_by(home=home, numbers=numbers))
    assert refused.value.code == code
    assert all(number not in str(refused.value) for number in numbers)


def test_too_many_at_once_are_refused(registrar: Registrar) -> None:
    with pytest.raises(Refusal) as refused:
        registrar([COMPANY.uscc], shown=[Shown(str(one), "*") for one in range(21)])
    assert refused.value.code == "TOO_MANY"


def test_no_number_of_a_document_stands_in_the_database(staffed: Intake) -> None:
    del staffed
    bodies = all_rows("SELECT body::text FROM record WHERE kind = 'key_person'")
    assert bodies
    assert CHEN not in str(bodies)
    marks = {row[0] for row in all_rows(
        "SELECT body->>'person_mark' FROM record WHERE kind = 'key_person' AND body->>'person_name'"
        " = '陈示例' AND body ? 'person_mark' AND body->>'person_mark' IS NOT NULL"
    )}  # fmt: skip
    assert len(marks) == 1, "one person has one mark, however the number is spelt"
