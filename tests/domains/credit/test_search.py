"""A search by numbers of every shape, and by names that look like numbers."""

from __future__ import annotations

import pytest
from tests.cast import COMPANY, PUBLIC, TRADER, Entity
from tests.intake import Intake

from yuexin.domains.credit.finding.types import Query, SearchPage
from yuexin.domains.credit.queries import search
from yuexin.sample.codes import uscc

pytestmark = pytest.mark.usefixtures("undone")

NEWER = Entity(
    uscc=uscc(kind="91", division="440100", org="MAY3TMH67"), name="广州MAX123示例有限公司"
)
BRAND = Entity(
    uscc=uscc(kind="91", division="440100", org="MAY3TMH75"), name="广州MICROSOFTX示例有限公司"
)


@pytest.fixture
def register(deliver: Intake) -> Intake:
    deliver("registration", [each.registration() for each in (NEWER, BRAND, TRADER, COMPANY)])
    return deliver


def found(register: Intake, text: str) -> SearchPage:
    return search(actor=PUBLIC, query=Query(text=text), now=register.now)


@pytest.mark.parametrize("typed", ["MAY3TMH67", "may3tmh67", "MAY3TMH6-7", "ＭＡＹ３ＴＭＨ６７"])
def test_an_organisation_code_of_letters_is_found(register: Intake, typed: str) -> None:
    assert [hit.code for hit in found(register, typed).hits] == [NEWER.uscc]


@pytest.mark.parametrize("entity", [NEWER, TRADER, COMPANY], ids=lambda entity: entity.org_code)
def test_a_tax_number_leads_to_whom_its_last_nine_name(register: Intake, entity: Entity) -> None:
    assert [hit.code for hit in found(register, f"440106{entity.org_code}").hits] == [entity.uscc]


@pytest.mark.parametrize(
    ("typed", "entity"),
    [("MAX123", NEWER), ("MICROSOFT", BRAND), ("MICROSOFTX", BRAND), ("广州 MAX1", NEWER)],
)
def test_a_name_of_latin_letters_is_still_a_name(
    register: Intake, typed: str, entity: Entity
) -> None:
    assert [hit.code for hit in found(register, typed).hits] == [entity.uscc]


def test_what_is_wrong_with_a_number_is_said_and_a_brand_is_no_number(register: Intake) -> None:
    mistyped = found(register, "MAY3TMH68")
    assert mistyped.hits == ()
    assert mistyped.hint is not None
    assert "校验" in mistyped.hint.zh
    unknown = found(register, "440106MA5ABCDE0")
    assert unknown.hint is not None
    assert found(register, "NOBODYAT").hint is None
