"""The file for machines is decided like the pages: by what is declared now, for who asks."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import pytest
from tests.cast import CLERK, COMPANY, IDLE_CLERK, PUBLIC, STRANGER
from tests.intake import Intake
from tests.state import value

from yuexin.base.dates import today
from yuexin.domains.credit.documents import document_of
from yuexin.domains.credit.files import Reader
from yuexin.domains.credit.publicity import publicity
from yuexin.domains.credit.queries import credit_file, document
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.queries import Declarations, current

pytestmark = pytest.mark.usefixtures("undone")


def said(deliver: Intake, actor: Actor = PUBLIC) -> dict[str, Any]:
    found = document(actor=actor, code=COMPANY.uscc, now=deliver.now)
    assert found is not None
    return dict(json.loads(found))


def without(kind: str, *fields: str) -> Declarations:
    """What is declared, with fields of a kind closed, or the whole kind not released."""
    changed: dict[str, Any] = {}
    if fields:
        declared = current().kinds[kind]
        closed = tuple(
            dataclasses.replace(item, scope="closed") if item.id in fields else item
            for item in declared.fields
        )
        changed["kinds"] = {**current().kinds, kind: dataclasses.replace(declared, fields=closed)}
    else:
        public = current().releases["public"]
        kinds = tuple(item for item in public.kinds if item.kind != kind)
        changed["releases"] = {
            **current().releases,
            "public": dataclasses.replace(public, kinds=kinds),
        }
    return dataclasses.replace(current(), digest=f"without {kind} {fields}", **changed)


@pytest.fixture
def delivered(deliver: Intake) -> Intake:
    deliver("registration", [COMPANY.registration()])
    deliver("licences_2018", [COMPANY.licence()], agency="environment")
    return deliver


def test_the_document_holds_what_the_page_shows(delivered: Intake) -> None:
    page = credit_file(actor=PUBLIC, code=COMPANY.uscc, on=None, now=delivered.now)
    assert page is not None
    shown = {entry.record: {fact.field for fact in entry.facts} for entry in page.timeline}
    records = said(delivered)["records"]
    assert {str(record): fields for record, fields in shown.items()} == {
        record["record"]: set(record["facts"]) for record in records
    }


def test_what_is_closed_after_intake_leaves_the_document_too(delivered: Intake) -> None:
    def facts(declarations: Declarations) -> dict[str, set[str]]:
        on = today(delivered.now)
        found = document_of(declarations=declarations, actor=PUBLIC, code=COMPANY.uscc, on=on)
        assert found is not None
        return {item["kind"]: set(item["facts"]) for item in json.loads(found)["records"]}

    before = facts(current())
    less = facts(without("licence", "content", "legal_rep"))
    assert before["licence"] - less["licence"] == {"content", "legal_rep"}
    assert less["registration"] == before["registration"]
    assert facts(without("licence")).keys() == {"registration"}


def test_a_kind_that_is_closed_after_intake_leaves_the_agencies_page(delivered: Intake) -> None:
    def listed(declarations: Declarations) -> int:
        on = today(delivered.now)
        reader = Reader(declarations=declarations, actor=PUBLIC, now=delivered.now, on=on)
        found = publicity(reader=reader, agency="environment", kind="licence", page=1)
        assert found is not None
        return len(found.rows)

    assert listed(current()) == 1
    assert listed(without("licence")) == 0


@pytest.mark.parametrize("actor", [IDLE_CLERK, STRANGER], ids=lambda actor: actor.id)
def test_to_whom_nothing_is_open_no_record_is_given(delivered: Intake, actor: Actor) -> None:
    assert said(delivered, actor)["records"] is None
    assert said(delivered, CLERK)["records"]


def test_a_state_to_come_is_in_neither(deliver: Intake) -> None:
    ahead = (today(deliver.now) + dt.timedelta(days=20)).isoformat()
    deliver("registration", [COMPANY.registration()], now=deliver.now - dt.timedelta(days=3))
    moving = COMPANY.registration(住所="广州市天河区新址路2号", 核准日期=ahead)
    assert deliver("registration", [moving])["rows_rejected"] == 1
    assert value("SELECT count(*) FROM public_row WHERE valid_from > %s", today(deliver.now)) == 0
    page = credit_file(actor=PUBLIC, code=COMPANY.uscc, on=None, now=deliver.now)
    assert page is not None
    assert [str(entry.record) for entry in page.timeline] == [
        record["record"] for record in said(deliver)["records"]
    ]
    assert "新址路" not in json.dumps(said(deliver), ensure_ascii=False)
