"""What is closed of a joined file never reaches the owner of another code in it (law 7)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator

import pytest
from tests.cast import CLERK, IDLE_CLERK, PUBLIC, SIGNER, Entity, entity
from tests.intake import Intake
from tests.judging import CHIEF, last_number

from yuexin.base.dates import today
from yuexin.domains.collection.pairing import PairOpinion, judge_pair
from yuexin.domains.credit.checking import check_number
from yuexin.domains.credit.operations import NO_NOTICE, issue_report
from yuexin.domains.credit.paper import content_of
from yuexin.domains.credit.queries import credit_file, whole_document
from yuexin.domains.credit.types import CreditFile
from yuexin.domains.subjects.judgements import Verdict
from yuexin.engines.access.operations import delay_looks
from yuexin.engines.access.queries import OwnLook, own_looks
from yuexin.engines.access.types import Actor
from yuexin.engines.papers.types import Draft

pytestmark = pytest.mark.usefixtures("undone")

OLD, NEW = entity(11), entity(12)
SECOND = Actor(id="chief-he", role="chief", agency="data_bureau", purpose="data_quality")
DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
DRAFT = Draft(number="YX20261124-00000000", code="0000-0000-0000")


def owner(of: Entity) -> Actor:
    return Actor(id=f"owner-{of.uscc}", role="owner", subject_code=of.uscc)


def secrets(of: Entity) -> dict[str, str]:
    """What only this code's own owner, or an officer, may read, by where it stands."""
    mark = of.uscc[-6:]
    return {
        "a closed field of a public record": f"代表{mark}甲",
        "a record that was repaired": f"粤环示例罚〔2026〕修{mark}号",
        "a closed field of what both codes told": f"代表{mark}乙",
        "a closed field of a licence": f"备查{mark}",
        "a field that agencies use": f"51{mark[:4]}",
    }


def closed_to_all(of: Entity) -> str:
    return f"内部备注{of.uscc[-6:]}"


def told(deliver: Intake, of: Entity, then: dt.datetime) -> None:
    said = list(secrets(of).values())
    penalties = [
        of.penalty("1", CF_FRDB=said[0], CF_WSH=f"粤环示例罚〔2026〕{of.uscc[-4:]}号"),
        of.penalty("2", CF_WSH=said[1], CF_ZT="已修复"),
        of.penalty("9", CF_FRDB=said[2], BZ=closed_to_all(of)),
    ]
    deliver("penalties_2018", penalties, agency="environment", now=then, name=f"{of.uscc}.csv")
    licence = of.licence(of.uscc[-4:], XK_XDR_SWDJ=said[3])
    deliver("licences_2018", [licence], now=then, name=f"{of.uscc}.csv")


@pytest.fixture(autouse=True)
def _filed(deliver: Intake, undone: None) -> None:
    del undone
    then = deliver.now - 3 * DAY
    rows = [
        OLD.registration(核准日期="2015-05-18", 邮政编码=secrets(OLD)["a field that agencies use"]),
        NEW.registration(邮政编码=secrets(NEW)["a field that agencies use"]),
    ]
    deliver("registration", rows, now=then)
    for one in (OLD, NEW):
        told(deliver, one, then)


def say(deliver: Intake, verdict: Verdict, actor: Actor = CHIEF) -> None:
    judge_pair(
        declarations=deliver.declarations,
        actor=actor,
        code=OLD.uscc,
        other=NEW.uscc,
        opinion=PairOpinion(verdict=verdict, reason="换领新代码", seen=last_number()),
        now=deliver.now - DAY,
    )


def join(deliver: Intake) -> None:
    """Both hold adverse facts: a second person confirms."""
    say(deliver, "same")
    say(deliver, "same", SECOND)


def file_of(deliver: Intake, actor: Actor, code: str) -> CreditFile:
    found = credit_file(actor=actor, code=code, on=None, now=deliver.now)
    assert found is not None
    return found


