"""Names: every one a register gave leads to its subject, and no person is found by their own."""

from __future__ import annotations

import pytest
from tests.cast import COMPANY, PUBLIC, TRADER
from tests.intake import Intake
from tests.state import all_rows

from yuexin.domains.credit.finding.types import Query
from yuexin.domains.credit.queries import search

pytestmark = pytest.mark.usefixtures("undone")

OPERATOR = "欧阳示例"


def found(deliver: Intake, text: str) -> list[str]:
    page = search(actor=PUBLIC, query=Query(text=text), now=deliver.now)
    return [hit.name for hit in page.hits]


def test_a_name_and_a_former_name_lead_to_the_subject(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration(曾用名="顺德示例木器厂；顺德旧二厂")])
    for fragment in ("岭粤示例", "木器", "旧二厂", "佛山 家具"):
        assert found(deliver, fragment) == [COMPANY.name]


@pytest.mark.parametrize("parted", ["；", ";", "、", "\n", "\r\n", "\t"])
def test_former_names_are_told_apart_however_they_are_listed(deliver: Intake, parted: str) -> None:
    deliver("registration", [COMPANY.registration(曾用名=f"顺德示例木器厂{parted}顺德旧二厂")])
    names = {name for (name,) in all_rows("SELECT name FROM subject_name")}
    assert names == {COMPANY.name, "顺德示例木器厂", "顺德旧二厂"}


def test_a_name_that_was_broken_into_lines_is_one_and_leads_to_its_subject(deliver: Intake) -> None:
    broken = f"{COMPANY.name[:4]}\n{COMPANY.name[4:]}"
    deliver("registration", [COMPANY.registration(名称=broken)])
    assert deliver("penalties_2018", [COMPANY.penalty(CF_XDR_MC=broken)])["rows_new"] == 1
    assert found(deliver, COMPANY.name) == [COMPANY.name]
    told = all_rows("SELECT body->>'party_name' FROM record WHERE kind = 'penalty'")
    assert told == [(COMPANY.name,)]


@pytest.mark.parametrize(
    ("name", "operator"),
    [
        (OPERATOR, OPERATOR),
        (OPERATOR, "欧阳 示例"),
        ("欧阳　示例", OPERATOR),
        (OPERATOR, f" {OPERATOR}　"),
        ("ＡＢＣ示例", "abc示例"),
    ],
)
def test_a_sole_trader_named_after_its_operator_is_not_found_by_name(
    deliver: Intake, name: str, operator: str
) -> None:
    """A person's own name is no search term, however the two columns spell it."""
    deliver("registration", [TRADER.registration(名称=name, 法定代表人=operator)])
    assert all_rows("SELECT code, searchable FROM subject JOIN subject_name ON id = subject") == [
        (TRADER.uscc, False)
    ]
    assert found(deliver, "示例") == []


def test_a_former_name_that_is_the_operators_own_is_not_found(deliver: Intake) -> None:
    deliver(
        "registration", [TRADER.registration(曾用名=f"{OPERATOR}；示例旧店", 法定代表人=OPERATOR)]
    )
    assert found(deliver, "欧阳") == []
    assert found(deliver, "旧店") == [TRADER.name]


def test_an_operator_is_never_a_search_term(deliver: Intake) -> None:
    deliver("registration", [TRADER.registration(法定代表人=OPERATOR), COMPANY.registration()])
    assert found(deliver, OPERATOR) == []
    assert found(deliver, "陈示例") == []
