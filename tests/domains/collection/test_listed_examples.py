"""What the examples of a list show as passing is folded, and public while it stands."""

from __future__ import annotations

import pytest
from tests.cast import COMPANY
from tests.intake import Intake, Row
from tests.state import all_rows, value

from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Resource

pytestmark = pytest.mark.usefixtures("undone")

STATES = {"listing_states", "freeze_states", "arrears_states"}
LISTS = [
    resource
    for resource in current().resources.values()
    if STATES & {field.codes for field in current().kinds[resource.kind].fields}
]
CODES = {"佛山": "91440606684400012K", "深圳": "92440300MA5ABCD19R", "东莞": "93441900MA4W00011U",
         "广东": "12440000455857983D"}  # fmt: skip


def passing(resource: Resource) -> list[Row]:
    return [example.row for example in resource.examples if not example.findings]


def is_person(resource: Resource, row: Row) -> bool:
    person = resource.natural_person
    return person is not None and row.get(person.column) == person.equals


def register(deliver: Intake, resource: Resource, rows: list[Row]) -> None:
    """The register knows whoever the rows name."""
    names = {row[resource.subject_name] for row in rows if not is_person(resource, row)}
    told = [
        COMPANY.registration(名称=name, 统一社会信用代码=CODES[name[:2]], 注册号="")
        for name in sorted(names)
    ]
    deliver("registration", told)


@pytest.mark.parametrize("resource", LISTS, ids=lambda resource: resource.id)
def test_what_passes_is_folded_and_a_persons_row_waits(deliver: Intake, resource: Resource) -> None:
    rows = passing(resource)
    persons = sum(is_person(resource, row) for row in rows)
    register(deliver, resource, rows)
    receipt = deliver(resource.id, rows)
    assert receipt["waiting"] == ({"NATURAL_PERSON": persons} if persons else {})
    assert receipt["rows_new"] == len(rows) - persons
    assert deliver(resource.id, rows)["rows_new"] == 0


@pytest.mark.parametrize("resource", LISTS, ids=lambda resource: resource.id)
def test_the_first_example_is_public_where_the_kind_is(deliver: Intake, resource: Resource) -> None:
    rows = passing(resource)
    register(deliver, resource, rows)
    deliver(resource.id, rows)
    shown = value("SELECT count(*) FROM public_row WHERE kind = %s", resource.kind)
    assert bool(shown) is (resource.kind in current().releases["public"].by_kind)
    ended = "SELECT body->>'state' FROM public_row WHERE kind = %s"
    assert {state for (state,) in all_rows(ended, resource.kind)} <= {None, "listed", "frozen"}