def roads(deliver: Intake, actor: Actor) -> Iterator[tuple[str, str]]:
    """All that this actor can read of the two codes, as text: pages, machines, past days."""
    for code in (OLD.uscc, NEW.uscc):
        for on in (None, deliver.now.date() - 2 * DAY, deliver.now.date() - DAY):
            yield f"file {code} {on}", repr(credit_file(
                actor=actor, code=code, on=on, now=deliver.now
            ))  # fmt: skip
            found = whole_document(actor=actor, code=code, on=on, now=deliver.now)
            assert found is not None
            yield f"document {code} {on}", found.decode()


@pytest.mark.parametrize(("mine", "others"), [(OLD, NEW), (NEW, OLD)])
def test_what_is_closed_of_another_code_reaches_no_owner(
    deliver: Intake, mine: Entity, others: Entity
) -> None:
    join(deliver)
    planted = {**secrets(others), "closed": closed_to_all(others), "mine": closed_to_all(mine)}
    shown = {
        f"{what} in {place}"
        for place, text in roads(deliver, owner(mine))
        for what, string in planted.items()
        if string in text
    }
    assert shown == set()


def test_an_officer_finds_by_the_same_roads_what_an_owner_does_not(deliver: Intake) -> None:
    join(deliver)
    text = "".join(text for _, text in roads(deliver, CLERK))
    repaired = "a record that was repaired"
    for of in (OLD, NEW):
        wanted = {what for what in secrets(of) if what != repaired}
        # Of a fact told under both codes an officer reads what was told last.
        wanted -= {"a closed field of what both codes told"} if of is OLD else set()
        assert {what for what in wanted if secrets(of)[what] not in text} == set()


@pytest.mark.parametrize("mine", [OLD, NEW])
@pytest.mark.parametrize("asked", [OLD, NEW])
def test_an_owner_reads_all_that_was_told_under_his_own_code(
    deliver: Intake, mine: Entity, asked: Entity
) -> None:
    join(deliver)
    found = file_of(deliver, owner(mine), asked.uscc)
    assert found.head.code == NEW.uscc
    for string in secrets(mine).values():
        assert string in repr(found)
    document = whole_document(actor=owner(mine), code=asked.uscc, on=None, now=deliver.now)
    assert document is not None
    for string in secrets(mine).values():
        assert string in document.decode()


@pytest.mark.parametrize(("mine", "others"), [(OLD, NEW), (NEW, OLD)])
def test_what_another_code_told_an_owner_reads_as_the_public_does(
    deliver: Intake, mine: Entity, others: Entity
) -> None:
    join(deliver)
    public = {one.record: one for one in file_of(deliver, PUBLIC, NEW.uscc).timeline}
    own = file_of(deliver, owner(mine), mine.uscc).timeline
    theirs = [one for one in own if one.told_under == others.uscc]
    assert {one.kind for one in theirs} == {"registration", "penalty", "licence"}
    for one in theirs:
        assert one.facts == public[one.record].facts
    # A fact that both told stands once, as he told it.
    nine = [one for one in own if "罚〔2026〕9号" in repr(one.facts)]
    assert [one.told_under for one in nine] == [mine.uscc]


def test_after_a_split_each_owner_reads_his_own_again(deliver: Intake) -> None:
    before = [file_of(deliver, owner(one), one.uscc) for one in (OLD, NEW)]
    join(deliver)
    say(deliver, "taken_back")
    assert [file_of(deliver, owner(one), one.uscc) for one in (OLD, NEW)] == before
    for mine, others in ((OLD, NEW), (NEW, OLD)):
        assert "".join(secrets(others).values()) not in repr(before)
        stranger = file_of(deliver, owner(mine), others.uscc)
        assert stranger == file_of(deliver, PUBLIC, others.uscc)


def test_findings_about_all_codes_are_told_to_the_owner_of_none(deliver: Intake) -> None:
    def rules(actor: Actor) -> set[str]:
        return {one.rule for one in file_of(deliver, actor, NEW.uscc).head.verdicts}

    public, alone = rules(PUBLIC), rules(owner(NEW))
    assert public < alone
    join(deliver)
    assert rules(owner(NEW)) == rules(owner(OLD)) == public
    assert rules(CLERK) == alone
    say(deliver, "taken_back")
    assert rules(owner(NEW)) == alone


