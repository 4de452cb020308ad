"""A verdict that rests on no record keeps its value and its days, and nothing else."""

from __future__ import annotations

import json

import pytest
from tests.cast import COMPANY
from tests.intake import Intake
from tests.state import all_rows

from yuexin.engines.rules.queries import SubjectProgram

pytestmark = pytest.mark.usefixtures("undone")

OF_A_RULE = """
SELECT valid_from, valid_until, value, reasons::text FROM verdict
WHERE rule = %s ORDER BY valid_from
"""


def test_what_rests_on_nothing_keeps_no_conditions(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    ((_, until, value, reasons),) = all_rows(OF_A_RULE, "serious_dishonesty_now")
    assert (until, value, reasons) == (None, "not_listed", "[]")


def test_what_is_said_year_after_year_stands_once(deliver: Intake) -> None:
    """The grade is asked for by the year, so that the condition is another one in each."""
    deliver("registration", [COMPANY.registration()])
    days = [(start, end) for start, end, value, _ in all_rows(OF_A_RULE, "tax_grade_a") if value]
    ((start, end),) = days
    assert start == deliver.now.date()
    assert end is None or end.year > start.year + 1


def test_what_rests_on_a_record_names_it(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    deliver("licences_2018", [COMPANY.licence()], agency="environment")
    ((record,),) = all_rows("SELECT id FROM record WHERE kind = 'licence'")
    found = all_rows(OF_A_RULE, "licence_in_force")
    held = [json.loads(reasons) for _, _, value, reasons in found if value == "in_force"]
    assert held
    assert all(str(record) in reason["records"] for (reason, *_) in held)


def test_a_rule_that_breaks_leaves_nothing_of_its_delivery(
    deliver: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise LookupError

    monkeypatch.setattr(SubjectProgram, "timeline", broken)
    with pytest.raises(LookupError):
        deliver("registration", [COMPANY.registration()])
    for table in ("record", "subject", "public_row", "verdict", "receipt"):
        assert all_rows(f"SELECT count(*) FROM {table}") == [(0,)]
