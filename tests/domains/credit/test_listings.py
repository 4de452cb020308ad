"""What is not confirmed of the law of a list is told of the entries that it is about."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.cast import COMPANY, PUBLIC
from tests.domains.credit.handling.rows import dishonest, grade_a
from tests.intake import Intake

from yuexin.domains.credit.listings import NOT_CONFIRMED, not_confirmed
from yuexin.domains.credit.queries import credit_file
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import version_on

pytestmark = pytest.mark.usefixtures("undone")


def test_an_entry_under_the_law_in_force_is_told_nothing_of_a_transition(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    deliver("serious_dishonesty", [dishonest(COMPANY)])
    deliver("tax_a_grades", [grade_a(COMPANY)])
    found = credit_file(actor=PUBLIC, code=COMPANY.uscc, on=None, now=deliver.now)
    assert found
    told = {one.regime: one.provisional for one in found.lists}
    assert told["serious_dishonesty"] is None
    assert told["tax_grade_a"] is None


@pytest.mark.parametrize(
    ("regime", "said"),
    [
        ("serious_dishonesty", "施行前列入的期限"),
        ("wage_arrears", "施行前列入的条目"),
        ("customs_certified", "五级等级的衔接"),
        ("tax_grade_a", "衔接规定"),
    ],
)
def test_an_entry_of_before_is_told_what_is_open(regime: str, said: str) -> None:
    version = version_on(current().regimes[regime].versions, dt.date(2026, 11, 24))
    assert version
    before = not_confirmed(version, since=version.valid_from - dt.timedelta(days=1))
    assert before
    assert said in before.zh
    assert "36号" not in before.zh, "another matter than the transition"
    assert not_confirmed(version, since=version.valid_from) is None
    assert not_confirmed(version) == before, "of the list as a whole it is told"


def test_what_is_open_of_the_law_itself_is_told_of_every_entry() -> None:
    version = version_on(current().regimes["customs_dishonesty"].versions, dt.date(2026, 11, 24))
    assert version
    told = not_confirmed(version, since=version.valid_from)
    assert told
    assert "期限" in told.zh


def test_where_both_are_open_an_entry_is_told_what_is_about_it() -> None:
    version = version_on(current().regimes["drug_dishonesty"].versions, dt.date(2026, 11, 24))
    assert version
    before = not_confirmed(version, since=version.valid_from - dt.timedelta(days=1))
    assert before
    assert "施行前列入的条目" in before.zh
    assert not_confirmed(version, since=version.valid_from) == NOT_CONFIRMED
