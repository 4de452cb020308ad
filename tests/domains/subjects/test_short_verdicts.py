"""A verdict is kept where its rule has a record to read, and of nobody else."""

from __future__ import annotations

import datetime as dt
import json
from uuid import UUID

import pytest
from tests.cast import COMPANY, PUBLIC
from tests.intake import Intake
from tests.state import all_rows, execute

from yuexin.domains.collection.operations import judge_again
from yuexin.domains.credit.documents import document_of
from yuexin.domains.subjects.verdicts import holding
from yuexin.engines.declare.queries import current
from yuexin.engines.rules.queries import SubjectProgram

pytestmark = pytest.mark.usefixtures("undone")

OF_A_RULE = """
SELECT valid_from, valid_until, value, reasons::text FROM verdict
WHERE rule = %s ORDER BY valid_from
"""


def test_what_a_rule_says_of_nobody_is_kept_of_nobody(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    assert all_rows(OF_A_RULE, "serious_dishonesty_now") == []
    assert _said(deliver, "serious_dishonesty_now", deliver.now.date()) == "not_listed"


def test_what_rests_on_no_record_that_counts_keeps_no_conditions(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    deliver("licences_2018", [COMPANY.licence(XK_YXQZI="2025-01-01")], agency="environment")
    ((_, until, value, reasons),) = all_rows(OF_A_RULE, "licence_in_force")
    assert (until, value, reasons) == (None, "none", "[]")


def test_by_a_rule_that_nobody_was_judged_by_nothing_is_said(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    execute("UPDATE rule_set SET rules = array_remove(rules, 'serious_dishonesty_now')")
    assert _said(deliver, "serious_dishonesty_now", deliver.now.date()) is None
    assert _said(deliver, "tax_grade_a", deliver.now.date()) == "none"


def test_whoever_was_judged_by_other_rules_is_judged_again(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    before = all_rows(OF_A_RULE, "subject_status")
    other = UUID(int=7)
    execute("INSERT INTO rule_set VALUES (%s, '{subject_status}')", other)
    execute("UPDATE judged SET rules = %s", other)
    execute("UPDATE verdict SET value = 'revoked' WHERE rule = 'subject_status'")
    assert judge_again(declarations=current(), now=deliver.now) == 1
    assert all_rows(OF_A_RULE, "subject_status") == before
    assert judge_again(declarations=current(), now=deliver.now) == 0


def test_in_a_file_for_machines_stands_what_is_said_of_nobody(deliver: Intake) -> None:
    deliver("registration", [COMPANY.registration()])
    on = deliver.now.date()

    def told() -> dict[str, str] | None:
        found = document_of(declarations=current(), actor=PUBLIC, code=COMPANY.uscc, on=on)
        said: dict[str, str] | None = json.loads(found or b"{}")["verdicts"]
        return said

    whole = told()
    assert whole is not None
    assert (whole["abnormal_operations_now"], whole["subject_status"]) == ("not_listed", "alive")
    assert "serious_dishonesty_now" not in whole, "not told to the public"
    other = UUID(int=7)
    execute("INSERT INTO rule_set VALUES (%s, '{subject_status}')", other)
    execute("UPDATE judged SET rules = %s", other)
    assert told() == {"subject_status": "alive"}
    execute("DELETE FROM judged")
    assert told() is None


def _said(deliver: Intake, rule: str, on: dt.date) -> str | None:
    ((subject,),) = all_rows("SELECT id FROM subject")
    found = holding(declarations=current(), subjects=[subject], rules=[rule], on=on)
    return found[subject, rule].value if found else None


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
