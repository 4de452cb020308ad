"""What the worked examples of every resource become once they are delivered."""

from __future__ import annotations

import pytest
from tests.cast import COMPANY, COOPERATIVE, INSTITUTION, SOCIETY, TRADER
from tests.intake import Intake
from tests.state import all_rows

from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Resource

RESOURCES = tuple(current().resources.values())
CAST = (COMPANY, TRADER, COOPERATIVE, INSTITUTION, SOCIETY)
PERSON = "440106199003071231"
READABLE = (
    "SELECT body::text FROM record UNION ALL SELECT body::text FROM public_row "
    "UNION ALL SELECT name FROM subject_name"
)


@pytest.mark.usefixtures("undone")
@pytest.mark.parametrize("resource", RESOURCES, ids=lambda item: item.id)
def test_what_passes_is_a_record_or_waits_and_tells_no_persons_number(
    deliver: Intake, resource: Resource
) -> None:
    deliver("registration", [one.registration() for one in CAST])
    rows = [example.row for example in resource.examples if not example.findings]
    receipt = deliver(resource.id, rows)
    assert receipt["rows_received"] == len(rows)
    assert receipt["rows_rejected"] == 0
    assert receipt["rows_new"] + receipt["rows_waiting"] + receipt["rows_changed"] > 0
    assert [text for (text,) in all_rows(READABLE) if PERSON in text] == []
