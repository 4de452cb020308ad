"""An entry on a list is public while it stands, and on no list without a law that says how long."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest

from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import RecordKind, ReleaseKind
from yuexin.engines.rules.frames import text_frame
from yuexin.engines.rules.queries import ReleaseProgram

ON = dt.date(2026, 11, 24)
STATES = "listing_states"
STANDING = {"listed", "objection"}
ENDED = sorted(set(current().codes[STATES].by_code) - STANDING)
PUBLIC = current().releases["public"].by_kind
LISTS = [
    (kind, field.id)
    for kind in current().kinds.values()
    for field in kind.fields
    if field.codes == STATES and kind.id in PUBLIC
]
# What the courts list has no fixed end, a customs grade stands until another comes.
WITHOUT_TERM = {"judgement_debtor", "customs_grade"}


def withheld(kind: RecordKind, item: ReleaseKind, **changes: str) -> str:
    """What the conditions of the public say of the first example that is shown, changed so."""
    shown = next(example for example in item.examples if not example.withheld)
    frame = text_frame(kind, [shown.record | changes])
    event = frame.with_columns(event_date=pl.col(kind.event_date))
    program = ReleaseProgram(kind=kind, release_kind=replace(item, term=""))
    return str(program.evaluate(event, ON)["withheld"].item())


@pytest.mark.parametrize(("kind", "state"), LISTS, ids=lambda item: getattr(item, "id", ""))
def test_an_entry_that_stands_is_public_and_one_that_ended_is_not(
    kind: RecordKind, state: str
) -> None:
    item = PUBLIC[kind.id]
    assert [code for code in STANDING if withheld(kind, item, **{state: code})] == []
    assert [code for code in ENDED if not withheld(kind, item, **{state: code})] == []


@pytest.mark.parametrize(("kind", "state"), LISTS, ids=lambda item: getattr(item, "id", ""))
def test_a_state_that_nobody_listed_is_not_public(kind: RecordKind, state: str) -> None:
    assert withheld(kind, PUBLIC[kind.id], **{state: "处理中"}) == "unclear"


def test_every_adverse_kind_that_is_public_has_a_term() -> None:
    adverse = {kind.id for kind in current().kinds.values() if kind.adverse}
    listed = {kind.id for kind, _ in LISTS} & adverse
    assert {kind for kind in listed if not PUBLIC[kind].term} == WITHOUT_TERM


def test_no_person_beside_an_adverse_fact_is_public_or_known_by_a_number() -> None:
    for kind, _ in LISTS:
        persons = [field for field in kind.fields if field.id in ("legal_rep", "persons")]
        assert [field.id for field in persons if field.scope == "public"] == []
        assert [field.id for field in kind.fields if field.type == "id_number"] == []