def looks(deliver: Intake, of: Entity) -> tuple[OwnLook, ...]:
    found = own_looks(declarations=deliver.declarations, actor=owner(of), now=deliver.now)
    assert found is not None
    return found.lines


def own_days(deliver: Intake, of: Entity) -> list[tuple[str, int]]:
    found = own_looks(declarations=deliver.declarations, actor=owner(of), now=deliver.now)
    assert found is not None
    return [(one.role, one.times) for one in found.own]


def test_a_look_at_a_joined_file_is_told_to_every_owner_and_stays_told(deliver: Intake) -> None:
    file_of(deliver, CLERK, OLD.uscc)
    assert (len(looks(deliver, OLD)), len(looks(deliver, NEW))) == (1, 0)
    join(deliver)
    for asked in (OLD, NEW):
        file_of(deliver, CLERK, asked.uscc)
    file_of(deliver, IDLE_CLERK, NEW.uscc)
    assert (len(looks(deliver, OLD)), len(looks(deliver, NEW))) == (4, 3)
    assert [one.denied for one in looks(deliver, NEW)] == [True, False, False]
    say(deliver, "taken_back")
    assert (len(looks(deliver, OLD)), len(looks(deliver, NEW))) == (4, 3)
    file_of(deliver, CLERK, NEW.uscc)
    assert (len(looks(deliver, OLD)), len(looks(deliver, NEW))) == (4, 4)


def test_a_look_that_waits_waits_under_every_code_of_the_file(deliver: Intake) -> None:
    join(deliver)
    delay_looks(
        actor=SIGNER, code=OLD.uscc, body="environment", since=deliver.now - MINUTE,
        until=today(deliver.now) + 30 * DAY, case="YX2026-1", act=2, reason="调查需要",
        basis="personal-information-law:35", asked_by=CLERK.id, approved_by=SIGNER.id,
        now=deliver.now - MINUTE,
    )  # fmt: skip
    file_of(deliver, CLERK, NEW.uscc)
    assert looks(deliver, OLD) == looks(deliver, NEW) == ()
    later = dataclasses.replace(deliver, now=deliver.now + 31 * DAY)
    for one in (OLD, NEW):
        (look,) = looks(later, one)
        assert look.delayed_by == "personal-information-law:35"
    say(deliver, "taken_back")
    assert looks(deliver, OLD) == ()
    file_of(deliver, CLERK, NEW.uscc)
    assert looks(deliver, NEW)[0].delayed_by == "", "it is a file of its own again"


def test_an_owners_look_is_at_what_was_told_under_his_own_code(deliver: Intake) -> None:
    join(deliver)
    file_of(deliver, owner(OLD), NEW.uscc)
    assert looks(deliver, NEW) == looks(deliver, OLD) == ()
    colleague = Actor(id="another", role="owner", subject_code=OLD.uscc)
    file_of(deliver, colleague, NEW.uscc)
    assert looks(deliver, NEW) == looks(deliver, OLD) == (), "no body looked"
    assert (own_days(deliver, NEW), own_days(deliver, OLD)) == ([], [("owner", 1)])


@pytest.mark.parametrize("mine", [OLD, NEW])
def test_an_owner_takes_the_paper_of_the_file(deliver: Intake, mine: Entity) -> None:
    join(deliver)
    # It names every code of the file, the one that was asked for among them.
    said = content_of(
        file_of(deliver, PUBLIC, mine.uscc), draft=DRAFT, address="", language="zh", remedies=(),
        notice=NO_NOTICE, now=deliver.now,
    )  # fmt: skip
    assert ["同一主体的其他代码", OLD.uscc] in said["head"]
    assert ["统一社会信用代码", NEW.uscc] in said["head"]
    issued = issue_report(
        code=mine.uscc, language="zh", asked_by="own", verify_at="", home=deliver.home,
        actor=owner(mine), now=deliver.now,
    )  # fmt: skip
    assert issued is not None

    def outcome() -> str:
        return check_number(number=issued.number, code=issued.code, now=deliver.now).outcome

    assert outcome() == "same"
    say(deliver, "taken_back")
    assert outcome() == "outdated"
