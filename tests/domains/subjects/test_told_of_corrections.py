"""Who was shown a file while it held what was not its own is listed, told, and confirms it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.cast import CLERK, COMPANY, OWNER, STRANGER, TRADER, entity
from tests.intake import Intake, Row
from tests.judging import CHIEF, held_row, judge, last_number
from tests.state import all_rows, value

from yuexin.domains.collection.pairing import PairOpinion, judge_pair
from yuexin.domains.collection.rebuild import rebuild
from yuexin.domains.credit.operations import NO_NOTICE, issue_report
from yuexin.domains.credit.queries import credit_file
from yuexin.domains.subjects.corrections import (
    Correction,
    OwnCorrection,
    announced,
    announced_of,
    confirm,
    corrections,
    own_corrections,
    unconfirmed,
)
from yuexin.engines.access.types import PUBLIC, Actor

pytestmark = pytest.mark.usefixtures("undone")

OTHER_OFFICER = Actor(id="clerk-su", role="clerk", agency="environment", purpose="licensing")
OWNER_OF_TRADER = Actor(id="owner-ma", role="owner", subject_code=TRADER.uscc)
MISSPELT = "佛山岭奥示例家俱有限公司"
OLD, NEW, THIRD = entity(11), entity(12), entity(13)


class Days:
    """What happens, an hour apart."""

    def __init__(self, deliver: Intake) -> None:
        self.deliver = deliver
        self.now = deliver.now

    def next(self) -> dt.datetime:
        self.now += dt.timedelta(hours=1)
        return self.now

    def judge(self, verdict: Any, code: str = COMPANY.uscc) -> int:
        judge(self.deliver, held_row(), verdict, code, now=self.next(), reason="查明")
        return last_number()

    def pair(self, verdict: Any, one: str, other: str) -> int:
        seen = last_number()
        opinion = PairOpinion(verdict=verdict, reason="查明", seen=seen)
        return judge_pair(
            declarations=self.deliver.declarations, actor=CHIEF, code=one, other=other,
            opinion=opinion, now=self.next(),
        ).number  # fmt: skip

    def look(self, actor: Actor, code: str = COMPANY.uscc, *, on: dt.date | None = None) -> None:
        assert credit_file(actor=actor, code=code, on=on, now=self.next())

    def all(self, actor: Actor = CHIEF) -> tuple[Correction, ...]:
        return corrections(declarations=self.deliver.declarations, actor=actor)

    def one(self, actor: Actor = CHIEF) -> Correction:
        (found,) = self.all(actor)
        return found

    def own(self, actor: Actor = OWNER) -> tuple[OwnCorrection, ...]:
        return own_corrections(
            declarations=self.deliver.declarations, actor=actor, now=self.deliver.now
        )

    def public(self, code: str, *, now: dt.datetime | None = None) -> list[int]:
        found = announced_of(declarations=self.deliver.declarations, code=code, now=now or self.now)
        return [one.number for one in found]


@pytest.fixture
def days(deliver: Intake, undone: None) -> Days:
    del undone
    before = deliver.now - dt.timedelta(days=2)
    known = [COMPANY, TRADER, OLD, NEW, THIRD]
    deliver("registration", [one.registration() for one in known], now=before)
    return Days(deliver)


def unnamed(**changes: str) -> Row:
    return COMPANY.penalty(CF_XDR_SHXYM="", CF_XDR_MC=MISSPELT, **changes)


def waiting(days: Days, *rows: Row) -> None:
    days.deliver("penalties_2018", rows or [unnamed()], now=days.next())


def who(found: Correction) -> list[str]:
    return [one.actor for one in found.receivers]


def test_whoever_was_shown_the_wrong_rows_is_listed_and_confirms(days: Days) -> None:
    waiting(days, unnamed(), unnamed(CF_WSH="粤环示例罚〔2026〕2号"))
    begun = days.judge("same")
    days.look(CLERK)
    days.look(CLERK)
    days.look(OWNER)
    number = days.judge("taken_back")
    found = days.one()
    assert (found.of.number, found.of.code, found.of.codes) == (
        number, COMPANY.uscc, (COMPANY.uscc,),
    )  # fmt: skip
    assert [file.entries for file in found.of.files] == [2]
    assert found.of.since == value("SELECT judged_at FROM judgement WHERE number = %s", begun)
    clerk, owner = found.receivers
    assert (clerk.actor, clerk.body, clerk.role, clerk.purposes, clerk.looks) == (
        CLERK.id, "environment", "clerk", ("licensing",), 2,
    )  # fmt: skip
    assert owner.actor == OWNER.id
    assert (found.missing, unconfirmed(actor=CLERK)) == (2, 1)
    assert confirm(actor=CLERK, number=number, now=days.next())
    assert confirm(actor=CLERK, number=number, now=days.next())
    assert value("SELECT count(*) FROM journal_entry WHERE action = 'correction.confirmed'") == 1
    assert (days.one().missing, unconfirmed(actor=CLERK)) == (1, 0)


def test_a_look_before_or_after_is_not_listed(days: Days) -> None:
    days.look(CLERK)
    waiting(days)
    days.look(CLERK)
    days.judge("same")
    days.look(OTHER_OFFICER)
    number = days.judge("different")
    days.look(CLERK)
    assert who(days.one()) == [OTHER_OFFICER.id]
    assert days.all(CLERK) == ()
    assert unconfirmed(actor=CLERK) == 0
    assert not confirm(actor=CLERK, number=number, now=days.next())
    assert not confirm(actor=CLERK, number=10**30, now=days.next())


def test_a_look_at_another_file_or_at_a_day_before_is_not_listed(days: Days) -> None:
    waiting(days)
    days.judge("same")
    days.look(CLERK, TRADER.uscc)
    days.look(CHIEF, on=dt.date(2026, 11, 23))
    days.look(OTHER_OFFICER)
    days.judge("unsure")
    assert who(days.one()) == [OTHER_OFFICER.id]


def test_who_may_not_judge_sees_himself_alone(days: Days) -> None:
    waiting(days)
    days.judge("same")
    days.look(CLERK)
    days.look(OTHER_OFFICER)
    days.judge("same", TRADER.uscc)
    seen = days.one(CLERK)
    assert who(seen) == [CLERK.id]
    assert (seen.of.now_of, seen.of.author, seen.of.reason, seen.papers) == ("", "", "", ())
    whole = days.one().of
    assert (whole.now_of, whole.author, whole.reason) == (TRADER.uscc, CHIEF.id, "查明")
    assert days.all(STRANGER) == ()


def test_the_owner_is_told_and_no_other_firm_is(days: Days) -> None:
    waiting(days)
    days.judge("same")
    days.look(CLERK)
    days.look(OWNER)
    number = days.judge("same", TRADER.uscc) - 1
    (own,) = days.own()
    assert (own.number, [file.entries for file in own.files]) == (number, [1])
    assert [(look.body, look.role, look.purpose) for look in own.looks] == [
        ("environment", "clerk", "licensing")
    ]
    assert days.own(OWNER_OF_TRADER) == ()
    assert days.own(CLERK) == ()
    assert days.public(COMPANY.uscc) == [number]
    assert days.public(TRADER.uscc) == []


def test_the_papers_given_out_meanwhile_are_listed(days: Days) -> None:
    waiting(days)
    given = [_report(days)]
    days.judge("same")
    given.append(_report(days))
    days.judge("taken_back")
    given.append(_report(days))
    (paper,) = days.one().papers
    assert paper.number == given[1]
    assert (paper.asked_by, paper.actor) == ("public", PUBLIC.id)
    assert days.own()[0].papers == (given[1],)


def _report(days: Days) -> str:
    issued = issue_report(
        code=COMPANY.uscc, language="zh", asked_by="public", verify_at="https://example.invalid/",
        notice=NO_NOTICE, home=days.deliver.home, actor=PUBLIC, now=days.next(),
    )  # fmt: skip
    assert issued is not None
    return issued.number


def test_what_let_nothing_in_is_no_correction(days: Days) -> None:
    days.deliver("penalties_2018", [COMPANY.penalty()], now=days.next())
    waiting(days)
    days.judge("unsure")
    days.judge("different")
    days.judge("taken_back")
    assert days.all() == ()
    days.pair("same", OLD.uscc, NEW.uscc)
    days.judge("same")
    assert days.all() == (), "what still counts is no mistake"


def test_each_time_is_told_by_itself(days: Days) -> None:
    waiting(days)
    days.judge("same")
    days.look(CLERK)
    first = days.judge("taken_back")
    days.judge("same")
    days.look(OTHER_OFFICER)
    second = days.judge("different")
    days.judge("unsure")
    assert [(one.of.number, who(one)) for one in days.all()] == [
        (second, [OTHER_OFFICER.id]),
        (first, [CLERK.id]),
    ]
    assert [one.number for one in _published(days)] == [first, second]
    assert [one.number for one in _published(days, after=first)] == [second]
    assert [one.number for one in _published(days, most=1)] == [first]


def _published(
    days: Days, *, after: int = 0, most: int = 9, actor: Actor = PUBLIC
) -> tuple[Any, ...]:
    return announced(declarations=days.deliver.declarations, actor=actor, after=after, most=most)


def test_whoever_read_a_joined_file_under_any_of_its_codes_is_told(days: Days) -> None:
    days.deliver("penalties_2018", [OLD.penalty("1")], now=days.next())
    days.pair("same", OLD.uscc, NEW.uscc)
    days.look(CLERK, OLD.uscc)
    days.look(OTHER_OFFICER, NEW.uscc)
    number = days.pair("taken_back", OLD.uscc, NEW.uscc)
    found = days.one()
    assert found.of.by_pair
    assert who(found) == [CLERK.id, OTHER_OFFICER.id]
    held = {file.code: file.entries for file in found.of.files}
    assert held == {OLD.uscc: 1, NEW.uscc: 2}
    assert days.one(CLERK).of.codes == (OLD.uscc, NEW.uscc), "a joined file is read under both"
    assert [one.looks for one in found.receivers] == [1, 1]
    owner = Actor(id="owner-an", role="owner", subject_code=NEW.uscc)
    ((own,), (of_old,)) = (
        days.own(owner),
        days.own(Actor(id="owner-bo", role="owner", subject_code=OLD.uscc)),
    )
    assert ([one.entries for one in own.files], [look.body for look in own.looks]) == (
        [2], ["environment", "environment"],
    )  # fmt: skip
    assert [one.entries for one in of_old.files] == [1]
    assert [days.public(one.uscc) for one in (OLD, NEW, THIRD)] == [[number], [number], []]


def test_a_third_code_is_told_for_as_long_as_it_was_joined_to_them(days: Days) -> None:
    days.pair("same", OLD.uscc, NEW.uscc)
    days.look(CLERK, THIRD.uscc)
    days.pair("same", NEW.uscc, THIRD.uscc)
    days.look(OTHER_OFFICER, THIRD.uscc)
    days.pair("different", OLD.uscc, NEW.uscc)
    found = days.one()
    assert who(found) == [OTHER_OFFICER.id]
    assert {file.code: file.entries for file in found.of.files} == {
        OLD.uscc: 2, NEW.uscc: 1, THIRD.uscc: 1,
    }  # fmt: skip


def test_rows_that_stood_in_a_joined_file_are_told_to_its_readers(days: Days) -> None:
    days.pair("same", COMPANY.uscc, NEW.uscc)
    waiting(days)
    days.judge("same")
    days.look(CLERK, NEW.uscc)
    days.judge("taken_back")
    found = days.one()
    assert found.of.codes == (COMPANY.uscc, NEW.uscc)
    assert who(found) == [CLERK.id]
    assert [one.entries for one in days.one(CLERK).of.files] == [1, 1]


def test_a_pair_that_waits_for_a_second_person_joined_nothing(days: Days) -> None:
    days.deliver("penalties_2018", [OLD.penalty("1"), NEW.penalty("2")], now=days.next())
    days.pair("same", OLD.uscc, NEW.uscc)
    days.look(CLERK, OLD.uscc)
    days.pair("taken_back", OLD.uscc, NEW.uscc)
    assert days.all() == ()


def test_whoever_keeps_copies_is_told_what_he_was_shown(days: Days) -> None:
    waiting(days)
    days.judge("same")
    days.look(CLERK)
    number = days.judge("taken_back")
    (told,) = _published(days, actor=CLERK)
    assert (told.number, told.shown, told.confirmed_at) == (number, True, None)
    at = confirm(actor=CLERK, number=number, now=days.next())
    assert _published(days, actor=CLERK)[0].confirmed_at == at
    assert not any(one.shown for one in _published(days, actor=OTHER_OFFICER))


def test_an_owner_who_looked_himself_confirms_it(days: Days) -> None:
    waiting(days)
    days.judge("same")
    days.look(OWNER)
    number = days.judge("taken_back")
    assert [(one.asks, one.looks) for one in days.own()] == [(True, ())]
    confirm(actor=OWNER, number=number, now=days.next())
    assert [one.asks for one in days.own()] == [False]


def test_the_public_is_told_for_a_year(days: Days) -> None:
    waiting(days)
    days.judge("same")
    number = days.judge("taken_back")
    soon, late = days.now + dt.timedelta(days=364), days.now + dt.timedelta(days=366)
    assert days.public(COMPANY.uscc, now=soon) == [number]
    assert days.public(COMPANY.uscc, now=late) == []


def test_a_rebuild_changes_nothing_of_it(days: Days) -> None:
    waiting(days)
    days.judge("same")
    days.look(CLERK)
    number = days.judge("taken_back")
    days.pair("same", OLD.uscc, NEW.uscc)
    days.look(CLERK, NEW.uscc)
    days.pair("different", OLD.uscc, NEW.uscc)
    confirm(actor=CLERK, number=number, now=days.next())
    before = days.all(), days.own(), _published(days)
    found = rebuild(
        home=days.deliver.home, declarations=days.deliver.declarations, check=False, now=days.now
    )
    assert found is not None
    assert all_rows("SELECT count(*) FROM record WHERE superseded_at IS NOT NULL") == [(1,)]
    assert (days.all(), days.own(), _published(days)) == before
