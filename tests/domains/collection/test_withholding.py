"""A record is withheld by one officer who proposes and another who signs, and so it is shown again.

The loop carries it: the act becomes a correction, which the public release honours at once.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from uuid import UUID

import pytest
from tests.cast import CLERK, COMPANY, PUBLIC
from tests.intake import Intake
from tests.state import all_rows, value

from yuexin.base.errors import Refusal
from yuexin.domains.collection.outcomes import carry_out
from yuexin.domains.collection.rebuild import rebuild
from yuexin.domains.credit import queries
from yuexin.engines.access.types import Actor
from yuexin.engines.cases.operations import open_case, take_step

pytestmark = pytest.mark.usefixtures("undone")

SIGNER = Actor(
    id="signer-wu", role="signing_officer", agency="environment", purpose="enforcement"
)  # fmt: skip
OTHERS_SIGNER = Actor(
    id="signer-he", role="signing_officer", agency="housing", purpose="enforcement"
)  # fmt: skip
RECORD = "SELECT id FROM record WHERE body->>'doc_no' = %s AND superseded_at IS NULL"
SUBJECT = "SELECT id FROM subject WHERE code = %s"
ROW = COMPANY.penalty("7", CF_JDRQ="2026-11-20")


@pytest.fixture
def told(deliver: Intake) -> Intake:
    deliver("registration", [COMPANY.registration()])
    deliver("penalties_2018", [COMPANY.penalty("stock")], agency="environment")
    deliver("penalties_2018", [ROW], agency="environment")
    return deliver


def record() -> UUID:
    found: UUID = value(RECORD, ROW["CF_WSH"])
    return found


def is_public(deliver: Intake) -> bool:
    body = queries.document(actor=PUBLIC, code=COMPANY.uscc, now=deliver.now) or b""
    entry = queries.entry(actor=PUBLIC, record=record(), now=deliver.now)
    shown = ROW["CF_WSH"] in body.decode()
    assert shown == (entry is not None)
    return shown


def propose(deliver: Intake, actor: Actor = CLERK, ground: str = "trade_secret") -> str:
    return open_case(
        declarations=deliver.declarations, actor=actor, process="withhold_publicity",
        subject=value(SUBJECT, COMPANY.uscc), record=record(), form={"ground": ground}, papers=(),
        reason="含生产工艺参数", now=deliver.now,
    )  # fmt: skip


def step(deliver: Intake, case: str, name: str, actor: Actor, seen: int, reason: str = "") -> None:
    take_step(
        declarations=deliver.declarations, actor=actor, case=case, step=name, seen=seen, form={},
        papers=(), reason=reason, now=deliver.now,
    )  # fmt: skip
    worked(deliver)


def worked(deliver: Intake) -> None:
    """What the worker does."""
    carry_out(home=deliver.home, declarations=deliver.declarations, clock=lambda: deliver.now)
    deliver.settle()


def test_two_officers_withhold_a_record_and_two_show_it_again(told: Intake) -> None:
    case = propose(told)
    worked(told)
    assert is_public(told), "a proposal hides nothing"
    step(told, case, "approve", SIGNER, 1)
    assert not is_public(told)
    ((reason, decision),) = all_rows(
        "SELECT body->>'withheld_reason', body->>'withheld_decision' FROM record WHERE id = %s",
        record(),
    )
    assert (reason, decision) == ("trade_secret", case)
    step(told, case, "propose_lifting", CLERK, 2, "参数已公开")
    assert not is_public(told)
    step(told, case, "lift", SIGNER, 3)
    assert is_public(told)
    file = queries.credit_file(actor=CLERK, code=COMPANY.uscc, on=None, now=told.now)
    assert file
    course = queries.courses(actor=CLERK, file=file, now=told.now)[record()]
    states = [one.state for one in course.stages]
    assert states == ["draft", "validated", "published", "withheld", "published"]


def test_rebuilding_withholds_as_living_did(told: Intake) -> None:
    case = propose(told, ground="privacy")
    step(told, case, "approve", SIGNER, 1)
    found = rebuild(home=told.home, declarations=told.declarations, check=True, now=told.now)
    assert found.differences == ()


@pytest.mark.parametrize(("actor", "code"), [(CLERK, "CASE_PARTY"), (OTHERS_SIGNER, "CASE_GONE")])
def test_neither_who_proposed_nor_another_body_approves(
    told: Intake, actor: Actor, code: str
) -> None:
    case = propose(told)
    with pytest.raises(Refusal) as refused:
        step(told, case, "approve", actor, 1)
    assert refused.value.code.startswith("CASE_"), code
    assert is_public(told)


def test_a_signer_who_proposed_does_not_approve(told: Intake) -> None:
    case = propose(told, SIGNER)
    with pytest.raises(Refusal) as refused:
        step(told, case, "approve", SIGNER, 1)
    assert refused.value.code == "CASE_FOUR_EYES"


def test_what_is_withheld_is_not_withheld_twice_and_state_secrets_are_no_reason(
    told: Intake,
) -> None:
    with pytest.raises(Refusal):
        propose(told, ground="state_secret")
    step(told, propose(told), "approve", SIGNER, 1)
    with pytest.raises(Refusal):
        propose(told)


def test_a_stale_row_of_the_agencys_file_does_not_undo_a_decision(told: Intake) -> None:
    """Agencies send whole files daily: what they said before the decision says nothing new, and
    what they change without a word of it waits for a person."""
    step(told, propose(told), "approve", SIGNER, 1)
    after = dataclasses.replace(told, now=told.now + dt.timedelta(days=1))
    other = COMPANY.penalty("8", CF_JDRQ="2026-11-20")
    receipt = after("penalties_2018", [ROW, other], agency="environment")
    assert (receipt["rows_new"], receipt["rows_unchanged"]) == (1, 1)
    receipt = after("penalties_2018", [{**ROW, "BZ": "备注"}], agency="environment")
    assert receipt["waiting"] == {"DECIDED_SINCE": 1}
    assert not is_public(after)
    file = queries.document(actor=PUBLIC, code=COMPANY.uscc, now=after.now) or b""
    assert other["CF_WSH"] in file.decode()
    found = rebuild(home=told.home, declarations=told.declarations, check=True, now=after.now)
    assert found.differences == ()


def test_a_row_that_is_linked_to_the_decision_corrects_what_it_decided(told: Intake) -> None:
    step(told, propose(told), "approve", SIGNER, 1)
    decided = value("SELECT delivery FROM record WHERE id = %s", record())
    after = dataclasses.replace(told, now=told.now + dt.timedelta(days=1))
    after("penalties_2018", [{**ROW, "CF_NR_FK": "10"}], agency="environment", linked_to=decided)
    assert is_public(after)


def test_a_row_that_ends_it_otherwise_is_taken(told: Intake) -> None:
    step(told, propose(told), "approve", SIGNER, 1)
    after = dataclasses.replace(told, now=told.now + dt.timedelta(days=1))
    receipt = after("penalties_2018", [{**ROW, "CF_ZT": "撤销"}], agency="environment")
    assert receipt["rows_changed"] == 1
    assert not is_public(after)
