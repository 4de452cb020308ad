"""Who stands in a list as the public sees it, and what a file says of its lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.cast import CLERK, COMPANY, PUBLIC, TRADER, Entity
from tests.intake import Intake, Row
from tests.state import execute, undone

from yuexin.domains.collection.operations import judge_again
from yuexin.domains.credit.members import MembersPage, Narrowed
from yuexin.domains.credit.queries import credit_file, lists, members
from yuexin.domains.credit.types import Listing
from yuexin.engines.declare.queries import current

pytestmark = pytest.mark.usefixtures("database")

EVERYBODY = Narrowed()


@contextmanager
def registered(deliver: Intake) -> Iterator[None]:
    """Whom the tests are about is on the register, for as long as the body runs."""
    with undone():
        deliver("registration", [COMPANY.registration(), TRADER.registration()], name="r.csv")
        yield


def row(resource: str, example: int, entity: Entity, **changes: str) -> Row:
    """A worked example of a resource, told of an entity."""
    declared = current().resources[resource]
    said = dict(declared.examples[example].row)
    said[declared.subject_name] = entity.name
    said[declared.identifiers[0].column] = entity.uscc
    return said | changes


def dishonest(entity: Entity, **changes: str) -> Row:
    return row("serious_dishonesty", 0, entity, **changes)


def grade_a(entity: Entity) -> Row:
    return row("tax_a_grades", 0, entity)


def page(deliver: Intake, regime: str, asked: Narrowed = EVERYBODY) -> MembersPage:
    found = members(actor=PUBLIC, regime=regime, asked=asked, page=1, now=deliver.now)
    assert found is not None
    return found


def codes(deliver: Intake, regime: str, asked: Narrowed = EVERYBODY) -> list[str]:
    return [one.row.code for one in page(deliver, regime, asked).rows]


def of_file(deliver: Intake, entity: Entity, **said: object) -> dict[str, Listing]:
    actor = said.get("actor", PUBLIC)
    file = credit_file(actor=actor, code=entity.uscc, on=None, now=deliver.now)  # type: ignore[arg-type]
    assert file is not None
    return {one.regime: one for one in file.lists}


def test_an_entry_stands_in_the_list_and_on_the_file_until_it_is_removed(deliver: Intake) -> None:
    with registered(deliver):
        deliver("serious_dishonesty", [dishonest(COMPANY)])
        assert codes(deliver, "serious_dishonesty") == [COMPANY.uscc]
        listed = of_file(deliver, COMPANY)["serious_dishonesty"]
        assert (listed.since, listed.last_day) == (dt.date(2025, 5, 12), dt.date(2028, 5, 12))
        assert [way.earliest_months for way in listed.ways] == [36, 12]
        # What is open of the transition is about entries of before 2021-09-01.
        assert listed.provisional is None
        assert len(listed.remedies) == 2
        removed = {"移出日期": "2026-06-03", "列入状态": "提前移出"}
        deliver("serious_dishonesty", [dishonest(COMPANY, **removed)], name="off.csv")
        assert codes(deliver, "serious_dishonesty") == []
        assert of_file(deliver, COMPANY) == {}


def test_the_public_is_not_told_an_end_that_is_closed_to_it(deliver: Intake) -> None:
    """An officer learns the last day that was delivered; publicity ends with it for all."""
    with registered(deliver):
        deliver("serious_dishonesty", [dishonest(COMPANY, 列入期满日期="2027-01-05")])
        told = of_file(deliver, COMPANY)["serious_dishonesty"].last_day
        assert told == dt.date(2027, 1, 5)
        assert of_file(deliver, COMPANY, actor=CLERK)["serious_dishonesty"].last_day == told


def test_an_honour_does_not_count_beside_an_adverse_list(deliver: Intake) -> None:
    with registered(deliver):
        deliver("tax_a_grades", [grade_a(COMPANY)])
        assert codes(deliver, "tax_grade_a") == [COMPANY.uscc]
        assert of_file(deliver, COMPANY)["tax_grade_a"].counts
        deliver("serious_dishonesty", [dishonest(COMPANY)])
        assert codes(deliver, "tax_grade_a") == []
        assert not of_file(deliver, COMPANY)["tax_grade_a"].counts


def test_whoever_is_cancelled_stands_in_no_list(deliver: Intake) -> None:
    with registered(deliver):
        deliver("serious_dishonesty", [dishonest(COMPANY)])
        gone = COMPANY.registration(登记状态="注销", 注销日期="2026-11-02", 核准日期="2026-11-02")
        deliver("registration", [gone], name="gone.csv")
        assert codes(deliver, "serious_dishonesty") == []


def test_an_adverse_list_that_has_ended_takes_nobody_out_of_an_honour(deliver: Intake) -> None:
    """Page and file judge by one rule who is out of a list."""
    with registered(deliver):
        deliver("tax_a_grades", [grade_a(COMPANY)])
        deliver("serious_dishonesty", [dishonest(COMPANY)])
        gone = COMPANY.registration(登记状态="注销", 注销日期="2026-11-02", 核准日期="2026-11-02")
        deliver("registration", [gone], name="gone.csv")
        counts = {one.regime for one in of_file(deliver, COMPANY).values() if one.counts}
        shown = {one for one in current().regimes if COMPANY.uscc in codes(deliver, one)}
        assert shown == counts == {"tax_grade_a"}


def test_how_many_stand_in_a_list_is_counted_again_when_everybody_is_judged_again(
    deliver: Intake,
) -> None:
    with registered(deliver):
        deliver("serious_dishonesty", [dishonest(COMPANY)])
        rule = "serious_dishonesty_now"
        execute("UPDATE verdict SET value = 'not_listed' WHERE rule = %s", rule)
        assert page(deliver, "serious_dishonesty").subjects == 0
        execute("UPDATE judged SET rules = gen_random_uuid()")
        assert judge_again(declarations=current(), now=deliver.now) > 0
        assert codes(deliver, "serious_dishonesty") == [COMPANY.uscc]
        assert page(deliver, "serious_dishonesty").subjects == 1


def test_a_list_is_narrowed_by_city_and_day_of_entry(deliver: Intake) -> None:
    with registered(deliver):
        deliver("serious_dishonesty", [dishonest(COMPANY)])
        day = dt.date(2025, 5, 12)
        late, early = day + dt.timedelta(days=1), day - dt.timedelta(days=1)
        for asked, there in (
            (Narrowed(city="440100"), True),
            (Narrowed(city="440300"), False),
            (Narrowed(since=day, until=day), True),
            (Narrowed(since=late), False),
            (Narrowed(until=early), False),
        ):
            assert bool(codes(deliver, "serious_dishonesty", asked)) == there, asked


def test_a_grade_that_is_no_honour_and_no_reproach_is_on_neither_list(deliver: Intake) -> None:
    with registered(deliver):
        deliver("customs_grades", [row("customs_grades", 1, COMPANY)])
        assert codes(deliver, "customs_certified") == codes(deliver, "customs_dishonesty") == []
        advanced = {"海关信用等级": "高级认证企业", "认定日期": "2024-05-20"}
        deliver("customs_grades", [row("customs_grades", 1, COMPANY, **advanced)], name="b.csv")
        assert codes(deliver, "customs_certified") == [COMPANY.uscc]


def test_every_list_says_who_decides_by_which_law_and_how_one_gets_off(deliver: Intake) -> None:
    with registered(deliver):
        deliver("abnormal_operations", [row("abnormal_operations", 0, TRADER)])
        found = {one.regime: one for one in lists(actor=PUBLIC, now=deliver.now)}
        assert set(found) == set(current().regimes)
        assert [one.regime for one in found.values() if not (one.basis and one.ways)] == []
        assert [one.regime for one in found.values() if not one.keepers.zh] == []
        assert [one.regime for one in found.values() if one.subjects is None] == []


def test_there_is_no_page_for_a_list_that_nobody_declared(deliver: Intake) -> None:
    found = members(actor=PUBLIC, regime="shame", asked=EVERYBODY, page=1, now=deliver.now)
    assert found is None
